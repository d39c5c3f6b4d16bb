"""The frozen catalogues: their list and their files, at addresses that stay."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request

from apps.catalogue import kept, queries, wholes
from apps.catalogue.api.exports import GOVERNMENT, PROBLEM, FileView, asked_government
from apps.catalogue.models import Snapshot
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.documents import streams

FOR_EVER = "public, max-age=31536000, immutable"


class SnapshotFileShape(serializers.Serializer):
    """One file of a frozen catalogue."""

    form = serializers.ChoiceField(choices=Snapshot.FORMS)
    url = serializers.SerializerMethodField()
    size = serializers.IntegerField(help_text="Bita.")
    sha256 = serializers.CharField()

    def get_url(self, file: dict[str, Any]) -> str:
        return settings.BASE_URL + file["path"]


class SnapshotShape(serializers.Serializer):
    """A government's public catalogue as it stood when a quarter was closed."""

    government = serializers.CharField(source="period.government.code")
    quarter = serializers.CharField(source="period.code")
    told_of = serializers.DateTimeField(help_text="Saat penutupan triwulan; keadaan yang dibekukan.")
    frozen_at = serializers.DateTimeField(source="created_at")
    applications = serializers.IntegerField()
    files = SnapshotFileShape(many=True)


class SnapshotListView(generics.ListAPIView):
    """Frozen catalogues, the newest first; each file is never changed."""

    authentication_classes = FileView.authentication_classes
    serializer_class = SnapshotShape
    queryset = Snapshot.objects.none()
    ordering = ("-pk",)
    extra_parameters = ("government",)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return queries.snapshots(asked_government(self.request))

    @extend_schema(parameters=[GOVERNMENT])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return super().get(request, *args, **kwargs)


class SnapshotFileView(FileView):
    """One file of a frozen catalogue; it may be kept for ever."""

    @extend_schema(
        operation_id="snapshots_file",
        parameters=[
            OpenApiParameter("government", str, OpenApiParameter.PATH, description="Kode pemerintah daerah."),
            OpenApiParameter("quarter", str, OpenApiParameter.PATH, description="Triwulan, misalnya 2026-Q3."),
            OpenApiParameter("form", str, OpenApiParameter.PATH, enum=Snapshot.FORMS),
        ],
        responses={
            (200, "application/x-ndjson"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="Tidak pernah berubah; Anda sudah punya."),
            **{(code, "application/problem+json"): PROBLEM for code in (401, 404)},
        },
    )
    def get(self, request: Request, government: str, quarter: str, form: str) -> HttpResponseBase:
        found = get_object_or_404(queries.snapshots(None), **_of(quarter), period__government__code=government)
        if form not in Snapshot.FORMS:
            raise Http404
        sha256 = getattr(found, f"{form}_sha256")
        file = kept.File(streams.path_of(queries.SNAPSHOTS, sha256), sha256, wholes.CONTENT_TYPES[form])
        response = kept.answer(request, file, changed_at=found.told_of, extra={"Cache-Control": FOR_EVER})
        if response is None:
            raise Http404
        name = f"applications-{government}-{found.period.code}.{form}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _of(quarter: str) -> dict[str, int]:
    try:
        asked = Quarter.parse(quarter)
    except RuleViolation as error:
        raise Http404 from error
    return {"period__year": asked.year, "period__quarter": asked.number}


snapshot_urls = [
    path("snapshots/", SnapshotListView.as_view(), name="api-snapshot-list"),
    path("snapshots/<slug:government>/<str:quarter>.<slug:form>", SnapshotFileView.as_view(), name="api-snapshot-file"),
]
