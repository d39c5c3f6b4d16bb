"""How much the person has not read."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.notifications.models import Notification


def unread(request: HttpRequest) -> dict[str, Any]:
    """One statement, and only for a page that draws the menu of the account."""
    return {"unread_count": SimpleLazyObject(lambda: _unread(request))}


def _unread(request: HttpRequest) -> int:
    by = getattr(request, "actor", None)
    return Notification.objects.visible_to(by).unread().count() if by is not None and by.is_authenticated else 0
