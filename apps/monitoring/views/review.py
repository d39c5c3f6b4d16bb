"""The reviewer's desk of a quarter: accept one, accept what nothing contradicts, give back with a comment."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.access import signed_in
from apps.core import clock
from apps.core.errors import RuleViolation, StaleVersion, VersionMissing
from apps.core.submit import attempt, status_of
from apps.core.web import explain
from apps.monitoring import queries, rules, services
from apps.monitoring.forms import AskForm, ReturnForm
from apps.monitoring.models import Period, UsageReport
from apps.monitoring.views.explanations import ask_form
from apps.monitoring.views.periods import deadline_of, period_of

PAGE_SIZE = 50
UNREPORTED_SHOWN = 200
Status = UsageReport.Status
SHOWN = {
    "submitted": gettext_lazy("Menunggu"),
    "accepted": gettext_lazy("Diterima"),
    "returned": gettext_lazy("Dikembalikan"),
}


@signed_in
def review(request: HttpRequest, code: str) -> HttpResponse:
    period = period_of(request.actor, code, rules.REVIEWER)
    if request.method != "POST":
        return _page(request, period, {})
    verb, _separator, key = request.POST.get("act", "").partition("-")
    if verb in FORMED:
        return _formed(request, period, verb, key)
    try:
        accepted = _accept_one(request, period, key) if verb == "accept" else _accept_chosen(request, period)
    except (RuleViolation, StaleVersion, VersionMissing) as refusal:
        for text in explain(refusal):
            messages.error(request, text)
        return _page(request, period, {}, status=412 if isinstance(refusal, StaleVersion) else 409)
    _thank(request, accepted)
    return redirect("monitoring:review", code=period.code)


def shown(request: HttpRequest, period: Period) -> Any:
    """Reports in the state asked for, oldest first; those not yet looked at unless told otherwise."""
    seen = UsageReport.objects.visible_to(request.actor).filter(period=period, status=state_of(request))
    return seen.select_related("application__owner", "application__standing").order_by("submitted_at", "pk")


def state_of(request: HttpRequest) -> str:
    asked = request.GET.get("keadaan", "")
    return asked if asked in SHOWN else Status.SUBMITTED


def _accept_one(request: HttpRequest, period: Period, key: str) -> int:
    report = _chosen(request, period, key)
    services.accept_report(report.pk, by=request.actor, version=_version(request, report))
    return 1


def _accept_chosen(request: HttpRequest, period: Period) -> int:
    """All that were ticked or none, each in the version the page showed."""
    reports = [_chosen(request, period, key) for key in request.POST.getlist("chosen")]
    versions = {report.pk: _version(request, report) for report in reports}
    return len(services.accept_uncontradicted(versions, by=request.actor))


def _formed(request: HttpRequest, period: Period, verb: str, key: str) -> HttpResponse:
    """An act with a form of its own beside the report."""
    report = _chosen(request, period, key, rules.may_review if verb == "return" else rules.may_ask)
    make, service, words = FORMED[verb]
    form, by = make(report, request.POST), request.actor
    if not attempt(lambda said: service(report.pk, by=by, version=_version(request, report), **said), form):
        return _page(request, period, {(verb, report.pk): form}, status=status_of([form]))
    messages.success(request, words % {"name": report.application.name})
    return redirect(f"{reverse('monitoring:review', args=[period.code])}?keadaan={report.status}")


def return_form(report: UsageReport, typed: Any = None) -> ReturnForm:
    return ReturnForm(typed, prefix=f"r{report.pk}")


def ask_form_of(report: UsageReport, typed: Any = None) -> AskForm:
    return ask_form(report.period.government, f"q{report.pk}", typed)


FORMED: dict[str, tuple[Any, Any, Any]] = {
    "return": (return_form, services.return_report, gettext_lazy("Laporan %(name)s dikembalikan.")),
    "ask": (ask_form_of, services.ask_about_report, gettext_lazy("Penjelasan atas laporan %(name)s diminta.")),
}


def _chosen(request: HttpRequest, period: Period, key: str, may: Any = rules.may_review) -> UsageReport:
    seen = UsageReport.objects.visible_to(request.actor).filter(period=period)
    found = seen.select_related("application", "period__government").filter(pk=key).first() if key.isdigit() else None
    if found is None:
        raise Http404
    if not may(request.actor, found):
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


def _page(request: HttpRequest, period: Period, bound: dict[tuple[str, int], Any], status: int = 200) -> HttpResponse:
    page = Paginator(shown(request, period), PAGE_SIZE).get_page(request.GET.get("halaman"))
    _tell(request, period, page.object_list, bound)
    seen, chosen = UsageReport.objects.visible_to(request.actor).filter(period=period), state_of(request)
    numbers = dict(seen.values_list("status").annotate(Count("pk")).order_by())
    context = {
        "period": period,
        "page": page,
        "chosen": chosen,
        "states": [(name, label, numbers.get(name, 0)) for name, label in SHOWN.items()],
        "plain": sum(report.is_plain for report in page.object_list),
        "deadline": deadline_of(period),
        "may_return": _may_return(period),
        "headline": _headline(period, numbers.get(Status.SUBMITTED, 0)),
        "unreported": queries.unreported(period)[:UNREPORTED_SHOWN],
    }
    return render(request, "monitoring/review.html", context, status=status)


def _tell(request: HttpRequest, period: Period, reports: Any, bound: dict[tuple[str, int], Any]) -> None:
    """Put beside each report what is known against it, and the forms of what may be done."""
    ids = [report.application_id for report in reports]
    known, last = queries.against_by_application(period, ids), queries.last_reports(period, ids)
    files, asked = queries.files_by_application(period, ids), queries.explanations_by_report(reports)
    for report in reports:
        pk = report.application_id
        report.period, report.last, report.known = period, last.get(pk), known.get(pk, rules.Against())
        report.file_count, report.asked = files.get(pk, 0), asked.get(report.pk, [])
        report.against = rules.contradiction(report, report.known)
        report.reviewable = report.status == Status.SUBMITTED and rules.may_review(request.actor, report)
        report.is_plain = report.reviewable and not report.against
        report.askable = report.status != Status.RETURNED and not any(row.status == "asked" for row in report.asked)
        report.return_form = bound.get(("return", report.pk)) or return_form(report)
        report.ask_form = bound.get(("ask", report.pk)) or ask_form_of(report)
        report.opened = {verb for verb, key in bound if key == report.pk}


def _may_return(period: Period) -> bool:
    """Whether reports may still be given back; where holidays are unconfirmed, the service says what to do."""
    try:
        return queries.may_still_return(period, clock.now())
    except RuleViolation:
        return True


def _headline(period: Period, waits: int) -> str:
    if not waits:
        return _("%(quarter)s: tidak ada laporan menunggu") % {"quarter": period}
    words = ngettext(
        "%(quarter)s: %(n)s laporan menunggu diperiksa", "%(quarter)s: %(n)s laporan menunggu diperiksa", waits
    )
    return words % {"quarter": period, "n": waits}
