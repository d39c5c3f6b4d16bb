"""The overview of cases: the board by state and age, what is late, how long each step takes, what retires when."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.core import clock
from apps.core.quarter import Quarter
from apps.deactivation import rules
from apps.deactivation.models import OPEN_STATUSES, Case, Kind, Outcome
from apps.deactivation.queries.lateness import days_late, with_due

S = Case.Status
DAY = timedelta(days=1)
AGES = (7, 30, 90)  # days in the state: up to a week, a month, a quarter, longer
PAST_QUARTERS = 4
DECIDED = (S.DECIDED, S.EXECUTING, S.EXECUTED, S.CLOSED)


@dataclass(frozen=True)
class Overview:
    """What a reader sees of all cases together."""

    standings: list["Standing"]
    board: list[dict[str, Any]]
    medians: dict[str, float]
    offices: list[dict[str, Any]]
    roadmap: list[tuple[Quarter | None, list["Retirement"]]]
    older: int

    @property
    def late(self) -> list["Standing"]:
        return [row for row in self.standings if row.is_late]

    @property
    def retirements(self) -> list["Retirement"]:
        return [row for _quarter, rows in self.roadmap for row in rows]


def overview(by: Any) -> Overview:
    """The overview of the cases this person sees; a constant number of statements."""
    cases = Case.objects.visible_to(by)
    cases = Case.objects.filter(pk__in=cases.order_by().values("pk"))
    government = Organization.objects.get(pk=by.government_id)
    today = clock.today(government.zone)
    spent = stays(cases)
    found = standings(cases, spent, today, government)
    quarters, older = roadmap(cases, today)
    return Overview(found, board(found), medians(spent), offices(found, spent, cases), quarters, older)


@dataclass(frozen=True)
class Stay:
    """One stay of a case in one state; `until` is None while it lasts."""

    case_id: int
    status: str
    since: datetime
    until: datetime | None


@dataclass
class Standing:
    """An open case on the board: since when it stands in its state, what is due there, working days late (None: unknown)."""

    case: Case
    since: date
    days: int
    due_on: date | None
    is_late: bool = False
    late: int | None = 0


def stays(cases: QuerySet[Case]) -> list[Stay]:
    """Every stay in a state as row history kept it, oldest first; one statement."""
    history: Any = Case._meta.get_field("history_query").related_model
    rows = history.objects.filter(pgh_obj_id__in=cases.order_by().values("pk")).order_by("pgh_obj_id", "pgh_id")
    return _stays(rows.values_list("pgh_obj_id", "status", "pgh_created_at"))


def _stays(versions: Iterable[tuple[int, str, datetime]]) -> list[Stay]:
    found: list[Stay] = []
    for case_id, status, at in versions:
        last = found[-1] if found and found[-1].case_id == case_id else None
        if last and last.status == status:
            continue
        if last:
            found[-1] = Stay(case_id, last.status, last.since, at)
        found.append(Stay(case_id, status, at, None))
    return found


def medians(spent: Iterable[Stay]) -> dict[str, float]:
    """Median length in days of the finished stays by state, one decimal; states without any are missing."""
    lengths = defaultdict(list)
    for stay in spent:
        if stay.until:
            lengths[stay.status].append((stay.until - stay.since) / DAY)
    return {status: round(median(days), 1) for status, days in lengths.items()}


def board(standings: list[Standing]) -> list[dict[str, Any]]:
    """One row a state: how many cases by age, how many are late and by how many working days at most."""
    rows = []
    for status in OPEN_STATUSES:
        here = [row for row in standings if row.case.status == status]
        ages = Counter(_age(row.days) for row in here)
        late = [row for row in here if row.is_late]
        worst = max((row.late or 0 for row in late), default=0)
        rows.append(
            {
                "status": str(status),
                "label": S(status).label,
                "ages": [ages[place] for place in range(len(AGES) + 1)],
                "total": len(here),
                "late": len(late),
                "worst": worst,
            }
        )
    return rows


def _age(days: int) -> int:
    return next((place for place, limit in enumerate(AGES) if days <= limit), len(AGES))


def age_labels() -> list[str]:
    """The heads of the board's columns."""
    return [
        _("sampai 7 hari"),
        _("8–30 hari"),
        _("31–90 hari"),
        _("lebih dari 90 hari"),
    ]


