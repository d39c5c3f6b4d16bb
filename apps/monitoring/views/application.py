"""The monitoring tab of an application: its quarters with their evidence, its findings, its addresses and counters."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.core import clock
from apps.inventory.models import Application
from apps.monitoring import queries
from apps.monitoring.models import Assessment, Finding
from apps.monitoring.views.counters import light
from apps.monitoring.views.evidence import evidence_rows
from apps.monitoring.views.reachability import DAYS, afterwards, reachability

QUARTERS = 8


@signed_in
@require_GET
def application(request: HttpRequest, key: str) -> HttpResponse:
    """What is known of the application's use."""
    row = get_object_or_404(Application.objects.visible_to(request.actor).named(key))
    today = clock.today(row.government.zone)
    assessments = queries.assessments_of(row, request.actor, QUARTERS)
    older = Assessment.objects.visible_to(request.actor).in_force().filter(application=row).count() - len(assessments)
    context: dict[str, Any] = {
        "application": row,
        "assessments": assessments[::-1],
        "evidence": evidence_rows(assessments),
        "leaves_out": _("%(n)s triwulan lebih lama tidak ditampilkan") % {"n": older} if older > 0 else "",
        "findings": Finding.objects.visible_to(request.actor).filter(application=row)[:QUARTERS],
        "explanations": queries.explanations_about(row.pk),
        "addresses": reachability(row, request.actor, today),
        "days": DAYS,
        "afterwards": afterwards(row),
        "light": light(row, today),
    }
    return render(request, "monitoring/application.html", context)
