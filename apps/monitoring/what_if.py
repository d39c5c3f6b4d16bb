"""What other thresholds would have made of quarters that are closed; nothing is written."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from apps.core.quarter import Quarter
from apps.inventory.models import Application
from apps.monitoring import rules
from apps.monitoring.models import Assessment, CountRestart, Period, Verdict
from apps.monitoring.rules import Judged, Restart

QUARTERS = 4
LOOK_BACK = "period__thresholds__look_back"


@dataclass(frozen=True)
class Change:
    """One application whose verdict would have been another."""

    application: Application
    before: str
    after: str


@dataclass
class QuarterPreview:
    """A closed quarter as judged, and as it would have been."""

    period: Period
    before: Counter = field(default_factory=Counter)
    after: Counter = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[str, int, int]]:
        """Verdict, number as judged, number as it would have been."""
        return [(verdict, self.before[verdict], self.after[verdict]) for verdict in Verdict.values]


@dataclass
class Preview:
    """What would have differed in the last closed quarters, and which findings would stand now."""

    quarters: list[QuarterPreview]
    findings_gained: Counter
    findings_lost: Counter

    @property
    def changed(self) -> int:
        return sum(len(quarter.changes) for quarter in self.quarters)


def preview(government_id: int, thresholds: dict[str, int], quarters: int = QUARTERS) -> Preview:
    """Judge the last `quarters` closed quarters again from their stored evidence, by the same pure rule.

    The number of statements does not depend on how many applications there are.
    """
    closed = Period.objects.filter(government=government_id, status=Period.Status.CLOSED)
    previews = {period.pk: QuarterPreview(period) for period in closed.order_by("-year", "-quarter")[:quarters]}
    others: dict[tuple[int, Quarter], Judged] = {}
    look_back = thresholds["look_back"]
    for row in Assessment.objects.in_force().filter(period__in=previews).select_related("application__owner"):
        shown = previews[row.period_id]
        after = rules.verdict(rules.Evidence.of(row.evidence), thresholds)
        shown.before[row.verdict] += 1
        shown.after[after] += 1
        if after != row.verdict:
            shown.changes.append(Change(row.application, row.verdict, after))
        if after != row.verdict or look_back != shown.period.thresholds["look_back"]:
            quarter = shown.period.quarter_value
            others[row.application_id, quarter] = Judged(quarter, after, row.owner_id, look_back)
    for shown in previews.values():
        shown.changes.sort(key=lambda change: change.application.name)
    return Preview(list(previews.values()), *_findings(others))


def _findings(others: dict[tuple[int, Quarter], Judged]) -> tuple[Counter, Counter]:
    """Kinds of findings gained and lost if `others` had been judged instead."""
    gained: Counter = Counter()
    lost: Counter = Counter()
    touched = {application_id for application_id, _quarter in others}
    restarts = _restarts(touched)
    for pk, history in _histories(touched).items():
        changed = [others.get((pk, judged.quarter), judged) for judged in history]
        was = set(rules.standing_findings(history, restarts[pk]))
        would = set(rules.standing_findings(changed, restarts[pk]))
        gained.update(would - was)
        lost.update(was - would)
    return gained, lost


def _histories(applications: set[int]) -> dict[int, list[Judged]]:
    found: dict[int, list[Judged]] = defaultdict(list)
    closed = Assessment.objects.published().in_force().filter(application__in=applications)
    rows: Any = closed.values_list(
        "application_id", "period__year", "period__quarter", "verdict", "owner_id", LOOK_BACK
    )
    for pk, year, number, *judged in rows:
        found[pk].append(Judged(Quarter(year, number), *judged))
    return found


def _restarts(applications: set[int]) -> dict[int, list[Restart]]:
    found: dict[int, list[Restart]] = defaultdict(list)
    rows = CountRestart.objects.filter(application__in=applications)
    for pk, year, number, kinds in rows.values_list("application_id", "year", "quarter", "kinds"):
        found[pk].append(Restart(Quarter(year, number), frozenset(kinds)))
    return found
