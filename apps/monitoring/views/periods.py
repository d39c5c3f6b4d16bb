"""The quarters: the board, the head's endorsement, and a later end of the window."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.accounts.models import GovernmentPolicy, Organization
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.core.submit import attempt, status_of
from apps.core.web import act, version_of
from apps.monitoring import queries, rules, services
from apps.monitoring.forms import ExtendForm
from apps.monitoring.models import Period, UsageReport

SHOWN_PERIODS = 8
SOON_DAYS = 5  # from here on the days left are shown in red


@signed_in
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    by = request.actor
    asked = request.GET.get("triwulan")
    period = period_of(by, asked) if asked else queries.current_period(by.government_id)
    if period is None:
        return render(request, "monitoring/board.html", {"period": None})
    rows = queries.coverage_seen(by, period)
    policy = GovernmentPolicy.objects.filter(government=by.government_id).first()
    context = {
        "period": period,
        "rows": rows,
        "periods": _choices(by, period),
        "headline": _headline(period, rows),
        "deadline": deadline_of(period),
        "total": queries.coverage_total(rows),
        "trend": queries.trend(by),
        "partial": period.status in (Period.Status.OPEN, Period.Status.CLOSING),
        "endorsement_required": bool(policy and policy.endorsement_required),
        "may_chase": by.is_government_wide and period.status != Period.Status.SCHEDULED,
        "may_report": by.has_role(rules.OPERATOR, rules.HEAD),
        "may_endorse": by.has_role(rules.HEAD) and any(row["answered"] for row in rows),
        "may_delegate": by.has_role(rules.HEAD),
        "may_review": by.has_role(rules.REVIEWER),
        "may_extend": by.has_role(rules.REVIEWER) and _extendable(period),
        "sees_thresholds": by.is_government_wide,
    }
    return render(request, "monitoring/board.html", context)


@signed_in
@act
def endorse(request: HttpRequest, code: str) -> HttpResponse:
    period, by = period_of(request.actor, code, rules.HEAD), request.actor
    organization = get_object_or_404(Organization, pk=by.seat_id)
    if request.method == "POST":
        services.endorse(period.pk, organization.pk, by=by)
        messages.success(request, _("Laporan %(quarter)s disahkan.") % {"quarter": period})
        return redirect("monitoring:board")
    seen = UsageReport.objects.visible_to(by).filter(period=period)
    sent = queries.sent_reports(period).filter(pk__in=seen.values("pk"))
    reports = list(sent.select_related("application").order_by("application__name"))
    last = period.endorsements.filter(organization=organization).first()
    changed = last and any(last.versions.get(row.application.key) != row.version for row in reports)
    others = seen.count() - len(reports)
    context = {"period": period, "reports": reports, "last": last, "changed": changed, "organization": organization}
    words = _("%(n)s konsep atau laporan yang dikembalikan tidak ikut disahkan")
    context["leaves_out"] = words % {"n": others} if others else ""
    return render(request, "monitoring/endorse.html", context)


@signed_in
def extend(request: HttpRequest, code: str) -> HttpResponse:
    period = period_of(request.actor, code)
    if not rules.may_run_periods(request.actor, period):
        raise PermissionDenied
    form = ExtendForm(request.POST or None, initial={"last_day": rules.last_day(period)})
    if request.method == "POST":
        done = attempt(lambda fields: _extended(request, period, fields), form)
        if done:
            messages.success(request, _("Masa lapor diperpanjang."))
            return redirect("monitoring:board")
    context = {"period": period, "form": form, "back_url": reverse("monitoring:board"), "deadline": deadline_of(period)}
    return render(request, "monitoring/extend.html", context, status=status_of([form]))


def _extended(request: HttpRequest, period: Period, fields: dict[str, Any]) -> Period:
    closes_at = datetime.combine(fields["last_day"] + timedelta(days=1), time(), period.government.zone)
    return services.extend_closing(
        period.pk, by=request.actor, version=version_of(request), closes_at=closes_at, reason=fields["reason"]
    )


def period_of(by: Any, code: str, *roles: str) -> Period:
    """The period of this quarter in the person's government, for people of these roles; 404, then 403."""
    try:
        quarter = Quarter.parse(code)
    except RuleViolation:
        raise Http404
    seen = Period.objects.visible_to(by).select_related("government")
    period = get_object_or_404(seen, government=by.government_id, year=quarter.year, quarter=quarter.number)
    if roles and not by.has_role(*roles):
        raise PermissionDenied
    return period


def deadline_of(period: Period) -> dict[str, Any]:
    """How many days are left, in words, and until when."""
    now, zone = clock.now(), period.government.zone
    today, last = now.astimezone(zone).date(), rules.last_day(period)
    if now < period.opens_at:
        words = _("Belum dibuka")
    elif now >= period.closes_at:
        words = _("Sudah berakhir")
    else:
        left = (last - today).days
        words = ngettext("%(n)s hari lagi", "%(n)s hari lagi", left) % {"n": left} if left else _("Hari terakhir")
    over = now >= period.closes_at
    soon = over or (last - today).days <= SOON_DAYS
    return {"words": words, "opens_at": period.opens_at, "last": last, "over": over, "soon": soon, "now": now}


def _extendable(period: Period) -> bool:
    return period.status == Period.Status.OPEN and clock.now() < period.closes_at


def _choices(by: Any, chosen: Period) -> list[dict[str, Any]]:
    base = reverse("monitoring:board")
    found = Period.objects.visible_to(by).filter(government=by.government_id)[:SHOWN_PERIODS]
    return [{"url": f"{base}?triwulan={p.code}", "label": p, "current": p.pk == chosen.pk} for p in found]


def _headline(period: Period, rows: list[dict[str, Any]]) -> str:
    if period.status == Period.Status.SCHEDULED:
        return _("%(quarter)s belum dibuka") % {"quarter": period}
    missing = sum(row["missing"] for row in rows)
    if not missing:
        return _("%(quarter)s: semua sudah melapor") % {"quarter": period}
    return ngettext(
        "%(quarter)s: %(n)s aplikasi belum dilaporkan", "%(quarter)s: %(n)s aplikasi belum dilaporkan", missing
    ) % {"quarter": period, "n": missing}
