"""Findings: the list, and one with the evidence it rests on."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.core.quarter import Quarter
from apps.core.submit import attempt, status_of
from apps.core.web import version_of
from apps.inventory.models import Application
from apps.monitoring import queries, rules, services
from apps.monitoring.filters import STANDING, FindingFilter
from apps.monitoring.forms import AskForm, ReasonForm
from apps.monitoring.models import Finding
from apps.monitoring.views.evidence import evidence_rows, sides_of
from apps.monitoring.views.explanations import ask_form
from apps.monitoring.views.reachability import afterwards

PAGE_SIZE = 50
QUARTERS = 8


@signed_in
@require_GET
def findings(request: HttpRequest) -> HttpResponse:
    seen = Finding.objects.visible_to(request.actor)
    query = request.GET.copy()
    query.setdefault("status", STANDING)
    found = FindingFilter(query, queryset=seen.select_related("application__owner", "application__standing"))
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("halaman"))
    for finding in page.object_list:
        finding.verdicts = strip_of(finding.application)
    hidden = seen.count() - page.paginator.count
    standing = seen.standing().count()
    context = {
        "filter": found,
        "filter_fields": [found.form[name] for name in ("q", "status", "kind")],
        "page": page,
        "headline": ngettext("%(n)s temuan masih terbuka", "%(n)s temuan masih terbuka", standing) % {"n": standing},
        "leaves_out": _("%(n)s temuan lain tersaring") % {"n": hidden} if hidden else "",
        "watched": Application.objects.visible_to(request.actor).filter(standing__watched=True).count(),
    }
    return render(request, "monitoring/findings.html", context)


@signed_in
def finding(request: HttpRequest, code: str) -> HttpResponse:
    seen = Finding.objects.visible_to(request.actor).select_related("application__owner", "opened_in__government")
    row = get_object_or_404(seen, code=code)
    asking = request.POST.get("act") == "ask"
    form = ReasonForm(None if asking else request.POST or None)
    asks = ask_form(row.opened_in.government, "q", request.POST if asking else None)
    if request.method == "POST":
        done = _asked(request, row, asks) if asking else _dismissed(request, row, form)
        if done:
            return redirect("monitoring:finding", code=code)
    return _page(request, row, form, asks)


def _dismissed(request: HttpRequest, row: Finding, form: ReasonForm) -> Any:
    if not rules.may_dismiss(request.actor, row):
        raise PermissionDenied
    done = attempt(lambda said: services.dismiss(row.pk, by=request.actor, version=version_of(request), **said), form)
    if done:
        again = (
            _("Temuan %(code)s dikesampingkan. Hitungan mulai dari awal.")
            if row.kind in rules.COUNTING
            else _("Temuan %(code)s dikesampingkan.")
        )
        messages.success(request, again % {"code": row.code})
    return done


def _asked(request: HttpRequest, row: Finding, form: AskForm) -> Any:
    if not rules.may_ask(request.actor, row):
        raise PermissionDenied
    by, version = request.actor, version_of
    done = attempt(lambda said: services.ask_about_finding(row.pk, by=by, version=version(request), **said), form)
    if done:
        messages.success(request, _("Penjelasan diminta kepada %(owner)s.") % {"owner": row.application.owner.name})
    return done


def _page(request: HttpRequest, row: Finding, form: ReasonForm, asks: AskForm) -> HttpResponse:
    by, standing = request.actor, row.status in (Finding.Status.OPEN, Finding.Status.TAKEN_UP)
    assessments = queries.assessments_of(row.application, by, QUARTERS)
    explanations = queries.explanations_of(row)
    waits = any(asked.finding_id == row.pk and asked.status == "asked" for asked in explanations)
    context = {
        "finding": row,
        "form": form,
        "ask_form": asks,
        "quarters": [Quarter.parse(label) for label in row.quarters],
        "evidence": evidence_rows(assessments, row.quarters),
        "assessments": assessments[::-1],
        "sides": sides_of(assessments) if row.kind == Finding.Kind.CONFLICT else None,
        "afterwards": afterwards(row.application) if row.kind == Finding.Kind.REAPPEARED else [],
        "explanations": explanations,
        "standing": standing,
        "may_ask": rules.may_ask(by, row) and standing and not waits,
        "counted": row.kind in rules.COUNTING,
        "may_dismiss": rules.may_dismiss(by, row) and row.status == Finding.Status.OPEN,
        "nominate_url": nominate_url(by, row),
        "case_url": _address("deactivation:case_detail", row.case_code) if row.case_code else "",
        "rule": RULES.get(row.kind, ""),
    }
    return render(request, "monitoring/finding.html", context, status=status_of([form, asks]))


RULES: dict[str, Any] = {
    Finding.Kind.IDLE: rules.IDLE_RULE,
    Finding.Kind.NON_REPORTING: rules.NON_REPORTING_RULE,
    Finding.Kind.CONFLICT: rules.CONFLICT_RULE,
    Finding.Kind.REAPPEARED: rules.REAPPEARED_RULE,
    Finding.Kind.OWNERLESS: rules.OWNERLESS_RULE,
    Finding.Kind.STALE: rules.STALE_RULE,
}


def strip_of(application: Any) -> list[tuple[str, str]]:
    """The stored strip of an application as pairs of quarter and verdict."""
    standing = getattr(application, "standing", None)
    return [(Quarter.parse(label).label, verdict) for label, verdict in (standing.verdicts if standing else [])]


def nominate_url(by: Any, row: Finding) -> str:
    """Where a reviewer opens a case from this finding; "" when it cannot be."""
    if not by.has_role(rules.REVIEWER) or row.status != Finding.Status.OPEN:
        return ""
    address = _address("deactivation:nominate")
    return f"{address}?temuan={row.code}" if address else ""


def _address(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
