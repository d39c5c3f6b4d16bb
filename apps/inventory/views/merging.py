"""Two records side by side: which stays, which value of each is right, and the act that cannot be taken back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.access import signed_in
from apps.core.submit import attempt, status_of
from apps.core.web import version_of
from apps.inventory import fields, queries, rules, services
from apps.inventory.forms import MergeForm
from apps.inventory.models import Application
from apps.inventory.views.record import read
from apps.inventory.views.similar import similar_to


@signed_in
def merge(request: HttpRequest, key: str) -> HttpResponse:
    application = read(request.actor, key)
    if not rules.may_merge(request.actor, application):
        raise PermissionDenied
    kept = _survivor(request.actor, application, request.GET.get("ke", ""))
    if kept is None:
        return _choose(request, application)
    differing = differing_between(kept, application)
    form = MergeForm(request.POST if request.method == "POST" else None, differing=differing, kept=kept)
    if request.method == "POST" and (done := attempt(lambda typed: _merged(request, application, kept, typed), form)):
        said = _("%(code)s digabung ke %(name)s. Kode lama mengarah ke halaman ini.")
        messages.success(request, said % {"code": application.key, "name": done.name})
        return redirect("inventory:detail", done.key)
    context = {**comparison(form, kept, application, differing), "form": form}
    return render(request, "inventory/merge.html", context, status=status_of([form]))


def differing_between(kept: Application, other: Application) -> list[fields.Attribute]:
    """The attributes in which the two say different things; where only the survivor says something, nothing is asked."""
    return [
        attribute
        for attribute in fields.choosable(kept.government_id)
        if kept.value(attribute.name) != other.value(attribute.name) and queries.is_filled(other, attribute.name)
    ]


def comparison(
    form: MergeForm, kept: Application, other: Application, differing: list[fields.Attribute]
) -> dict[str, Any]:
    """What the page shows: the rows to choose in, what follows by itself, and what stands in the way."""
    return {
        "application": other,
        "kept": kept,
        "rows": [{"attribute": attribute, "field": form[f"pick-{attribute.name}"]} for attribute in differing],
        "agreed": sum(
            queries.is_filled(kept, a.name) for a in fields.choosable(kept.government_id) if a not in differing
        ),
        "following": [
            (_("alamat"), other.addresses.count()),
            (_("kode arsitektur"), other.references.count()),
            (_("kontrak"), other.contracts.count()),
            (_("baris biaya"), other.costs.count()),
            (_("dokumen"), other.documents.count()),
            (_("hubungan dengan aplikasi lain"), other.relations_in.count() + other.relations_out.count()),
            (_("penangguhan"), other.suspensions.count()),
        ],
        "obstacles": [*_obstacles(kept), *_obstacles(other)],
    }


def _obstacles(application: Application) -> list[str]:
    if application.status != Application.Status.REGISTERED:
        return [f"{application.key}: {application.get_status_display()}"]
    return [f"{application.key}: {hold.reason}" for hold in application.holds.all()]


def _survivor(by: Any, application: Application, code: str) -> Application | None:
    if not code:
        return None
    try:
        found = read(by, code.strip().upper())
    except Http404:
        return None
    return None if found == application else found


def _choose(request: HttpRequest, application: Application) -> HttpResponse:
    """Which record stays: one that is alike, or any by its code."""
    alike = [one for one in similar_to(request.actor, application) if rules.may_merge(request.actor, one.application)]
    code = request.GET.get("ke", "")
    context = {"application": application, "similar": alike, "code": code, "unknown": bool(code)}
    return render(request, "inventory/merge_choose.html", context, status=404 if code else 200)


def _merged(request: HttpRequest, application: Application, kept: Application, typed: dict[str, Any]) -> Application:
    return services.merge(application.key, by=request.actor, version=version_of(request), survivor=kept.key, **typed)
