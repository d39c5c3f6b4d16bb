"""What each attribute says in one spreadsheet cell, read as columns of the database: no instance per row.

The exports write these cells and the import compares an edited file with them; so what was exported and not touched
is unchanged by construction, whatever the text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial, reduce
from itertools import islice
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.inventory import fields
from apps.inventory.filters import MONTHS, VERDICTS
from apps.inventory.models import Address, Application, ApplicationReference, Attestation
from apps.inventory.models.applications import OWN
from apps.inventory.rows import words as row_words

CHUNK = 2000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST = 32767  # characters of a cell in a workbook
BROKEN = "!"
BENT = ("'", " ")  # how a cell begins that is not bare yet
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class HouseColumn:
    """A column the house writes that is no attribute: what the quarters say, the version of the row; never public."""

    name: str
    label: Any
    choices: list[tuple[str, Any]] = field(default_factory=list)


Column = fields.Attribute | HouseColumn
VERSION = HouseColumn("version", gettext_lazy("versi"))
COMPLETENESS = HouseColumn("completeness", gettext_lazy("kelengkapan (%)"))
WATCHED = HouseColumn("watched", gettext_lazy("daftar pantau"), [(True, gettext_lazy("dipantau")), (False, "")])
STANDING = (
    HouseColumn("last_period", gettext_lazy("triwulan terakhir")),
    HouseColumn("last_verdict", gettext_lazy("hasil terakhir"), list(VERDICTS)),
    HouseColumn("active_users", gettext_lazy("pengguna aktif")),
)
HOUSE = {column.name for column in (VERSION, COMPLETENESS, WATCHED, *STANDING)}


def lines(rows: QuerySet, columns: Iterable[Column], *, internal: bool, beside: Sequence[str] = ()) -> Iterator[list]:
    """Each row's cells, text or whole numbers, then the plain values of `beside`; from a server-side cursor.

    Its transaction opens in the consumer's loop, so that the first row is early.
    """
    columns = list(columns)
    wordings = [_wording(column) for column in columns]
    asked = [_expression(column.name, internal) for column in columns]
    with transaction.atomic():
        _make_room_to_sort()
        found = rows.values_list(F("government__time_zone"), *beside, *asked).iterator(chunk_size=CHUNK)
        while chunk := list(islice(found, CHUNK)):
            zones, *values = zip(*chunk, strict=True)
            kept, told = values[: len(beside)], values[len(beside) :]
            worded = [say(column, zones) for say, column in zip(wordings, told, strict=True)]
            yield from map(list, zip(*worded, *kept, strict=True))


def _make_room_to_sort() -> None:
    """Until the end of this transaction: rows as wide as a record's are sorted on disk in what a connection has by default."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '32MB'")


def _hung(name: str, pks: Sequence[int | None]) -> list[str]:
    """The words of what hangs on these records; only those that have any are named and loaded."""
    holders = [pk for pk in pks if pk]
    if not holders:
        return [""] * len(pks)
    loaded = Application.objects.filter(pk__in=holders).only("pk").prefetch_related(*row_words.NEEDED[name])
    said: dict[int | None, str] = {row.pk: text("; ".join(row_words.cells_of(row, name))) for row in loaded}
    return [said.get(pk, "") for pk in pks]


def _holder(name: str) -> Case:
    """The record's key when something of this name hangs on it."""
    ties: list[Any] = [Application._meta.get_field(path.split("__")[0]) for path in row_words.NEEDED[name]]
    rows = [tie.related_model.objects.filter(**{tie.field.name: OuterRef("pk")}) for tie in ties]
    return Case(When(reduce(or_, (Q(Exists(one)) for one in rows)), then=F("pk")))


