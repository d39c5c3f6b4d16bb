"""How an act on an application is declared: `POST /applications/<key>/<path>/`, answered by the application."""

from typing import Any

from rest_framework import serializers

from apps.core import endpoints
from apps.inventory.serializers import ApplicationShape


def act(body: type[serializers.Serializer], path: str, may: Any) -> Any:
    """An act with If-Match, for whom `may` lets."""
    return endpoints.act(body, ApplicationShape, path, may=may)
