"""What counters and probes say."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, Max, Q, Sum

from apps.inventory.models import Application
from apps.monitoring import rules
from apps.monitoring.models import (
    GoneCheck,
    Period,
    Probe,
    Span,
    UsageSample,
    UsageTotal,
)
from apps.monitoring.rules import Against

_UNREACHABLE = """SELECT p.application_id, extract(day FROM max(p.at) - min(p.at))::int FROM monitoring_probe p
WHERE p.application_id = ANY(%(applications)s) AND p.outcome = 'unreached' AND p.at < %(until)s
  AND p.at > coalesce((SELECT max(r.at) FROM monitoring_probe r WHERE r.application_id = p.application_id
    AND r.outcome = 'reached' AND r.at < %(until)s), '-infinity') GROUP BY p.application_id"""


def against_of(period: Period, application_id: int) -> Against:
    """What the counters and the last probes say of one application in the quarter."""
    return against_by_application(period, [application_id]).get(application_id, Against())


def against_by_application(period: Period, application_ids: Any) -> dict[int, Against]:
    """The same of many applications in two reads; applications about which nothing is known are absent."""
    counters, dead = counters_by_application(period, application_ids), unreachable_days(period, application_ids)
    return {pk: Against(counters.get(pk), dead.get(pk, 0)) for pk in {*counters, *dead}}


def unreachable_days(period: Period, application_ids: Any) -> dict[int, int]:
    """Whole days from the first of the completed probes that all failed to the last before the window of `period` ended.

    A late report is held against what was known in its time: an address mended since was dead all the same.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNREACHABLE, {"applications": list(application_ids), "until": period.closes_at})
        return dict(cursor.fetchall())


def counters_by_application(period: Period, application_ids: Any) -> dict[int, dict[str, Any]]:
    """The quarter's counters received so far, of many applications in two reads; sizes in GB where days told them."""
    quarter = period.quarter_value
    sizes = ArrayAgg("data_bytes", filter=Q(data_bytes__isnull=False), order_by="day", default=[])
    rows = UsageSample.objects.filter(
        application__in=application_ids, day__gte=quarter.starts_on, day__lte=quarter.ends_on
    ).values("application_id")
    sums = rows.annotate(days=Count("pk"), users=Max("active_users"), total=Sum("transactions"), sizes=sizes).order_by()
    former = UsageTotal.objects.filter(
        application__in=application_ids, span=Span.QUARTER, starts_on=quarter.previous().starts_on
    )
    before = dict(former.values_list("application_id", "data_bytes"))
    return {
        row["application_id"]: {
            "days": row["days"],
            "active_users": row["users"],
            "transactions": int(row["total"]),
            **rules.data_sizes(before.get(row["application_id"]), row["sizes"]),
        }
        for row in sums
    }


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


def gone_checks(application: Application) -> list[GoneCheck]:
    """The looks at the addresses of the last retirement, by address and day."""
    rows = list(GoneCheck.objects.filter(application=application).order_by("url", "after_days"))
    last = max((row.retired_at for row in rows), default=None)
    return [row for row in rows if row.retired_at == last]


def probes_by_day(application: Application, today: date, days: int) -> dict[str, dict[date, Probe]]:
    """Per address the last probe of each of the last `days` days, on the wall calendar of the government."""
    zone = application.government.zone
    since = datetime.combine(today - timedelta(days=days - 1), time(), zone)
    found: dict[str, dict[date, Probe]] = defaultdict(dict)
    for row in Probe.objects.filter(application=application, at__gte=since).order_by("at"):
        found[row.url][row.at.astimezone(zone).date()] = row
    return found
