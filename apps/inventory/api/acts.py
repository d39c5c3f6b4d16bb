"""How acts on an application are declared for the REST API: path, right, refusals."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from apps.inventory.serializers import ApplicationShape

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description='Versi yang dibaca, misalnya "7".'
)
PROBLEM = OpenApiResponse(OpenApiTypes.OBJECT, description="application/problem+json (RFC 9457)")
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409), PROBLEM)
VERSIONED_REFUSALS = {**REFUSALS, 412: PROBLEM, 428: PROBLEM}


def act(body: type[serializers.Serializer], path: str, may: Any, **options: Any) -> Any:
    """An act as `POST /applications/<key>/<path>/` with If-Match, for whom `may` lets."""

    def decorate(view: Any) -> Any:
        endpoint = action(detail=True, methods=["post"], url_path=path, may=may, **options)(view)
        schema = extend_schema(
            request=body, responses={200: ApplicationShape, **VERSIONED_REFUSALS}, parameters=[IF_MATCH]
        )
        return schema(endpoint)

    return decorate
