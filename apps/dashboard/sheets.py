"""The quarter's report as a workbook; its bytes depend on the figures alone."""

import io
from datetime import UTC, datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from apps.core.quarter import Quarter
from apps.inventory.cells import harmless

WIDE, NARROW = 44, 16


def quarter_sheet(figures: dict[str, Any], state: str) -> bytes:
    """Sheets: summary, offices, idle applications, contradictory ones, cases."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        quarter = Quarter.parse(figures["quarter"])
        book.set_properties({"title": quarter.label, "created": datetime(quarter.year, 1, 1, tzinfo=UTC)})
        for title, heads, rows in _sheets(figures, state):
            _fill(book, title, heads, rows)
    return file.getvalue()


def _sheets(figures: dict[str, Any], state: str) -> list[tuple[str, list[str], list[list[Any]]]]:
    verdicts = [[row["label"], row["now"], row["before"]] for row in figures["verdicts"]]
    duties, savings = figures["duties"], figures["savings"]
    further = [
        [_("Dilaporkan tepat waktu"), duties["reported"], None],
        [_("Terlambat"), duties["late"], None],
        [_("Tidak melapor"), duties["missing"], None],
        [_("Hemat setahun direncanakan (Rp)"), savings["planned"], None],
        [_("Hemat setahun diperiksa BKAD (Rp)"), savings["verified"], None],
        [_("SHA-256 keadaan register"), state, None],
    ]
    offices = [
        [row["name"], row["assessed"], row["idle"], row["unreported"], row["conflict"], row["idle_cost"]]
        for row in figures["offices"]
    ]
    heads = [_("Kode"), _("Aplikasi"), _("OPD"), _("Biaya setahun (Rp)")]
    return [
        (_("Ringkasan"), [_("Hasil"), figures["quarter"], figures["previous"] or "–"], verdicts + further),
        (
            _("Per OPD"),
            [
                _("OPD"),
                _("Dinilai"),
                _("Tidak dipakai"),
                _("Tidak lapor"),
                _("Bertentangan"),
                _("Biaya tidak dipakai (Rp)"),
            ],
            offices,
        ),
        (_("Tidak dipakai"), heads, [_application(row) for row in figures["idle"]]),
        (_("Bertentangan"), heads, [_application(row) for row in figures["conflicts"]]),
        (_("Kasus"), [_("Keadaan"), _("Jumlah")], [[row["label"], row["number"]] for row in figures["cases"]]),
    ]


def _application(row: dict[str, Any]) -> list[Any]:
    return [row["code"], row["name"], row["owner"], row["yearly_cost"]]


def _fill(book: Any, title: str, heads: list[str], rows: list[list[Any]]) -> None:
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, WIDE)
    sheet.set_column(1, len(heads) - 1, NARROW if len(heads) != len(("kode", "nama", "opd", "biaya")) else WIDE)
    sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
    for number, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(number, column, harmless(cell))
            elif cell is not None:
                sheet.write_number(number, column, cell, book.add_format({"num_format": "#,##0"}))
