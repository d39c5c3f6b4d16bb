"""Opening a quarter's window and moving its end."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.monitoring import queries, rules
from apps.monitoring.models import Period

Status = Period.Status

# The state of each record when the window opened comes from row history, so a late clock freezes the same facts.
_FREEZE = """
INSERT INTO monitoring_dueapplication (period_id, application_id, owner_id, exemption, facts)
SELECT %(period)s, a.id, a.owner_id,
  CASE WHEN f.operating_since > %(first_day)s THEN 'not_operating'
       WHEN f.ownership = 'central' THEN 'central'
       WHEN a.status = 'retiring' THEN 'retiring'
       WHEN cardinality(f.season_months) > 0 AND NOT f.season_months::int[] && %(months)s::int[] THEN 'out_of_season'
       WHEN s.id IS NOT NULL THEN 'suspended'
       ELSE '' END,
  jsonb_build_object('status', a.status, 'ownership', f.ownership, 'operating_since', f.operating_since,
    'season_months', to_jsonb(f.season_months), 'suspended_until', s.ends_on, 'suspension_reason', s.reason)
FROM (
  SELECT DISTINCT ON (pgh_obj_id) pgh_obj_id AS id, owner_id, status, registered_at
  FROM inventory_applicationevent
  WHERE government_id = %(government)s AND pgh_created_at < %(opens_at)s
  ORDER BY pgh_obj_id, pgh_created_at DESC, pgh_id DESC
) a
LEFT JOIN LATERAL (
  SELECT ownership, operating_since, season_months FROM inventory_confirmedfacts c
  WHERE c.application_id = a.id AND c.confirmed_at < %(opens_at)s ORDER BY confirmed_at DESC, c.id DESC LIMIT 1
) f ON true
LEFT JOIN LATERAL (
  SELECT id, ends_on, reason FROM inventory_suspension p
  WHERE p.application_id = a.id AND p.granted_at < %(opens_at)s AND %(opens_on)s BETWEEN p.starts_on AND p.ends_on
  ORDER BY p.ends_on DESC LIMIT 1
) s ON true
WHERE a.status IN ('registered', 'retiring') AND a.registered_at < %(opens_at)s
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def schedule_period(government: Organization, quarter: Quarter) -> Period:
    """The government's period of `quarter`, made when it does not exist yet."""
    opens_at, closes_at = rules.window(quarter, government.zone)
    period, _created = Period.objects.get_or_create(
        government=government,
        year=quarter.year,
        quarter=quarter.number,
        defaults={
            "opens_at": opens_at,
            "closes_at": closes_at,
            "thresholds": queries.thresholds_in(government.pk, quarter),
            "rule_version": rules.RULE_VERSION,
            "version": 1,
        },
    )
    return period


@transaction.atomic
def open_period(period_id: int, *, by: Any) -> Period:
    """Open the window; freeze who is due, who is exempt as of `opens_at`, and the thresholds that count."""
    period = Period.objects.visible_to(by).locked(period_id)
    if not rules.may_run_periods(by, period):
        raise PermissionDenied
    if clock.now() < period.opens_at:
        raise RuleViolation(_("Masa lapor triwulan ini belum mulai."), code="too_early")
    period.move_to(Status.OPEN)
    period.thresholds = queries.thresholds_in(period.government_id, period.quarter_value)
    period.save()
    due = _freeze(period)
    record(by, "period.opened", period, organization=period.government, due=due, quarter=period.code)
    return period


def _freeze(period: Period) -> int:
    quarter = period.quarter_value
    first_month = quarter.starts_on.month
    with connection.cursor() as cursor:
        cursor.execute(
            _FREEZE,
            {
                "period": period.pk,
                "government": period.government_id,
                "opens_at": period.opens_at,
                "opens_on": period.opens_at.astimezone(period.government.zone).date(),
                "first_day": quarter.starts_on,
                "months": [first_month, first_month + 1, first_month + 2],
            },
        )
        return cursor.rowcount


@transaction.atomic
def extend_closing(period_id: int, *, by: Any, version: int, closes_at: datetime, reason: str) -> Period:
    """Move the closing instant later, before it has passed, with a reason."""
    period = Period.objects.visible_to(by).locked(period_id)
    if not rules.may_run_periods(by, period):
        raise PermissionDenied
    period = Period.objects.locked(period_id, version)
    if period.status != Status.OPEN or clock.now() >= period.closes_at:
        raise RuleViolation(_("Masa lapor ini sudah berakhir dan tidak dapat diperpanjang."), code="wrong_state")
    if closes_at <= period.closes_at:
        raise ValidationError({"closes_at": [_("Waktu tutup baru harus sesudah waktu tutup sekarang.")]})
    if not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan alasan perpanjangan.")]})
    before, period.closes_at = period.closes_at, closes_at
    period.save()
    record(by, "period.extended", period, organization=period.government, reason=reason, before=before, after=closes_at)
    return period
