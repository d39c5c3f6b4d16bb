"""REST: counters, their keys, probes, and the totals of closed quarters."""

from typing import Any

import django_filters
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from apps.core.api import StrictSerializer, require_actor, validated
from apps.core.endpoints import REFUSALS, SeenViewSet
from apps.core.examples import example
from apps.core.instants import InstantFilter
from apps.inventory.models import Application
from apps.monitoring import rules, services
from apps.monitoring.models import GoneCheck, Probe, ProbeTotal, UsageSample, UsageToken, UsageTotal
from apps.monitoring.serializers import Nothing


class DayFilter(django_filters.FilterSet):
    """Days of counters by application and date."""

    application = django_filters.CharFilter(field_name="application__code")
    since = django_filters.DateFilter(field_name="day", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="day", lookup_expr="lte")

    class Meta:
        model = UsageSample
        fields: list[str] = []


class ProbeFilter(django_filters.FilterSet):
    """Probes by application, instant and outcome."""

    application = django_filters.CharFilter(field_name="application__code")
    since = InstantFilter(field_name="at", lookup_expr="gte")
    until = InstantFilter(field_name="at", lookup_expr="lt")
    outcome = django_filters.ChoiceFilter(choices=Probe.Outcome.choices)

    class Meta:
        model = Probe
        fields: list[str] = []


class TotalFilter(django_filters.FilterSet):
    """Totals by application, span and first day."""

    application = django_filters.CharFilter(field_name="application__code")
    span = django_filters.ChoiceFilter(choices=UsageTotal._meta.get_field("span").choices)
    starts_on = django_filters.DateFilter()


class TokenFilter(django_filters.FilterSet):
    """Keys by application."""

    application = django_filters.CharFilter(field_name="application__code")

    class Meta:
        model = UsageToken
        fields: list[str] = []


class DaySerializer(serializers.ModelSerializer):
    """One day's counters."""

    application = serializers.CharField(source="application.key", read_only=True)

    class Meta:
        model = UsageSample
        fields = ("id", "application", "day", "active_users", "transactions", "data_bytes", "source", "received_at")


class UsageTotalSerializer(serializers.ModelSerializer):
    """Counters of a month or quarter with their checksum."""

    application = serializers.CharField(source="application.key", read_only=True)

    class Meta:
        model = UsageTotal
        fields = ("id", "application", "span", "starts_on", "days", "active_users", "transactions", "data_bytes",
                  "checksum")  # fmt: skip


class ProbeTotalSerializer(serializers.ModelSerializer):
    """Probes of a month or quarter with their checksum."""

    application = serializers.CharField(source="application.key", read_only=True)

    class Meta:
        model = ProbeTotal
        fields = ("id", "application", "span", "starts_on", "completed", "days", "reached", "not_completed", "checksum")


class ProbeSerializer(serializers.ModelSerializer):
    """One probe; an owner is told whether the address opens and never why it was not asked."""

    application = serializers.CharField(source="application.key", read_only=True)
    HIDDEN = ("why", "status_code", "latency_ms", "redirected_to")

    class Meta:
        model = Probe
        fields = ("id", "application", "url", "at", "outcome", "why", "status_code", "latency_ms", "redirected_to",
                  "certificate_ends")  # fmt: skip
        extra_kwargs = {name: {"allow_null": True} for name in ("why", "redirected_to")}

    def to_representation(self, instance: Probe) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if rules.may_know_probes(self.context["request"].actor):
            return shown
        known = instance.outcome if instance.outcome in Probe.COMPLETED else Probe.Outcome.SKIPPED.value
        return {**shown, **dict.fromkeys(self.HIDDEN), "outcome": known}


class TokenSerializer(serializers.ModelSerializer):
    """A key by its first letters; the key itself is told once, when it is made."""

    application = serializers.CharField(source="application.key", read_only=True)

    class Meta:
        model = UsageToken
        fields = ("id", "application", "prefix", "created_at", "expires_at", "revoked_at", "last_used_at")


@example({"application": "APL-2026-000042"})
class NewToken(StrictSerializer):
    """For which application."""

    application = serializers.CharField(max_length=24)


class MadeToken(TokenSerializer):
    """The new key with its plain text."""

    token = serializers.CharField(read_only=True)

    class Meta(TokenSerializer.Meta):
        fields = (*TokenSerializer.Meta.fields, "token")


