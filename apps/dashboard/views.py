"""Home and the report of the portfolio."""

from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.access import only_roles, signed_in
from apps.core import clock
from apps.dashboard import queries
from apps.dashboard.models import QuarterReport
from apps.documents.responses import file_response

OFFICE = ("operator", "agency_head")
LEADERS = ("reviewer", "approver", "executive", "auditor")
READERS = (*OFFICE, *LEADERS, "companion")
TOP_OFFICES = 5


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, then the figures of my scope; the public is shown the catalogue."""
    if not request.user.is_authenticated:
        return redirect("/katalog/")
    return _home(request)


@signed_in
def _home(request: HttpRequest) -> HttpResponse:
    by = request.actor
    today = clock.today(_zone(request))
    tasks, decisions = queries.waiting(by, today, _zone(request)), queries.decisions(by)
    report = queries.portfolio(by) if by.has_role(*LEADERS) else None
    context = {
        "today": today,
        "tasks": tasks,
        "decisions": decisions,
        "total": sum(task.number for task in tasks) + len(decisions),
        "mine": queries.mine(by),
        "figures": report.figures if report else queries.figures(by),
        "portfolio": report,
        "troubled": report.troubled[:TOP_OFFICES] if report else [],
        "works_in_office": by.has_role(*OFFICE),
    }
    return render(request, "dashboard/home.html", context)


@only_roles(*READERS)
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """The portfolio in numbers, of the reader's own scope."""
    by = request.actor
    context = {"portfolio": queries.portfolio(by), "verdicts": queries.VERDICTS, "is_whole": by.is_government_wide}
    return render(request, "dashboard/reports.html", context)


@only_roles(*LEADERS, "companion")
@require_GET
def quarter_reports(request: HttpRequest) -> HttpResponse:
    """The reports issued so far, the newest first."""
    rows = QuarterReport.objects.visible_to(request.actor).select_related("period", "paper", "sheet")
    return render(request, "dashboard/quarter_reports.html", {"reports": rows})


@only_roles(*LEADERS, "companion")
@require_GET
def quarter_report(request: HttpRequest, number: str, kind: str) -> FileResponse:
    """The report as it was issued, as PDF or XLSX."""
    seen = QuarterReport.objects.visible_to(request.actor).select_related("paper", "sheet")
    report = get_object_or_404(seen, number=number)
    return file_response(report.paper if kind == "pdf" else report.sheet)


def _zone(request: HttpRequest) -> ZoneInfo:
    """The zone of the person's government, set for the request when it has one."""
    return ZoneInfo(timezone.get_current_timezone_name())
