"""Issuing the quarter's report for the regional secretary."""

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock, codes
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.core.templatetags.spbe import angka, rupiah
from apps.dashboard.models import QuarterReport
from apps.dashboard.queries.quarter_report import quarter_figures
from apps.dashboard.sheets import quarter_sheet
from apps.documents import services as documents
from apps.documents.models import Document
from apps.documents.typesetting import typeset
from apps.monitoring.models import Period
from apps.monitoring.queries import register_state

TEMPLATE = Path(__file__).resolve().parent / "typst" / "quarter.typ"


@transaction.atomic
def issue_quarter_report(period_id: int, *, by: Any) -> QuarterReport:
    """Freeze the figures of a closed quarter, set them as PDF and XLSX, once; RuleViolation before the close."""
    period = Period.objects.visible_to(by).locked(period_id)
    if not by.is_system:
        raise PermissionDenied
    if period.status != Period.Status.CLOSED:
        raise RuleViolation(_("Laporan terbit setelah triwulan ditutup."), code="not_closed")
    issued = QuarterReport.objects.filter(period=period).first()
    if issued:
        return issued
    day = clock.today(period.government.zone)
    number, figures = codes.next_code("LTW", day.year), quarter_figures(period)
    state = register_state(period)
    report = QuarterReport.objects.create(
        period=period,
        number=number,
        figures=figures,
        register_sha256=state,
        paper=_kept(typeset(TEMPLATE, _words(period, number, figures, state, day), day), by, f"{number}.pdf"),
        sheet=_kept(quarter_sheet(figures, state), by, f"{number}.xlsx"),
    )
    record(by, "quarter_report.issued", report, organization=period.government, quarter=period.code, sha256=state)
    return report


def _kept(content: bytes, by: Any, name: str) -> Document:
    return documents.store_generated(content, by=by, kind=Document.Kind.QUARTER, name=name, title=name)


def _words(period: Period, number: str, figures: dict[str, Any], state: str, day: Any) -> dict[str, Any]:
    """What the paper says, every number as the office writes it."""
    before = figures["previous"]
    return {
        "number": number,
        "day": [day.year, day.month, day.day],
        "date": date_format(day, "j F Y"),
        "government": period.government.name,
        "quarter": str(period),
        "previous": Quarter.parse(before).label if before else "",
        "state": state,
        "verdicts": [_verdict_row(row) for row in figures["verdicts"]],
        "judged": angka(sum(row["now"] for row in figures["verdicts"])),
        "duties": {name: angka(number) for name, number in figures["duties"].items()},
        "offices": [{**row, "idle_cost": rupiah(row["idle_cost"]), "shown": _shown(row)} for row in figures["offices"]],
        "idle": [_application_row(row) for row in figures["idle"]],
        "findings": [[label, angka(number)] for label, number in figures["findings"].items()],
        "cases": [[row["label"], angka(row["number"])] for row in figures["cases"]],
        "savings": {name: rupiah(amount) for name, amount in figures["savings"].items()},
    }


def _verdict_row(row: dict[str, Any]) -> list[str]:
    if row["before"] is None:
        return [row["label"], angka(row["now"]), "", ""]
    change = row["now"] - row["before"]
    return [row["label"], angka(row["now"]), angka(row["before"]), f"{'+' if change > 0 else ''}{angka(change)}"]


def _shown(row: dict[str, Any]) -> list[str]:
    return [angka(row[name]) for name in ("assessed", "idle", "unreported", "conflict")]


def _application_row(row: dict[str, Any]) -> list[str]:
    cost = rupiah(row["yearly_cost"]) if row["yearly_cost"] is not None else _("tidak diketahui")
    return [row["code"], row["name"], row["owner"], cost]
