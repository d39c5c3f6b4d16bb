"""The whole public catalogue as a file."""

from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.catalogue import queries, sending
from apps.core.api import refuse_unknown_parameters
from apps.core.places import Place
from apps.inventory import exporting, fields
from apps.inventory.models import Application

PARAMETERS = [
    OpenApiParameter("government", str, description="Kode pemerintah daerah; tanpa ini semua pemerintah daerah."),
]


class ExportView(APIView):
    """Every public record with every public attribute, streamed; CSV and XLSX cells cannot run as formulas."""

    authentication_classes: tuple = ()
    permission_classes: tuple = ()
    form = "csv"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple:
        """The address names the form; the Accept header is not asked."""
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    def get(self, request: Request) -> HttpResponseBase:
        refuse_unknown_parameters(request, {"government"})
        code = request.query_params.get("government")
        kind, write = exporting.WRITERS[self.form]
        rows, columns = _rows(code), exporting.exported(_columns(code))

        def answer(place: Place) -> HttpResponseBase:
            if self.form == "xlsx":
                return _workbook(write(rows, columns, internal=False), place)
            return _streamed(request, write(rows, columns, internal=False), place, kind)

        response = sending.with_place(answer)
        response["Content-Type"] = kind
        response["Content-Disposition"] = f'attachment; filename="applications.{self.form}"'
        return response


def _workbook(file: Any, place: Place) -> FileResponse:
    """A workbook is finished before its first byte goes out, and needs its place no longer."""
    place.give_back()
    return FileResponse(file)


def _streamed(request: Request, parts: Any, place: Place, kind: str) -> HttpResponseBase:
    as_gzip, lines = sending.takes_gzip(request), sending.blocks(parts)
    body = sending.Sending(sending.packed(lines) if as_gzip else lines, place)
    return sending.as_packed(StreamingHttpResponse(body), as_gzip)


def _rows(code: str | None):
    rows = Application.objects.public().order_by("pk")
    if code is None:
        return rows
    chosen = next((government for government in queries.governments() if government.code == code), None)
    if chosen is None:
        raise NotFound
    return rows.filter(government=chosen)


def _columns(code: str | None):
    """The public attributes; of one government's records also those it added, a `government` chosen or the only one."""
    chosen = [government for government in queries.governments() if code in (None, government.code)]
    return fields.public_fields(chosen[0].pk if len(chosen) == 1 else None)


def _route(form: str):
    kind, _write = exporting.WRITERS[form]
    described = extend_schema(
        operation_id=f"exports_applications_{form}",
        parameters=PARAMETERS,
        responses={
            (200, kind.split(";")[0]): OpenApiTypes.BINARY,
            (400, "application/problem+json"): OpenApiResponse(OpenApiTypes.OBJECT),
            (404, "application/problem+json"): OpenApiResponse(OpenApiTypes.OBJECT),
            (429, "application/problem+json"): OpenApiResponse(OpenApiTypes.OBJECT),
        },
    )
    view = type(f"Export{form.title()}View", (ExportView,), {"form": form, "__doc__": ExportView.__doc__})
    return path(
        f"exports/applications.{form}", extend_schema_view(get=described)(view).as_view(), name=f"api-export-{form}"
    )


export_urls = [_route(form) for form in ("csv", "xlsx", "json", "ndjson")]
