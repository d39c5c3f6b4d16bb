"""A government's own attributes, for the administrator."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.accounts.access import only_roles
from apps.core.submit import attempt, status_of
from apps.core.web import version_of
from apps.inventory import fields, rules, services
from apps.inventory.forms import EmptyForm
from apps.inventory.models import CustomAttribute
from apps.inventory.own.forms import CustomAttributeEditForm, CustomAttributeForm
from apps.inventory.services.attributes import SHOWN

administrator = only_roles(rules.ADMINISTRATOR)


@administrator
@require_GET
def attributes(request: HttpRequest) -> HttpResponse:
    rows = CustomAttribute.objects.visible_to(request.actor)
    ended = rows.filter(active=False).count()
    shows_ended = bool(request.GET.get("berakhir"))
    context = {
        "attributes": rows if shows_ended else rows.filter(active=True),
        "hidden": 0 if shows_ended else ended,
        "steps": fields.STEPS,
    }
    return render(request, "inventory/attributes.html", context)


@administrator
def add_attribute(request: HttpRequest) -> HttpResponse:
    form = CustomAttributeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        made = attempt(lambda typed: services.add_attribute(by=request.actor, **typed), form)
        if made:
            messages.success(request, _("Keterangan “%(name)s” ditambahkan ke formulir.") % {"name": made.label})
            return redirect("inventory:attributes")
    return render(request, "inventory/attribute_form.html", {"form": form}, status=status_of([form]))


@administrator
def edit_attribute(request: HttpRequest, key: str) -> HttpResponse:
    attribute = _found(request, key)
    initial = {name: getattr(attribute, name) for name in SHOWN} | {"choices": "\n".join(attribute.choices)}
    form = CustomAttributeEditForm(
        request.POST if request.method == "POST" else None, attribute=attribute, initial=initial
    )
    if request.method == "POST":
        done = attempt(lambda typed: _did(services.edit_attribute, request, key, **typed), form)
        if done:
            messages.success(request, _("Keterangan “%(name)s” diubah.") % {"name": done.label})
            return redirect("inventory:attributes")
    context = {"form": form, "attribute": attribute}
    return render(request, "inventory/attribute_form.html", context, status=status_of([form]))


@administrator
def end_attribute(request: HttpRequest, key: str) -> HttpResponse:
    page = {
        "title": _("Akhiri keterangan “%(name)s”?"),
        "text": _("Tidak ditanyakan lagi di formulir, daftar, dan ekspor. Isinya tetap tersimpan di setiap aplikasi."),
        "action": _("Akhiri keterangan"),
        "tone": "danger",
    }
    return _switch(request, key, services.end_attribute, page, _("Keterangan “%(name)s” berakhir."))


@administrator
def restore_attribute(request: HttpRequest, key: str) -> HttpResponse:
    page = {
        "title": _("Pakai lagi keterangan “%(name)s”?"),
        "text": _("Isi yang dahulu tampil kembali."),
        "action": _("Pakai lagi"),
    }
    return _switch(request, key, services.restore_attribute, page, _("Keterangan “%(name)s” dipakai lagi."))


def _switch(request: HttpRequest, key: str, verb: Callable, page: dict[str, Any], said: str) -> HttpResponse:
    attribute = _found(request, key)
    form = EmptyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and attempt(lambda _typed: _did(verb, request, key), form):
        messages.success(request, said % {"name": attribute.label})
        return redirect("inventory:attributes")
    context = {**page, "title": page["title"] % {"name": attribute.label}, "form": form, "version": attribute.version}
    context["back_url"] = reverse("inventory:attributes")
    return render(request, "accounts/confirm.html", context, status=status_of([form]))


def _found(request: HttpRequest, key: str) -> CustomAttribute:
    attribute = get_object_or_404(CustomAttribute.objects.visible_to(request.actor), key=key)
    if not rules.may_keep_attributes(request.actor):
        raise PermissionDenied
    return attribute


def _did(verb: Callable, request: HttpRequest, key: str, **typed: Any) -> CustomAttribute:
    return verb(key, by=request.actor, version=version_of(request), **typed)
