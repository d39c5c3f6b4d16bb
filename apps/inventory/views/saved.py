"""Views of the list kept under a name: open, keep, change, drop."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.core.submit import attempt, status_of
from apps.core.web import version_of
from apps.inventory import filters, rules, services
from apps.inventory.forms import EmptyForm, SavedViewForm
from apps.inventory.models import SavedView
from apps.inventory.views import listing


@signed_in
@require_GET
def saved_views(request: HttpRequest) -> HttpResponse:
    """Every view this person may open, with what each asks."""
    rows = SavedView.objects.visible_to(request.actor).select_related("organization")
    views = [
        {"view": view, "asks": asks(request.actor, view), "may_change": rules.may_change_view(request.actor, view)}
        for view in rows
    ]
    return render(request, "inventory/saved_views.html", {"views": views})


@signed_in
@require_GET
def open_view(request: HttpRequest, slug: str) -> HttpResponse:
    """The address that stays: the list as the view asks for it today."""
    return redirect(address_of(_found(request, slug)))


@signed_in
def save_view(request: HttpRequest) -> HttpResponse:
    if not rules.may_keep_views(request.actor):
        raise PermissionDenied
    asked = request.POST if request.method == "POST" else request.GET
    form = SavedViewForm(request.POST if request.method == "POST" else None, by=request.actor)
    question = _cleaned(request, asked.get("query", ""))
    if request.method == "POST":
        view = attempt(lambda typed: services.save_view(by=request.actor, query=question, **typed), form)
        if view:
            messages.success(request, _("Tampilan “%(name)s” disimpan.") % {"name": view.name})
            return redirect(address_of(view))
    return _form_page(request, form, question, None)


@signed_in
def edit_view(request: HttpRequest, slug: str) -> HttpResponse:
    view = _mine(request, slug)
    asked = request.POST if request.method == "POST" else request.GET
    question = _cleaned(request, asked["query"]) if "query" in asked else view.query
    initial = {"name": view.name, "shared": view.shared, "organization": view.organization}
    form = SavedViewForm(
        request.POST if request.method == "POST" else None, by=request.actor, view=view, initial=initial
    )
    if request.method == "POST":
        done = attempt(lambda typed: _edited(request, slug, question, typed), form)
        if done:
            messages.success(request, _("Tampilan “%(name)s” diubah.") % {"name": done.name})
            return redirect(address_of(done))
    return _form_page(request, form, question, view)


@signed_in
def drop_view(request: HttpRequest, slug: str) -> HttpResponse:
    view = _mine(request, slug)
    form = EmptyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and attempt(lambda _typed: _dropped(request, slug), form):
        messages.success(request, _("Tampilan “%(name)s” dihapus.") % {"name": view.name})
        return redirect("inventory:saved_views")
    context = {
        "form": form,
        "version": view.version,
        "title": _("Hapus tampilan “%(name)s”?") % {"name": view.name},
        "text": _("Aplikasi di dalamnya tidak berubah. Alamat tampilan ini tidak dapat dibuka lagi oleh siapa pun."),
        "action": _("Hapus tampilan"),
        "back_url": reverse("inventory:saved_views"),
        "tone": "danger",
    }
    return render(request, "accounts/confirm.html", context, status=status_of([form]))


def address_of(view: SavedView) -> str:
    """The list as the view asks, knowing its name."""
    query = QueryDict(view.query, mutable=True)
    query["tampilan"] = view.slug
    return f"{reverse('inventory:list')}?{query.urlencode()}"


def asks(by: Any, view: SavedView) -> list[str]:
    """The view's filters in words."""
    query = QueryDict(view.query)
    found = filters.filter_for(by)(query)
    words = [f"“{query['q']}”"] if query.get("q") else []
    return words + [chip["label"] for chip in listing.chips(query, found)]


def _found(request: HttpRequest, slug: str) -> SavedView:
    return get_object_or_404(SavedView.objects.visible_to(request.actor), slug=slug)


def _mine(request: HttpRequest, slug: str) -> SavedView:
    view = _found(request, slug)
    if not rules.may_change_view(request.actor, view):
        raise PermissionDenied
    return view


def _cleaned(request: HttpRequest, query: str) -> str:
    asked = QueryDict(query.removeprefix("?"))
    return listing.question(asked, listing.found_for(request.actor, asked, request))


def _form_page(request: HttpRequest, form: SavedViewForm, question: str, view: SavedView | None) -> HttpResponse:
    found = listing.found_for(request.actor, QueryDict(question), request)
    words = QueryDict(question).get("q", "")
    context = {
        "form": form,
        "question": question,
        "view": view,
        "asks": ([f"“{words}”"] if words else []) + [chip["label"] for chip in listing.chips(found.data, found)],
    }
    return render(request, "inventory/saved_view_form.html", context, status=status_of([form]))


def _edited(request: HttpRequest, slug: str, question: str, typed: dict[str, Any]) -> SavedView:
    return services.edit_view(slug, by=request.actor, version=version_of(request), query=question, **typed)


def _dropped(request: HttpRequest, slug: str) -> bool:
    services.drop_view(slug, by=request.actor, version=version_of(request))
    return True
