"""Filters by the rows of a record: who it is tied to, what it costs in a year, what ends when."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from apps.inventory import queries
from apps.inventory.models import Contract, Cost, RecordDocument, Relation

Filters = dict[str, django_filters.Filter]


def of_relations() -> Filters:
    """Tied to the application with this code, in either direction."""
    return {"related_to": django_filters.CharFilter(label=_("Terhubung dengan (kode)"), method=_related)}


def of_costs() -> Filters:
    """Costs noted for a year, and what they come to: `cost_min` counts within `cost_year` when that is given."""
    return {
        "cost_year": django_filters.NumberFilter(label=_("Tahun biaya"), method=_with_cost),
        "cost_kind": django_filters.ChoiceFilter(label=_("Jenis biaya"), choices=Cost.Kind.choices, method=_of_kind),
        "cost_min": CostFloorFilter(label=_("Biaya setahun paling sedikit (Rp)")),
    }


def of_contracts() -> Filters:
    """A contract that ends in the span, both days included."""
    return {
        "contract_ends_after": SpanFilter(Contract, "ends_on", label=_("Kontrak berakhir sejak")),
        "contract_ends_before": SpanFilter(Contract, "ends_on", label=_("Kontrak berakhir sampai")),
    }


def of_documents() -> Filters:
    """A document of a kind; a document whose validity ends in the span."""
    kinds = RecordDocument.Kind.choices
    return {
        "document_kind": django_filters.ChoiceFilter(label=_("Punya dokumen"), choices=kinds, method=_with_document),
        "document_expires_after": SpanFilter(RecordDocument, "valid_until", label=_("Dokumen berakhir sejak")),
        "document_expires_before": SpanFilter(RecordDocument, "valid_until", label=_("Dokumen berakhir sampai")),
    }


class CostFloorFilter(django_filters.NumberFilter):
    """Costs of one year that come to at least this much; of the year asked for beside it, else of any year."""

    def filter(self, rows: QuerySet, value: Any) -> QuerySet:
        if value is None:
            return rows
        costs = Cost.objects.filter(application=OuterRef("pk"))
        year = self.parent.form.cleaned_data.get("cost_year")
        costs = costs.filter(year=year) if year is not None else costs
        sums = costs.order_by().values("application", "year").annotate(total=Sum("amount"))
        return rows.filter(Exists(sums.filter(total__gte=value)))


class SpanFilter(django_filters.DateFilter):
    """One end of a span of days, both included; with both ends given one and the same row lies within."""

    def __init__(self, model: Any, day: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model_of_rows, self.day = model, day

    def filter(self, rows: QuerySet, value: Any) -> QuerySet:
        if value is None:
            return rows
        stem, _underscore, end = self.field_name.rpartition("_")
        ends = {"after": "gte", "before": "lte"}
        given = {end: value} | {other: self.parent.form.cleaned_data.get(f"{stem}_{other}") for other in ends}
        within = {f"{self.day}__{ends[name]}": day for name, day in given.items() if day is not None}
        return rows.filter(Exists(self.model_of_rows.objects.filter(application=OuterRef("pk"), **within)))


def _related(rows: QuerySet, _name: str, code: str) -> QuerySet:
    out = Relation.objects.filter(source=OuterRef("pk"), target__in=queries.ids_meant_by(code))
    into = Relation.objects.filter(target=OuterRef("pk"), source__in=queries.ids_meant_by(code))
    return rows.filter(Q(Exists(out)) | Q(Exists(into)))


def _with_cost(rows: QuerySet, _name: str, year: Any) -> QuerySet:
    return rows.filter(Exists(Cost.objects.filter(application=OuterRef("pk"), year=year)))


def _of_kind(rows: QuerySet, _name: str, kind: str) -> QuerySet:
    return rows.filter(Exists(Cost.objects.filter(application=OuterRef("pk"), kind=kind)))


def _with_document(rows: QuerySet, _name: str, kind: str) -> QuerySet:
    return rows.filter(Exists(RecordDocument.objects.filter(application=OuterRef("pk"), kind=kind)))


BY_ATTRIBUTE = {"relations": of_relations, "costs": of_costs, "contracts": of_contracts, "documents": of_documents}
