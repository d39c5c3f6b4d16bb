"""The quarter's report as a workbook."""

from typing import Any

from django.utils.translation import gettext as _

from apps.core.quarter import Quarter
from apps.inventory.tables import Sheet, workbook


def quarter_sheet(figures: dict[str, Any], state: str) -> bytes:
    """Sheets: summary, offices, idle applications, contradictory ones, cases."""
    return workbook(_sheets(figures, state), Quarter.parse(figures["quarter"]).label)


def _sheets(figures: dict[str, Any], state: str) -> list[Sheet]:
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
