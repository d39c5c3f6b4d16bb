"""Verbs without a domain: the heartbeat, idempotent answers, the calendar of days off."""

from datetime import date, timedelta

from django.db import transaction

from apps.core import clock
from apps.core.models import Heartbeat, Holiday, HolidayYear, IdempotentAnswer

KEEP_ANSWERS = timedelta(hours=24)


def beat(name: str) -> None:
    """Note that the clock's worker ticked now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.now()})


def keep_answer(client: str, key: str, request_hash: str, *, status_code: int, body: object, headers: dict) -> None:
    """Keep what was answered to a request with an Idempotency-Key, in the transaction of its act."""
    IdempotentAnswer.objects.create(
        client=client, key=key, request_hash=request_hash, status_code=status_code, body=body, headers=headers
    )


def forget_old_answers() -> None:
    """Drop idempotent answers older than 24 hours."""
    IdempotentAnswer.objects.filter(created_at__lt=clock.now() - KEEP_ANSWERS).delete()


@transaction.atomic
def set_holidays(year: int, days: list[tuple[date, str, str]], *, decree: str, confirmed_by: str = "") -> HolidayYear:
    """Write the days off of `year` as (date, kind, name); with `confirmed_by` the year counts as confirmed."""
    row, _created = HolidayYear.objects.update_or_create(
        year=year,
        defaults={
            "decree": decree,
            "confirmed_by": confirmed_by,
            "confirmed_at": clock.now() if confirmed_by else None,
        },
    )
    row.days.all().delete()
    Holiday.objects.bulk_create(Holiday(year=row, date=day, kind=kind, name=name) for day, kind, name in days)
    return row
