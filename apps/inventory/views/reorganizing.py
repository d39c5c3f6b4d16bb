"""Changes of offices: what is planned and what was done, a plan with everything that moves, the day itself."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.accounts.access import only_roles
from apps.accounts.models import Organization, Role
from apps.core import clock
from apps.core.submit import attempt, status_of
from apps.core.web import version_of
from apps.inventory import queries, services
from apps.inventory.forms import EmptyForm, ReasonForm, ReorganizationForm
from apps.inventory.models import Reorganization

administrator = only_roles(Role.ADMINISTRATOR)
PAGE_SIZE = 50


@administrator
@require_GET
def reorganizations(request: HttpRequest) -> HttpResponse:
    """The latest first; an office and what happens to it lead to a new plan."""
    office, kind = request.GET.get("kantor"), request.GET.get("jenis")
    if office and kind:
        return redirect("inventory:plan_reorganization", slugify(office), slugify(kind))
    seen = Reorganization.objects.visible_to(request.actor).select_related("office", "into")
    page = Paginator(seen, PAGE_SIZE).get_page(request.GET.get("halaman"))
    offices = Organization.objects.visible_to(request.actor).able_to_own().exclude(kind=Organization.Kind.GOVERNMENT)
    context = {"page": page, "offices": offices.order_by("name"), "kinds": Reorganization.Kind.choices}
    return render(request, "inventory/reorganizations.html", context)


@administrator
def plan_reorganization(request: HttpRequest, office: str, kind: str) -> HttpResponse:
    found = _chosen(request, office, kind)
    today = clock.today(found.zone)
    form = ReorganizationForm(
        request.POST if request.method == "POST" else None,
        office=found,
        kind=kind,
        belongings=queries.named_belongings(found, today),
        initial={"effective_on": today, "new_name": found.name, "new_short_name": found.short_name},
    )
    if request.method == "POST" and (planned := attempt(lambda typed: _planned(request, found, kind, typed), form)):
        said = _("Rencana %(code)s disimpan. Periksa sekali lagi apa yang pindah.")
        messages.success(request, said % {"code": planned.code})
        return redirect("inventory:reorganization", planned.code)
    context = {"form": form, "office": found, "kind": kind, "kind_label": Reorganization.Kind(kind).label}
    context |= {"counts": queries.belongings_in_numbers(found, today), "placed": form.placed_fields()}
    return render(request, "inventory/plan_reorganization.html", context, status=status_of([form]))


@administrator
@require_GET
def reorganization(request: HttpRequest, code: str) -> HttpResponse:
    row = _found(request, code)
    planned = row.status == Reorganization.Status.PLANNED
    context = {
        "row": row,
        "parts": queries.what_moves(row) if planned and row.kind != Reorganization.Kind.RENAME else [],
        "planned": planned,
        "ready": planned and row.effective_on <= clock.today(row.government.zone),
    }
    return render(request, "inventory/reorganization.html", context)


@administrator
def cancel_reorganization(request: HttpRequest, code: str) -> HttpResponse:
    row = _found(request, code)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _did(request, row, services.cancel_reorganization, form):
        messages.success(request, _("Rencana %(code)s dibatalkan.") % {"code": code})
        return redirect("inventory:reorganizations")
    page = {"title": _("Batalkan rencana ini?"), "text": _("Tidak ada yang pindah."), "action": _("Batalkan rencana")}
    return _confirm(request, row, form, page)


@administrator
def execute_reorganization(request: HttpRequest, code: str) -> HttpResponse:
    row = _found(request, code)
    form = EmptyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _did(request, row, services.execute_reorganization, form):
        messages.success(request, _("Perubahan %(code)s berlaku.") % {"code": code})
        return redirect("inventory:reorganization", code)
    text = _(
        "Aplikasi, peran, dan unit pindah sekarang juga. Untuk mengembalikannya diperlukan perubahan organisasi lain."
    )
    page = {"title": _("Laksanakan sekarang?"), "text": text, "action": _("Laksanakan"), "tone": "danger"}
    return _confirm(request, row, form, page)


def _chosen(request: HttpRequest, office: str, kind: str) -> Organization:
    """The office a plan is about; 404 without it, or when nothing of that kind happens to offices."""
    if kind not in Reorganization.Kind.values:
        raise Http404
    offices = Organization.objects.visible_to(request.actor).exclude(kind=Organization.Kind.GOVERNMENT)
    return get_object_or_404(offices, code=office)


def _found(request: HttpRequest, code: str) -> Reorganization:
    seen = Reorganization.objects.visible_to(request.actor).select_related("office", "into", "government")
    return get_object_or_404(seen, code=code)


def _planned(request: HttpRequest, office: Organization, kind: str, typed: dict[str, Any]) -> Reorganization:
    return services.plan_reorganization(by=request.actor, office=office, kind=kind, **typed)


def _did(request: HttpRequest, row: Reorganization, verb: Any, form: Any) -> bool:
    return bool(attempt(lambda typed: verb(row.code, by=request.actor, version=version_of(request), **typed), form))


def _confirm(request: HttpRequest, row: Reorganization, form: Any, page: dict[str, Any]) -> HttpResponse:
    context = {"row": row, "form": form, **page}
    return render(request, "inventory/reorganization_act.html", context, status=status_of([form]))
