"""Pages by key: a page begins where the last one ended, whatever was written meanwhile and however many rows are alike."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework import pagination, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView


class Key(NamedTuple):
    """One column of the order; what is empty comes last whichever way."""

    name: str
    descending: bool
    field: models.Field

    def order(self, backwards: bool) -> Any:
        column, down = F(self.name), self.descending != backwards
        empty = {"nulls_first" if backwards else "nulls_last": True} if self.field.null else {}
        return column.desc(**empty) if down else column.asc(**empty)

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True} if value is None else {self.name: value})

    def beyond(self, value: Any, backwards: bool) -> Q | None:
        """Rows after this value in the order, or before it; None when there can be none."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if backwards else None
        found = Q(**{f"{self.name}__{'lt' if self.descending != backwards else 'gt'}": value})
        return found | Q(**{f"{self.name}__isnull": True}) if self.field.null and not backwards else found

    def value_in(self, row: Any) -> Any:
        return row[self.name] if isinstance(row, dict) else getattr(row, self.name)


class Place(NamedTuple):
    """The row a page goes on from, and whether backwards."""

    values: list
    backwards: bool


class KeysetPagination(pagination.BasePagination):
    """Pages of at most 500 rows; an exact count only for `?count=true`."""

    page_size, most = 50, 500
    page: list
    total: int | None

    def paginate_queryset(
        self, queryset: QuerySet, request: Request, view: APIView | None = None, columns: Sequence[str] = ()
    ) -> list:
        """The rows of the page, of each `columns` as a mapping when there are any; ValidationError."""
        self.begin(request, queryset.model, getattr(view, "ordering", ("pk",)))
        if request.query_params.get("count") == "true":
            self.total = queryset.count()
        rows = queryset.order_by(*(key.order(self.backwards) for key in self.keys))
        if self.place:
            rows = rows.filter(_beyond(self.keys, self.place))
        if columns:
            rows = rows.values(*{*columns, *(key.name for key in self.keys)})
        return self.end(list(rows[: self.size + 1]))

    def begin(self, request: Request, model: type[models.Model], ordering: Sequence[str] | str) -> None:
        """Read what page is asked for: `place` to go on from, `size`, `backwards`, in the order of `keys`; ValidationError."""
        self.url, self.total = request.build_absolute_uri(), None
        self.keys = _keys(model, ordering)
        self.place = _place(request.query_params.get("cursor", ""), self.keys)
        self.size, self.backwards = self._size(request), bool(self.place and self.place.backwards)

    def end(self, found: list) -> list:
        """The page, of the rows found on the way from `place`: one more than `size` if there are."""
        self.more, page = len(found) > self.size, found[: self.size]
        self.page = page[::-1] if self.backwards else page
        return self.page

    def links(self) -> dict[str, Any]:
        """What stands around the rows: the count when asked for, and the pages on either side."""
        there = {
            "next": self._link(-1, False) if (self.backwards or self.more) else None,
            "previous": self._link(0, True) if (self.more if self.backwards else self.place) else None,
        }
        return there if self.total is None else {"count": self.total, **there}

    def get_paginated_response(self, data: list) -> Response:
        return Response({**self.links(), "results": data})

    def get_paginated_response_schema(self, schema: dict) -> dict:
        link = {"type": ["string", "null"], "format": "uri", "example": None}
        count = {"type": "integer", "description": "Hanya bila ?count=true.", "example": 1}
        results = {"count": count, "next": link, "previous": link, "results": schema}
        return {"type": "object", "required": ["next", "previous", "results"], "properties": results}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        asked = {
            "cursor": ({"type": "string"}, "Dari `next` atau `previous` jawaban sebelumnya."),
            "page_size": ({"type": "integer", "minimum": 1, "maximum": self.most, "default": self.page_size}, "Baris."),
            "count": ({"type": "string", "enum": ["true"]}, "Hitung semua yang cocok."),
        }
        return [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": said}
            for name, (schema, said) in asked.items()
        ]

    def _size(self, request: Request) -> int:
        asked = request.query_params.get("page_size", "")
        if not asked:
            return self.page_size
        if not asked.isdecimal() or not 1 <= int(asked) <= self.most:
            raise serializers.ValidationError({"page_size": [_("Angka dari 1 sampai %(most)d.") % {"most": self.most}]})
        return int(asked)

    def _link(self, end: int, backwards: bool) -> str | None:
        values = [key.value_in(self.page[end]) for key in self.keys] if self.page else self.place and self.place.values
        return replace_query_param(self.url, "cursor", _cursor(values, backwards)) if values else None


def _keys(model: type[models.Model], ordering: Sequence[str] | str) -> list[Key]:
    """The columns of the order, ended by one that no two rows share."""
    names = [ordering] if isinstance(ordering, str) else list(ordering)
    if not any(_is_one_of_a_kind(_field(model, name.removeprefix("-"))) for name in names):
        names.append("pk")
    return [Key(name.removeprefix("-"), name.startswith("-"), _field(model, name.removeprefix("-"))) for name in names]


def _is_one_of_a_kind(field: models.Field) -> bool:
    """Whether no two rows share its value; what may be empty may be so in many."""
    return field.unique and not field.null


def _field(model: type[models.Model], name: str) -> models.Field:
    try:
        return model._meta.pk if name == "pk" else model._meta.get_field(name)
    except FieldDoesNotExist as error:
        raise ValueError(f"{model.__name__} is not ordered by {name}") from error


def _beyond(keys: list[Key], place: Place) -> Q:
    """The rows on the far side of the place: first by the first column, among those alike in it by the next."""
    found, alike = Q(pk__in=[]), Q()
    for key, value in zip(keys, place.values, strict=True):
        beyond = key.beyond(value, place.backwards)
        found = found | (alike & beyond) if beyond else found
        alike &= key.same(value)
    return found


def _cursor(values: list, backwards: bool) -> str:
    said = json.dumps([backwards, *(_said(value) for value in values)], cls=DjangoJSONEncoder)
    return urlsafe_b64encode(said.encode()).decode()


def _said(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _place(cursor: str, keys: list[Key]) -> Place | None:
    if not cursor:
        return None
    try:
        backwards, *values = json.loads(urlsafe_b64decode(cursor.encode()))
        read = [key.field.to_python(value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, binascii.Error, ValidationError) as error:
        raise serializers.ValidationError(
            {"cursor": [_("Penanda halaman ini tidak terbaca. Mulai lagi tanpa cursor.")]}
        ) from error
    return Place(read, bool(backwards))
