"""Small tables of a report as CSV or as a workbook of sheets, harmless in a spreadsheet."""

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
Sheet = tuple[str | None, Row, Iterable[Row]]  # title, heads, rows
WIDEST = 360  # pixels of a column


def table_response(form: str, name: str, head: Row, rows: Iterable[Row]) -> HttpResponse:
    """The table as a file to keep; 404 for a form nobody writes."""
    if form not in ("csv", "xlsx"):
        raise Http404
    kind, _write = WRITERS[form]
    content = workbook([(None, head, rows)]) if form == "xlsx" else _csv([head, *rows])
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def sheets_response(name: str, sheets: Iterable[Sheet]) -> HttpResponse:
    """Several tables as one workbook to keep."""
    response = HttpResponse(workbook(sheets), content_type=WRITERS["xlsx"][0])
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def workbook(sheets: Iterable[Sheet], title: str = "") -> bytes:
    """The sheets as XLSX: bold heads that stay, numbers as whole numbers, columns as wide as what they say."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": title})
        bold, grouped = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
        for name, head, rows in sheets:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, cell in enumerate(head):
                sheet.write_string(0, column, str(cell), bold)
            for number, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    _write_cell(sheet, number, column, cell, grouped)
            sheet.autofit(WIDEST)
    return file.getvalue()


def _csv(rows: Iterable[Row]) -> str:
    sheet = io.StringIO()
    csv.writer(sheet).writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + sheet.getvalue()


def _write_cell(sheet: Any, number: int, column: int, cell: Any, grouped: Any) -> None:
    if isinstance(cell, int | Decimal):
        sheet.write_number(number, column, int(cell), grouped if abs(cell) >= 10_000 else None)
    elif cell is not None:
        sheet.write_string(number, column, harmless(str(cell)))
