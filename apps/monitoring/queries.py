"""Reads about the quarter."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q, Sum

from apps.core.quarter import Quarter
from apps.inventory.models import Application
from apps.monitoring.models import (
    Assessment,
    CountRestart,
    DueApplication,
    Endorsement,
    Period,
    Probe,
    Span,
    UsageReport,
    UsageSample,
    UsageTotal,
)
from apps.monitoring.rules import Judged, Restart

_COUNTERS = """SELECT count(*), max(active_users), sum(transactions) FROM monitoring_usagesample
WHERE application_id = %s AND day >= %s AND day <= %s"""


def next_is_closed(period: Period) -> bool:
    """Whether a later period of the government is closed: late reports are over then."""
    later = Q(year=period.year, quarter__gt=period.quarter) | Q(year__gt=period.year)
    return Period.objects.filter(later, government=period.government_id, status=Period.Status.CLOSED).exists()


def last_ended(government_id: int, now: datetime) -> Period | None:
    """The last period whose window is over."""
    ended = Period.objects.filter(government=government_id, closes_at__lte=now)
    return ended.order_by("-year", "-quarter").first()


def counters_of(period: Period, application_id: int) -> dict[str, int] | None:
    """The quarter's counters received so far: days, highest day of active users, sum of transactions."""
    quarter = period.quarter_value
    with connection.cursor() as cursor:
        cursor.execute(_COUNTERS, [application_id, quarter.starts_on, quarter.ends_on])
        days, users, transactions = cursor.fetchone()
    return {"days": days, "active_users": users, "transactions": int(transactions)} if days else None


def current_period(government_id: int) -> Period | None:
    """The open period, else the one being closed, else the next scheduled, else the last closed."""
    periods = Period.objects.filter(government=government_id)
    for status in (Period.Status.OPEN, Period.Status.CLOSING, Period.Status.SCHEDULED):
        found = periods.filter(status=status).order_by("year", "quarter").first()
        if found:
            return found
    return periods.first()


def coverage(period: Period) -> list[dict[str, Any]]:
    """Per owner: due, exempt, drafted, submitted, accepted, returned, and those without any report."""
    due = DueApplication.objects.filter(period=period).values("owner_id", "owner__name", "owner__short_name")
    rows = due.annotate(due=Count("pk"), exempt=Count("pk", filter=~Q(exemption=""))).order_by("owner__name")
    reports: dict[int, dict[str, int]] = defaultdict(dict)
    found = (
        UsageReport.objects.filter(period=period).values_list("application__owner_id", "status").annotate(Count("pk"))
    )
    for owner_id, status, number in found:
        reports[owner_id][status] = number
    return [_with_reports(dict(row), reports[row["owner_id"]]) for row in rows]


def _with_reports(row: dict[str, Any], counts: dict[str, int]) -> dict[str, Any]:
    numbers = {status: counts.get(status, 0) for status in UsageReport.Status.values}
    answered = numbers["submitted"] + numbers["accepted"]
    due = row["due"] - row["exempt"]
    return {**row, **numbers, "due": due, "answered": answered, "missing": max(due - answered, 0)}


def due_applications(period: Period, owner_ids: Any) -> list[DueApplication]:
    """The due rows of these owners with their application, its last report and last assessment within reach."""
    rows = DueApplication.objects.filter(period=period, application__owner__in=owner_ids)
    return list(rows.select_related("application", "application__standing", "owner").order_by("application__name"))


def reports_of(period: Period, application_ids: Any) -> dict[int, UsageReport]:
    """The period's reports by application."""
    found = UsageReport.objects.filter(period=period, application__in=application_ids)
    return {report.application_id: report for report in found}


def history_of(application: Application | int) -> list[Judged]:
    """Every closed quarter of one application in force, oldest first."""
    pk = application if isinstance(application, int) else application.pk
    closed = Assessment.objects.published().in_force().filter(application=pk)
    rows = closed.values_list("period__year", "period__quarter", "verdict", "owner_id")
    return sorted((Judged(Quarter(y, q), v, o) for y, q, v, o in rows), key=lambda judged: judged.quarter)


def restarts_of(application_id: int) -> list[Restart]:
    """From which quarters the count began anew."""
    rows = CountRestart.objects.filter(application=application_id).values_list("year", "quarter", "kinds")
    return [Restart(Quarter(y, q), frozenset(kinds)) for y, q, kinds in rows]


def assessments_of(application: Application, by: Any, quarters: int = 8) -> list[Assessment]:
    """The last `quarters` assessments in force, newest first."""
    found = Assessment.objects.visible_to(by).in_force().filter(application=application).select_related("period")
    return list(found[:quarters])


def last_reports(period: Period, application_ids: Any) -> dict[int, UsageReport]:
    """The newest sent report before `period` of each application: what a new one starts from."""
    before = Q(period__year=period.year, period__quarter__lt=period.quarter) | Q(period__year__lt=period.year)
    found = UsageReport.objects.filter(before, application__in=application_ids).exclude(status=UsageReport.Status.DRAFT)
    newest = found.order_by("application_id", "-period__year", "-period__quarter").distinct("application_id")
    return {report.application_id: report for report in newest.select_related("period")}


def counters_by_application(period: Period, application_ids: Any) -> dict[int, dict[str, int]]:
    """The quarter's counters received so far, of many applications in one read."""
    quarter = period.quarter_value
    rows = UsageSample.objects.filter(
        application__in=application_ids, day__gte=quarter.starts_on, day__lte=quarter.ends_on
    ).values("application_id")
    sums = rows.annotate(days=Count("pk"), users=Max("active_users"), total=Sum("transactions")).order_by()
    return {
        row["application_id"]: {"days": row["days"], "active_users": row["users"], "transactions": int(row["total"])}
        for row in sums
    }


def endorsed(period: Period) -> dict[int, Endorsement]:
    """The last endorsement of the period by organization."""
    return {row.organization_id: row for row in period.endorsements.order_by("pk")}


def counted_days(application: Application, since: date, until: date) -> list[UsageSample]:
    """The days received between two dates, both included, newest first."""
    rows = UsageSample.objects.filter(application=application, day__gte=since, day__lte=until)
    return list(rows.order_by("-day"))


def last_counted_day(application: Application) -> date | None:
    """The newest day received."""
    return UsageSample.objects.filter(application=application).aggregate(last=Max("day"))["last"]


def quarter_totals(application: Application, quarters: int = 8) -> list[UsageTotal]:
    """The counters of the last closed quarters, newest first."""
    rows = UsageTotal.objects.filter(application=application, span=Span.QUARTER)
    return list(rows.order_by("-starts_on")[:quarters])


def probes_by_day(application: Application, today: date, days: int) -> dict[str, dict[date, Probe]]:
    """Per address the last probe of each of the last `days` days, on the wall calendar of the government."""
    zone = application.government.zone
    since = datetime.combine(today - timedelta(days=days - 1), time(), zone)
    found: dict[str, dict[date, Probe]] = defaultdict(dict)
    for row in Probe.objects.filter(application=application, at__gte=since).order_by("at"):
        found[row.url][row.at.astimezone(zone).date()] = row
    return found
