"""REST: the temporary reporters of a head's office."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts import queries, services
from apps.accounts.models import Membership, Role
from apps.core.api import Reason, StrictSerializer, require_right, validated
from apps.core.endpoints import PROBLEM, REFUSALS
from apps.core.examples import example
from apps.core.repeating import Repeatable

ID = OpenApiParameter("pk", int, OpenApiParameter.PATH)


class DelegationSerializer(serializers.ModelSerializer):
    """Who reports for which office until when."""

    person = serializers.CharField(source="user.name", read_only=True)
    organization = serializers.CharField(source="seat.code", read_only=True)

    class Meta:
        model = Membership
        fields = ("id", "person", "organization", "starts_on", "ends_on", "acting", "decree", "ended_at")


@example({"person_id": 12, "until": "2026-06-30", "reason": "Operator cuti melahirkan."})
class DelegationInput(StrictSerializer):
    person_id = serializers.IntegerField()
    until = serializers.DateField()
    acting = serializers.ChoiceField(Membership.Acting.choices, required=False)
    decree = serializers.CharField(max_length=100, required=False)
    reason = serializers.CharField(max_length=1000)


class DelegationViewSet(Repeatable, viewsets.ViewSet):
    """A head names a reporter for a time, and ends it early; at its date it ends by itself."""

    @extend_schema(responses={200: DelegationSerializer(many=True), 401: PROBLEM, 403: PROBLEM})
    def list(self, request: Request) -> Response:
        by = require_right(request, _heads)
        return Response(DelegationSerializer(queries.delegates(by), many=True).data)

    @extend_schema(request=DelegationInput, responses={201: DelegationSerializer, **REFUSALS})
    def create(self, request: Request) -> Response:
        by = require_right(request, _heads)
        row = services.delegate_reporting(by=by, **validated(DelegationInput, request))
        return Response(DelegationSerializer(row).data, status=201)

    @extend_schema(request=Reason, responses={200: DelegationSerializer, **REFUSALS}, parameters=[ID])
    def recall(self, request: Request, pk: int) -> Response:
        by = require_right(request, _heads)
        return Response(DelegationSerializer(services.recall_delegate(pk, by=by, **validated(Reason, request))).data)


def _heads(by: Any) -> bool:
    return by.has_role(Role.AGENCY_HEAD)


router_urls = [
    path("delegations/", DelegationViewSet.as_view({"get": "list", "post": "create"}), name="api-delegations"),
    path("delegations/<int:pk>/recall/", DelegationViewSet.as_view({"post": "recall"}), name="api-delegation-recall"),
]
