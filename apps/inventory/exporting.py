"""Rows of the register as CSV, JSON lines, JSON and XLSX: streamed, flat in memory, harmless in a spreadsheet."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import orjson
import xlsxwriter
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.inventory import fields, row_words, seals
from apps.inventory.filters import VERDICTS
from apps.inventory.models import Address, Application

CHUNK = 1000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
RELATED = ("addresses", "references__reference_code", "attestations")
JOINED = ("owner", "government", "successor", "super_application", "merged_into")


@dataclass(frozen=True)
class StandingColumn:
    """A column of what the quarters say; never public."""

    name: str
    label: Any
    choices: list[tuple[str, Any]] = field(default_factory=list)


Column = fields.Attribute | StandingColumn
STANDING = (
    StandingColumn("last_period", gettext_lazy("triwulan terakhir")),
    StandingColumn("last_verdict", gettext_lazy("hasil terakhir"), list(VERDICTS)),
    StandingColumn("active_users", gettext_lazy("pengguna aktif")),
)
STANDING_NAMES = frozenset({*(column.name for column in STANDING), "completeness"})


def exported(attributes: Iterable[fields.Attribute]) -> list[fields.Attribute]:
    """Those of the interface in its order."""
    return list(attributes)


def stream(rows: QuerySet, columns: Iterable[Column] = ()) -> Iterator[Application]:
    """The rows by a server-side cursor whose transaction opens here, inside the consumer's loop: the first row is early.

    What hangs on a row is fetched chunk by chunk, and only what a column shows.
    """
    wanted = [path for column in columns for path in row_words.NEEDED.get(column.name, ())]
    rows = rows.select_related(*JOINED).prefetch_related(*RELATED, *wanted)
    with transaction.atomic():
        yield from rows.iterator(chunk_size=CHUNK)


def value_of(application: Application, name: str, *, internal: bool) -> Any:
    """The machine-readable value; inner addresses only for those who may know them."""
    if name in STANDING_NAMES:
        return getattr(getattr(application, "standing", None), name, None)
    if name == "code":
        return application.key if internal else application.code
    if name == "addresses":
        return [row.url for row in application.addresses.all() if internal or row.kind == Address.Kind.PUBLIC]
    if name == "attestation":
        return seals.words(application)
    if name in row_words.NEEDED:
        return row_words.cells_of(application, name)
    if name == "reference_codes":
        return [row.reference_code.code for row in application.references.all()]
    value = application.value(name)
    if isinstance(value, Application):
        return _code_of(value, internal)
    if isinstance(value, Model):
        return str(value)
    return int(value) if isinstance(value, Decimal) else value


def csv_lines(rows: QuerySet, attributes: list[Column], *, internal: bool) -> Iterator[str]:
    """A head line with the names of the interface, then a line per row; BOM so that Excel reads UTF-8."""
    pen = csv.writer(_Echo())
    yield "\ufeff" + pen.writerow([attribute.name for attribute in attributes])
    for application in stream(rows, attributes):
        yield pen.writerow([harmless(cell_of(application, a, internal=internal)) for a in attributes])


def ndjson_lines(rows: QuerySet, attributes: list[Column], *, internal: bool) -> Iterator[bytes]:
    """One JSON object per line."""
    for application in stream(rows, attributes):
        yield orjson.dumps(_record(application, attributes, internal)) + b"\n"


def json_parts(rows: QuerySet, attributes: list[Column], *, internal: bool) -> Iterator[bytes]:
    """One JSON array."""
    yield b"["
    for number, application in enumerate(stream(rows, attributes)):
        yield (b",\n" if number else b"\n") + orjson.dumps(_record(application, attributes, internal))
    yield b"\n]\n"


def workbook(rows: QuerySet, attributes: list[Column], *, internal: bool) -> BinaryIO:
    """An XLSX in a temporary file that vanishes when closed; nothing is held in memory but the row being written."""
    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115  the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file.name, options) as book:
        sheet = book.add_worksheet(_("Aplikasi"))
        sheet.freeze_panes(1, 0)
        _write(sheet, 0, [str(attribute.label) for attribute in attributes], book.add_format({"bold": True}))
        for number, application in enumerate(stream(rows, attributes), start=1):
            _write(sheet, number, [cell_of(application, a, internal=internal) for a in attributes])
    file.seek(0)
    return file


def cell_of(application: Application, attribute: Column, *, internal: bool) -> Any:
    """One spreadsheet cell in words: choices by their label, several values parted by semicolons."""
    value = value_of(application, attribute.name, internal=internal)
    words = dict(attribute.choices)
    if isinstance(value, list):
        return "; ".join(str(words.get(one, one)) for one in value)
    if isinstance(value, datetime):
        return timezone.localtime(value, application.government.zone).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value if isinstance(value, int | float) else str(words.get(value, value))


def harmless(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


WRITERS: dict[str, tuple[str, Callable[..., Any]]] = {
    "csv": ("text/csv; charset=utf-8", csv_lines),
    "json": ("application/json", json_parts),
    "ndjson": ("application/x-ndjson", ndjson_lines),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook),
}


def _record(application: Application, attributes: list[Column], internal: bool) -> dict[str, Any]:
    return {a.name: value_of(application, a.name, internal=internal) for a in attributes}


def _write(sheet: Any, number: int, cells: list[Any], form: Any = None) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(number, column, harmless(cell)[:32767], form)
        else:
            sheet.write_number(number, column, cell, form)


def _code_of(other: Application, internal: bool) -> str | None:
    """The code of another record; one that is not public has no name outside."""
    return other.key if internal or other.status in Application.PUBLIC_STATUSES else None


class _Echo(io.StringIO):
    """A file whose write hands the line back."""

    def write(self, line: str) -> str:  # type: ignore[override]
        return line
