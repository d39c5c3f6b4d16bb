"""Rows of the register as CSV and XLSX: streamed, flat in memory, harmless in a spreadsheet."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rustpy_xlsxwriter import FastExcel

from apps.inventory import cells, fields
from apps.inventory.cells import Column
from apps.inventory.rows import sheets as row_sheets
from apps.inventory.rows.sheets import RowSheet


def exported(attributes: Iterable[fields.Attribute]) -> list[fields.Attribute]:
    """Those of the interface in its order."""
    return list(attributes)


def csv_lines(rows: QuerySet, attributes: Sequence[Column], *, internal: bool) -> Iterator[str]:
    """A head line with the names of the interface, then a line per row; BOM so that Excel reads UTF-8."""
    pen = csv.writer(_Echo())
    yield "\ufeff" + pen.writerow([attribute.name for attribute in attributes])
    for line in cells.lines(rows, attributes, internal=internal):
        yield pen.writerow(line)


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
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook),
}


class _Echo(io.StringIO):
    """A file whose write hands the line back."""

    def write(self, line: str) -> str:  # type: ignore[override]
        return line
