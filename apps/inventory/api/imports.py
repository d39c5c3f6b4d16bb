"""REST: lists uploaded by their sender, judged row by row, then taken in or left."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from apps.accounts.models import Organization
from apps.core import endpoints
from apps.core.api import (
    Reason,
    RightsFirst,
    StrictSerializer,
    refuse_unknown_parameters,
    require_actor,
    require_right,
    require_version,
    validated,
)
from apps.core.endpoints import REFUSALS
from apps.core.examples import example
from apps.core.parsing import JSONParser
from apps.core.repeating import Repeatable
from apps.documents.rules import XLSX
from apps.inventory import rules, services
from apps.inventory.api.shapes import Nothing
from apps.inventory.forms import owners_for
from apps.inventory.importing import plan, template
from apps.inventory.models import Application, ImportJob, ImportLine

NUMBER = OpenApiParameter("id", int, OpenApiParameter.PATH, description="Nomor impor.")
FATE = OpenApiParameter("fate", str, enum=plan.FATES, description="Hanya baris dengan nasib ini.")


@example({"file": "daftar-aplikasi.xlsx"})
class UploadInput(StrictSerializer):
    """A list of applications, XLSX or CSV, heads in its first row."""

    file = serializers.FileField()


@example({"meanings": ["name", "owner", "-"]})
class MeaningsInput(StrictSerializer):
    """What each column means, in their order: an attribute, or "-" to leave it out."""

    meanings = serializers.ListField(child=serializers.CharField(max_length=100), max_length=200)


@example({"answers": {"2": "register"}})
class AnswersInput(StrictSerializer):
    """What rows in doubt mean, by row number: the code of a record, `register`, `take` or `skip`."""

    answers = serializers.DictField(child=serializers.CharField(max_length=20), help_text='{"17": "APL-2026-000042"}')


class ColumnShape(serializers.Serializer):
    """A head of the list and what it means: an attribute, "-" when it is left out, "" when nobody has said."""

    head = serializers.CharField()
    meaning = serializers.CharField(allow_blank=True)


class CountsShape(serializers.Serializer):
    """How many rows met which fate."""

    rows = serializers.IntegerField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField()
    refused = serializers.IntegerField()
    asked = serializers.IntegerField()


class ImportSerializer(serializers.ModelSerializer):
    """An uploaded list. While `waiting` or `queued` the clock is at it: ask again; `counts` from `checked` on."""

    name = serializers.CharField(source="document.original_name")
    columns = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()

    class Meta:
        model = ImportJob
        fields = (
            "id", "status", "name", "columns", "rows_total", "rows_done", "counts", "trouble", "created_at", "judged_at",
            "committed_at", "version",
        )  # fmt: skip

    @extend_schema_field(ColumnShape(many=True))
    def get_columns(self, job: ImportJob) -> list[dict[str, str]]:
        return [{"head": head, "meaning": meaning} for head, meaning in job.columns]

    @extend_schema_field(CountsShape(allow_null=True))
    def get_counts(self, job: ImportJob) -> dict[str, int] | None:
        return {name: job.summary[name] for name in CountsShape().fields} if job.summary else None


class ErrorShape(serializers.Serializer):
    """What is wrong with a cell and how to mend it."""

    column = serializers.CharField()
    message = serializers.CharField()


class CandidateShape(serializers.Serializer):
    """A record whose name is nearly the row's."""

    key = serializers.CharField()
    name = serializers.CharField()


class ImportRowSerializer(serializers.ModelSerializer):
    """One row of the list with its fate; `changes` as {attribute: [before, after]} in the words of the spreadsheet."""

    application = serializers.SerializerMethodField(help_text="Kode aplikasi yang diubah, atau yang dibuat.")
    changes = serializers.DictField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))
    warnings = serializers.ListField(child=serializers.CharField())
    errors = ErrorShape(many=True)
    candidates = CandidateShape(many=True)

    class Meta:
        model = ImportLine
        fields = ("number", "fate", "name", "owner", "application", "changes", "warnings", "errors", "candidates")

    def get_application(self, line: ImportLine) -> str | None:
        return self.context["keys"].get(line.application_id)


def act(body: type[serializers.Serializer], path: str) -> Any:
    """An act as `POST /imports/<id>/<path>/` with If-Match, answered by the list."""
    return endpoints.act(body, ImportSerializer, path, parameters=[NUMBER])


