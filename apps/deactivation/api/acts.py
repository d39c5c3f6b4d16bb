"""What every act of a case asks of a request: its body, its files, the actor and the version."""

from typing import Any

from rest_framework import serializers, viewsets
from rest_framework.request import Request

from apps.core.api import require_actor, require_version, validated
from apps.documents.uploads import taken


def said(body: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """The checked body, its file stored as evidence."""
    fields = validated(body, request)
    if "evidence" in body().fields:
        fields["evidence"] = taken(fields.pop("evidence", None), request.actor)
    return fields


def versioned(view: viewsets.GenericViewSet, request: Request) -> dict[str, Any]:
    """Actor and version of an act on a row the person sees; asked in the order of product.md §2."""
    require_actor(request)
    view.get_object()
    return {"by": request.actor, "version": require_version(request)}
