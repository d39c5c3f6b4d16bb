"""What a harvester reads before it pulls: the catalogue as DCAT 3 (JSON-LD, Turtle), the columns of the CSV as CSVW."""

from typing import Any

import orjson
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from apps.catalogue import csvw, dcat, turtle
from apps.catalogue.api.exports import GOVERNMENT, PROBLEM, FileView, asked_government
from apps.core.api import refuse_unknown_parameters

REFUSED = {(code, "application/problem+json"): PROBLEM for code in (400, 401, 404)}


class DcatView(FileView):
    """The catalogue as DCAT 3 in JSON-LD, for harvesters of open data portals such as CKAN with ckanext-dcat."""

    @extend_schema(
        operation_id="catalog_jsonld",
        parameters=[GOVERNMENT],
        responses={(200, dcat.CONTENT_TYPE): OpenApiResponse(OpenApiTypes.OBJECT), **REFUSED},
    )
    def get(self, request: Request) -> HttpResponse:
        refuse_unknown_parameters(request, {"government"})
        return _said(dcat.catalogue(asked_government(request)), dcat.CONTENT_TYPE)


class TurtleView(FileView):
    """The same graph as `catalog.jsonld`, as Turtle."""

    @extend_schema(
        operation_id="catalog_turtle",
        parameters=[GOVERNMENT],
        responses={(200, turtle.CONTENT_TYPE): OpenApiTypes.STR, **REFUSED},
    )
    def get(self, request: Request) -> HttpResponse:
        refuse_unknown_parameters(request, {"government"})
        return _as_turtle(dcat.catalogue(asked_government(request)))


class CatalogView(FileView):
    """The catalogue as DCAT 3 in the form `Accept` prefers: Turtle for `text/turtle`, JSON-LD for all else.

    `Content-Location` names the address where this form stands for itself.
    """

    @extend_schema(
        operation_id="catalog",
        parameters=[GOVERNMENT],
        responses={
            (200, dcat.CONTENT_TYPE): OpenApiResponse(OpenApiTypes.OBJECT),
            (200, turtle.CONTENT_TYPE): OpenApiTypes.STR,
            **REFUSED,
        },
    )
    def get(self, request: Request) -> HttpResponse:
        refuse_unknown_parameters(request, {"government"})
        said = dcat.catalogue(asked_government(request))
        preferred = request._request.get_preferred_type([dcat.CONTENT_TYPE, turtle.CONTENT_TYPE])
        is_turtle = preferred == turtle.CONTENT_TYPE
        response = _as_turtle(said) if is_turtle else _said(said, dcat.CONTENT_TYPE)
        name, query = "api-catalog-turtle" if is_turtle else "api-catalog", request.META["QUERY_STRING"]
        response["Content-Location"] = reverse(name) + (f"?{query}" if query else "")
        patch_vary_headers(response, ["Accept"])
        return response


class CsvwView(FileView):
    """The columns of the CSV as CSVW metadata: what each says, its type, and how several values stand in one cell."""

    @extend_schema(
        operation_id="exports_applications_csv_metadata",
        parameters=[GOVERNMENT],
        responses={(200, csvw.CONTENT_TYPE): OpenApiResponse(OpenApiTypes.OBJECT), **REFUSED},
    )
    def get(self, request: Request) -> HttpResponse:
        refuse_unknown_parameters(request, {"government"})
        return _said(csvw.table(asked_government(request)), csvw.CONTENT_TYPE)


def _said(body: dict[str, Any], kind: str) -> HttpResponse:
    return HttpResponse(orjson.dumps(body, option=orjson.OPT_INDENT_2, default=str), content_type=kind)


def _as_turtle(body: dict[str, Any]) -> HttpResponse:
    return HttpResponse(turtle.written(body), content_type=f"{turtle.CONTENT_TYPE}; charset=utf-8")


describing_urls = [
    path("catalog/", CatalogView.as_view(), name="api-catalog-negotiated"),
    path("catalog.jsonld", DcatView.as_view(), name="api-catalog"),
    path("catalog.ttl", TurtleView.as_view(), name="api-catalog-turtle"),
    path("exports/applications.csv-metadata.json", CsvwView.as_view(), name="api-export-csv-metadata"),
]