class ImportViewSet(Repeatable, RightsFirst, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Lists of applications on their way into the register; everybody's own, for those who write the register."""

    queryset = ImportJob.objects.none()
    serializer_class = ImportSerializer
    lookup_value_regex = r"\d{1,15}"
    parser_classes = (JSONParser, MultiPartParser)
    filter_backends: tuple = ()
    ordering: tuple[str, ...] = ("-pk",)

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        by = require_right(self.request, rules.writes)
        return ImportJob.objects.visible_to(by).select_related("document")

    @extend_schema(responses={200: ImportSerializer(many=True), **REFUSALS})
    def list(self, request: Request) -> Response:
        """Lists this person uploaded, newest first."""
        require_right(request, rules.writes)
        refuse_unknown_parameters(request, set())
        return super().list(request)

    @extend_schema(responses={200: ImportSerializer, **REFUSALS}, parameters=[NUMBER])
    def retrieve(self, request: Request, pk: str) -> Response:
        """How far a list is; ask again while it is `waiting` or `queued`."""
        return self._shown(self.get_object())

    @extend_schema(request={"multipart/form-data": UploadInput}, responses={201: ImportSerializer, **REFUSALS})
    def create(self, request: Request) -> Response:
        """Upload a list. It is judged without touching the register; one with unknown columns waits as `matching`."""
        by = require_right(request, rules.writes)
        government = Organization.objects.get(pk=by.government_id)
        file = validated(UploadInput, request)["file"]
        return self._shown(services.check_import(file, by=by, government=government), 201)

    @extend_schema(responses={200: ImportRowSerializer(many=True), **REFUSALS}, parameters=[NUMBER, FATE])
    @action(detail=True, methods=["get"])
    def rows(self, request: Request, pk: str) -> Response:
        """Each row's fate, with every error by column and remedy."""
        lines = self.get_object().lines.all()
        refuse_unknown_parameters(request, {"fate"})
        fate = request.query_params.get("fate", "")
        if fate not in ("", *plan.FATES):
            raise serializers.ValidationError({"fate": [f"Pilih salah satu: {', '.join(plan.FATES)}."]})
        self.ordering = ("number",)
        page = self.paginate_queryset(lines.filter(fate=fate) if fate else lines)
        context = {"keys": self._keys({line.application_id for line in page or ()})}
        return self.get_paginated_response(ImportRowSerializer(page, many=True, context=context).data)

    @act(MeaningsInput, "match-columns")
    def match_columns(self, request: Request, pk: str) -> Response:
        """Say what each column means; remembered for this sender's next list."""
        return self._act(services.match_columns, MeaningsInput)

    @act(Nothing, "rematch-columns")
    def rematch_columns(self, request: Request, pk: str) -> Response:
        """Go back from the judged rows to the columns."""
        return self._act(services.rematch_columns, Nothing)

    @act(AnswersInput, "answer-rows")
    def answer_rows(self, request: Request, pk: str) -> Response:
        """Say what rows in doubt mean; the list is judged anew."""
        return self._act(services.answer_rows, AnswersInput)

    @act(Nothing, "commit")
    def commit(self, request: Request, pk: str) -> Response:
        """Take in the ready rows, all or none; a long list is `queued` first."""
        return self._act(services.commit_import, Nothing)

    @act(Nothing, "drop")
    def drop(self, request: Request, pk: str) -> Response:
        """Leave the list aside."""
        return self._act(services.drop_import, Nothing)

    @act(Reason, "undo")
    def undo(self, request: Request, pk: str) -> Response:
        """The list that puts back what this one changed, judged; it waits for its own `commit`."""
        return self._act(services.undo_import, Reason)

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY, **REFUSALS})
    @action(detail=False, methods=["get"], pagination_class=None)
    def template(self, request: Request) -> FileResponse:
        """An empty workbook with lists to choose from and an explanation of each column."""
        by = require_right(request, rules.writes)
        offices = [office.name for office in owners_for(by).order_by("name")]
        file = template.workbook(offices, by.government_id)
        return FileResponse(file, as_attachment=True, filename="templat-impor-aplikasi.xlsx", content_type=XLSX)

    @transaction.atomic
    def _act(self, verb: Any, body: type[serializers.Serializer]) -> Response:
        job = self.get_object()
        version = require_version(self.request)
        said = validated(body, self.request)
        if "meanings" in said:
            said["meanings"] = _by_place(said["meanings"], job)
        return self._shown(verb(job.pk, by=require_actor(self.request), version=version, **said))

    def _keys(self, pks: set[int | None]) -> dict[int, str]:
        found = Application.objects.visible_to(require_actor(self.request)).filter(pk__in=pks - {None})
        return {application.pk: application.key for application in found}

    def _shown(self, job: ImportJob, status: int = 200) -> Response:
        response = Response(self.get_serializer(job).data, status=status)
        response["ETag"] = f'"{job.version}"'
        return response


def _by_place(meanings: list[str], job: ImportJob) -> dict[int, str]:
    if len(meanings) != len(job.columns):
        raise serializers.ValidationError({"meanings": [f"Sebut arti {len(job.columns)} kolom, berurutan."]})
    return dict(enumerate(meanings))


router = SimpleRouter()
router.register("imports", ImportViewSet, basename="api-import")
router_urls = router.urls
