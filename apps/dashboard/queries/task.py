"""One piece of work that waits for a person."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet, Window

SHOWN = 5
SOON = timedelta(days=5)


@dataclass(frozen=True)
class Task:
    """What to do, why, where, and until when; `number` of pieces it stands for."""

    title: str
    href: str
    button: str
    text: str = ""
    until: date | None = None
    left: timedelta | None = None
    number: int = 1
    done: int | None = None
    total: int | None = None

    @property
    def days(self) -> int | None:
        """Days left; negative when the day has passed."""
        return None if self.left is None else self.left.days

    @property
    def late_by(self) -> int:
        return max(-self.left.days, 0) if self.left is not None else 0

    @property
    def is_soon(self) -> bool:
        return self.left is not None and self.left <= SOON


def in_order(tasks: list[Task], today: date) -> list[Task]:
    """The most urgent first; what has no last day comes last."""
    timed = [replace(task, left=task.until - today) if task.until else task for task in tasks]
    return sorted(timed, key=lambda task: (task.left is None, task.left or timedelta()))


def few(rows: QuerySet) -> tuple[list[Any], int]:
    """The first rows and how many more there are, in one statement."""
    found = list(rows.annotate(among=Window(Count("pk")))[:SHOWN])
    return found, (found[0].among - len(found) if found else 0)


def last_day(closes_at: datetime, zone: ZoneInfo) -> date:
    """The last whole day before an exclusive end."""
    return (closes_at - timedelta(seconds=1)).astimezone(zone).date()
