"""REST: saved views of the list, and one attribute of many records at once."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import Organization
from apps.core.api import StrictSerializer, require_actor, require_right, require_version, validated
from apps.core.endpoints import IF_MATCH, PROBLEM, REFUSALS, VERSIONED_REFUSALS
from apps.core.examples import example
from apps.core.repeating import Repeatable
from apps.inventory import fields, queries, rules, services
from apps.inventory.models import Application, SavedView
from apps.inventory.serializers import INPUTS


class SavedViewSerializer(serializers.ModelSerializer):
    """A view as its readers see it; `query` is what follows the question mark of the list's address."""

    organization = serializers.SlugRelatedField("code", read_only=True, allow_null=True)

    class Meta:
        model = SavedView
        fields = ("slug", "name", "query", "shared", "organization", "author_name", "version")
        read_only_fields = fields


@example({"name": "Layanan publik berisiko", "query": "service_kind=public_service&order=name", "shared": "private"})
class SavedViewInput(StrictSerializer):
    """A question under a name."""

    name = serializers.CharField(max_length=60)
    query = serializers.CharField(max_length=4000, allow_blank=True, required=False)
    shared = serializers.ChoiceField(choices=SavedView.Shared.choices, required=False)
    organization = serializers.CharField(required=False, allow_null=True, help_text="Kode OPD.")


class SavedViewViewSet(Repeatable, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Views of the list this person may open."""

    queryset = SavedView.objects.none()
    serializer_class = SavedViewSerializer
    lookup_field = "slug"
    filter_backends: tuple = ()
    ordering = ("pk",)

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return SavedView.objects.visible_to(require_actor(self.request)).select_related("organization")

    @extend_schema(responses={200: SavedViewSerializer, 401: PROBLEM, 404: PROBLEM})
    def retrieve(self, request: Request, slug: str) -> Response:
        return _shown(self._found(slug))

    @extend_schema(request=SavedViewInput, responses={201: SavedViewSerializer, **REFUSALS})
    def create(self, request: Request) -> Response:
        by = require_right(request, rules.may_keep_views)
        return _shown(services.save_view(by=by, **{"query": "", **self._asked()}), status=201)

    @extend_schema(
        request=SavedViewInput, responses={200: SavedViewSerializer, **VERSIONED_REFUSALS}, parameters=[IF_MATCH]
    )
    def partial_update(self, request: Request, slug: str) -> Response:
        view = self._mine(slug)
        who = {"by": request.actor, "version": require_version(request)}
        present = {name: getattr(view, name) for name in ("query", "shared", "organization")}
        return _shown(services.edit_view(slug, **who, **{**present, **self._asked()}))

    @extend_schema(responses={204: None, **VERSIONED_REFUSALS}, parameters=[IF_MATCH])
    def destroy(self, request: Request, slug: str) -> Response:
        self._mine(slug)
        services.drop_view(slug, by=request.actor, version=require_version(request))
        return Response(status=204)

    def _found(self, slug: str) -> SavedView:
        found = self.get_queryset().filter(slug=slug).first()
        if found is None:
            raise Http404
        return found

    def _mine(self, slug: str) -> SavedView:
        view = self._found(slug)
        if not rules.may_change_view(self.request.actor, view):
            raise PermissionDenied
        return view

    def _asked(self) -> dict[str, Any]:
        asked = validated(SavedViewInput, self.request)
        code = asked.pop("organization", None)
        if code is None:
            return asked
        office = Organization.objects.visible_to(self.request.actor).filter(code=code).first()
        if office is None:
            raise serializers.ValidationError({"organization": ["Perangkat daerah tidak ditemukan."]})
        return {**asked, "organization": office}


class RowInput(StrictSerializer):
    """A record as it was read."""

    key = serializers.CharField(max_length=20)
    version = serializers.IntegerField(min_value=0)


@example(
    {
        "rows": [{"key": "APL-2026-000042", "version": 7}, {"key": "APL-2026-000057", "version": 3}],
        "attribute": "hosting",
        "value": "own",
        "reason": "Pindah dari komputasi awan ke pusat data daerah.",
    }
)
class EditTogetherInput(StrictSerializer):
    """One value for many records, and why."""

    rows = RowInput(many=True, allow_empty=False, max_length=services.MOST_TOGETHER)
    attribute = serializers.CharField(max_length=60)
    value = serializers.JSONField(allow_null=True)
    reason = serializers.CharField(max_length=2000)


class EditTogetherView(Repeatable, APIView):
    """Write one value into many records: all of them or none."""

    @extend_schema(
        request=EditTogetherInput, responses={200: OpenApiTypes.OBJECT, **REFUSALS, 412: PROBLEM},
        operation_id="applications_edit_together",
    )  # fmt: skip
    @transaction.atomic
    def post(self, request: Request) -> Response:
        by = require_right(request, rules.writes)
        asked = validated(EditTogetherInput, request)
        rows = _versions(by, asked["rows"])
        value = _value(request, asked["attribute"], asked["value"])
        edited = services.edit_together(rows, by=by, attribute=asked["attribute"], value=value, reason=asked["reason"])
        return _together(edited)


@example({"act": 31, "rows": [{"key": "APL-2026-000042", "version": 8}], "reason": "Pindah ditunda setahun."})
class UndoTogetherInput(StrictSerializer):
    """Which act on many records, which of its records as they were read, and why."""

    act = serializers.IntegerField(min_value=1, help_text="Nomor tindakan bersama: `together` pada riwayat.")
    rows = RowInput(many=True, allow_empty=False, max_length=services.MOST_TOGETHER)
    reason = serializers.CharField(max_length=2000)


class UndoTogetherView(Repeatable, APIView):
    """Take back what one act changed in many records: all of those named or none."""

    @extend_schema(
        request=UndoTogetherInput, responses={200: OpenApiTypes.OBJECT, **REFUSALS, 412: PROBLEM},
        operation_id="applications_undo_together",
    )  # fmt: skip
    @transaction.atomic
    def post(self, request: Request) -> Response:
        by = require_right(request, rules.writes)
        asked = validated(UndoTogetherInput, request)
        rows = _versions(by, asked["rows"])
        undone = services.undo_together(asked["act"], rows, by=by, reason=asked["reason"])
        return _together(undone)


def _together(written: list[Application]) -> Response:
    """The records an act on many wrote, with their new versions."""
    return Response({"results": [{"key": one.key, "version": one.version} for one in written]})


def _versions(by: Any, asked: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Ids with the versions read; 404 when one of the records is not this person's to see."""
    versions = {row["key"]: row["version"] for row in asked}
    found = Application.objects.filter(pk__in=queries.ids_of(by, versions)).order_by("pk")
    rows = [(one.pk, versions[one.code if one.code in versions else one.reference]) for one in found]
    if len(rows) != len(versions):
        raise Http404
    return rows


def _value(request: Request, attribute: str, value: Any) -> Any:
    """The value as the record's own endpoint would take it; own attributes are judged by the service."""
    if attribute not in {common.name for common in fields.TYPED}:
        return value
    form = type("Value", (StrictSerializer,), {attribute: INPUTS[attribute]})
    given = form(data={attribute: value}, context={"request": request})
    given.is_valid(raise_exception=True)
    return given.validated_data[attribute]


def _shown(view: SavedView, status: int = 200) -> Response:
    return Response(SavedViewSerializer(view).data, status=status, headers={"ETag": f'"{view.version}"'})
