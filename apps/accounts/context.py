"""What every page knows of the person."""

from typing import Any

from django.http import HttpRequest


def actor(request: HttpRequest) -> dict[str, Any]:
    """The actor and membership in force for this request."""
    return {"actor": getattr(request, "actor", None), "membership": getattr(request, "membership", None)}
