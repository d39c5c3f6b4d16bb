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

from apps.accounts.authentication import TokenAuthentication
from apps.accounts.models import Organization
from apps.catalogue import csvw, kept, queries, sending, wholes
from apps.core import clock
from apps.core.api import refuse_unknown_parameters
from apps.core.places import Place, Sending
from apps.documents import streams
from apps.inventory.serializers import ApplicationShape

GOVERNMENT = OpenApiParameter(
    "government", str, description="Kode pemerintah daerah; tanpa ini semua pemerintah daerah."
)
PROBLEM = OpenApiResponse(OpenApiTypes.OBJECT)


class FileView(APIView):
    """A file: its address names the form, the Accept header is not asked."""

    authentication_classes: tuple = (TokenAuthentication,)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple:
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type


class ExportView(FileView):
    """Every public record with every public attribute; CSV and XLSX cells cannot run as formulas.

    Without token and parameters it is a file at most some minutes old: `Age` says how many seconds, `ETag` and
    `Last-Modified` make asking again cheap. With a token, or for one government, it is read when asked (429 beyond so many
    at once, with `Retry-After`).
    """

    form = "csv"

    def get(self, request: Request) -> HttpResponseBase:
        refuse_unknown_parameters(request, {"government"})
        government = asked_government(request)
        ready = None if request.auth or request.query_params else _ready(request, self.form)
        response = ready or _live(request, self.form, government)
        if self.form == "csv":
            response["Link"] = csvw.link(government)
        return response


def asked_government(request: Request) -> Organization | None:
    """The government of `?government=`, None without it; 404 when there is none of this code."""
    code = request.query_params.get("government")
    if code is None:
        return None
    chosen = next((government for government in queries.governments() if government.code == code), None)
    if chosen is None:
        raise NotFound
    return chosen


def _named(response: HttpResponseBase, form: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="applications.{form}"'
    return response


def _ready(request: Request, form: str) -> HttpResponseBase | None:
    """The file the clock wrote; None when there is none."""
    row = queries.whole_file(form)
    if row is None:
        return None
    packed = form in queries.PACKED and sending.takes_gzip(request)
    sha256 = row.packed_sha256 if packed else row.sha256
    file = kept.File(streams.path_of(queries.folder_of(form), sha256), sha256, wholes.CONTENT_TYPES[form])
    age = max(0, int((clock.now() - row.true_at).total_seconds()))
    extra = {"Age": str(age), "Cache-Control": "public, no-cache"}
    response = kept.answer(request, file, changed_at=row.changed_at, extra=extra)
    return response and _named(sending.as_packed(response, packed), form)


def _live(request: Request, form: str, government: Organization | None) -> HttpResponseBase:
    def answer(place: Place) -> HttpResponseBase:
        if form == "xlsx":
            return _workbook(wholes.written(form, government), place)
        return _streamed(request, wholes.written(form, government), place)

    response = sending.with_place(answer)
    response["Content-Type"] = wholes.CONTENT_TYPES[form]
    return _named(response, form)


def _workbook(file: Any, place: Place) -> FileResponse:
    """A workbook is finished before its first byte goes out, and needs its place no longer."""
    place.give_back()
    return FileResponse(file)


def _streamed(request: Request, parts: Any, place: Place) -> HttpResponseBase:
    as_gzip, lines = sending.takes_gzip(request), sending.blocks(parts)
    body = Sending(sending.packed(lines) if as_gzip else lines, place)
    return sending.as_packed(StreamingHttpResponse(body), as_gzip)


def _route(form: str):
    kind = wholes.CONTENT_TYPES[form]
    described = extend_schema(
        operation_id=f"exports_applications_{form}",
        parameters=[GOVERNMENT],
        responses={
            (200, kind.split(";")[0]): ApplicationShape(many=True) if form == "json" else OpenApiTypes.BINARY,
            304: OpenApiResponse(description="Belum berubah sejak yang Anda punya."),
            **{(code, "application/problem+json"): PROBLEM for code in (400, 401, 404, 429)},
        },
    )
    view = type(f"Export{form.title()}View", (ExportView,), {"form": form, "__doc__": ExportView.__doc__})
    return path(
        f"exports/applications.{form}", extend_schema_view(get=described)(view).as_view(), name=f"api-export-{form}"
    )


export_urls = [_route(form) for form in ("csv", "xlsx", "json", "ndjson")]
