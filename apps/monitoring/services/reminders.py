"""Reminding people of the quarter: a ladder, each rung once per person, held when too many are new."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.monitoring import rules
from apps.monitoring.models import Period, Reminder, ReminderBatch
from apps.monitoring.queries import Owing, executives_of, owing_people

Status = ReminderBatch.Status
VERBS = {"operator": "reminder.operator", "agency_head": "reminder.head", "executive": "reminder.digest"}
# The claim waits for a rival sweep and then skips whom it has claimed.
_CLAIM = """INSERT INTO monitoring_reminder (period_id, person_id, rung, role, organization_id, missing)
SELECT %s, person, %s, role, organization, missing
FROM unnest(%s::bigint[], %s::varchar[], %s::bigint[], %s::int[]) AS claimed (person, role, organization, missing)
ON CONFLICT (period_id, person_id, rung) DO NOTHING RETURNING id"""


@transaction.atomic
def remind_due(period_id: int, *, by: Any) -> int:
    """Remind whom the ladder reaches now and who still has something to report; how many are reminded or held.

    Run again it does nothing: a person is claimed once per rung. A rung that was slept through is not made up for.
    """
    period = Period.objects.visible_to(by).select_related("government").get(pk=period_id)
    if not rules.may_run_periods(by, period):
        raise PermissionDenied
    now = clock.now()
    if period.status == Period.Status.CLOSED:
        due = executives_of(period) if rules.digest_is_due(period, now) else []
        return _remind(period, rules.DIGEST, due, by)
    rungs = {role: rules.rung_of(role, period, now) for role in rules.LADDER}
    return sum(_remind(period, rung, owing_people(period, role), by) for role, rung in rungs.items() if rung)


@transaction.atomic
def remind_office(period_id: int, organization_id: int, *, by: Any) -> int:
    """A reviewer reminds one office, at most once a day; how many people are reminded."""
    period = Period.objects.visible_to(by).select_related("government").filter(pk=period_id).first()
    office = Organization.objects.visible_to(by).filter(pk=organization_id).first()
    if period is None or office is None:
        raise Http404
    if not rules.may_remind(by, office):
        raise PermissionDenied
    if period.status != Period.Status.OPEN or clock.now() >= period.closes_at:
        raise RuleViolation(_("Masa lapor triwulan ini tidak sedang dibuka."), code="not_open")
    people = [one for role in rules.LADDER for one in owing_people(period, role, within=office)]
    if not people:
        raise RuleViolation(
            _("Tidak ada yang dapat diingatkan: OPD ini sudah melapor semua, atau belum punya operator dan kepala."),
            code="nobody_owes",
        )
    reminded = _remind(period, f"R-{clock.today(period.government.zone):%Y%m%d}", people, by)
    if not reminded:
        raise RuleViolation(_("OPD ini sudah diingatkan hari ini."), code="already_reminded")
    return reminded


@transaction.atomic
def confirm_batch(batch_id: int, *, by: Any, version: int) -> ReminderBatch:
    """Let a held batch go to those in it who still have something to report."""
    batch = _judged(batch_id, by, version)
    if batch.status == Status.HELD and batch.rung != rules.DIGEST and clock.now() >= batch.period.closes_at:
        raise RuleViolation(_("Masa lapornya sudah berakhir; batalkan saja pengingat ini."), code="too_late")
    batch.move_to(Status.SENT)
    batch.save()
    record(by, "reminder.confirmed", batch, organization=batch.period.government, recipients=batch.recipients)
    _send(batch, by)
    return batch


@transaction.atomic
def discard_batch(batch_id: int, *, by: Any, version: int, reason: str) -> ReminderBatch:
    """Send a held batch to nobody; its people are reminded at the next rung."""
    batch = _judged(batch_id, by, version)
    batch.move_to(Status.DISCARDED)
    if not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan mengapa pengingat ini tidak dikirim.")]})
    batch.save()
    record(by, "reminder.discarded", batch, organization=batch.period.government, reason=reason.strip())
    return batch


def _judged(batch_id: int, by: Any, version: int) -> ReminderBatch:
    batch = ReminderBatch.objects.visible_to(by).locked(batch_id)
    if not rules.may_run_reminders(by, batch):
        raise PermissionDenied
    return ReminderBatch.objects.locked(batch_id, version)


def _remind(period: Period, rung: str, people: list[Owing], by: Any) -> int:
    claimed = _claim(period, rung, people)
    if not claimed:
        return 0
    held = _newcomers(claimed) > rules.NEW_RECIPIENTS_AT_MOST
    batch = ReminderBatch(
        period=period, rung=rung, status=Status.HELD if held else Status.SENT, recipients=len(claimed)
    )
    batch.save()
    Reminder.objects.filter(pk__in=claimed).update(batch=batch)
    if held:
        record(by, "reminder.held", batch, organization=period.government, recipients=len(claimed), quarter=period.code)
    else:
        _send(batch, by)
    return len(claimed)


def _claim(period: Period, rung: str, people: list[Owing]) -> list[int]:
    if not people:
        return []
    columns = zip(*((one.person_id, one.role, one.organization_id, one.missing) for one in people), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [period.pk, rung, *(list(column) for column in columns)])
        return [row[0] for row in cursor.fetchall()]


def _newcomers(claimed: list[int]) -> int:
    """How many of the claimed were never sent a reminder before."""
    known = Reminder.objects.filter(sent_at__isnull=False).values("person")
    return Reminder.objects.filter(pk__in=claimed).exclude(person__in=known).count()


def _send(batch: ReminderBatch, by: Any) -> None:
    """One event per person, which notifications tell; nobody who has nothing left to report."""
    period, now = batch.period, clock.now()
    days = max((rules.last_day(period) - clock.today(period.government.zone)).days, 0)
    owing = {(one.person_id, one.role): one.missing for role in rules.LADDER for one in owing_people(period, role)}
    for reminder in batch.reminders.select_related("organization", "period").filter(sent_at__isnull=True):
        missing = reminder.missing if batch.rung == rules.DIGEST else owing.get((reminder.person_id, reminder.role))
        if missing is None:
            continue
        reminder.sent_at = now
        reminder.save(update_fields=["sent_at"])
        record(by, VERBS[reminder.role], reminder, organization=reminder.organization, person=reminder.person_id,
               quarter=period.code, rung=batch.rung, left=missing, days=days)  # fmt: skip
