"""Pages of the administrator: which systems are told, what they took, what failed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import only_roles
from apps.core.submit import attempt, status_of
from apps.core.web import act, version_of
from apps.webhooks import queries, rules, services
from apps.webhooks.forms import NewSubscriptionForm, SubscriptionForm
from apps.webhooks.models import Subscription

administrator = only_roles("administrator")
PAGE_SIZE = 25


@administrator
@require_GET
def subscriptions(request: HttpRequest) -> HttpResponse:
    """Which systems are told, and whether they take it."""
    page = Paginator(queries.subscriptions(request.actor), PAGE_SIZE).get_page(request.GET.get("halaman"))
    return render(request, "webhooks/list.html", {"page": page})


@administrator
def subscribe(request: HttpRequest) -> HttpResponse:
    """Make one and show its secret once."""
    form = NewSubscriptionForm(request.POST or None, by=request.actor)
    if request.method == "POST":
        answer = attempt(lambda data: services.subscribe(by=request.actor, **data), form)
        if answer:
            return _secret_once(request, *answer)
    context = {"form": form, "title": _("Buat langganan webhook"), "back_url": reverse("webhooks:list")}
    return render(request, "webhooks/form.html", context, status=status_of([form]))


@administrator
@require_GET
def subscription(request: HttpRequest, code: str) -> HttpResponse:
    """One with its latest deliveries."""
    row = _found(request, code)
    page = Paginator(queries.deliveries(row), PAGE_SIZE).get_page(request.GET.get("halaman"))
    labels = [rules.TYPES[one].label for one in row.types if one in rules.TYPES]
    return render(request, "webhooks/detail.html", {"subscription": row, "page": page, "labels": labels})


@administrator
def edit_subscription(request: HttpRequest, code: str) -> HttpResponse:
    row = _mine(request, code)
    form = SubscriptionForm(request.POST or None, initial={"name": row.name, "url": row.url, "types": row.types})
    if request.method == "POST":
        who = {"by": request.actor}
        if attempt(lambda data: services.edit_subscription(code, **who, version=version_of(request), **data), form):
            messages.success(request, _("Langganan disimpan."))
            return redirect("webhooks:detail", code)
    here = reverse("webhooks:detail", args=[code])
    context = {"form": form, "title": _("Ubah langganan %(code)s") % {"code": code}, "back_url": here, "row": row}
    return render(request, "webhooks/form.html", context, status=status_of([form]))


@administrator
@require_POST
@act
def rotate_secret(request: HttpRequest, code: str) -> HttpResponse:
    _mine(request, code)
    return _secret_once(request, *services.rotate_secret(code, by=request.actor, version=version_of(request)))


@administrator
@require_POST
@act
def pause(request: HttpRequest, code: str) -> HttpResponse:
    _mine(request, code)
    services.pause(code, by=request.actor, version=version_of(request))
    return _back(request, code, _("Dijeda. Peristiwa selama jeda tidak dikirim."))


@administrator
@require_POST
@act
def resume(request: HttpRequest, code: str) -> HttpResponse:
    _mine(request, code)
    services.resume(code, by=request.actor, version=version_of(request))
    return _back(request, code, _("Dilanjutkan. Yang menunggu dikirim dalam satu menit."))


@administrator
@require_POST
@act
def try_out(request: HttpRequest, code: str) -> HttpResponse:
    services.try_out(code, by=request.actor)
    return _back(request, code, _("Kiriman uji masuk antrean; hasilnya tampil di bawah dalam satu menit."))


@administrator
@require_POST
@act
def replay(request: HttpRequest, code: str, pk: UUID) -> HttpResponse:
    services.replay(code, pk, by=request.actor)
    return _back(request, code, _("Dikirim lagi dalam satu menit, dengan nomor yang sama."))


@administrator
@act
def remove(request: HttpRequest, code: str) -> HttpResponse:
    row = _mine(request, code)
    if request.method == "POST":
        services.remove(code, by=request.actor, version=version_of(request))
        messages.success(request, _("Langganan dihapus."))
        return redirect("webhooks:list")
    context = {
        "tone": "danger",
        "version": row.version,
        "action": _("Hapus langganan"),
        "back_url": reverse("webhooks:detail", args=[code]),
        "title": _("Hapus langganan %(name)s?") % {"name": row.name},
        "text": _("Yang masih menunggu tidak dikirim lagi, dan kuncinya dilupakan."),
    }
    return render(request, "accounts/confirm.html", context)


def _found(request: HttpRequest, code: str) -> Any:
    return get_object_or_404(queries.subscriptions(request.actor), code=code)


def _mine(request: HttpRequest, code: str) -> Subscription:
    """The right is asked before what was typed is judged."""
    row = _found(request, code)
    if not rules.may_manage(request.actor, row):
        raise PermissionDenied
    return row


def _back(request: HttpRequest, code: str, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("webhooks:detail", code)


def _secret_once(request: HttpRequest, row: Subscription, secret: str) -> HttpResponse:
    response = render(request, "webhooks/secret.html", {"subscription": row, "secret": secret})
    response["Cache-Control"] = "no-store"
    return response
