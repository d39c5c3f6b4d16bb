"""The report of the portfolio: verdicts by office, cases by state, savings."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Sum

from apps.accounts.queries import names_on
from apps.dashboard.queries.figures import ORDER, Figures, figures
from apps.deactivation.models import Case
from apps.deactivation.queries import savings_total
from apps.monitoring.models import Assessment, Verdict

TROUBLE = (Verdict.IDLE, Verdict.UNREPORTED, Verdict.CONFLICT)


@dataclass
class OfficeRow:
    """One office's verdicts in the quarter."""

    name: str
    code: str
    numbers: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    idle_cost: Any = 0

    @property
    def cells(self) -> list[tuple[str, int]]:
        return [(verdict, self.numbers[verdict]) for verdict in ORDER]

    @property
    def total(self) -> int:
        return sum(self.numbers.values())

    @property
    def trouble(self) -> int:
        return sum(self.numbers[verdict] for verdict in TROUBLE)

    @property
    def idle(self) -> int:
        return self.numbers[Verdict.IDLE]

    @property
    def unreported(self) -> int:
        return self.numbers[Verdict.UNREPORTED]


@dataclass(frozen=True)
class Portfolio:
    """What the report page and the leaders' home show."""

    figures: Figures
    offices: list[OfficeRow]
    cases: list[tuple[str, str, int]]
    planned: Any
    verified: Any

    @cached_property
    def troubled(self) -> list[OfficeRow]:
        return [row for row in self.offices if row.trouble]

    @property
    def open_cases(self) -> int:
        return sum(number for status, _label, number in self.cases if status not in ("closed", "withdrawn", "annulled"))


def portfolio(by: Any) -> Portfolio:
    """Six statements over the cases and assessments the person sees."""
    now = figures(by)
    saved = savings_total(Case.objects.visible_to(by))
    return Portfolio(now, _offices(by, now), _cases(by), saved["planned"], saved["verified"])


def _offices(by: Any, now: Figures) -> list[OfficeRow]:
    """The most troubled first."""
    if now.period is None:
        return []
    rows = Assessment.objects.visible_to(by).in_force().filter(period=now.period).order_by()
    named = rows.values("verdict", "owner_id", name=F("owner__name"), office=F("owner__code"))
    found = list(named.annotate(n=Count("pk"), cost=Sum("application__yearly_cost")))
    then = names_on(now.period.closed_at, {row["owner_id"] for row in found}) if now.period.closed_at else {}
    offices: dict[str, OfficeRow] = {}
    for row in found:
        name = str(then.get(row["owner_id"], row["name"]))
        office = offices.setdefault(row["office"], OfficeRow(name, str(row["office"])))
        office.numbers[row["verdict"]] = row["n"]
        if row["verdict"] == Verdict.IDLE:
            office.idle_cost = row["cost"] or 0
    return sorted(offices.values(), key=lambda office: (-office.trouble, office.name))


def _cases(by: Any) -> list[tuple[str, str, int]]:
    found = dict(Case.objects.visible_to(by).order_by().values_list("status").annotate(n=Count("pk")))
    return [(status, str(label), found[status]) for status, label in Case.Status.choices if status in found]
