"""The figures of a closed quarter as closed: verdicts and their change, offices, findings, cases, savings."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext_lazy as _

from apps.accounts.queries import names_on
from apps.dashboard.queries.figures import ORDER
from apps.deactivation.models import Case
from apps.deactivation.queries import savings_total
from apps.monitoring.models import Assessment, Duty, Finding, Period, Verdict


def quarter_figures(period: Period) -> dict[str, Any]:
    """Everything the report says, as plain values; its statements do not grow with the register."""
    before = _previous(period)
    return {
        "quarter": period.code,
        "previous": before.code if before else "",
        "verdicts": _verdicts(period, before),
        "duties": _duties(period),
        "offices": _offices(period),
        "idle": _applications(period, Verdict.IDLE),
        "conflicts": _applications(period, Verdict.CONFLICT),
        "findings": _findings(period),
        "cases": _cases(period),
        "savings": savings_total(Case.objects.filter(government=period.government_id)),
    }


def as_closed(period: Period) -> Any:
    """The assessments of the close itself; late corrections are further rows."""
    return Assessment.objects.published().filter(period=period, corrects=None).order_by()


def _previous(period: Period) -> Period | None:
    last = period.quarter_value.previous()
    return Period.objects.filter(
        government=period.government_id, year=last.year, quarter=last.number, status=Period.Status.CLOSED
    ).first()


def _verdicts(period: Period, before: Period | None) -> list[dict[str, Any]]:
    now, was = _counted(period), _counted(before) if before else {}
    return [
        {
            "verdict": verdict.value,
            "label": str(verdict.label),
            "now": now.get(verdict, 0),
            "before": was.get(verdict, 0) if before else None,
        }
        for verdict in ORDER
    ]


def _counted(period: Period) -> dict[str, int]:
    return dict(as_closed(period).values_list("verdict").annotate(n=Count("pk")))


def _duties(period: Period) -> dict[str, int]:
    due = as_closed(period).exclude(verdict=Verdict.EXEMPT)
    found = dict(due.values_list("duty").annotate(n=Count("pk")))
    return {duty: found.get(duty, 0) for duty in Duty.values}


def _offices(period: Period) -> list[dict[str, Any]]:
    """Offices with something idle, unreported or contradictory, the most first."""
    rows = as_closed(period).values("owner_id", name=F("owner__name"), code=F("owner__code"))
    trouble = {
        "idle": Count("pk", filter=Q(verdict=Verdict.IDLE)),
        "unreported": Count("pk", filter=Q(verdict=Verdict.UNREPORTED)),
        "conflict": Count("pk", filter=Q(verdict=Verdict.CONFLICT)),
        "assessed": Count("pk", filter=~Q(verdict=Verdict.EXEMPT)),
        "idle_cost": Sum("application__yearly_cost", filter=Q(verdict=Verdict.IDLE), default=0),
    }
    offices = [row for row in rows.annotate(**trouble) if row["idle"] + row["unreported"] + row["conflict"]]
    then = _names(period, {row["owner_id"] for row in offices})
    offices = [{**row, "name": then.get(row.pop("owner_id"), row["name"])} for row in offices]
    ranked = sorted(offices, key=lambda row: (-row["idle"] - row["unreported"] - row["conflict"], row["name"]))
    return [{**row, "idle_cost": int(row["idle_cost"])} for row in ranked]


def _names(period: Period, ids: set[int]) -> dict[int, str]:
    """What the offices were called when the quarter closed, however late the report is issued."""
    return names_on(period.closed_at, ids) if period.closed_at else {}


def _applications(period: Period, verdict: str) -> list[dict[str, Any]]:
    found = as_closed(period).filter(verdict=verdict).select_related("application", "owner")
    rows = list(found.order_by("owner__name", "application__name"))
    then = _names(period, {row.owner_id for row in rows})
    return [
        {
            "code": row.application.code,
            "name": row.application.name,
            "owner": then.get(row.owner_id, row.owner.name),
            "yearly_cost": int(row.application.yearly_cost) if row.application.yearly_cost is not None else None,
        }
        for row in rows
    ]


def _findings(period: Period) -> dict[str, int]:
    """Findings this close opened, by kind, and those open at the time of the report."""
    raised = Finding.objects.filter(opened_in=period).order_by().values_list("kind").annotate(n=Count("pk"))
    return {str(Finding.Kind(kind).label): number for kind, number in raised}


def _cases(period: Period) -> list[dict[str, Any]]:
    """Cases by state now, and how many moved within the quarter."""
    zone, quarter = period.government.zone, period.quarter_value
    first, end = quarter.first_instant(zone), quarter.end_instant(zone)
    rows: dict[str, int] = defaultdict(int)
    of_government = Case.objects.filter(government=period.government_id).order_by()
    rows.update(dict(of_government.values_list("status").annotate(n=Count("pk"))))
    moved = of_government.aggregate(
        opened=Count("pk", filter=_within("nominated_at", first, end)),
        decided=Count("pk", filter=Q(decided_on__gte=quarter.starts_on, decided_on__lte=quarter.ends_on)),
        retired=Count("pk", filter=_within("retired_at", first, end)),
    )
    states = [{"label": str(label), "number": rows[status]} for status, label in Case.Status.choices if rows[status]]
    return [*states, *({"label": str(_MOVED[name]), "number": number} for name, number in moved.items())]


_MOVED = {
    "opened": _("Dibuka dalam triwulan"),
    "decided": _("Diputus dalam triwulan"),
    "retired": _("Dipensiunkan dalam triwulan"),
}


def _within(name: str, first: datetime, end: datetime) -> Q:
    return Q(**{f"{name}__gte": first, f"{name}__lt": end})
