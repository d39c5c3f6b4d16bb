"""Filters and facets of a government's own attributes: look-ups into one JSON column."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import DateField, DecimalField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from apps.inventory import fields, searching

TYPED = {"number": DecimalField(max_digits=20, decimal_places=6), "date": DateField()}
ENDS = {"number": ("min", "max", django_filters.NumberFilter), "date": ("after", "before", django_filters.DateFilter)}


def filters_of(attribute: fields.OwnAttribute) -> dict[str, django_filters.Filter]:
    """The filters of one own attribute by parameter name."""
    name, label = attribute.name, attribute.label
    if attribute.chosen_from:
        method = _chosen(attribute)
        return {name: django_filters.MultipleChoiceFilter(label=label, choices=attribute.choices, method=method)}
    if attribute.kind == "text":
        return {name: django_filters.CharFilter(label=label, method=_compared(attribute, "icontains"))}
    low, high, kind = ENDS[attribute.kind]
    return {
        f"{name}_{end}": kind(label=label, method=_compared(attribute, lookup))
        for end, lookup in ((low, "gte"), (high, "lte"))
    }


def facet(attribute: fields.OwnAttribute, chosen: list[str]) -> searching.Facet:
    """The question beside the list about one own attribute."""
    several = attribute.several
    value = (KeyTransform if several else KeyTextTransform)(attribute.key, "attributes")
    unnest = "jsonb_array_elements_text" if several else ""
    return searching.Facet(attribute.name, value, unnest, _any_of(attribute, chosen) if chosen else None)


def _any_of(attribute: fields.OwnAttribute, chosen: list[str]) -> Q:
    said = [[one] if attribute.several else one for one in chosen]
    return reduce(or_, (Q(attributes__contains={attribute.key: one}) for one in said))


def _chosen(attribute: fields.OwnAttribute) -> Callable:
    def method(rows: QuerySet, _name: str, value: list[str]) -> QuerySet:
        return rows.filter(_any_of(attribute, value)) if value else rows

    return method


def _compared(attribute: fields.OwnAttribute, lookup: str) -> Callable:
    said: Any = KeyTextTransform(attribute.key, "attributes")
    expression = Cast(said, TYPED[attribute.kind]) if attribute.kind in TYPED else said

    def method(rows: QuerySet, _name: str, value: Any) -> QuerySet:
        alias = f"own_{attribute.key}"
        return rows.alias(**{alias: expression}).filter(**{f"{alias}__{lookup}": value})

    return method
