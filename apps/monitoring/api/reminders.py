"""REST: batches of reminders, and those that wait for a reviewer."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from apps.core.api import Reason, require_actor, require_version, validated
from apps.core.endpoints import IF_MATCH, VERSIONED_REFUSALS, SeenViewSet
from apps.monitoring import rules, services
from apps.monitoring import serializers as shapes
from apps.monitoring.filters import ReminderBatchFilter
from apps.monitoring.models import ReminderBatch


class ReminderBatchViewSet(SeenViewSet):
    """Reminders that went out together."""

    model = ReminderBatch
    related = ("period",)
    serializer_class = shapes.ReminderBatchSerializer
    filterset_class = ReminderBatchFilter
    lookup_field = "pk"
    lookup_value_regex = r"\d+"

    @extend_schema(
        request=shapes.Nothing,
        responses={200: shapes.ReminderBatchSerializer, **VERSIONED_REFUSALS},
        parameters=[IF_MATCH],
    )
    @action(detail=True, methods=["post"], may=rules.may_run_reminders)
    def confirm(self, request: Request, pk: str) -> Response:
        by, row, version = require_actor(request), self.get_object(), require_version(request)
        validated(shapes.Nothing, request)
        return self.again(services.confirm_batch(row.pk, by=by, version=version))

    @extend_schema(
        request=Reason, responses={200: shapes.ReminderBatchSerializer, **VERSIONED_REFUSALS}, parameters=[IF_MATCH]
    )
    @action(detail=True, methods=["post"], may=rules.may_run_reminders)
    def discard(self, request: Request, pk: str) -> Response:
        by, row, version = require_actor(request), self.get_object(), require_version(request)
        return self.again(services.discard_batch(row.pk, by=by, version=version, **validated(Reason, request)))


router = SimpleRouter()
router.register("reminder-batches", ReminderBatchViewSet, basename="api-reminder-batch")
router_urls: list = router.urls
