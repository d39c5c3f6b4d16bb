"""The reviewer's desk of a quarter: accept one, accept what nothing contradicts, give back with a comment."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.access import signed_in
from apps.core.errors import RuleViolation, StaleVersion, VersionMissing
from apps.core.submit import attempt, status_of
from apps.core.web import explain
from apps.monitoring import queries, rules, services
from apps.monitoring.forms import ReturnForm
from apps.monitoring.models import Period, UsageReport
from apps.monitoring.views.periods import deadline_of, period_of

PAGE_SIZE = 50
Status = UsageReport.Status


@signed_in
def review(request: HttpRequest, code: str) -> HttpResponse:
    period = period_of(request.actor, code, rules.REVIEWER)
    if request.method != "POST":
        return _page(request, period, {})
    verb, _separator, key = request.POST.get("act", "").partition("-")
    if verb == "return":
        return _return(request, period, key)
    try:
        accepted = _accept(request, period, [key] if verb == "accept" else request.POST.getlist("chosen"))
    except (RuleViolation, StaleVersion, VersionMissing) as refusal:
        for text in explain(refusal):
            messages.error(request, text)
        return _page(request, period, {}, status=412 if isinstance(refusal, StaleVersion) else 409)
    _thank(request, accepted)
    return redirect("monitoring:review", code=period.code)


def waiting(request: HttpRequest, period: Period) -> Any:
    """Reports sent and not yet looked at, oldest first."""
    seen = UsageReport.objects.visible_to(request.actor).filter(period=period, status=Status.SUBMITTED)
    return seen.select_related("application__owner", "application__standing").order_by("submitted_at", "pk")


@transaction.atomic
def _accept(request: HttpRequest, period: Period, keys: list[str]) -> int:
    """All of them or none, each in the version the page showed."""
    reports = [_chosen(request, period, key) for key in keys]
    for report in reports:
        services.accept_report(report.pk, by=request.actor, version=_version(request, report))
    return len(reports)


def _return(request: HttpRequest, period: Period, key: str) -> HttpResponse:
    report = _chosen(request, period, key)
    form = ReturnForm(request.POST, prefix=f"r{report.pk}")

    def give_back(fields: dict[str, Any]) -> UsageReport:
        version = _version(request, report)
        return services.return_report(report.pk, by=request.actor, version=version, note=fields["note"])

    done = attempt(give_back, form)
    if not done:
        return _page(request, period, {report.pk: form}, status=status_of([form]))
    messages.success(request, _("Laporan %(name)s dikembalikan.") % {"name": report.application.name})
    return redirect("monitoring:review", code=period.code)


def _chosen(request: HttpRequest, period: Period, key: str) -> UsageReport:
    seen = UsageReport.objects.visible_to(request.actor).filter(period=period).select_related("application")
    found = seen.filter(pk=key).first() if key.isdigit() else None
    if found is None:
        raise Http404
    if not rules.may_review(request.actor, found):
        raise PermissionDenied
    return found


def _version(request: HttpRequest, report: UsageReport) -> int:
    value = request.POST.get(f"version-{report.pk}", "")
    if not value.isdigit():
        raise VersionMissing
    return int(value)


def _thank(request: HttpRequest, accepted: int) -> None:
    if accepted:
        words = ngettext("%(n)s laporan diterima.", "%(n)s laporan diterima.", accepted)
        messages.success(request, words % {"n": accepted})
    else:
        messages.warning(request, _("Pilih sedikitnya satu laporan."))


def _page(request: HttpRequest, period: Period, bound: dict[int, Any], status: int = 200) -> HttpResponse:
    everything = waiting(request, period)
    page = Paginator(everything, PAGE_SIZE).get_page(request.GET.get("halaman"))
    ids = [report.application_id for report in page.object_list]
    counters, last = queries.counters_by_application(period, ids), queries.last_reports(period, ids)
    for report in page.object_list:
        report.last, report.counters = last.get(report.application_id), counters.get(report.application_id)
        report.against = rules.contradiction(report, report.counters, None)
        report.reviewable = rules.may_review(request.actor, report)
        report.return_form = bound.get(report.pk) or ReturnForm(prefix=f"r{report.pk}")
        report.return_open = report.pk in bound
    plain = [report for report in page.object_list if not report.against and report.reviewable]
    reports = UsageReport.objects.visible_to(request.actor).filter(period=period)
    context = {
        "period": period,
        "page": page,
        "plain": len(plain),
        "deadline": deadline_of(period),
        "headline": _headline(period, page.paginator.count),
        "leaves_out": _leaves_out(reports),
    }
    return render(request, "monitoring/review.html", context, status=status)


def _headline(period: Period, waits: int) -> str:
    if not waits:
        return _("%(quarter)s: tidak ada laporan menunggu") % {"quarter": period}
    words = ngettext(
        "%(quarter)s: %(n)s laporan menunggu diperiksa", "%(quarter)s: %(n)s laporan menunggu diperiksa", waits
    )
    return words % {"quarter": period, "n": waits}


def _leaves_out(reports: Any) -> str:
    accepted = reports.filter(status=Status.ACCEPTED).count()
    returned = reports.filter(status=Status.RETURNED).count()
    return _("%(a)s sudah diterima, %(r)s dikembalikan") % {"a": accepted, "r": returned}
