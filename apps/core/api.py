"""The grain of the REST API: cursor pages, versions by If-Match, nothing unknown accepted."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from django_filters.utils import translate_validation
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.core.errors import VersionMissing
from apps.core.examples import example
from apps.core.narrowing import narrowed

LIST_PARAMETERS = frozenset({"cursor", "page_size", "count", "fields", "ordering", "q", "format"})


class StrictFilterBackend(DjangoFilterBackend):
    """Filter like the page; refuse a parameter nobody knows and one given twice where one is meant."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: APIView) -> QuerySet:
        filterset_class = self.get_filterset_class(view, queryset)
        known = set(filterset_class.base_filters) if filterset_class else set()
        refuse_unknown_parameters(request, known | set(getattr(view, "extra_parameters", ())))
        if known.isdisjoint(request.query_params):  # making the form of all filters took a third of a list without any
            return queryset
        return self.asked_by(request, queryset, view).qs

    def asked_by(self, request: Request, queryset: QuerySet, view: APIView) -> Any:
        """The filterset of what was asked; ValidationError."""
        filterset = self.get_filterset(request, queryset, view)
        if not filterset.is_valid():
            raise translate_validation(filterset.errors)
        return filterset

    def get_filterset(self, request: Request, queryset: QuerySet, view: APIView) -> FilterSet:
        """The filters that were asked by: a filterset copies all it has for each request."""
        whole = self.get_filterset_class(view, queryset)
        asked = frozenset(whole.base_filters).intersection(request.query_params)
        return narrowed(whole, asked)(**self.get_filterset_kwargs(request, queryset, view))


def refuse_unknown_parameters(request: Request, known: set[str]) -> None:
    """400 naming each query parameter that is neither in `known` nor one of the list's own."""
    unknown = set(request.query_params) - known - LIST_PARAMETERS
    if unknown:
        raise ValidationError({name: [_("Parameter tidak dikenal.")] for name in sorted(unknown)})
    repeated = [name for name in LIST_PARAMETERS if len(request.query_params.getlist(name)) > 1]
    if repeated:
        raise ValidationError({name: [_("Parameter ini hanya boleh sekali.")] for name in repeated})


class RightsFirst:
    """Views whose acts ask for the right before version, state and body: 403 comes before 428, 412, 409 and 400.

    An act names its rule as `@action(..., may=rules.may_withdraw)`; DRF sets it on the view for that request.
    """

    may: Any = None  # (by, row) -> bool

    def check_object_permissions(self, request: Request, obj: Any) -> None:
        super().check_object_permissions(request, obj)  # type: ignore[misc]
        if self.may is not None and not self.may(request.actor, obj):
            raise PermissionDenied


class StrictSerializer(serializers.Serializer):
    """Input of an act: fields it does not know are refused, not ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = set(data) - set(self.fields)
            if unknown:
                raise ValidationError({name: [_("Isian tidak dikenal.")] for name in sorted(unknown)})
        return super().to_internal_value(data)


@example({"reason": "Diputuskan dalam rapat koordinasi SPBE 12 Mei 2026."})
class Reason(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=2000)


def require_actor(request: Request) -> Any:
    """The actor of the request; 401 when nobody signed in, 403 for a system's key, which pulls what is public only."""
    if not request.actor.is_authenticated:
        raise NotAuthenticated
    if request.actor.is_outside:
        raise PermissionDenied
    return request.actor


def require_right(request: Request, may: Callable[[Any], bool]) -> Any:
    """The actor of an act that makes something new, once `may` lets the person; 401 and 403 before the body is read."""
    by = require_actor(request)
    if not may(by):
        raise PermissionDenied
    return by


def require_version(request: Request) -> int:
    """The version in If-Match ("7" or W/"7"); VersionMissing (428) without one, 400 when unreadable."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise VersionMissing
    value = header.removeprefix("W/").strip('"')
    if not value.isdigit():
        raise ValidationError({"If-Match": [_("Versi harus berupa angka dalam tanda kutip.")]})
    return int(value)


def validated(serializer_class: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """The request body checked by `serializer_class`."""
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
