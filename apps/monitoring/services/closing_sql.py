"""The statements of the close: the same rule as `rules`, over whole sets. Tests hold both against one oracle."""

from typing import Any

from django.db import connection

from apps.core.codes import digits
from apps.monitoring.models import Period
from apps.monitoring.queries import REGISTER_STATE

# One statement per chunk: gather each application's evidence, judge it, and keep both; answers the last application it saw.
# Without its beginning a chunk would look again at all that went before.
JUDGE = """
WITH todo AS (
  SELECT d.application_id, d.owner_id, d.exemption, d.facts
  FROM monitoring_dueapplication d
  WHERE d.period_id = %(period)s AND d.application_id > %(after)s AND NOT EXISTS (
    SELECT FROM monitoring_assessment a WHERE a.period_id = d.period_id AND a.application_id = d.application_id)
  ORDER BY d.application_id LIMIT %(chunk)s
), counters AS (
  SELECT u.application_id, u.days, u.active_users AS users, u.transactions, u.checksum
  FROM monitoring_usagetotal u JOIN todo USING (application_id)
  WHERE u.span = 'quarter' AND u.starts_on = %(first_day)s
), probes AS (
  SELECT b.application_id, b.completed, b.days, b.reached, b.checksum
  FROM monitoring_probetotal b JOIN todo USING (application_id)
  WHERE b.span = 'quarter' AND b.starts_on = %(first_day)s AND b.completed > 0
), evidence AS (
  SELECT t.*, r.id AS report_id, r.used, r.active_users, r.transactions AS report_transactions, late.id AS late_id,
    coalesce(c.days, 0) AS counter_days, coalesce(c.users, 0) AS counter_users, coalesce(c.transactions, 0) AS counter_transactions,
    coalesce(p.completed, 0) AS completed, coalesce(p.days, 0) AS probe_days, coalesce(p.reached, 0) AS reached,
    jsonb_build_object(
      'exemption', t.exemption, 'facts', t.facts, 'quarter_days', %(days)s::int,
      'report', CASE WHEN r.id IS NULL THEN NULL ELSE jsonb_build_object('used', r.used, 'active_users', r.active_users,
        'transactions', r.transactions, 'registered_users', r.registered_users, 'growth_gb', r.growth_gb,
        'database_gb', r.database_gb, 'version', r.version, 'submitted_at', r.submitted_at, 'explanation', r.explanation,
        'obstacles', r.obstacles, 'next_step', r.next_step, 'running', r.running) END,
      'explanations', (SELECT jsonb_agg(jsonb_build_object('code', x.code, 'question', x.question, 'answer', x.answer,
        'answered_at', x.answered_at) ORDER BY x.id) FROM monitoring_explanationrequest x
        WHERE x.report_id = r.id AND x.status = 'answered' AND x.answered_at < %(closes_at)s),
      'counters', CASE WHEN c.days IS NULL THEN NULL ELSE jsonb_build_object('days', c.days, 'active_users', c.users,
        'transactions', c.transactions, 'checksum', c.checksum) END,
      'probes', CASE WHEN p.completed IS NULL THEN NULL ELSE jsonb_build_object('completed', p.completed, 'days', p.days,
        'reached', p.reached, 'checksum', p.checksum) END
    ) AS body
  FROM todo t
  LEFT JOIN monitoring_usagereport r ON r.period_id = %(period)s AND r.application_id = t.application_id
    AND r.status IN ('submitted', 'accepted') AND r.submitted_at < %(closes_at)s
  LEFT JOIN monitoring_usagereport late ON late.period_id = %(period)s AND late.application_id = t.application_id
    AND late.status IN ('submitted', 'accepted') AND late.submitted_at >= %(closes_at)s
  LEFT JOIN counters c ON c.application_id = t.application_id
  LEFT JOIN probes p ON p.application_id = t.application_id
), judged AS (
  SELECT e.*, CASE
    WHEN exemption <> '' THEN 'exempt'
    WHEN used AND ((counter_days > 0 AND counter_users = 0 AND counter_transactions = 0)
      OR (completed >= %(probes)s AND probe_days >= %(probe_days)s AND reached = 0)) THEN 'conflict'
    WHEN greatest(active_users, counter_users) >= %(active_users)s
      OR greatest(report_transactions, counter_transactions) >= %(transactions)s THEN 'active'
    WHEN NOT used OR (counter_days > 0 AND 2 * counter_days >= %(days)s AND counter_users = 0
      AND counter_transactions = 0) THEN 'idle'
    ELSE 'unreported' END AS verdict,
    greatest(active_users, CASE WHEN counter_days > 0 THEN counter_users END) AS known_users
  FROM evidence e
), kept AS (
INSERT INTO monitoring_assessment (period_id, application_id, owner_id, verdict, reason, low_use, duty, evidence, checksum,
  rule_version, created_at)
SELECT %(period)s, application_id, owner_id, verdict, exemption,
  verdict = 'active' AND coalesce(known_users < %(low_use_users)s, false),
  CASE WHEN report_id IS NOT NULL THEN 'reported' WHEN late_id IS NOT NULL THEN 'late' ELSE 'missing' END,
  body, encode(sha256(convert_to(body::text, 'UTF8')), 'hex'), %(rule_version)s, (SELECT core_now())
FROM judged
ON CONFLICT DO NOTHING
)
SELECT max(application_id) FROM todo
"""

