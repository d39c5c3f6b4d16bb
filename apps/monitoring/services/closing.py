"""The close of a quarter: set-based, in chunks, killable anywhere, and unseen until it is whole."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock, codes
from apps.core.errors import RuleViolation
from apps.monitoring import rules
from apps.monitoring.models import Period
from apps.monitoring.services import closing_sql as sql
from apps.monitoring.services.totals import total_up

Status = Period.Status
CHUNK = 10_000


def close_period(period_id: int, *, by: Any, chunk: int = CHUNK) -> Period:
    """Judge every due application and publish findings and standing; run again it changes nothing.

    Five steps: lock the period and stop submissions; total up counters and probes; judge chunk by chunk, each committed;
    gather the histories, unlocked; then, in one transaction, prove due = assessed, write findings and standing, and set
    `closed`. Killed anywhere, the next run goes on.
    """
    period = _begin(period_id, by)
    if period.status == Status.CLOSED:
        return period
    total_up(period)
    last: int | None = 0
    while last is not None:
        last = _judge(period, chunk, last)
    return _finish(period_id, by, _gather(period))


@transaction.atomic
def _begin(period_id: int, by: Any) -> Period:
    period = Period.objects.visible_to(by).locked(period_id)
    if not rules.may_run_periods(by, period):
        raise PermissionDenied
    if period.status in (Status.CLOSING, Status.CLOSED):
        return period
    if clock.now() < period.closes_at:
        raise RuleViolation(_("Masa lapor belum berakhir; triwulan ini belum dapat ditutup."), code="too_early")
    if sql.earlier_is_open(period):
        raise RuleViolation(_("Tutup dahulu triwulan sebelumnya."), code="earlier_open")
    period.move_to(Status.CLOSING)
    period.save()
    record(by, "period.closing", period, organization=period.government, quarter=period.code)
    return period


@transaction.atomic
def _judge(period: Period, chunk: int, after: int) -> int | None:
    """Judge the next `chunk` applications after `after` that have no assessment; the last of them, None at the end."""
    with connection.cursor() as cursor:
        cursor.execute(sql.JUDGE, sql.parameters(period, chunk=chunk, after=after))
        return cursor.fetchone()[0]


@transaction.atomic
def _gather(period: Period) -> tuple[int, ...]:
    """Read the histories while nobody waits; the ground they were read on, taken first."""
    ground = sql.ground(period)
    sql.gather(period)
    return ground


@transaction.atomic
def _finish(period_id: int, by: Any, ground: tuple[int, ...]) -> Period:
    """Publish what was gathered; a correction since then moved the ground, and everything is read again."""
    period = Period.objects.locked(period_id)
    if period.status == Status.CLOSED:
        return period
    due, assessed = sql.counts(period)
    if due != assessed:
        raise RuleViolation(
            _("Penilaian belum lengkap: %(a)s dari %(d)s.") % {"a": assessed, "d": due}, code="incomplete"
        )
    if sql.ground(period) != ground:
        sql.gather(period)
    period.move_to(Status.CLOSED)
    period.closed_at = clock.now()
    period.save()
    raised = _write_findings(period)
    with connection.cursor() as cursor:
        cursor.execute(sql.STANDING, sql.parameters(period))
        cursor.execute(sql.SUMMARY, sql.parameters(period))
        verdicts, checksum = cursor.fetchone()
        cursor.execute(sql.DROP)
    record(by, "period.closed", period, organization=period.government, quarter=period.code, due=due,
           verdicts=verdicts, checksum=checksum, **raised)  # fmt: skip
    return period


def _write_findings(period: Period) -> dict[str, Any]:
    """Resolve, prolong and raise findings of the period; how many of each."""
    parameters = sql.parameters(period)
    with connection.cursor() as cursor:
        cursor.execute(sql.RESOLVE, parameters)
        resolved = cursor.rowcount
        cursor.execute(sql.PROLONG, parameters)
        prolonged = cursor.rowcount
        cursor.execute(sql.COUNT_RAISED, parameters)
        number = cursor.fetchone()[0]
        if number:
            year = clock.today(period.government.zone).year
            first = codes.reserve(f"TMN-{year}", number).start
            cursor.execute(sql.RAISE, {**parameters, "prefix": f"TMN-{year}-", "first": first})
    return {"findings_resolved": resolved, "findings_prolonged": prolonged, "findings_raised": number}
