"""The first question of a web page: who is there, and in which role."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Send the unknown to sign in and back; tell a person without a role in force whom to ask."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.is_authenticated:
            return view(request, *args, **kwargs)
        if request.user.is_authenticated:
            return render(request, "accounts/no_role.html", status=403)
        return redirect_to_login(request.get_full_path())

    return guarded


def only_roles(*roles: str) -> Callable[[View], View]:
    """Let in the signed-in of these roles; 403 for the others."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.actor.has_role(*roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return decorate
