"""Web doors to the services: refusals become messages, errors become pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from apps.core.conditional import API
from apps.core.errors import STALE, RuleViolation, StaleVersion, VersionMissing
from apps.core.logging import request_id
from apps.core.problem import as_document


def act(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a POST view call a service plainly: a refusal goes back to the page it came from as a message."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (RuleViolation, StaleVersion, VersionMissing, ValidationError) as refusal:
            for text in explain(refusal):
                messages.error(request, text)
            return redirect(came_from(request))

    return guarded


def explain(refusal: Exception) -> list[str]:
    """The refusal in words for the person."""
    if isinstance(refusal, RuleViolation):
        return [refusal.message]
    if isinstance(refusal, ValidationError):
        return refusal.messages
    return [_(STALE)]


def came_from(request: HttpRequest) -> str:
    """The page the form was on, if it is ours, else the path itself."""
    referer = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if ours else request.path


def version_of(request: HttpRequest) -> int:
    """The hidden `version` a form carries; VersionMissing when it has none."""
    value = request.POST.get("version", "")
    if not value.isdigit():
        raise VersionMissing
    return int(value)


def _error(request: HttpRequest, status: int) -> HttpResponse:
    """A page that asks no context processor: the database or the session may be what failed. The API says it as JSON."""
    if request.path_info.startswith(API):
        return as_document(status)
    page = render_to_string(f"errors/{status}.html", {"request_id": request_id.get(), "request": request})
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _error(request, 500)
