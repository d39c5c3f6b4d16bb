"""A small table of a report as CSV or XLSX, harmless in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import Http404, HttpResponse

from apps.inventory.cells import harmless
from apps.inventory.exporting import WRITERS

Row = Sequence[Any]


def table_response(form: str, name: str, head: Row, rows: Iterable[Row]) -> HttpResponse:
    """The table as a file to keep; 404 for a form nobody writes."""
    writers = {"csv": _csv, "xlsx": _xlsx}
    if form not in writers:
        raise Http404
    kind, _write = WRITERS[form]
    response = HttpResponse(writers[form]([head, *rows]), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _csv(rows: list[Row]) -> str:
    sheet = io.StringIO()
    csv.writer(sheet).writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + sheet.getvalue()


def _xlsx(rows: list[Row]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                _cell(sheet, number, column, cell, None if number else bold)
    return file.getvalue()


def _cell(sheet: Any, number: int, column: int, cell: Any, form: Any) -> None:
    if isinstance(cell, int | Decimal):
        sheet.write_number(number, column, int(cell), form)
    else:
        sheet.write_string(number, column, harmless(str(cell)), form)
