"""REST: offices. Their names are public, so no token is needed."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.urls import path
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Organization
from apps.core.examples import example


@example(
    {
        "code": "dinkes",
        "name": "Dinas Kesehatan",
        "short_name": "Dinkes",
        "kind": "agency",
        "function": "",
        "parent": "kota-tirtaraya",
        "government": "kota-tirtaraya",
        "time_zone": "Asia/Jakarta",
        "active_from": "2020-01-01",
        "active_until": None,
        "version": 3,
    }
)
class OrganizationSerializer(serializers.ModelSerializer):
    """The public fields of an office; other offices are named by code."""

    parent = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    government = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = Organization
        fields = (
            "code",
            "name",
            "short_name",
            "kind",
            "function",
            "parent",
            "government",
            "time_zone",
            "active_from",
            "active_until",
            "version",
        )


class OrganizationFilter(django_filters.FilterSet):
    """By government, parent, kind, part in the process, and words of the name."""

    government = django_filters.CharFilter(field_name="government__code")
    parent = django_filters.CharFilter(field_name="parent__code")
    kind = django_filters.ChoiceFilter(choices=Organization.Kind.choices)
    function = django_filters.ChoiceFilter(choices=Organization.Function.choices)
    active = django_filters.BooleanFilter(field_name="active_until", lookup_expr="isnull")
    q = django_filters.CharFilter(method="with_words")

    class Meta:
        model = Organization
        fields: tuple = ()

    def with_words(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Q(name__icontains=value) | Q(short_name__icontains=value))


class OrganizationViewSet(viewsets.ReadOnlyModelViewSet):
    """Governments, agencies and units."""

    serializer_class = OrganizationSerializer
    filterset_class = OrganizationFilter
    lookup_field = "code"
    queryset = Organization.objects.none()

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Organization.objects.visible_to(self.request.actor).select_related("parent", "government")

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer = super().retrieve(request, *args, **kwargs)
        answer["ETag"] = f'"{answer.data["version"]}"'
        return answer


router_urls = [
    path("organizations/", OrganizationViewSet.as_view({"get": "list"}), name="api-organizations"),
    path("organizations/<slug:code>/", OrganizationViewSet.as_view({"get": "retrieve"}), name="api-organization"),
]
