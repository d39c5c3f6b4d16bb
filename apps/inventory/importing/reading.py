"""A sheet of text from XLSX or CSV. Sizes are limited before anything is unpacked (documents.rules)."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, time

import python_calamine
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.documents import rules

MAX_ROWS = 100_000
MAX_COLUMNS = 200


@dataclass(frozen=True)
class Sheet:
    """Column heads and rows of text; `first_row` is the number the first row has in the spreadsheet."""

    heads: list[str]
    rows: list[list[str]]
    first_row: int = 2


def read(content: bytes) -> Sheet:
    """The first sheet with a head line; ValidationError says what is wrong with the file."""
    kind = rules.content_type_of(content)
    if kind not in (rules.XLSX, rules.CSV):
        raise ValidationError(_("Berkas ini bukan daftar. Unggah XLSX atau CSV."))
    table = _workbook(content) if kind == rules.XLSX else _text(content)
    head_row = next((number for number, row in enumerate(table, start=1) if any(row)), 0)
    if not head_row:
        raise ValidationError(
            _("Berkas ini tidak berisi baris. Isi lembar pertama, dengan judul kolom di baris pertama.")
        )
    heads = [" ".join(head.split()) for head in table[head_row - 1]]
    while not heads[-1]:
        heads.pop()
    rows = table[head_row:]
    while rows and not any(rows[-1]):
        rows.pop()
    if len(heads) > MAX_COLUMNS or len(rows) > MAX_ROWS:
        raise ValidationError(_("Lembar terlalu besar. Paling banyak 100.000 baris dan 200 kolom; bagi berkasnya."))
    width = len(heads)
    return Sheet(heads, [_as_wide(row, width) for row in rows], head_row + 1)


def _as_wide(row: list[str], width: int) -> list[str]:
    """At least as wide as the heads; what stands to the right of them stays, to be named."""
    while len(row) > width and not row[-1]:
        row.pop()
    return row if len(row) >= width else row + [""] * (width - len(row))


def _workbook(content: bytes) -> list[list[str]]:
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        table = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, ValueError, IndexError, OSError) as error:
        raise ValidationError(_("Berkas XLSX ini rusak. Buka dan simpan ulang di Excel, lalu unggah lagi.")) from error
    return [[value.strip() if type(value) is str else _cell(value) for value in row] for row in table]


def _text(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig").replace("\x00", "")
    first = text.splitlines()[0] if text.splitlines() else ""
    delimiter = max(",;\t|", key=first.count)
    try:
        return [
            [value.strip() for value in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise ValidationError(_("Berkas CSV ini tidak dapat dibaca. Simpan ulang sebagai CSV UTF-8.")) from error


def _cell(value: object) -> str:
    """What a spreadsheet keeps as a number, a day or a claim, as the register's lists write it."""
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    return value.isoformat() if isinstance(value, date) else str("" if value is None else value).strip()
