"""How the duty to report is met: by office, from quarter to quarter."""

from collections import defaultdict
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from apps.accounts.queries import names_on
from apps.core.quarter import Quarter
from apps.monitoring.models import (
    Assessment,
    DueApplication,
    Endorsement,
    Period,
    UsageReport,
)
from apps.monitoring.queries.reports import sent_reports

COVERED = ("due", "exempt", "draft", "submitted", "accepted", "returned", "answered", "missing", "unendorsed")


def coverage(period: Period) -> list[dict[str, Any]]:
    """Per owner: due, exempt, drafted, submitted, accepted, returned, and those without any report."""
    due = DueApplication.objects.filter(period=period).values(
        "owner_id", "owner__code", "owner__name", "owner__short_name"
    )
    rows = due.annotate(due=Count("pk"), exempt=Count("pk", filter=~Q(exemption=""))).order_by("owner__name")
    reports: dict[int, dict[str, int]] = defaultdict(dict)
    asked = DueApplication.objects.filter(period=period, application=OuterRef("application")).values("owner")
    sent = UsageReport.objects.filter(period=period).annotate(asked=Subquery(asked))
    for owner_id, status, number in sent.values_list("asked", "status").annotate(Count("pk")):
        reports[owner_id][status] = number
    made = [_with_reports(dict(row), reports[row["owner_id"]]) for row in rows]
    if period.status == Period.Status.CLOSED:
        _as_called_then(period, made)
    return made


def coverage_seen(by: Any, period: Period) -> list[dict[str, Any]]:
    """The coverage of the offices a person sees, with who endorsed; sent reports without endorsement are counted."""
    rows = [row for row in coverage(period) if by.is_government_wide or row["owner_id"] in by.organization_ids]
    signed = endorsed(period)
    for row in rows:
        row["endorsed"] = signed.get(row["owner_id"])
        row["unendorsed"] = int(bool(row["answered"]) and not row["endorsed"])
    return rows


def coverage_total(rows: list[dict[str, Any]]) -> dict[str, int]:
    """The offices' numbers summed."""
    return {name: sum(row[name] for row in rows) for name in COVERED}


def _as_called_then(period: Period, rows: list[dict[str, Any]]) -> None:
    """A closed quarter names offices as they were called when it closed."""
    names = names_on(period.closed_at or period.closes_at, [row["owner_id"] for row in rows])
    for row in rows:
        former = names.get(row["owner_id"], row["owner__name"])
        if former != row["owner__name"]:
            row["owner__name"], row["owner__short_name"] = former, ""


def _with_reports(row: dict[str, Any], counts: dict[str, int]) -> dict[str, Any]:
    numbers = {status: counts.get(status, 0) for status in UsageReport.Status.values}
    answered = numbers["submitted"] + numbers["accepted"]
    due = row["due"] - row["exempt"]
    return {**row, **numbers, "due": due, "answered": answered, "missing": max(due - answered, 0)}


def due_applications(period: Period, owner_ids: Any) -> list[DueApplication]:
    """The due rows of these owners with their application, its last report and last assessment within reach."""
    rows = DueApplication.objects.filter(period=period, application__owner__in=owner_ids)
    return list(rows.select_related("application", "application__standing", "owner").order_by("application__name"))


def unreported(period: Period) -> QuerySet[DueApplication]:
    """Due applications without a report that counts, by owner: what is chased."""
    sent = sent_reports(period).filter(application=OuterRef("application"))
    rows = DueApplication.objects.filter(~Exists(sent), period=period, exemption="")
    return rows.select_related("application__owner").order_by("application__owner__name", "application__name")


def endorsed(period: Period) -> dict[int, Endorsement]:
    """The last endorsement of the period by organization."""
    return {row.organization_id: row for row in period.endorsements.order_by("pk")}


def trend(by: Any, quarters: int = 8) -> list[dict[str, Any]]:
    """How the duty to report was met in the last closed quarters, oldest first; exempt ones are not counted."""
    rows = Assessment.objects.visible_to(by).in_force().exclude(verdict="exempt")
    sums = rows.values("period", "period__year", "period__quarter").annotate(
        due=Count("pk"),
        **{duty: Count("pk", filter=Q(duty=duty)) for duty in ("reported", "late", "missing")},
    )
    newest = list(sums.order_by("-period__year", "-period__quarter")[:quarters])
    return [{**row, "quarter": Quarter(row["period__year"], row["period__quarter"])} for row in reversed(newest)]
