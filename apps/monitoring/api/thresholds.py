"""REST: the numbers of the rule, what others would have made of past quarters, and adopting them."""

from typing import Any

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core import clock
from apps.core.api import StrictSerializer, refuse_unknown_parameters, require_right, validated
from apps.core.endpoints import REFUSALS
from apps.core.examples import example
from apps.core.quarter import Quarter
from apps.core.repeating import Repeatable
from apps.monitoring import queries, rules, services
from apps.monitoring.models import AdoptedThresholds
from apps.monitoring.what_if import Preview, preview

NUMBERS = [OpenApiParameter(name, int, required=True) for name in rules.THRESHOLD_RANGES]


class AdoptedSerializer(serializers.ModelSerializer):
    """Thresholds once adopted."""

    starts_in = serializers.CharField(read_only=True)
    adopted_at = serializers.DateTimeField(source="created_at", read_only=True)

    class Meta:
        model = AdoptedThresholds
        fields = ("starts_in", "thresholds", "reason", "adopted_by_name", "adopted_at")


@example(
    {
        "starts_in": "2027-Q1",
        "thresholds": {
            "active_users": 5,
            "transactions": 1,
            "low_use_users": 10,
            "probes": 30,
            "probe_days": 30,
            "look_back": 4,
        },
        "reason": "Hasil evaluasi SPBE 2026.",
    }
)
class AdoptInput(StrictSerializer):
    starts_in = serializers.CharField(max_length=8)
    thresholds = serializers.DictField(child=serializers.IntegerField())
    reason = serializers.CharField()


class ThresholdsView(Repeatable, APIView):
    """The numbers that count next, and all that were adopted; a reviewer adopts others."""

    @extend_schema(responses={200: OpenApiTypes.OBJECT, 401: REFUSALS[401], 403: REFUSALS[403]})
    def get(self, request: Request) -> Response:
        by = require_right(request, rules.may_read_thresholds)
        first = queries.first_unopened(by.government_id, clock.now())
        adopted = AdoptedSerializer(AdoptedThresholds.objects.visible_to(by), many=True).data
        numbers = queries.thresholds_in(by.government_id, first)
        return Response({"quarter": str(first), "thresholds": numbers, "adopted": adopted})

    @extend_schema(request=AdoptInput, responses={201: AdoptedSerializer, **REFUSALS})
    def post(self, request: Request) -> Response:
        by = require_right(request, rules.may_adopt_thresholds)
        fields = validated(AdoptInput, request)
        fields["starts_in"] = Quarter.parse(fields["starts_in"])
        return Response(AdoptedSerializer(services.adopt_thresholds(by=by, **fields)).data, status=201)


class WhatIfView(Repeatable, APIView):
    """The last closed quarters judged again by other numbers; nothing is written."""

    @extend_schema(parameters=NUMBERS, responses={200: OpenApiTypes.OBJECT, **REFUSALS})
    def get(self, request: Request) -> Response:
        by = require_right(request, rules.may_read_thresholds)
        refuse_unknown_parameters(request, set(rules.THRESHOLD_RANGES))
        given = {name: int(text) for name, text in request.query_params.items() if text.isdecimal()}
        services.refuse_unfit_thresholds(given)
        return Response(_said(preview(by.government_id, given)))


def _said(shown: Preview) -> dict[str, Any]:
    return {
        "changed": shown.changed,
        "findings_gained": shown.findings_gained,
        "findings_lost": shown.findings_lost,
        "quarters": [
            {
                "quarter": quarter.period.code,
                "verdicts": {verdict: [before, after] for verdict, before, after in quarter.lines},
                "changes": [
                    {"application": change.application.key, "before": change.before, "after": change.after}
                    for change in quarter.changes
                ],
            }
            for quarter in shown.quarters
        ],
    }


router_urls = [
    path("thresholds/", ThresholdsView.as_view(), name="api-thresholds"),
    path("thresholds/what-if/", WhatIfView.as_view(), name="api-thresholds-what-if"),
]
