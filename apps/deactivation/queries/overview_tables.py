"""The overview of cases as tables for the workbook and the CSV."""

from typing import Any

from django.utils.translation import gettext as _

from apps.deactivation.models import OPEN_STATUSES
from apps.deactivation.queries.overview import Overview, age_labels

Table = tuple[str, list[Any], list[list[Any]]]


def open_cases(found: Overview) -> Table:
    """One line an open case: where it stands, since when, what is due, how late."""
    head = [_("Kasus"), _("Kode aplikasi"), _("Aplikasi"), _("Kode OPD"), _("OPD"), _("Keadaan"), _("Sejak")]
    head += [_("Hari di keadaan ini"), _("Tenggat"), _("Terlambat (hari kerja)")]
    lines = [
        [
            row.case.code, row.case.application.key, row.case.application.name, row.case.application.owner.code,
            row.case.application.owner.name, row.case.get_status_display(), row.since.isoformat(), row.days,
            row.due_on.isoformat() if row.due_on else None, row.late,
        ]
        for row in found.standings
    ]  # fmt: skip
    return _("Kasus berjalan"), head, lines


def tables(found: Overview) -> list[Table]:
    """The sheets of the workbook."""
    states = [status.label for status in OPEN_STATUSES]
    heads = [_("Keadaan"), *age_labels(), _("Jumlah"), _("Terlambat"), _("Median hari")]
    stations = [
        [row["label"], *row["ages"], row["total"], row["late"], _days(found.medians.get(row["status"]))]
        for row in found.board
    ]
    offices = [
        [row["code"], row["name"], row["cases"], row["open"], row["late"]]
        + [_days(row["medians"].get(status)) for status in OPEN_STATUSES]
        for row in found.offices
    ]
    office_heads = [_("Kode OPD"), _("OPD"), _("Kasus"), _("Berjalan"), _("Terlambat"), *states]
    coming = [
        [str(quarter or ""), row.on.isoformat() if row.on else None, row.case.application.name, row.label]
        + [row.target.name if row.target else None, row.case.code]
        for quarter, rows in found.roadmap
        for row in rows
    ]
    coming_heads = [_("Triwulan"), _("Mulai berlaku"), _("Aplikasi"), _("Hasil"), _("Pengganti"), _("Kasus")]
    return [
        open_cases(found),
        (_("Menurut keadaan"), heads, stations),
        (_("Menurut OPD"), office_heads, offices),
        (_("Peta jalan"), coming_heads, coming),
    ]


def _days(value: float | None) -> str | None:
    return None if value is None else f"{value:.1f}"
