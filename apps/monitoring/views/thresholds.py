"""The numbers of the rule: in force, tried on past quarters before they are adopted, and who adopted which."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.access import signed_in
from apps.core import clock
from apps.core.submit import attempt, status_of
from apps.monitoring import queries, rules, services
from apps.monitoring.forms import THRESHOLD_WORDS, AdoptForm, ThresholdsForm
from apps.monitoring.models import AdoptedThresholds, Finding
from apps.monitoring.what_if import QuarterPreview, preview

SHOWN_CHANGES = 50


@signed_in
def thresholds(request: HttpRequest) -> HttpResponse:
    if not rules.may_read_thresholds(request.actor):
        raise PermissionDenied
    return _adopt(request) if request.method == "POST" else _page(request)


def _adopt(request: HttpRequest) -> HttpResponse:
    if not rules.may_adopt_thresholds(request.actor):
        raise PermissionDenied
    form = AdoptForm(request.POST)

    def adopt(fields: dict[str, Any]) -> AdoptedThresholds:
        given = {"starts_in": fields["starts_in"], "reason": fields["reason"]}
        return services.adopt_thresholds(by=request.actor, thresholds=form.thresholds, **given)

    adopted = attempt(adopt, form)
    if not adopted:
        return _page(request, form)
    messages.success(request, _("Ketentuan baru berlaku mulai %(quarter)s.") % {"quarter": adopted.starts_in.label})
    return redirect("monitoring:thresholds")


def _page(request: HttpRequest, adopting: AdoptForm | None = None) -> HttpResponse:
    by = request.actor
    first = queries.first_unopened(by.government_id, clock.now())
    now = queries.thresholds_in(by.government_id, first)
    typed = adopting.data if adopting else request.GET
    tried = ThresholdsForm(typed) if "active_users" in typed else ThresholdsForm(initial=now)
    shown = preview(by.government_id, tried.thresholds) if tried.is_bound and tried.is_valid() else None
    may_adopt = rules.may_adopt_thresholds(by) and shown is not None and tried.thresholds != now
    context = {
        "form": tried,
        "in_force": [(THRESHOLD_WORDS[name][0], now[name]) for name in THRESHOLD_WORDS],
        "first": first,
        "preview": shown,
        "gained": _kinds(shown.findings_gained) if shown else [],
        "lost": _kinds(shown.findings_lost) if shown else [],
        "same": shown is not None and tried.thresholds == now,
        "quarters": [_shown(quarter) for quarter in shown.quarters] if shown else [],
        "adopting": adopting
        or (AdoptForm(initial={**tried.thresholds, "starts_in": str(first)}) if may_adopt else None),
        "history": [_told(row) for row in AdoptedThresholds.objects.visible_to(by)],
    }
    return render(request, "monitoring/thresholds.html", context, status=status_of([adopting] if adopting else []))


def _shown(quarter: QuarterPreview) -> dict[str, Any]:
    hidden = len(quarter.changes) - SHOWN_CHANGES
    return {
        "period": quarter.period,
        "lines": quarter.lines,
        "changes": quarter.changes[:SHOWN_CHANGES],
        "hidden": max(hidden, 0),
        "number": len(quarter.changes),
    }


def _kinds(counted: Counter) -> list[tuple[str, int]]:
    return [(Finding.Kind(kind).label, number) for kind, number in sorted(counted.items())]


def _told(row: AdoptedThresholds) -> dict[str, Any]:
    return {"row": row, "numbers": [(THRESHOLD_WORDS[name][0], row.thresholds[name]) for name in THRESHOLD_WORDS]}
