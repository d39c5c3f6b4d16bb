"""Counts beside the names in the navigation."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.audit.past import present
from apps.dashboard import queries


def navigation(request: HttpRequest) -> dict[str, Any]:
    """One statement, and only for a page that draws the navigation."""
    return {"navigation": SimpleLazyObject(lambda: _counts(request))}


def _counts(request: HttpRequest) -> dict[str, int]:
    by = getattr(request, "actor", None)
    with present():
        return queries.counts(by) if by is not None and by.is_authenticated else {}
