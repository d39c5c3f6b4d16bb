"""The calendar quarter (triwulan) and its edges as instants in a government's zone."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.core.errors import RuleViolation

ROMAN = ("", "I", "II", "III", "IV")


@dataclass(frozen=True, order=True)
class Quarter:
    """Quarter `number` (1–4) of `year`; half-open as a range of instants."""

    year: int
    number: int

    @classmethod
    def of(cls, instant: datetime, zone: ZoneInfo) -> Self:
        """The quarter that `instant` falls into on the wall calendar of `zone`."""
        return cls.around(instant.astimezone(zone).date())

    @classmethod
    def around(cls, day: date) -> Self:
        """The quarter of a calendar day."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026-Q3", "2026-3" or "2026Q3"."""
        found = re.fullmatch(r"(\d{4})-?[QqTt]?[Ww]?([1-4])", text.strip())
        if not found:
            raise RuleViolation(_("Triwulan ditulis seperti 2026-Q3."), code="quarter")
        return cls(int(found[1]), int(found[2]))

    @property
    def starts_on(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends_on(self) -> date:
        """The last day, inclusive."""
        return self.next().starts_on - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.next().starts_on - self.starts_on).days

    def first_instant(self, zone: ZoneInfo) -> datetime:
        return datetime.combine(self.starts_on, time(), zone)

    def end_instant(self, zone: ZoneInfo) -> datetime:
        """The first instant after the quarter (exclusive)."""
        return self.next().first_instant(zone)

    def next(self) -> "Quarter":
        return self.plus(1)

    def previous(self) -> "Quarter":
        return self.plus(-1)

    def plus(self, quarters: int) -> "Quarter":
        index = self.year * 4 + self.number - 1 + quarters
        return Quarter(index // 4, index % 4 + 1)

    @property
    def roman(self) -> str:
        return ROMAN[self.number]

    @property
    def label(self) -> str:
        return _("Triwulan %(roman)s %(year)s") % {"roman": self.roman, "year": self.year}

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"
