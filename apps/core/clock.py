"""The one clock, kept in the database so that every process follows it at once.

`core_now()` is `clock_timestamp()` plus the offset in the one row of `core_clock`. Only the demo and tests move it.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import DateTimeField, Func


class CoreNow(Func):
    """The database clock as an expression, for column defaults and conditions."""

    function = "core_now"
    template = "%(function)s()"
    arity = 0
    output_field = DateTimeField()


def now() -> datetime:
    """The instant the database clock shows, aware, in UTC."""
    return _one("SELECT core_now()")


def today(zone: ZoneInfo) -> date:
    """The calendar date in `zone`."""
    return now().astimezone(zone).date()


def offset() -> timedelta:
    """How far the clock is moved; zero outside the demo and tests."""
    return _one("SELECT shift FROM core_clock")


def travel_to(instant: datetime) -> None:
    """Move the clock so that it shows `instant` now; for the demo and tests."""
    _execute("UPDATE core_clock SET shift = %s - clock_timestamp()", [instant])


def reset() -> None:
    """Bring the clock back to real time."""
    _execute("UPDATE core_clock SET shift = interval '0'", [])


def _one(sql: str):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def _execute(sql: str, params: list) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
