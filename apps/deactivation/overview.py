"""The overview of cases: the board by state and age, what is late, how long each step takes, what is due, what retires when."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.core.workdays import working_days_since
from apps.deactivation import rules
from apps.deactivation.models import (
    OPEN_STATUSES,
    Case,
    ChecklistItem,
    Condition,
    DeskSession,
    Kind,
    Letter,
    LetterCase,
)

S = Case.Status
DAY = timedelta(days=1)
AGES = (7, 30, 90)  # days in the state: up to a week, a month, a quarter, longer
IN_EXECUTION = (S.EXECUTING, S.EXECUTED)
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
    late: int | None = 0

    @property
    def is_late(self) -> bool:
        return self.late is None or self.late > 0


def stays(cases: QuerySet[Case]) -> list[Stay]:
    """Every stay in a state as row history kept it, oldest first; one statement."""
    history = Case._meta.get_field("history_query").related_model
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


def standings(cases: QuerySet[Case], spent: list[Stay], today: date, government: Any) -> list[Standing]:
    """The open cases, the latest first; a constant number of statements."""
    since = {stay.case_id: stay.since for stay in spent if stay.until is None}
    asked = LetterCase.objects.filter(is_superseded=False).select_related("letter")
    waiting = ChecklistItem.objects.exclude(status=ChecklistItem.Status.VERIFIED)
    found = cases.open().select_related("application__owner", "target").order_by("pk")
    found = found.prefetch_related(
        Prefetch("letter_items", asked, to_attr="asked"), Prefetch("checklist", waiting, to_attr="waiting")
    )
    rows = []
    for case in found:
        day = since[case.pk].astimezone(government.zone).date()
        rows.append(Standing(case, day, (today - day).days, due_on(case)))
    _count_late(rows, today, government)
    return sorted(rows, key=lambda row: (not row.is_late, -(row.late or 0), -row.days, row.case.pk))


def due_on(case: Case) -> date | None:
    """The day by which the case should have moved: the letter's last day, the next step's, or the effective date."""
    if case.status == S.AWAITING_ANSWER:
        return next((row.letter.due_on for row in reversed(case.asked) if row.letter), None)
    days = [item.due_on for item in case.waiting] if case.status in IN_EXECUTION else []
    if case.status == S.EXECUTING and case.retired_at is None:
        days.append(case.effective_on)
    return min(days, default=None)


def _count_late(rows: list[Standing], today: date, government: Any) -> None:
    late = [row for row in rows if row.due_on and row.due_on < today]
    counted = days_late({row.due_on for row in late}, today, government)
    for row in late:
        row.late = counted.get(row.due_on)


def days_late(dues: set, today: date, government: Any) -> dict[date, int]:
    """Working days since each due date by the government's calendar; none while a year on the way is not confirmed."""
    joint_leave_counts = not rules.policy_of(government).joint_leave_is_working
    try:
        return working_days_since(dues, today, joint_leave_counts=joint_leave_counts)
    except RuleViolation:
        return {}


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
class Entry:
    """Something due on one day of the calendar."""

    day: date
    kind: str
    label: str
    title: str
    code: str
    url: str


def calendar(by: Any, first: date, last: date, zone: Any) -> list[Entry]:
    """What is due from `first` to `last`, by day: six statements, whatever the month."""
    seen = Case.objects.visible_to(by)
    return sorted(
        [*_letters_due(by, first, last), *_sessions(by, first, last, zone), *_dates_of_cases(seen, first, last)]
        + [*_steps_due(seen, first, last), *_conditions_due(seen, first, last)],
        key=lambda entry: (entry.day, entry.kind, entry.code, entry.title),
    )


def _letters_due(by: Any, first: date, last: date) -> Iterable[Entry]:
    waiting = Letter.objects.visible_to(by).filter(status=Letter.Status.DELIVERED, due_on__range=(first, last))
    for row in waiting:
        yield Entry(row.due_on, "letter", _("Batas jawab surat"), row.addressee_name, row.code, row.get_absolute_url())


def _sessions(by: Any, first: date, last: date, zone: Any) -> Iterable[Entry]:
    near = DeskSession.objects.visible_to(by).exclude(status=DeskSession.Status.CANCELLED)
    near = near.filter(held_at__gte=_instant(first, zone), held_at__lt=_instant(last + DAY, zone))
    for row in near:
        day = row.held_at.astimezone(zone).date()
        yield Entry(day, "session", _("Desk reviu"), row.title, row.code, row.get_absolute_url())


def _instant(day: date, zone: Any) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _dates_of_cases(seen: QuerySet[Case], first: date, last: date) -> Iterable[Entry]:
    beside = seen.select_related("application")
    for row in beside.filter(status=S.DECIDED, objection_ends_on__range=(first, last)):
        yield _entry(row, row.objection_ends_on, "objection", _("Masa keberatan berakhir"))
    coming = beside.filter(status__in=(S.DECIDED, S.EXECUTING), retired_at=None, effective_on__range=(first, last))
    for row in coming:
        yield _entry(row, row.effective_on, "effective", _("Mulai berlaku"))


def _steps_due(seen: QuerySet[Case], first: date, last: date) -> Iterable[Entry]:
    steps = ChecklistItem.objects.filter(case__in=seen, case__status__in=IN_EXECUTION, due_on__range=(first, last))
    for row in steps.exclude(status=ChecklistItem.Status.VERIFIED).select_related("case__application"):
        yield _entry(row.case, row.due_on, "step", row.title)


def _conditions_due(seen: QuerySet[Case], first: date, last: date) -> Iterable[Entry]:
    waiting = Condition.objects.filter(case__in=seen, status=Condition.Status.OPEN, due_on__range=(first, last))
    for row in waiting.select_related("case__application"):
        yield _entry(row.case, row.due_on, "condition", _("Syarat: %(text)s") % {"text": row.text})


def _entry(case: Case, day: date, kind: str, label: str) -> Entry:
    return Entry(day, kind, label, case.application.name, case.code, case.get_absolute_url())


@dataclass(frozen=True)
class Retirement:
    """An application that ends or has ended, what takes its place, and when; no date while the decision is awaited."""

    case: Case
    outcome: str
    target: Any
    on: date | None

    @property
    def quarter(self) -> Quarter | None:
        return Quarter.around(self.on) if self.on else None


def roadmap(cases: QuerySet[Case], today: date) -> tuple[list[tuple[Quarter | None, list[Retirement]]], int]:
    """Retirements by quarter from a year ago on, the undated last; and how many older ones are left out."""
    ends = cases.filter(kind=Kind.DEACTIVATION, status__in=DECIDED, outcome__in=rules.ENDS_SERVICE)
    beside = ("application__owner", "target", "recommendation__target")
    found = [
        Retirement(case, case.get_outcome_display(), case.target, case.effective_on)
        for case in ends.select_related(*beside).order_by("effective_on", "pk")
    ]
    asked = cases.filter(kind=Kind.DEACTIVATION, status=S.RECOMMENDED, recommendation__outcome__in=rules.ENDS_SERVICE)
    found += [
        Retirement(case, case.recommendation.get_outcome_display(), case.recommendation.target, None)
        for case in asked.select_related(*beside).order_by("pk")
    ]
    edge = Quarter.around(today).plus(-PAST_QUARTERS)
    shown: dict[Quarter | None, list[Retirement]] = defaultdict(list)
    for row in found:
        if row.quarter is None or row.quarter >= edge:
            shown[row.quarter].append(row)
    return list(shown.items()), len(found) - sum(len(rows) for rows in shown.values())
