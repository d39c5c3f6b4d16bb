"""Home and the report of the portfolio."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.accounts.access import only_roles, signed_in
from apps.accounts.actor import Actor
from apps.accounts.models import Membership
from apps.accounts.rules import may_hand_over
from apps.core import clock
from apps.core.costly import costly
from apps.core.submit import attempt, status_of
from apps.dashboard import queries
from apps.dashboard.forms import HandOverForm
from apps.dashboard.models import QuarterReport
from apps.documents.responses import file_response
from apps.inventory import services as inventory

OFFICE = ("operator", "agency_head")
LEADERS = ("reviewer", "approver", "executive", "auditor")
HANDING = ("agency_head", "administrator")
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
    report, told_at = _portfolio(by) if by.has_role(*LEADERS) else (None, None)
    context = {
        "today": today,
        "tasks": tasks,
        "decisions": decisions,
        "total": sum(task.number for task in tasks) + len(decisions),
        "mine": queries.mine(by),
        "figures": report.figures if report else queries.figures(by),
        "portfolio": report,
        "told_at": told_at,
        "troubled": report.troubled[:TOP_OFFICES] if report else [],
        "works_in_office": by.has_role(*OFFICE),
    }
    return render(request, "dashboard/home.html", context)


@only_roles(*READERS)
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """The portfolio in numbers, of the reader's own scope."""
    by = request.actor
    portfolio, told_at = _portfolio(by)
    context = {
        "portfolio": portfolio,
        "told_at": told_at,
        "verdicts": queries.VERDICTS,
        "is_whole": by.is_government_wide,
    }
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


@only_roles(*HANDING)
@require_GET
def handovers(request: HttpRequest) -> HttpResponse:
    """The roles the person may hand over: an administrator's government, a head's own office."""
    words = request.GET.get("q", "").strip()
    roles = queries.roles_to_hand_over(request.actor, words)
    return render(request, "dashboard/handovers.html", {"roles": roles, "q": words})


@only_roles(*HANDING)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody who leaves has in hand, beside the choice of who takes it over."""
    seen = Membership.objects.visible_in_office(request.actor).select_related("user", "seat__government")
    membership = get_object_or_404(seen, pk=pk)
    if not may_hand_over(request.actor, membership):
        raise PermissionDenied
    choices = queries.successors(request.actor, membership)
    form = HandOverForm(request.POST if request.method == "POST" else None, successors=choices)
    if request.method == "POST" and (
        heir := attempt(lambda typed: inventory.hand_over(pk, by=request.actor, **typed), form)
    ):
        messages.success(request, _("%(role)s diserahkan kepada %(name)s.") % {"role": heir, "name": heir.user.name})
        return redirect("dashboard:handovers")
    context = {
        "form": form,
        "leaving": membership,
        "in_hand": queries.in_hand(membership),
        "has_heirs": bool(choices),
    }
    return render(request, "dashboard/hand_over.html", context, status=status_of([form]))


def _portfolio(by: Actor) -> tuple[queries.Portfolio, datetime | None]:
    """What the person sees of the portfolio and, where finding it took long, since when that is known."""
    return costly(("portfolio", by, by.organization_ids), lambda: queries.portfolio(by))


def _zone(request: HttpRequest) -> ZoneInfo:
    """The zone of the person's government, set for the request when it has one."""
    return ZoneInfo(timezone.get_current_timezone_name())