# Each judged application of the period beside its history: the previous verdict that counts, for idleness and for reporting,
# the quarters of a finding it would raise, and the last eight quarters. Read before the last step and again only if its
# ground moved, see `ground`; what it says holds from the moment the period is closed.
_GATHERED = """
WITH this AS (
  SELECT a.application_id, a.verdict, a.owner_id, a.low_use,
    greatest((a.evidence #>> '{report,active_users}')::int, (a.evidence #>> '{counters,active_users}')::int) AS active_users
  FROM monitoring_assessment a
  WHERE a.period_id = %(period)s AND (%(application)s::bigint IS NULL OR a.application_id = %(application)s)
    AND NOT EXISTS (SELECT FROM monitoring_assessment c WHERE c.corrects_id = a.id)
), last AS (
  SELECT t.*, b.verdict AS previous, b.owner_id AS previous_owner, b.year, b.quarter
  FROM this t LEFT JOIN LATERAL (
    SELECT a.verdict, a.owner_id, p.year, p.quarter FROM monitoring_assessment a
    JOIN monitoring_period p ON p.id = a.period_id
    WHERE a.application_id = t.application_id AND p.status = 'closed' AND a.verdict <> 'exempt'
      AND p.year * 4 + p.quarter < %(index)s AND p.year * 4 + p.quarter >= %(index)s - %(look_back)s
      AND NOT EXISTS (SELECT FROM monitoring_assessment c WHERE c.corrects_id = a.id)
    ORDER BY p.year DESC, p.quarter DESC LIMIT 1
  ) b ON t.verdict IN ('idle', 'unreported', 'conflict')
), cells AS (
  SELECT l.*,
    CASE l.verdict WHEN 'idle' THEN 'idle' WHEN 'unreported' THEN 'non_reporting' WHEN 'conflict' THEN 'conflict' END AS kind,
    CASE WHEN EXISTS (
      SELECT FROM monitoring_countrestart s WHERE s.application_id = l.application_id
        AND l.year * 4 + l.quarter < s.year * 4 + s.quarter
        AND (cardinality(s.kinds) = 0 OR CASE l.verdict WHEN 'idle' THEN 'idle' WHEN 'unreported' THEN 'non_reporting'
          ELSE 'conflict' END = ANY(s.kinds))
    ) OR (l.verdict = 'unreported' AND l.previous_owner <> l.owner_id) THEN NULL ELSE l.previous END AS counting
  FROM last l
)
SELECT c.application_id, c.verdict, c.low_use, c.active_users, c.kind,
  c.verdict = 'idle' AND coalesce(c.counting, 'active') IN ('active', 'conflict') AS watched,
  CASE WHEN c.verdict IN ('idle', 'unreported', 'conflict') AND c.counting = c.verdict
      THEN ARRAY[c.year || '-Q' || c.quarter, %(code)s]
    WHEN c.verdict = 'conflict' THEN ARRAY[%(code)s] END::varchar(7)[] AS quarters,
  (SELECT jsonb_agg(jsonb_build_array(h.year || '-Q' || h.quarter, h.verdict) ORDER BY h.year, h.quarter) FROM (
    SELECT p.year, p.quarter, b.verdict FROM monitoring_assessment b JOIN monitoring_period p ON p.id = b.period_id
    WHERE b.application_id = c.application_id AND (p.status = 'closed' OR p.id = %(period)s)
      AND NOT EXISTS (SELECT FROM monitoring_assessment x WHERE x.corrects_id = b.id)
    ORDER BY p.year DESC, p.quarter DESC LIMIT 8) h) AS verdicts
FROM cells c
"""

DROP = "DROP TABLE IF EXISTS pg_temp.closing_gathered"
GATHER = f"{DROP}; CREATE TEMPORARY TABLE closing_gathered AS {_GATHERED}; ANALYZE closing_gathered"

# What the gathered rows rest on; each number only grows.
GROUND = """
SELECT (SELECT count(*) FROM monitoring_assessment WHERE period_id = %(period)s),
  (SELECT count(*) FROM monitoring_assessment WHERE corrects_id IS NOT NULL),
  (SELECT count(*) FROM monitoring_countrestart),
  (SELECT count(*) FROM monitoring_period WHERE status = 'closed')
"""

