"""The costs, contracts and relations of the records of a file, a line per row on a sheet of their own."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.inventory import cells
from apps.inventory.models import Application, Contract, Cost, Relation
from apps.inventory.rows import words as row_words

CHUNK = 2000


@dataclass(frozen=True)
class RowSheet:
    """One sheet: its title, heads and lines; the lines are read as they are written."""

    title: str
    heads: list[str]
    lines: Iterable[list[Any]]


def beside(rows: QuerySet, columns: Iterable[cells.Column]) -> list[RowSheet]:
    """A sheet for each column of the file that stands for rows of their own."""
    asked = {column.name for column in columns}
    ids = rows.order_by().values("pk")
    return [sheet(ids) for name, sheet in SHEETS.items() if name in asked]


def _costs(ids: QuerySet) -> RowSheet:
    names = ("year", "kind", "amount", "budget_reference", "funding_source")
    rows = Cost.objects.filter(application__in=ids).select_related("application", "contract")
    heads = [*_heads(Cost, names), _("nomor kontrak")]
    ordered = rows.order_by("application", "-year", "kind", "pk")
    return _sheet(
        _("Biaya"), heads, ordered, lambda row: [*_cells(row, names), row.contract.number if row.contract else ""]
    )


def _contracts(ids: QuerySet) -> RowSheet:
    names = ("number", "vendor", "subject", "amount", "starts_on", "ends_on")
    rows = Contract.objects.filter(application__in=ids).select_related("application")
    ordered = rows.order_by("application", "-ends_on", "pk")
    return _sheet(_("Kontrak"), _heads(Contract, names), ordered, lambda row: _cells(row, names))


def _relations(ids: QuerySet) -> RowSheet:
    """What the records state, and what others that have a public name or stand in the file state of them."""
    names = ("description", "method", "migrated_on")
    named = Application.PUBLIC_STATUSES
    seen = Q(source__in=ids) & (Q(target__in=ids) | Q(target__status__in=named))
    seen |= Q(target__in=ids) & Q(source__status__in=named)
    rows = Relation.objects.filter(seen).select_related("source", "target").order_by("source", "pk")
    heads = [
        _("kode"),
        _("nama aplikasi"),
        _("jenis hubungan"),
        _("arah"),
        _("kode aplikasi lain"),
        _("nama aplikasi lain"),
    ]

    def line(row: Relation) -> list[Any]:
        return [row.get_kind_display(), row_words.direction_words(row), *_record(row.target), *_cells(row, names)]

    return RowSheet(
        _("Hubungan"), [*heads, *_heads(Relation, names)], _lines(rows, lambda row: [*_record(row.source), *line(row)])
    )


SHEETS: dict[str, Callable[[QuerySet], RowSheet]] = {
    "costs": _costs,
    "contracts": _contracts,
    "relations": _relations,
}


def _sheet(title: str, heads: list[str], rows: QuerySet, line: Callable[[Any], list[Any]]) -> RowSheet:
    own = [_("kode"), _("nama aplikasi"), *heads]
    return RowSheet(title, own, _lines(rows, lambda row: [*_record(row.application), *line(row)]))


def _lines(rows: QuerySet, line: Callable[[Any], list[Any]]) -> Iterator[list[Any]]:
    """By a server-side cursor whose transaction opens in the consumer's loop."""
    with transaction.atomic():
        for row in rows.iterator(chunk_size=CHUNK):
            yield line(row)


def _heads(model: type[models.Model], names: Iterable[str]) -> list[str]:
    return [str(model._meta.get_field(name).verbose_name) for name in names]  # type: ignore[union-attr]


def _record(application: Application) -> list[str]:
    return [application.key, cells.text(application.name)]


def _cells(row: models.Model, names: Iterable[str]) -> list[Any]:
    said = (getattr(row, f"get_{name}_display", lambda name=name: getattr(row, name))() for name in names)
    return [cells.said(value) for value in said]
