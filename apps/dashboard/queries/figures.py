"""Figures of a scope for the last closed quarter, with the change since the one before."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Sum

from apps.inventory.models import Application
from apps.monitoring.models import Assessment, Period, Verdict

# Less is better for these, more for `active`; `exempt` is neither.
WORSE = (Verdict.IDLE, Verdict.UNREPORTED, Verdict.CONFLICT)
ORDER = (Verdict.ACTIVE, Verdict.IDLE, Verdict.CONFLICT, Verdict.UNREPORTED, Verdict.EXEMPT)


@dataclass(frozen=True)
class Line:
    """One verdict in two quarters."""

    verdict: str
    now: int
    before: int
    compared: bool

    @property
    def change(self) -> int:
        return self.now - self.before

    @property
    def size(self) -> int:
        return abs(self.change)

    @property
    def tone(self) -> str:
        if not self.change or self.verdict == Verdict.EXEMPT:
            return "muted"
        return "worse" if (self.change > 0) == (self.verdict in WORSE) else "good"


@dataclass(frozen=True)
class Figures:
    """The last closed quarter of a scope; `period` is None before the first close."""

    period: Period | None = None
    previous: Period | None = None
    lines: list[Line] = field(default_factory=list)
    registered: int = 0
    yearly_cost: Any = None

    @property
    def assessed(self) -> int:
        return sum(line.now for line in self.lines)

    @property
    def assessed_before(self) -> int:
        return sum(line.before for line in self.lines)

    @property
    def active(self) -> int:
        return next((line.now for line in self.lines if line.verdict == Verdict.ACTIVE), 0)

    @property
    def bars(self) -> list[tuple[str, int, int]]:
        """(verdict, offset, width) of the drawing, in applications."""
        drawn, offset = [], 0
        for line in self.lines:
            drawn.append((line.verdict, offset, line.now))
            offset += line.now
        return drawn


def figures(by: Any) -> Figures:
    """Three statements: the two quarters, their verdicts, the register's sum."""
    closed = list(Period.objects.visible_to(by).filter(status=Period.Status.CLOSED)[:2])
    current = Application.objects.visible_to(by).current().aggregate(n=Count("pk"), cost=Sum("yearly_cost"))
    if not closed:
        return Figures(registered=current["n"], yearly_cost=current["cost"])
    period, previous = closed[0], closed[1] if len(closed) > 1 else None
    counts = _counts(by, closed)
    lines = [
        Line(verdict, counts[period.pk, verdict], counts[previous.pk, verdict] if previous else 0, previous is not None)
        for verdict in ORDER
    ]
    return Figures(period, previous, lines, current["n"], current["cost"])


def _counts(by: Any, periods: list[Period]) -> Counter[tuple[int, str]]:
    rows = Assessment.objects.visible_to(by).in_force().filter(period__in=periods).order_by()
    found = rows.values_list("period", "verdict").annotate(n=Count("pk"))
    return Counter({(period, verdict): n for period, verdict, n in found})
