"""The monitoring tab of an application: its quarters with their evidence, and the keys of its counters."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from apps.accounts.access import signed_in
from apps.core.web import act
from apps.inventory import rules as inventory_rules
from apps.inventory.models import Application
from apps.monitoring import queries, services
from apps.monitoring.models import Assessment, Finding, UsageToken
from apps.monitoring.views.evidence import evidence_rows

QUARTERS = 8


@signed_in
@act
def application(request: HttpRequest, key: str) -> HttpResponse:
    row = get_object_or_404(Application.objects.visible_to(request.actor).named(key))
    if request.method == "POST":
        return _token_act(request, row)
    return _page(request, row)


def _token_act(request: HttpRequest, row: Application) -> HttpResponse:
    """Make a key, whose plain text is shown once on this very answer, or end one."""
    if not inventory_rules.may_edit(request.actor, row):
        raise PermissionDenied
    verb, _separator, key = request.POST.get("act", "").partition("-")
    if verb == "revoke" and key.isdigit():
        token = get_object_or_404(UsageToken, pk=key, application=row)
        services.revoke_usage_token(token.pk, by=request.actor)
        messages.success(request, _("Kunci %(prefix)s… dicabut.") % {"prefix": token.prefix})
        return redirect("monitoring:application", key=row.key)
    _token, plain = services.create_usage_token(row.pk, by=request.actor)
    return _page(request, row, plain=plain)


def _page(request: HttpRequest, row: Application, plain: str = "") -> HttpResponse:
    by = request.actor
    assessments = queries.assessments_of(row, by, QUARTERS)
    older = Assessment.objects.visible_to(by).in_force().filter(application=row).count() - len(assessments)
    may_edit = inventory_rules.may_edit(by, row)
    context: dict[str, Any] = {
        "application": row,
        "tab": "monitoring",
        "assessments": assessments[::-1],
        "evidence": evidence_rows(assessments),
        "leaves_out": _("%(n)s triwulan lebih lama tidak ditampilkan") % {"n": older} if older > 0 else "",
        "findings": Finding.objects.visible_to(by).filter(application=row)[:QUARTERS],
        "may_edit": may_edit,
        "tokens": row.usage_tokens.filter(revoked_at__isnull=True).order_by("pk") if may_edit else [],
        "plain": plain,
    }
    response = render(request, "monitoring/application.html", context)
    response["Cache-Control"] = "no-store" if plain else "private"
    return response
