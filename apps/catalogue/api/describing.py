"""What a harvester reads before it pulls: the catalogue as DCAT 3, the columns of the CSV as CSVW."""

from typing import Any

import orjson
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from apps.catalogue import csvw, dcat
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


describing_urls = [
    path("catalog.jsonld", DcatView.as_view(), name="api-catalog"),
    path("exports/applications.csv-metadata.json", CsvwView.as_view(), name="api-export-csv-metadata"),
]
