"""REST: subscriptions of other systems and what they were told."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import exceptions, generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from apps.accounts.models import Organization
from apps.core.api import RightsFirst, StrictSerializer, require_right, require_version, validated
from apps.core.endpoints import IF_MATCH, PROBLEM, REFUSALS, VERSIONED_REFUSALS, SeenViewSet, act
from apps.core.repeating import Repeatable
from apps.webhooks import queries, rules, services
from apps.webhooks.models import LONGEST_URL, Attempt, Delivery, Subscription

CODE = OpenApiParameter("code", str, OpenApiParameter.PATH, description="Kode langganan, misalnya WHK-2026-0001.")
TYPES = sorted(rules.TYPES)
EXAMPLE = {
    "organization": "kota-tirtaraya",
    "name": "Dasbor kota",
    "url": "https://dasbor.example.go.id/terima",
    "types": ["id.go.spbe.application.registered", "id.go.spbe.application.retired"],
}


class Nothing(StrictSerializer):
    """An act that needs no words."""


class SubscriptionInput(StrictSerializer):
    """Where to send and what, for which office."""

    organization = serializers.CharField(help_text="Kode organisasi pemilik.")
    name = serializers.CharField(max_length=100)
    url = serializers.CharField(max_length=LONGEST_URL)
    types = serializers.ListField(
        child=serializers.ChoiceField(choices=TYPES), allow_empty=False, max_length=len(TYPES)
    )


class SubscriptionChange(StrictSerializer):
    """What is given is changed."""

    name = serializers.CharField(max_length=100, required=False)
    url = serializers.CharField(max_length=LONGEST_URL, required=False)
    types = serializers.ListField(
        child=serializers.ChoiceField(choices=TYPES), allow_empty=False, max_length=len(TYPES), required=False
    )


class SubscriptionSerializer(serializers.ModelSerializer):
    """An address that is told of events; its secret is never shown again."""

    organization = serializers.SlugRelatedField(slug_field="code", read_only=True)
    failing_since = serializers.DateTimeField(source="health.failing_since", allow_null=True, read_only=True)
    answered_at = serializers.DateTimeField(source="health.answered_at", allow_null=True, read_only=True)
    waiting = serializers.IntegerField(read_only=True)
    dead = serializers.IntegerField(read_only=True)

    class Meta:
        model = Subscription
        fields = (
            "code", "name", "organization", "url", "types", "status", "failing_since", "answered_at", "waiting", "dead",
            "created_at", "version",
        )  # fmt: skip


class MadeSubscription(SubscriptionSerializer):
    """With its secret, this once."""

    secret = serializers.CharField(help_text="whsec_…, hanya di jawaban ini.")

    class Meta(SubscriptionSerializer.Meta):
        fields = (*SubscriptionSerializer.Meta.fields, "secret")


class AttemptSerializer(serializers.ModelSerializer):
    """One try."""

    class Meta:
        model = Attempt
        fields = ("at", "status_code", "why", "milliseconds")


class DeliverySerializer(serializers.ModelSerializer):
    """One event for one address; `id` is what the receiver sees as `webhook-id`."""

    tries = AttemptSerializer(many=True, read_only=True)

    class Meta:
        model = Delivery
        fields = ("id", "type", "subject", "status", "attempts", "due_at", "created_at", "sent_at", "tries")


class SubscriptionViewSet(SeenViewSet):
    """Addresses of other systems that are told of events as CloudEvents, signed after Standard Webhooks."""

    model = Subscription
    serializer_class = SubscriptionSerializer
    gives_secrets = True

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Subscription.objects.none()
        return queries.subscriptions(require_right(self.request, rules.may_subscribe))

    @extend_schema(
        request=SubscriptionInput,
        responses={201: MadeSubscription, **REFUSALS},
        examples=[OpenApiExample("Langganan", EXAMPLE, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """Subscribe; the secret is in this answer only."""
        by = require_right(request, rules.may_subscribe)
        said = validated(SubscriptionInput, request)
        office = Organization.objects.visible_to(by).able_to_own().filter(code=said.pop("organization")).first()
        if office is None:
            raise exceptions.ValidationError({"organization": [_("Organisasi ini tidak ditemukan.")]})
        return self._with_secret(*services.subscribe(by=by, organization=office, **said), status=201)

    @extend_schema(
        request=SubscriptionChange,
        responses={200: SubscriptionSerializer, **VERSIONED_REFUSALS},
        parameters=[CODE, IF_MATCH],
        examples=[OpenApiExample("Alamat baru", {"url": EXAMPLE["url"]}, request_only=True)],
    )
    def partial_update(self, request: Request, code: str) -> Response:
        """Change the name, the address or the choice of events."""
        self.may = rules.may_manage
        self.get_object()
        who = {"by": request.actor, "version": require_version(request)}
        return self.again(services.edit_subscription(code, **who, **validated(SubscriptionChange, request)))

    @extend_schema(responses={204: None, **VERSIONED_REFUSALS}, parameters=[CODE, IF_MATCH])
    def destroy(self, request: Request, code: str) -> Response:
        """End it for good."""
        self.may = rules.may_manage
        self.get_object()
        services.remove(code, by=request.actor, version=require_version(request))
        return Response(status=204)

    @act(Nothing, MadeSubscription, "rotate-secret", may=rules.may_manage, parameters=[CODE])
    def rotate_secret(self, request: Request, code: str) -> Response:
        """A new secret, in this answer only; for 24 hours the former one signs beside it."""
        return self._with_secret(*services.rotate_secret(code, **self._versioned()))

    @act(Nothing, SubscriptionSerializer, "pause", may=rules.may_manage, parameters=[CODE])
    def pause(self, request: Request, code: str) -> Response:
        """Send nothing until it goes on; events of the pause are not noted."""
        return self.again(services.pause(code, **self._versioned()))

    @act(Nothing, SubscriptionSerializer, "resume", may=rules.may_manage, parameters=[CODE])
    def resume(self, request: Request, code: str) -> Response:
        """Go on with what waits and what happens from now on."""
        return self.again(services.resume(code, **self._versioned()))

    @act(Nothing, DeliverySerializer, "try-out", may=rules.may_manage, versioned=False, parameters=[CODE])
    def try_out(self, request: Request, code: str) -> Response:
        """Send a ping with the next tick."""
        self.get_object()
        validated(Nothing, request)
        return Response(DeliverySerializer(services.try_out(code, by=request.actor)).data)

    def _versioned(self) -> dict[str, Any]:
        self.get_object()
        said = {"by": self.request.actor, "version": require_version(self.request)}
        validated(Nothing, self.request)
        return said

    def _with_secret(self, row: Subscription, secret: str, status: int = 200) -> Response:
        response = self.shown(self.get_queryset().get(pk=row.pk), status)
        response.data = {**response.data, "secret": secret}
        response["Cache-Control"] = "no-store"
        return response


class DeliveryListView(generics.ListAPIView):
    """What one address was told, the newest first, with every try; settled ones are kept 30 days."""

    serializer_class = DeliverySerializer
    ordering = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Delivery.objects.none()
        return queries.deliveries(_seen(self.request, self.kwargs["code"]))

    @extend_schema(
        operation_id="webhooks_deliveries_list",
        parameters=[CODE],
        responses={200: DeliverySerializer(many=True), **dict.fromkeys((400, 401, 403, 404), PROBLEM)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ReplayView(Repeatable, RightsFirst, generics.GenericAPIView):
    """Send a delivery again, under the same id."""

    serializer_class = DeliverySerializer
    queryset = Delivery.objects.none()

    @extend_schema(
        operation_id="webhooks_deliveries_replay",
        request=Nothing,
        parameters=[CODE],
        responses={200: DeliverySerializer, **REFUSALS},
    )
    def post(self, request: Request, code: str, pk: UUID) -> Response:
        row = _seen(request, code)
        if not row.deliveries.filter(pk=pk).exists():
            raise Http404
        validated(Nothing, request)
        return Response(DeliverySerializer(services.replay(code, pk, by=request.actor)).data)


def _seen(request: Request, code: str) -> Subscription:
    row = Subscription.objects.visible_to(require_right(request, rules.may_subscribe)).filter(code=code).first()
    if row is None:
        raise Http404
    return row


router = SimpleRouter()
router.register("webhooks", SubscriptionViewSet, basename="api-webhook")
router_urls = [
    *router.urls,
    path("webhooks/<slug:code>/deliveries/", DeliveryListView.as_view(), name="api-webhook-deliveries"),
    path("webhooks/<slug:code>/deliveries/<uuid:pk>/replay/", ReplayView.as_view(), name="api-webhook-replay"),
]