def standings(cases: Any, spent: list[Stay], today: date, government: Any) -> list[Standing]:
    """The open cases, the latest first; a constant number of statements."""
    since = {stay.case_id: stay.since for stay in spent if stay.until is None}
    found: Any = with_due(cases.open()).select_related("application__owner", "target").order_by("pk")
    rows = []
    for case in found:
        day = since[case.pk].astimezone(government.zone).date()
        rows.append(Standing(case, day, (today - day).days, case.due_on, case.is_late))
    _count_late(rows, today, government)
    return sorted(rows, key=lambda row: (not row.is_late, -(row.late or 0), -row.days, row.case.pk))


def _count_late(rows: list[Standing], today: date, government: Any) -> None:
    late = [(row, row.due_on) for row in rows if row.is_late and row.due_on]
    counted = days_late({due_on for _row, due_on in late}, today, government)
    for row, due_on in late:
        row.late = counted.get(due_on)


def offices(found: list[Standing], spent: list[Stay], cases: QuerySet[Case]) -> list[dict[str, Any]]:
    """One row an office: open and late cases, and its own medians; the one with most open cases first."""
    named = cases.order_by().values_list("pk", "application__owner__code", "application__owner__name")
    office_of = {pk: (code, name) for pk, code, name in named}
    mine: dict = defaultdict(list)
    for stay in spent:
        mine[office_of[stay.case_id]].append(stay)
    still = Counter((row.case.application.owner.code, row.case.application.owner.name) for row in found)
    late = Counter((row.case.application.owner.code, row.case.application.owner.name) for row in found if row.is_late)
    rows = [
        {
            "code": key[0],
            "name": key[1],
            "cases": len({stay.case_id for stay in own}),
            "open": still[key],
            "late": late[key],
            "medians": medians(own),
        }
        for key, own in mine.items()
    ]
    return sorted(rows, key=lambda row: (-row["open"], row["name"]))


@dataclass(frozen=True)
class Retirement:
    """An application that ends or has ended, what takes its place, and when; no date while the decision is awaited."""

    case: Case
    outcome: str
    target: Any
    on: date | None

    @property
    def label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def is_over(self) -> bool:
        return self.case.retired_at is not None

    @property
    def quarter(self) -> Quarter | None:
        return Quarter.around(self.on) if self.on else None


def roadmap(cases: QuerySet[Case], today: date) -> tuple[list[tuple[Quarter | None, list[Retirement]]], int]:
    """Retirements by quarter from a year ago on, the undated last; and how many older ones are left out."""
    ends = cases.filter(kind=Kind.DEACTIVATION, status__in=DECIDED, outcome__in=rules.ENDS_SERVICE)
    beside = ("application__owner", "target", "recommendation__target")
    found = [
        Retirement(case, case.outcome, case.target, case.effective_on)
        for case in ends.select_related(*beside).order_by("effective_on", "pk")
    ]
    asked: Any = cases.filter(
        kind=Kind.DEACTIVATION, status=S.RECOMMENDED, recommendation__outcome__in=rules.ENDS_SERVICE
    )
    found += [
        Retirement(case, case.recommendation.outcome, case.recommendation.target, None)
        for case in asked.select_related(*beside).order_by("pk")
    ]
    edge = Quarter.around(today).plus(-PAST_QUARTERS)
    shown: dict[Quarter | None, list[Retirement]] = defaultdict(list)
    for row in found:
        if row.quarter is None or row.quarter >= edge:
            shown[row.quarter].append(row)
    return list(shown.items()), len(found) - sum(len(rows) for rows in shown.values())
