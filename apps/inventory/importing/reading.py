"""A sheet of text from XLSX or CSV. Sizes are limited before anything is unpacked (documents.rules)."""

import csv
import io
from dataclasses import dataclass

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
    table = _workbook(content) if rules.content_type_of(content) == rules.XLSX else _text(content)
    filled = [(number, row) for number, row in enumerate(table, start=1) if any(row)]
    if not filled:
        raise ValidationError(
            _("Berkas ini tidak berisi baris. Isi lembar pertama, dengan judul kolom di baris pertama.")
        )
    head_row, heads = filled[0]
    if len(heads) > MAX_COLUMNS or len(filled) > MAX_ROWS:
        raise ValidationError(_("Lembar terlalu besar. Paling banyak 100.000 baris dan 200 kolom; bagi berkasnya."))
    width = len(heads)
    rows = [(row + [""] * width)[:width] for row in table[head_row:]]
    while rows and not any(rows[-1]):
        rows.pop()
    return Sheet(heads, rows, head_row + 1)


def _workbook(content: bytes) -> list[list[str]]:
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        table = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, ValueError, IndexError, OSError) as error:
        raise ValidationError(_("Berkas XLSX ini rusak. Buka dan simpan ulang di Excel, lalu unggah lagi.")) from error
    return [[_cell(value) for value in row] for row in table]


def _text(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    first = text.splitlines()[0] if text.splitlines() else ""
    delimiter = max(",;\t|", key=first.count)
    try:
        return [
            [_cell(value) for value in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise ValidationError(_("Berkas CSV ini tidak dapat dibaca. Simpan ulang sebagai CSV UTF-8.")) from error


def _cell(value: object) -> str:
    """One cell as text, without the blanks, tabs and line breaks around and inside that lists collect."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str("" if value is None else value).replace("\x00", "").split())
