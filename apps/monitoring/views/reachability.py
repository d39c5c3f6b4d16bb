"""How the daily round found an application's addresses: a strip of days, the last answer, the certificate."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from apps.core.templatetags.spbe import angka, tanggal
from apps.inventory.models import Address, Application
from apps.monitoring import queries, rules
from apps.monitoring.models import Probe

DAYS = 30
CERTIFICATE_SOON = 30
CELL = 9
Outcome = Probe.Outcome


def reachability(application: Application, by: Any, today: date) -> list[dict[str, Any]]:
    """One row per declared address; why an address is not asked, and what it answered, only for the government's offices."""
    found = queries.probes_by_day(application, today, DAYS)
    knows = rules.may_know_probes(by)
    return [_row(address, found.get(address.url, {}), today, knows) for address in application.addresses.all()]


def _row(address: Address, probes: dict[date, Probe], today: date, knows: bool) -> dict[str, Any]:
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    outcomes = [probes[day].outcome if day in probes else "" for day in days]
    last = probes[max(probes)] if probes else None
    return {
        "address": address,
        "internal": address.kind == Address.Kind.INTERNAL,
        "cells": [{"x": CELL * place, "look": look(outcome)} for place, outcome in enumerate(outcomes)],
        "spoken": _spoken(outcomes),
        "width": CELL * DAYS,
        "last": last,
        "word": word(last),
        "detail": _detail(last) if last and knows else "",
        "certificate": _certificate(last, today),
    }


def afterwards(application: Application) -> list[dict[str, Any]]:
    """One row per address of a retired application with its looks in the order of their days; nothing before retirement."""
    zone = application.government.zone
    rows: dict[str, list[dict[str, Any]]] = {}
    for check in queries.gone_checks(application):
        day = check.due_at.astimezone(zone).date()
        rows.setdefault(check.url, []).append({"check": check, "day": day})
    return [{"url": url, "looks": looks} for url, looks in rows.items()]


def look(outcome: str) -> str:
    """What a day looks like: open, shut, or not known."""
    return {Outcome.REACHED: "open", Outcome.UNREACHED: "shut"}.get(outcome, "unknown")  # type: ignore[call-overload]


def word(probe: Probe | None) -> dict[str, str]:
    """Reachable or not, as everybody may know it."""
    if probe is None or probe.outcome not in Probe.COMPLETED:
        return {"state": "not_due", "label": _("belum diperiksa"), "tone": ""}
    if probe.outcome == Outcome.REACHED:
        return {"state": "active", "label": _("terbuka"), "tone": "done"}
    return {"state": "inactive", "label": _("tidak terbuka"), "tone": "bad"}


def _spoken(outcomes: list[str]) -> str:
    numbers = {"open": outcomes.count(Outcome.REACHED), "shut": outcomes.count(Outcome.UNREACHED), "days": DAYS}
    return _("Dalam %(days)s hari: terbuka %(open)s hari, tidak terbuka %(shut)s hari") % numbers


def _detail(probe: Probe) -> str:
    """What a reviewer reads: why, the status, the time, where it led."""
    parts = [str(probe.get_why_display())] if probe.why else []
    if probe.status_code:
        parts.append(
            _("HTTP %(status)s dalam %(ms)s md") % {"status": probe.status_code, "ms": angka(probe.latency_ms)}
        )
    if probe.redirected_to:
        parts.append(_("dialihkan ke %(url)s") % {"url": probe.redirected_to})
    return " · ".join(parts)


def _certificate(probe: Probe | None, today: date) -> dict[str, Any] | None:
    """When the certificate ends, and whether that is near."""
    if probe is None or probe.certificate_ends is None:
        return None
    left = (probe.certificate_ends.date() - today).days
    if left < 0:
        text = _("sudah berakhir %(day)s") % {"day": tanggal(probe.certificate_ends)}
    else:
        text = _("berakhir %(day)s, %(left)s hari lagi") % {"day": tanggal(probe.certificate_ends), "left": left}
    return {"text": text, "soon": left < CERTIFICATE_SOON}
