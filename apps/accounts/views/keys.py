"""Keys of REST clients, for the administrator."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.accounts import services
from apps.accounts.forms import ReasonForm, TokenForm
from apps.accounts.models import ApiToken
from apps.accounts.views.people import PER_PAGE, administrator
from apps.core import clock
from apps.core.submit import attempt, status_of


@administrator
@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """Who has a key, what it may do, when it was last used."""
    rows = ApiToken.objects.visible_to(request.actor).select_related(
        "organization", "membership__user", "membership__seat"
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("halaman"))
    now = clock.now()
    names = dict(ApiToken.Scope.choices)
    for token in page:
        token.condition = "ended" if token.revoked_at else "expired" if token.expires_at <= now else "active"
        token.scope_names = [names[scope] for scope in token.scopes]
    return render(request, "accounts/tokens.html", {"page": page})


@administrator
def create_token(request: HttpRequest) -> HttpResponse:
    """Make a key and show it once."""
    form = TokenForm(request.POST or None, by=request.actor)
    if request.method == "POST":
        answer = attempt(lambda data: services.create_token(by=request.actor, **data), form)
        if answer:
            token, key = answer
            return render(request, "accounts/token_made.html", {"token": token, "key": key})
    return render(request, "accounts/token_form.html", {"form": form}, status=status_of([form]))


@administrator
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a key at once."""
    token = get_object_or_404(ApiToken.objects.visible_to(request.actor), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and attempt(lambda data: services.revoke_token(pk, by=request.actor, **data), form):
        messages.success(request, _("Token dicabut."))
        return redirect("accounts:tokens")
    context = {
        "form": form,
        "tone": "danger",
        "action": _("Cabut token"),
        "back_url": reverse("accounts:tokens"),
        "title": _("Cabut token %(name)s?") % {"name": token.name},
        "text": _("Sistem yang memakainya ditolak mulai permintaan berikutnya."),
    }
    return render(request, "accounts/confirm.html", context, status=status_of([form]))
