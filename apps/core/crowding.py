"""How many machines are read to at once, so that those who keep pulling leave room for people and for what is written."""

from collections.abc import Callable
from threading import BoundedSemaphore

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS

from apps.core.conditional import API
from apps.core.problem import CONTENT_TYPE, told

COME_BACK, PATIENCE = 1, 2  # seconds


class CrowdingMiddleware:
    """In each process API_READERS_AT_ONCE machines are read to, API_READERS_WAITING wait a moment, the others get a 429.

    A machine is who asks the API without a session. Few may wait, because who waits holds a thread that a person may need.
    Who is refused is refused before anything is read and told when to come back. Writing is never refused here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.places = BoundedSemaphore(settings.API_READERS_AT_ONCE)
        self.chairs = BoundedSemaphore(settings.API_READERS_WAITING)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_machine_reading(request):
            return self.get_response(request)
        if not self._let_in():
            return _busy()
        try:
            return self.get_response(request)
        finally:
            self.places.release()

    def _let_in(self) -> bool:
        if self.places.acquire(blocking=False):
            return True
        if not self.chairs.acquire(blocking=False):
            return False
        try:
            return self.places.acquire(timeout=PATIENCE)
        finally:
            self.chairs.release()


def _is_machine_reading(request: HttpRequest) -> bool:
    reads = request.method in SAFE_METHODS and request.path_info.startswith(API)
    return reads and settings.SESSION_COOKIE_NAME not in request.COOKIES


def _busy() -> HttpResponse:
    said = _("Sedang banyak pembaca. Coba lagi setelah jeda pada kepala Retry-After.")
    body = orjson.dumps(told(429, "busy", said))
    return HttpResponse(body, status=429, content_type=CONTENT_TYPE, headers={"Retry-After": str(COME_BACK)})
