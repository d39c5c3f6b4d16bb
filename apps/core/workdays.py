"""Working days by the yearly joint decree on holidays and joint leave (SKB tiga menteri)."""

from bisect import bisect_right
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from apps.core.errors import RuleViolation
from apps.core.models import Holiday, HolidayYear

SATURDAY = 5


def add_working_days(start: date, count: int, *, joint_leave_counts: bool = True) -> date:
    """The `count`-th working day after `start` (which does not count itself).

    `joint_leave_counts` says whether joint leave (cuti bersama) is a day off. RuleViolation when a year on the way
    is not confirmed: an unknown calendar is an error, not a year without holidays.
    """
    days = _working_days_after(start, joint_leave_counts)
    for _step in range(count - 1):
        next(days)
    return next(days)


def working_days_between(start: date, end: date, *, joint_leave_counts: bool = True) -> int:
    """How many working days lie after `start` up to and with `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, joint_leave_counts=joint_leave_counts)
    count = 0
    for day in _working_days_after(start, joint_leave_counts):
        if day > end:
            return count
        count += 1
    return count


def working_days_since(starts: Collection[date], end: date, *, joint_leave_counts: bool = True) -> dict[date, int]:
    """For each start how many working days lie after it up to and with `end`; the calendar is read once a year of it."""
    first = min(starts, default=end)
    years = {year: _days_off(year, joint_leave_counts) for year in range(first.year, end.year + 1)} if starts else {}
    after = (first + timedelta(days=number) for number in range(1, (end - first).days + 1))
    worked = [day for day in after if day.weekday() < SATURDAY and day not in years[day.year]]
    return {start: len(worked) - bisect_right(worked, start) for start in starts}


def is_working_day(day: date, *, joint_leave_counts: bool = True) -> bool:
    """Whether offices work on `day`."""
    return day.weekday() < SATURDAY and day not in _days_off(day.year, joint_leave_counts)


def _working_days_after(start: date, joint_leave_counts: bool) -> Iterator[date]:
    day, year, off = start, None, frozenset()
    while True:
        day += timedelta(days=1)
        if day.year != year:
            year, off = day.year, _days_off(day.year, joint_leave_counts)
        if day.weekday() < SATURDAY and day not in off:
            yield day


def _days_off(year: int, joint_leave_counts: bool) -> frozenset[date]:
    if not HolidayYear.objects.filter(year=year, confirmed_at__isnull=False).exists():
        raise RuleViolation(
            _("Hari libur tahun %(year)s belum dikonfirmasi. Minta administrator mengonfirmasinya di Pengelolaan.")
            % {"year": year},
            code="holidays_unconfirmed",
        )
    days = Holiday.objects.filter(year_id=year)
    if not joint_leave_counts:
        days = days.filter(kind=Holiday.Kind.NATIONAL)
    return frozenset(days.values_list("date", flat=True))
