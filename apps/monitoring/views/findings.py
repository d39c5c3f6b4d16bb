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
from apps.monitoring import queries, rules, services
from apps.monitoring.filters import STANDING, FindingFilter
from apps.monitoring.forms import ReasonForm
from apps.monitoring.models import Finding
from apps.monitoring.views.evidence import evidence_rows

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
    }
    return render(request, "monitoring/findings.html", context)


@signed_in
def finding(request: HttpRequest, code: str) -> HttpResponse:
    by = request.actor
    seen = Finding.objects.visible_to(by).select_related("application__owner", "opened_in")
    row = get_object_or_404(seen, code=code)
    may_dismiss = rules.may_dismiss(by, row)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        if not may_dismiss:
            raise PermissionDenied
        done = attempt(lambda fields: services.dismiss(row.pk, by=by, version=version_of(request), **fields), form)
        if done:
            messages.success(request, _("Temuan %(code)s dikesampingkan. Hitungan mulai dari awal.") % {"code": code})
            return redirect("monitoring:finding", code=code)
    assessments = queries.assessments_of(row.application, by, QUARTERS)
    context = {
        "finding": row,
        "form": form,
        "quarters": [Quarter.parse(label) for label in row.quarters],
        "evidence": evidence_rows(assessments, row.quarters),
        "assessments": assessments[::-1],
        "standing": row.status in (Finding.Status.OPEN, Finding.Status.TAKEN_UP),
        "may_dismiss": may_dismiss and row.status == Finding.Status.OPEN,
        "nominate_url": nominate_url(by, row),
        "case_url": _address("deactivation:case_detail", row.case_code) if row.case_code else "",
        "rule": RULES.get(row.kind, ""),
    }
    return render(request, "monitoring/finding.html", context, status=status_of([form]))


RULES: dict[str, Any] = {
    Finding.Kind.IDLE: rules.IDLE_RULE,
    Finding.Kind.NON_REPORTING: rules.NON_REPORTING_RULE,
    Finding.Kind.CONFLICT: rules.CONFLICT_RULE,
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
