"""The person of a session becomes an actor, anew for each request: rights are never cached longer."""

import time
from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from apps.accounts.queries import actor_of_session


class ActorMiddleware:
    """Set `request.actor`, `.membership`, `.memberships` (lazily, read once) and the zone of the government."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _note_presence(request)
        who = cache(lambda: actor_of_session(request.user, request.session))
        request.actor = SimpleLazyObject(lambda: who()[0])
        request.membership = SimpleLazyObject(lambda: who()[1])
        request.memberships = SimpleLazyObject(lambda: who()[2])
        if SESSION_KEY in request.session and "time_zone" not in request.session and request.membership:
            request.session["time_zone"] = request.membership.seat.government_or_self.time_zone
        if request.session.get("time_zone"):
            timezone.activate(ZoneInfo(request.session["time_zone"]))
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


def _note_presence(request: HttpRequest) -> None:
    """Keep a person's session for its idle time from now on; written once a minute, not with each request."""
    minute = int(time.time() // 60)
    if SESSION_KEY in request.session and request.session.get("minute") != minute:
        request.session["minute"] = minute
