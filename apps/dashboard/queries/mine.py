"""The own offices' applications as home shows them: what needs attention first."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When, Window

from apps.inventory.models import Application
from apps.monitoring.models import DueApplication, Period, UsageReport

SHOWN = 8
LABELS = dict(UsageReport.Status.choices)
EXEMPTIONS = dict(DueApplication.Exemption.choices)


@dataclass(frozen=True)
class Mine:
    """Some rows of the offices' applications and how many there are; `period` is the quarter that is open."""

    period: Period | None = None
    rows: list[Any] = field(default_factory=list)
    total: int = 0

    @property
    def others(self) -> int:
        return self.total - len(self.rows)


def mine(by: Any) -> Mine:
    """Two statements, for operators and heads of agencies."""
    if not by.has_role("operator", "agency_head"):
        return Mine()
    period = Period.objects.visible_to(by).filter(status=Period.Status.OPEN).first()
    report = UsageReport.objects.filter(application=OuterRef("pk"), period=period)
    due = DueApplication.objects.filter(application=OuterRef("pk"), period=period)
    rows = Application.objects.visible_to(by).current().select_related("standing")
    rows = rows.annotate(
        report=Subquery(report.values("status")[:1]),
        exemption=Subquery(due.values("exemption")[:1]),
        among=Window(Count("pk")),
        rank=_attention(),
    )
    found: list[Any] = list(rows.order_by("rank", "name", "pk")[:SHOWN])
    for row in found:
        row.report_state, row.report_label = _said(row)
    return Mine(period, found, found[0].among if found else 0)


def _attention() -> Case:
    troubled = Q(standing__last_verdict__in=["idle", "conflict"]) | ~Q(standing__open_case="")
    silent = Q(standing__last_verdict="unreported")
    return Case(
        When(troubled & Q(standing__isnull=False), then=Value(0)),
        When(silent, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def _said(row: Any) -> tuple[str, Any]:
    """The report's state in the open quarter, and its word."""
    if row.report:
        return row.report, LABELS[row.report]
    if row.exemption:
        return "not_due", EXEMPTIONS[row.exemption]
    return ("missing", "") if row.exemption == "" else ("not_due", "")
