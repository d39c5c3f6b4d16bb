"""REST: changes of offices, planned and carried out by the administrator, read by the auditor."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from apps.accounts.models import Membership, Organization
from apps.core.api import (
    Reason,
    RightsFirst,
    StrictSerializer,
    require_actor,
    require_right,
    require_version,
    validated,
)
from apps.core.endpoints import IF_MATCH, REFUSALS, VERSIONED_REFUSALS
from apps.core.examples import example
from apps.core.repeating import Repeatable
from apps.inventory import rules, services
from apps.inventory.api.shapes import Nothing
from apps.inventory.models import Application, Reorganization


class PlaceInput(StrictSerializer):
    """One application, role or unit of a split office and the office it goes to."""

    application = serializers.CharField(required=False)
    membership = serializers.IntegerField(required=False)
    unit = serializers.CharField(required=False)
    to = serializers.CharField(help_text="Kode kantor penerus.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(set(attrs) & {"application", "membership", "unit"}) != 1:
            raise serializers.ValidationError("Sebut tepat satu: application, membership, atau unit.")
        return attrs


@example(
    {
        "office": "diskominfo",
        "kind": "rename",
        "effective_on": "2027-01-04",
        "decree": "Perda Nomor 5 Tahun 2026",
        "new_name": "Dinas Komunikasi, Informatika, dan Statistik",
    }
)
class ReorganizationInput(StrictSerializer):
    """A plan; `into` and `placements` by codes."""

    office = serializers.CharField()
    kind = serializers.ChoiceField(choices=Reorganization.Kind.choices)
    effective_on = serializers.DateField()
    decree = serializers.CharField(max_length=120)
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    into = serializers.CharField(required=False)
    dissolves = serializers.BooleanField(required=False, default=False)
    new_name = serializers.CharField(max_length=200, required=False, default="")
    new_short_name = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    placements = PlaceInput(many=True, required=False)


class ReorganizationSerializer(serializers.ModelSerializer):
    """A change of an office as planned, and what it moved once carried out."""

    office = serializers.SlugRelatedField(slug_field="code", read_only=True)
    into = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = Reorganization
        fields = (
            "code", "kind", "status", "office", "office_name", "into", "dissolves", "new_name", "new_short_name",
            "effective_on", "decree", "reason", "planned_by_name", "executed_at", "moved", "blocked_because", "version",
        )  # fmt: skip


class ReorganizationViewSet(
    Repeatable, RightsFirst, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Offices renamed, dissolved into another or split from a day on."""

    queryset = Reorganization.objects.none()
    serializer_class = ReorganizationSerializer
    lookup_field = "code"
    ordering = ("-pk",)

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        seen = Reorganization.objects.visible_to(require_actor(self.request))
        return seen.select_related("office__government", "into")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self._shown(self.get_object())

    @extend_schema(request=ReorganizationInput, responses={201: ReorganizationSerializer, **REFUSALS})
    def create(self, request: Request) -> Response:
        by = require_right(request, lambda by: by.has_role("administrator"))
        said = validated(ReorganizationInput, request)
        said["office"] = _office(by, said["office"], "office")
        said["into"] = _office(by, said["into"], "into") if said.get("into") else None
        said["placements"] = [_place(by, place) for place in said.get("placements", [])]
        return self._shown(services.plan_reorganization(by=by, **said), 201)

    @extend_schema(
        request=Reason, responses={200: ReorganizationSerializer, **VERSIONED_REFUSALS}, parameters=[IF_MATCH]
    )
    @action(detail=True, methods=["post"], may=lambda by, row: rules.may_reorganize(by, row.office))
    def cancel(self, request: Request, code: str) -> Response:
        return self._act(services.cancel_reorganization, Reason)

    @extend_schema(
        request=Nothing, responses={200: ReorganizationSerializer, **VERSIONED_REFUSALS}, parameters=[IF_MATCH]
    )
    @action(detail=True, methods=["post"], may=lambda by, row: rules.may_reorganize(by, row.office))
    def execute(self, request: Request, code: str) -> Response:
        return self._act(services.execute_reorganization, Nothing)

    @transaction.atomic
    def _act(self, verb: Any, body: Any) -> Response:
        by, row = require_actor(self.request), self.get_object()
        who = {"by": by, "version": require_version(self.request)}
        return self._shown(verb(row.code, **who, **validated(body, self.request)))

    def _shown(self, row: Reorganization, status: int = 200) -> Response:
        response = Response(self.get_serializer(row).data, status=status)
        response["ETag"] = f'"{row.version}"'
        return response


def _office(by: Any, code: str, field: str) -> Organization:
    found = Organization.objects.visible_to(by).filter(code=code).first()
    if found is None:
        raise ValidationError({field: ["Perangkat daerah tidak ditemukan."]})
    return found


def _place(by: Any, place: dict[str, Any]) -> tuple[str, int, Organization]:
    to = _office(by, place["to"], "placements")
    if "unit" in place:
        return "unit", _office(by, place["unit"], "placements").pk, to
    rows, key = (
        (Application.objects.visible_to(by).named(place["application"]), "application")
        if "application" in place
        else (Membership.objects.visible_to(by).filter(pk=place["membership"]), "membership")
    )
    pk = rows.values_list("pk", flat=True).first()
    if pk is None:
        raise ValidationError({"placements": [f"{key}: tidak ditemukan."]})
    return key, pk, to


router = SimpleRouter()
router.register("reorganizations", ReorganizationViewSet, basename="api-reorganization")
router_urls = router.urls