def harmless(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def plain(cell: str) -> str:
    """The text without the apostrophe of `harmless`."""
    text = cell if cell.isprintable() else UNWRITABLE.sub("", cell)
    text = text[:LONGEST]
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def bare(cell: str) -> str:
    """As `plain`, every run of blanks one: the form in which cells are compared."""
    if cell.isprintable() and len(cell) < LONGEST and "  " not in cell and cell[:1] not in BENT and cell[-1:] != " ":
        return cell
    return " ".join(plain(cell).split())


def _expression(name: str, internal: bool) -> Any:
    if name in HOUSE:
        return F(name) if name == VERSION.name else F(f"standing__{name}")
    if name == "code":
        return Coalesce("code", "reference") if internal else F("code")
    if name in row_words.NEEDED:
        return _holder(name)
    if name.startswith(OWN):
        return KeyTransform(name.removeprefix(OWN), "attributes")
    if name == "addresses":
        known = Address.objects.filter(application=OuterRef("pk")).order_by("pk")
        return ArraySubquery((known if internal else known.filter(kind=Address.Kind.PUBLIC)).values("url"))
    if name == "attestation":
        return Subquery(_last_seal().values("cell")[:1])
    if name == "reference_codes":
        placed = ApplicationReference.objects.filter(application=OuterRef("pk"))
        return ArraySubquery(placed.order_by("reference_code__code").values("reference_code__code"))
    return _of_model(name, internal)


def _last_seal() -> QuerySet:
    """The quarter of the last attestation, with a mark when the record says something else since."""
    rows = Attestation.objects.filter(application=OuterRef("pk")).order_by("-pk")
    mark = Case(When(version=OuterRef("version"), then=Value("")), default=Value(BROKEN))
    number = {name: Cast(name, models.TextField()) for name in ("year", "quarter")}
    return rows.annotate(
        cell=Concat(number["year"], Value("-Q"), number["quarter"], mark, output_field=models.TextField())
    )


def _seal(value: str | None, _zone_name: str) -> str:
    if not value or not value.endswith(BROKEN):
        return value or ""
    return _("%(quarter)s (rusak)") % {"quarter": value.removesuffix(BROKEN)}


def _of_model(name: str, internal: bool) -> Any:
    kind = Application._meta.get_field(name)
    if not isinstance(kind, models.ForeignKey):
        return F(name)
    if kind.related_model is not Application:
        return F(f"{name}__name")
    # Looked up where there is one: a join reads the whole register once more for the few records that name another.
    other = Application.objects.filter(pk=OuterRef(f"{name}_id"))
    told = other.values(cell=Coalesce("code", "reference")) if internal else other.public().values(cell=F("code"))
    return Subquery(told[:1])


def _wording(column: Column) -> Callable[[Sequence, Sequence[str]], list]:
    """How a column's values become cells, a chunk at once."""
    name = column.name
    if name in row_words.NEEDED:
        return lambda pks, _zones: _hung(name, pks)
    choices = dict(MONTHS) if name == "season_months" else dict(column.choices)
    words = {value: harmless(str(word)) for value, word in choices.items()}

    def worded(value: Any, zone: str) -> Any:
        if value is None:
            return ""
        if words and not isinstance(value, list):
            return words.get(value, value)
        return _said(value, words, zone)

    say = _seal if name == "attestation" else worded
    # In the values of a JSON object 1, 1.0 and true are the same key and not the same word.
    return partial(_each, say) if name.startswith(OWN) else partial(_once, say)


def _each(say: Callable[[Any, str], Any], values: Sequence, zones: Sequence[str]) -> list:
    return [say(value, zone) for value, zone in zip(values, zones, strict=True)]


def _once(say: Callable[[Any, str], Any], values: Sequence, zones: Sequence[str]) -> list:
    """As `_each`, what stands in several rows worded once."""
    if zones.count(zones[0]) < len(zones):
        return _each(say, values, zones)
    try:
        said = {value: say(value, zones[0]) for value in set(values)}
    except TypeError:  # several values in each cell
        values = [value if value is None else tuple(value) for value in values]
        said = {key: say(key if key is None else list(key), zones[0]) for key in set(values)}
    return list(map(said.__getitem__, values))


def _said(value: Any, words: dict[Any, str], zone: str) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return text("; ".join(str(words.get(one, one)) for one in value))
    if isinstance(value, datetime):
        return value.astimezone(_zone(zone)).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, Decimal) else value


def said(value: Any) -> Any:
    """One value of a row of its own: text, a whole number, a day."""
    return "" if value is None else _said(value, {}, "UTC")


def text(value: str) -> str:
    """Harmless, as long as a cell may be, and without the characters no workbook can hold."""
    if value.isprintable() and len(value) < LONGEST and not value.startswith(FORMULA_STARTS):
        return value
    return harmless(value if value.isprintable() else UNWRITABLE.sub("", value))[:LONGEST]


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
