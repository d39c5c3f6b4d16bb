"""The ledger of savings: planned by decisions, verified by BKAD, expected since retirement, realised as BKAD entered."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Prefetch

from apps.accounts.models import Organization
from apps.core import clock
from apps.deactivation.models import Case, Kind, Outcome, Realised, Saving
from apps.deactivation.queries.cases import savings_total

MONTHS = 12


@dataclass(frozen=True)
class Line:
    """One saving that stands: yearly amounts in whole rupiah.

    By calendar year `expected` is a twelfth for each full month since retirement, `realised` what BKAD entered.
    """

    saving: Saving
    planned: int
    verified: int | None
    expected: dict[int, int]
    realised: dict[int, int]

    @property
    def counted(self) -> int:
        """What it saves a year: as verified, else as planned."""
        return self.planned if self.verified is None else self.verified

    @property
    def office(self) -> Any:
        return self.saving.case.application.owner


@dataclass
class Sums:
    """Planned, verified and counted sums of some lines a year, and what is expected and realised by calendar year."""

    planned: int = 0
    verified: int = 0
    counted: int = 0
    expected: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    realised: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, line: Line) -> None:
        self.planned += line.planned
        self.verified += line.verified or 0
        self.counted += line.counted
        for year, amount in line.expected.items():
            self.expected[year] += amount
        for year, amount in line.realised.items():
            self.realised[year] += amount


class OfficeSums(NamedTuple):
    """The sums of one office."""

    office: Organization
    sums: Sums


class YearSums(NamedTuple):
    """What decisions in force by the end of a calendar year save, and what is expected and realised in it."""

    year: int
    sums: Sums

    @property
    def expected(self) -> int:
        return self.sums.expected.get(self.year, 0)

    @property
    def realised(self) -> int:
        return self.sums.realised.get(self.year, 0)


@dataclass(frozen=True)
class Ledger:
    """The lines a person sees with their totals, by office and by year; void ones only as a number."""

    lines: list[Line]
    total: Sums
    offices: list[OfficeSums]
    years: list[YearSums]
    void: int


def ledger(by: Any) -> Ledger:
    """The ledger of the cases this person sees; planned and verified come from the one home of the total."""
    cases = Case.objects.filter(pk__in=Case.objects.visible_to(by).order_by().values("pk"))
    today = clock.today(Organization.objects.get(pk=by.government_id).zone)
    rows = Saving.objects.filter(case__in=cases).order_by("first_year", "pk")
    rows = rows.select_related("case__application__owner", "case__government", "decision")
    rows = rows.prefetch_related(Prefetch("realised", Realised.objects.in_force()))
    back = _reactivated(by)
    found = list(rows)
    lines = [_line(row, today, back) for row in found if not row.is_void]
    total, home = _sums(lines), savings_total(cases)
    total.planned, total.verified = home["planned"], home["verified"]
    return Ledger(lines, total, _offices(lines), _years(lines, today), len(found) - len(lines))


def expected(yearly: Decimal, since: date, until: date) -> dict[int, int]:
    """A twelfth of the yearly amount for each full month after `since` up to `until`, in whole rupiah by year."""
    start, end = since.year * MONTHS + since.month, until.year * MONTHS + until.month - 1
    months: dict[int, int] = defaultdict(int)
    for month in range(start, end):
        months[month // MONTHS] += 1
    return {year: int(yearly * count / MONTHS) for year, count in months.items()}


def _line(saving: Saving, today: date, back: dict[int, date]) -> Line:
    case, verified = saving.case, saving.verified_yearly
    earned: dict[int, int] = {}
    if verified is not None and case.retired_at:
        since = case.retired_at.astimezone(case.government.zone).date()
        again = back.get(case.application_id)
        earned = expected(verified, since, min(today, again) if again and again > since else today)
    entered = {row.year: int(row.amount) for row in saving.realised.all()}
    return Line(saving, int(saving.planned_yearly), None if verified is None else int(verified), earned, entered)


def _reactivated(by: Any) -> dict[int, date]:
    """The day an application came back into service; from then on it saves nothing."""
    again = Case.objects.visible_to(by).filter(kind=Kind.REACTIVATION, outcome=Outcome.REACTIVATE)
    rows = again.exclude(decided_on=None).order_by("pk").values_list("application_id", "decided_on")
    return {application: day for application, day in rows if day}


def _sums(lines: list[Line]) -> Sums:
    found = Sums()
    for line in lines:
        found.add(line)
    return found


def _offices(lines: list[Line]) -> list[OfficeSums]:
    """By office, the largest first."""
    mine: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        mine[line.office.pk].append(line)
    rows = [OfficeSums(own[0].office, _sums(own)) for own in mine.values()]
    return sorted(rows, key=lambda row: (-row.sums.counted, row.office.name))


def _years(lines: list[Line], today: date) -> list[YearSums]:
    """By calendar year: what decisions in force by then save a year, what is expected and realised; the newest first."""
    if not lines:
        return []
    first = min(line.saving.first_year for line in lines)
    last = max(today.year, *(line.saving.first_year for line in lines))
    rows = []
    for year in range(last, first - 1, -1):
        sums = _sums([line for line in lines if line.saving.first_year <= year])
        rows.append(YearSums(year, sums))
    return rows
