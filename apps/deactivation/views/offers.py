"""Acts a page offers: who sees which form, what it says, and which service it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.accounts.access import signed_in
from apps.core.submit import attempt
from apps.core.web import version_of


@dataclass(frozen=True)
class Offer:
    """One act on one kind of thing; `name` is the service's own verb and the name of the route."""

    name: str
    title: Any
    submit: Any
    done: Any
    form: Callable[..., Form]  # (subject, by, data, files, prefix) -> form
    may: Callable[[Any, Any], bool]  # (by, subject): the person has the right; asked before anything typed is judged
    fits: Callable[[Any, Any], bool]  # (by, subject): the state allows, so the act is offered
    call: Callable[..., Any]  # (subject, fields, by, version)
    text: Any = ""
    tone: str = "btn-primary"
    binds: Callable[[HttpRequest, Form], None] | None = None

    def shown(self, subject: Any, by: Any, bound: Form | None) -> dict[str, Any]:
        """What the template needs of it."""
        return {
            "name": self.name,
            "title": self.title,
            "text": self.text,
            "submit": self.submit,
            "tone": self.tone,
            "url": reverse(f"deactivation:{self.name}", args=[subject.code]),
            "form": bound or self.form(subject, by, None, None, self.name),
            "version": subject.version,
            "open": bound is not None,
        }


def offered(offers: list[Offer], subject: Any, by: Any, bound: dict[str, Form]) -> list[dict[str, Any]]:
    """The acts this person may do now, and whichever was just refused; the first stands open."""
    shown = [
        offer.shown(subject, by, bound.get(offer.name))
        for offer in offers
        if offer.name in bound or (offer.may(by, subject) and offer.fits(by, subject))
    ]
    if shown and not bound:
        shown[0]["open"] = True
    return shown


def act_view(
    offer: Offer, find: Callable[[Any, str], Any], page: Callable[..., HttpResponse]
) -> Callable[..., HttpResponse]:
    """The POST view of an offer; a refusal shows the page again with what was typed."""

    @signed_in
    @require_POST
    def view(request: HttpRequest, code: str) -> HttpResponse:
        subject = find(request.actor, code)
        allow(offer.may(request.actor, subject))
        form = offer.form(subject, request.actor, request.POST, request.FILES, offer.name)

        def act(fields: dict[str, Any]) -> Any:
            if offer.binds:
                offer.binds(request, form)
            return offer.call(subject, fields, request.actor, version_of(request))

        if attempt(act, form) is None:
            return page(request, find(request.actor, code), {offer.name: form})
        messages.success(request, offer.done)
        return redirect(subject)

    return view


def allow(right: bool) -> None:
    """Stop whoever lacks the right before anything typed is judged: 403 comes before 400."""
    if not right:
        raise PermissionDenied


def plain(form_class: type[Form]) -> Callable[..., Form]:
    """A form that needs to know nothing of the thing it acts on."""
    return lambda _subject, _by, data, files, prefix: form_class(data, files, prefix=prefix)


def knowing_actor(form_class: type[Form]) -> Callable[..., Form]:
    """A form whose choices depend on who fills it in."""
    return lambda _subject, by, data, files, prefix: form_class(data, files, prefix=prefix, by=by)
