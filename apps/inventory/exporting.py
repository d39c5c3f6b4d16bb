"""Rows of the register as CSV, JSON lines, JSON and XLSX: streamed, flat in memory, harmless in a spreadsheet."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any, BinaryIO

import orjson
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from rustpy_xlsxwriter import FastExcel

from apps.inventory import cells, fields, seals
from apps.inventory.cells import Column
from apps.inventory.models import Address, Application
from apps.inventory.models.applications import OWN
from apps.inventory.rows import sheets as row_sheets
from apps.inventory.rows import words as row_words
from apps.inventory.rows.sheets import RowSheet

CHUNK = 1000
RELATED = ("addresses", "references__reference_code", "attestations")
JOINED = ("owner", "government", "successor", "super_application", "merged_into")


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
    if name in cells.HOUSE:
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


def csv_lines(rows: QuerySet, attributes: Sequence[Column], *, internal: bool) -> Iterator[str]:
    """A head line with the names of the interface, then a line per row; BOM so that Excel reads UTF-8."""
    pen = csv.writer(_Echo())
    yield "\ufeff" + pen.writerow([attribute.name for attribute in attributes])
    for line in cells.lines(rows, attributes, internal=internal):
        yield pen.writerow(line)


def ndjson_lines(rows: QuerySet, attributes: Sequence[Column], *, internal: bool) -> Iterator[bytes]:
    """One JSON object per line."""
    for application in stream(rows, attributes):
        yield orjson.dumps(_record(application, attributes, internal)) + b"\n"


def json_parts(rows: QuerySet, attributes: Sequence[Column], *, internal: bool) -> Iterator[bytes]:
    """One JSON array."""
    yield b"["
    for number, application in enumerate(stream(rows, attributes)):
        yield (b",\n" if number else b"\n") + orjson.dumps(_record(application, attributes, internal))
    yield b"\n]\n"


def workbook(rows: QuerySet, attributes: Sequence[Column], *, internal: bool) -> BinaryIO:
    """An XLSX in a temporary file that vanishes when closed; nothing is held in memory but the row being written.

    Costs, contracts and relations among the columns have a sheet each behind the list, a line per row.
    """
    heads = [str(attribute.label) for attribute in attributes]
    first = RowSheet(_("Aplikasi"), heads, cells.lines(rows, attributes, internal=internal))
    return book_of([first, *row_sheets.beside(rows, attributes)])


def sheet_of(heads: list[str], lines: Iterable[list[Any]]) -> BinaryIO:
    """One sheet with these heads."""
    return book_of([RowSheet(_("Aplikasi"), heads, lines)])


def book_of(sheets: Iterable[RowSheet]) -> BinaryIO:
    """The sheets, heads bold and always in sight, every text a text: a workbook holds no formula of ours."""
    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115  the response closes it
    with FastExcel(file.name) as book:
        book.format(bold_headers=True).freeze(row=1)
        for sheet in sheets:
            widths = [float(max(10, min(40, len(head) + 4))) for head in sheet.heads]
            book.sheet(sheet.title, _records(sheet), column_widths=widths)
    file.seek(0)
    return file


def _records(sheet: RowSheet) -> Iterator[dict[str, Any]]:
    """A sheet is written from records, so that one without rows gets an empty one for its heads.

    Read when its turn comes: two sheets must not have their cursors open at once.
    """
    lines = iter(sheet.lines)
    first = next(lines, None) or [""] * len(sheet.heads)
    for line in chain([first], lines):
        yield dict(zip(sheet.heads, line, strict=True))


WRITERS: dict[str, tuple[str, Callable[..., Any]]] = {
    "csv": ("text/csv; charset=utf-8", csv_lines),
    "json": ("application/json", json_parts),
    "ndjson": ("application/x-ndjson", ndjson_lines),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook),
}


def _record(application: Application, attributes: Sequence[Column], internal: bool) -> dict[str, Any]:
    """One object; what a government added stands in `attributes`, as in the API."""
    said = {a.name: value_of(application, a.name, internal=internal) for a in attributes}
    own = {name.removeprefix(OWN): said.pop(name) for name in list(said) if name.startswith(OWN)}
    return said | ({"attributes": own} if own else {})


def _code_of(other: Application, internal: bool) -> str | None:
    """The code of another record; one that is not public has no name outside."""
    return other.key if internal or other.status in Application.PUBLIC_STATUSES else None


class _Echo(io.StringIO):
    """A file whose write hands the line back."""

    def write(self, line: str) -> str:  # type: ignore[override]
        return line
