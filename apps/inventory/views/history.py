"""Who changed what, when and why; and taking one change back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.core.submit import attempt, status_of
from apps.core.web import version_of
from apps.inventory import fields, queries, rules, services, trails
from apps.inventory.forms import ReasonForm
from apps.inventory.models import Application
from apps.inventory.rows import history as row_history
from apps.inventory.views.record import VERBS, read

EVENTS_SHOWN = 200


@signed_in
@require_GET
def history(request: HttpRequest, key: str) -> HttpResponse:
    application = read(request.actor, key)
    if request.GET.get("pada"):
        return redirect(f"{reverse('inventory:detail', args=[key])}?{request.GET.urlencode()}")
    context = {
        "application": application,
        "trail": whole_trail(request.actor, application),
        "may_undo": rules.may_edit(request.actor, application),
    }
    return render(request, "inventory/history.html", context)


@signed_in
def undo(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    application = read(request.actor, key)
    change = get_object_or_404(queries.events_of(application), pk=pk, details__has_key="values")
    if not rules.may_change(request.actor, application):
        raise PermissionDenied
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = attempt(lambda typed: _undone(request, application, pk, typed["reason"]), form)
        if done:
            messages.success(request, _("Perubahan dibatalkan; nilai sebelumnya berlaku lagi."))
            return redirect("inventory:history", application.key)
    readable = {attribute.name: attribute for attribute in fields.readable_by(request.actor)}
    context = {
        "application": application,
        "form": form,
        "change": {**trails.told(change, readable), "words": VERBS[change.verb]},
    }
    context["back"] = [(label, after, before) for label, before, after in context["change"]["changes"]]
    return render(request, "inventory/undo.html", context, status=status_of([form]))


def whole_trail(by: Any, application: Application) -> list[dict[str, Any]]:
    """Acts on the record and changes by acts on many, newest first; what was taken back says so."""
    events = list(queries.events_of(application)[:EVENTS_SHOWN])
    readable = {attribute.name: attribute for attribute in fields.readable_by(by)}
    taken_back = {event.details["undone"]: event for event in events if "undone" in event.details}
    told = [
        {
            **trails.told(event, readable),
            "words": VERBS.get(event.verb, event.verb),
            "taken_back": taken_back.get(event.pk),
        }
        for event in events
    ]
    many = row_history.changes_of_many(application, events, readable)
    words = _("Diubah bersama banyak aplikasi lain")
    if application.code and not any(event.verb == "application.registered" for event in events):
        told.append({"words": _("Terdaftar melalui impor"), "at": application.registered_at})
    return sorted([*told, *({**one, "words": words} for one in many)], key=lambda one: one["at"], reverse=True)


def _undone(request: HttpRequest, application: Application, pk: int, reason: str) -> Application:
    return services.undo(application.key, by=request.actor, version=version_of(request), event=pk, reason=reason)
