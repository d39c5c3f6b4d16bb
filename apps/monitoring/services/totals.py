"""Counters and probes of a quarter as totals: the close judges by them, and they stay when the raw rows go."""

from datetime import datetime, time
from typing import Any

from django.db import connection, transaction

from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core import clock
from apps.core.quarter import Quarter
from apps.monitoring import rules
from apps.monitoring.models import Period

_USAGE = """
INSERT INTO monitoring_usagetotal (application_id, span, starts_on, days, active_users, transactions, data_bytes,
  checksum, created_at)
SELECT s.application_id, t.span, t.starts_on, count(*), max(s.active_users), sum(s.transactions),
  (array_agg(s.data_bytes ORDER BY s.day DESC) FILTER (WHERE s.data_bytes IS NOT NULL))[1],
  encode(sha256(convert_to(string_agg(concat_ws('|', to_char(s.day, 'YYYY-MM-DD'), s.active_users, s.transactions,
    coalesce(s.data_bytes::text, ''), s.source), E'\\n' ORDER BY s.day), 'UTF8')), 'hex'), core_now()
FROM monitoring_usagesample s
JOIN inventory_application a ON a.id = s.application_id AND a.government_id = %(government)s
CROSS JOIN LATERAL (VALUES ('quarter', %(first_day)s::date), ('month', date_trunc('month', s.day)::date)) t (span, starts_on)
WHERE s.day BETWEEN %(first_day)s AND %(last_day)s AND s.received_at < %(closes_at)s
GROUP BY s.application_id, t.span, t.starts_on
ON CONFLICT DO NOTHING
"""

_PROBES = """
INSERT INTO monitoring_probetotal (application_id, span, starts_on, completed, days, reached, not_completed, latency_ms,
  checksum, created_at)
SELECT p.application_id, t.span, t.starts_on,
  count(*) FILTER (WHERE p.outcome IN ('reached', 'unreached')),
  count(DISTINCT p.day) FILTER (WHERE p.outcome IN ('reached', 'unreached')),
  count(*) FILTER (WHERE p.outcome = 'reached'),
  count(*) FILTER (WHERE p.outcome NOT IN ('reached', 'unreached')),
  (percentile_cont(0.5) WITHIN GROUP (ORDER BY p.latency_ms) FILTER (WHERE p.outcome = 'reached'))::int,
  encode(sha256(convert_to(string_agg(concat_ws('|', to_char(p.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), p.url,
    p.outcome, p.why, p.status_code), E'\\n' ORDER BY p.at, p.id), 'UTF8')), 'hex'), core_now()
FROM (
  SELECT q.*, (q.at AT TIME ZONE %(zone)s)::date AS day FROM monitoring_probe q
  JOIN inventory_application a ON a.id = q.application_id AND a.government_id = %(government)s
  WHERE q.at >= %(first_instant)s AND q.at < %(end_instant)s
) p
CROSS JOIN LATERAL (VALUES ('quarter', %(first_day)s::date), ('month', date_trunc('month', p.day)::date)) t (span, starts_on)
GROUP BY p.application_id, t.span, t.starts_on
ON CONFLICT DO NOTHING
"""

# A raw row goes only when the total of its quarter is there.
_FORGET_SAMPLES = """
DELETE FROM monitoring_usagesample s USING monitoring_usagetotal t, inventory_application a
WHERE s.day < %(before)s AND a.id = s.application_id AND a.government_id = %(government)s
  AND t.application_id = s.application_id AND t.span = 'quarter' AND t.starts_on = date_trunc('quarter', s.day)::date
"""
_FORGET_PROBES = """
DELETE FROM monitoring_probe p USING monitoring_probetotal t, inventory_application a
WHERE p.at < %(before_instant)s AND a.id = p.application_id AND a.government_id = %(government)s
  AND t.application_id = p.application_id AND t.span = 'quarter'
  AND t.starts_on = date_trunc('quarter', p.at AT TIME ZONE %(zone)s)::date
"""


def parameters(period: Period) -> dict[str, Any]:
    """The days and instants of the period's quarter on the government's wall calendar, and when its window ends."""
    quarter, zone = period.quarter_value, period.government.zone
    return {
        "government": period.government_id,
        "zone": zone.key,
        "first_day": quarter.starts_on,
        "last_day": quarter.ends_on,
        "first_instant": quarter.first_instant(zone),
        "end_instant": quarter.end_instant(zone),
        "closes_at": period.closes_at,
    }


@transaction.atomic
def total_up(period: Period) -> None:
    """Write the totals of the period's months and of its quarter, as received before `closes_at`; once each."""
    with connection.cursor() as cursor:
        cursor.execute(_USAGE, parameters(period))
        cursor.execute(_PROBES, parameters(period))


@transaction.atomic
def forget_raw(government: Organization, *, by: Any) -> dict[str, int]:
    """Drop days and probes older than is kept, once their quarter's total stands and its late reports are over."""
    before = _kept_from(government)
    if before is None:
        return {"days": 0, "probes": 0}
    edges: dict[str, Any] = {
        "government": government.pk,
        "zone": government.zone.key,
        "before": before.starts_on,
        "before_instant": datetime.combine(before.starts_on, time(), government.zone),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_SAMPLES, edges)
        days = cursor.rowcount
        cursor.execute(_FORGET_PROBES, edges)
        gone = {"days": days, "probes": cursor.rowcount}
    if any(gone.values()):
        record(by, "evidence.forgotten", government, organization=government, before=before.starts_on, **gone)
    return gone


def _kept_from(government: Organization) -> Quarter | None:
    """The first quarter whose raw rows stay; None while no quarter is closed."""
    last = (
        Period.objects.filter(government=government, status=Period.Status.CLOSED).order_by("-year", "-quarter").first()
    )
    if last is None:
        return None
    oldest = Quarter.of(clock.now(), government.zone).plus(-rules.RAW_KEPT_QUARTERS)
    return min(oldest, last.quarter_value)