RESOLVE = """
UPDATE monitoring_finding f SET status = 'resolved', ended_at = core_now(), version = f.version + 1
FROM closing_gathered g
WHERE g.application_id = f.application_id AND g.verdict = 'active'
  AND f.status = 'open' AND f.kind IN ('idle', 'conflict', 'non_reporting')
"""

PROLONG = """
UPDATE monitoring_finding f SET quarters = f.quarters || %(code)s::varchar(7), version = f.version + 1
FROM closing_gathered g
WHERE g.quarters IS NOT NULL AND g.application_id = f.application_id AND g.kind = f.kind
  AND f.status IN ('open', 'taken_up') AND NOT %(code)s = ANY(f.quarters)
"""

_NEW = """FROM closing_gathered g WHERE g.quarters IS NOT NULL AND NOT EXISTS (SELECT FROM monitoring_finding f
  WHERE f.application_id = g.application_id AND f.kind = g.kind AND f.status IN ('open', 'taken_up'))"""

COUNT_RAISED = f"SELECT count(*) {_NEW}"

RAISE = f"""
INSERT INTO monitoring_finding (code, application_id, kind, status, opened_in_id, quarters, case_code, reason, version, created_at)
SELECT %(prefix)s || {digits("%(first)s + row_number() OVER (ORDER BY g.application_id) - 1")},
  g.application_id, g.kind, 'open', %(period)s, g.quarters, '', '', 1, (SELECT core_now())
{_NEW}
"""


def _standing(gathered: str) -> str:
    """Write what lists show of each gathered application, with the kinds of its open findings."""
    return f"""
INSERT INTO inventory_standing (application_id, last_verdict, last_period, low_use, watched, active_users, verdicts,
  open_findings, open_case, completeness)
SELECT g.application_id, g.verdict, %(code)s, g.low_use, g.watched, g.active_users, g.verdicts,
  ARRAY(SELECT f.kind FROM monitoring_finding f WHERE f.application_id = g.application_id
    AND f.status IN ('open', 'taken_up') ORDER BY f.kind),
  '', 0
FROM {gathered} g
ON CONFLICT (application_id) DO UPDATE SET last_verdict = excluded.last_verdict, last_period = excluded.last_period,
  low_use = excluded.low_use, watched = excluded.watched, active_users = excluded.active_users, verdicts = excluded.verdicts,
  open_findings = excluded.open_findings
"""


STANDING = _standing("closing_gathered")
STANDING_OF_ONE = _standing(f"({_GATHERED})")

SUMMARY = f"""
SELECT coalesce((SELECT jsonb_object_agg(verdict, n) FROM (
    SELECT verdict, count(*) AS n FROM monitoring_assessment WHERE period_id = %(period)s GROUP BY verdict) v), '{{}}'),
  {REGISTER_STATE}
FROM monitoring_assessment WHERE period_id = %(period)s AND corrects_id IS NULL
"""


def parameters(period: Period, **more: Any) -> dict[str, Any]:
    """What the statements ask for; thresholds are the period's own copy."""
    quarter = period.quarter_value
    return {
        **period.thresholds,
        "period": period.pk,
        "first_day": quarter.starts_on,
        "closes_at": period.closes_at,
        "days": quarter.days,
        "index": period.year * 4 + period.quarter,
        "code": period.code,
        "rule_version": period.rule_version,
        "application": None,
        "after": 0,
        **more,
    }


def earlier_is_open(period: Period) -> bool:
    """Whether a period before this one is not closed yet: quarters close in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM monitoring_period WHERE government_id = %s AND status IN ('open', 'closing')"
            " AND year * 4 + quarter < %s)",
            [period.government_id, period.year * 4 + period.quarter],
        )
        return cursor.fetchone()[0]


def ground(period: Period) -> tuple[int, ...]:
    """What the history of the period's applications rests on now: any change of it makes other numbers."""
    with connection.cursor() as cursor:
        cursor.execute(GROUND, {"period": period.pk})
        return cursor.fetchone()


def gather(period: Period) -> None:
    """Lay the period's applications and their histories ready for this connection."""
    with connection.cursor() as cursor:
        cursor.execute(GATHER, parameters(period))


def counts(period: Period) -> tuple[int, int]:
    """How many applications are due, and how many assessed at this close."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM monitoring_dueapplication WHERE period_id = %(p)s),"
            " (SELECT count(*) FROM monitoring_assessment WHERE period_id = %(p)s AND corrects_id IS NULL)",
            {"p": period.pk},
        )
        return cursor.fetchone()
