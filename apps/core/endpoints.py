"""The grain of an endpoint: what a list shows, how an act is declared, and the thing as it is afterwards."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, parsers, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api import RightsFirst, require_actor
from apps.core.parsing import JSONParser
from apps.core.repeating import Repeatable

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description='Versi yang dibaca, misalnya "7".'
)
PROBLEM = OpenApiResponse(OpenApiTypes.OBJECT, description="application/problem+json (RFC 9457)")
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409), PROBLEM)
VERSIONED_REFUSALS = {**REFUSALS, 412: PROBLEM, 428: PROBLEM}


def act(
    body: type[serializers.Serializer],
    answer: Any,
    path: str,
    *,
    may: Any = None,
    versioned: bool = True,
    parameters: Sequence[OpenApiParameter] = (),
) -> Any:
    """An act as `POST /<noun>/<key>/<path>/`; with files when the body has one. `may` is its rule over the row."""
    refusals = VERSIONED_REFUSALS if versioned else REFUSALS
    asked = [*parameters, IF_MATCH] if versioned else list(parameters)
    shape = with_files(body)
    taking = [JSONParser] if shape is body else [JSONParser, parsers.MultiPartParser]

    def decorate(view: Any) -> Any:
        endpoint = action(detail=True, methods=["post"], url_path=path, parser_classes=taking, may=may)(view)
        return extend_schema(request=shape, responses={200: answer, **refusals}, parameters=asked)(endpoint)

    return decorate


def with_files(body: type[serializers.Serializer]) -> Any:
    """The body for the document: as a form where a file may come along, as JSON where it may come without one."""
    fields = body().fields
    files = [name for name, field in fields.items() if isinstance(field, serializers.FileField)]
    if not files:
        return body
    as_form = {"multipart/form-data": body}
    if any(fields[name].required for name in files):
        return as_form
    without = {"__doc__": body.__doc__, **dict.fromkeys(files)}
    return {"application/json": type(f"{body.__name__}Alone", (body,), without), **as_form}


class SeenViewSet(Repeatable, RightsFirst, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """A list and its details by code; a person sees what the pages show."""

    model: Any = None
    related: tuple[str, ...] = ()
    lookup_field = "code"
    ordering: tuple[str, ...] = ("-pk",)

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.model.objects.none()
        return self.model.objects.visible_to(require_actor(self.request)).select_related(*self.related)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.shown(self.get_object())

    def shown(self, row: Any, status: int = 200) -> Response:
        """The row with its strong ETag where it has a version."""
        response = Response(self.detail_serializer(row).data, status=status)
        if hasattr(row, "version"):
            response["ETag"] = f'"{row.version}"'
        return response

    def detail_serializer(self, row: Any) -> serializers.Serializer:
        shape = getattr(self, "detail_serializer_class", None) or self.get_serializer_class()
        return shape(row, context=self.get_serializer_context())

    def again(self, row: Any) -> Response:
        """The row read anew after an act; 404 when the act took it out of sight."""
        found = self.get_queryset().filter(pk=row.pk).first()
        if found is None:
            raise Http404
        return self.shown(found)
