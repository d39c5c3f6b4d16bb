"""REST routes: the whole public catalogue as a file."""

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.catalogue import queries
from apps.core.api import refuse_unknown_parameters
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
        body = write(_rows(code), exporting.exported(_columns(code)), internal=False)
        name = f"applications.{self.form}"
        if self.form == "xlsx":
            return FileResponse(body, as_attachment=True, filename=name, content_type=kind)
        response = StreamingHttpResponse(body, content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


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
        },
    )
    view = type(f"Export{form.title()}View", (ExportView,), {"form": form, "__doc__": ExportView.__doc__})
    return path(
        f"exports/applications.{form}", extend_schema_view(get=described)(view).as_view(), name=f"api-export-{form}"
    )


router_urls = [_route(form) for form in ("csv", "xlsx", "json", "ndjson")]