class EvidenceViewSet(SeenViewSet):
    """Rows without a code; addressed by their id."""

    related = ("application",)
    lookup_field = "pk"
    lookup_value_regex = r"\d+"


class UsageDayViewSet(EvidenceViewSet):
    """Days of counters as they came."""

    model = UsageSample
    serializer_class = DaySerializer
    filterset_class = DayFilter
    ordering = ("-day", "pk")


class UsageTotalViewSet(EvidenceViewSet):
    """Counters of closed quarters and their months: the evidence, kept for good."""

    model = UsageTotal
    serializer_class = UsageTotalSerializer
    filterset_class = TotalFilter


class ProbeViewSet(EvidenceViewSet):
    """The daily round over declared addresses."""

    model = Probe
    serializer_class = ProbeSerializer
    filterset_class = ProbeFilter
    ordering = ("-at", "pk")

    def filter_queryset(self, queryset: Any) -> Any:
        """An owner cannot ask which addresses were refused."""
        if "outcome" in self.request.query_params and not rules.may_know_probes(require_actor(self.request)):
            queryset = queryset.filter(outcome__in=Probe.COMPLETED)
        return super().filter_queryset(queryset)


class ProbeTotalViewSet(EvidenceViewSet):
    """Probes of closed quarters and their months: the evidence, kept for good."""

    model = ProbeTotal
    serializer_class = ProbeTotalSerializer
    filterset_class = TotalFilter


class GoneCheckFilter(django_filters.FilterSet):
    """Looks at addresses of retired applications, by application and state."""

    application = django_filters.CharFilter(field_name="application__code")
    status = django_filters.ChoiceFilter(choices=GoneCheck.Status.choices)

    class Meta:
        model = GoneCheck
        fields: list[str] = []


class GoneCheckSerializer(serializers.ModelSerializer):
    """A look at an address some days after its application retired, and whether it is gone."""

    application = serializers.CharField(source="application.key", read_only=True)

    class Meta:
        model = GoneCheck
        fields = ("id", "application", "url", "retired_at", "after_days", "due_at", "status", "asked_at")


class GoneCheckViewSet(EvidenceViewSet):
    """Whether the addresses of retired applications are gone; one that answers stands as a `reappeared` finding."""

    model = GoneCheck
    serializer_class = GoneCheckSerializer
    filterset_class = GoneCheckFilter


class UsageTokenViewSet(EvidenceViewSet):
    """Keys of the applications a person keeps the counters of."""

    model = UsageToken
    related = ("application__owner",)
    serializer_class = TokenSerializer
    filterset_class = TokenFilter
    gives_secrets = True

    @extend_schema(request=NewToken, responses={201: MadeToken, **REFUSALS})
    def create(self, request: Request) -> Response:
        """Make a key; its plain text is in this answer only."""
        by = require_actor(request)
        if not by.has_role(*rules.COUNTER_KEEPERS):
            raise exceptions.PermissionDenied
        code = request.data.get("application") if isinstance(request.data, dict) else None
        if not isinstance(code, str):
            raise exceptions.ValidationError({"application": [_("Sebutkan kode aplikasinya.")]})
        row = get_object_or_404(Application.objects.visible_to(by), code=code)
        if not rules.may_keep_counters(by, row):
            raise exceptions.PermissionDenied
        validated(NewToken, request)
        token, plain = services.create_usage_token(row.pk, by=by)
        body = {**TokenSerializer(self.get_queryset().get(pk=token.pk)).data, "token": plain}
        return Response(body, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})

    @extend_schema(request=Nothing, responses={200: TokenSerializer, **REFUSALS})
    @action(detail=True, methods=["post"], may=rules.may_revoke_usage_token)
    def revoke(self, request: Request, pk: str) -> Response:
        """End a key at once."""
        by, token = require_actor(request), self.get_object()
        validated(Nothing, request)
        return self.again(services.revoke_usage_token(token.pk, by=by))


router = SimpleRouter()
router.register("usage-days", UsageDayViewSet, basename="api-usage-day")
router.register("usage-totals", UsageTotalViewSet, basename="api-usage-total")
router.register("usage-tokens", UsageTokenViewSet, basename="api-usage-token")
router.register("probes", ProbeViewSet, basename="api-probe")
router.register("gone-checks", GoneCheckViewSet, basename="api-gone-check")
router.register("probe-totals", ProbeTotalViewSet, basename="api-probe-total")
router_urls = router.urls
