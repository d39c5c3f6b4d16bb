"""What is due on which day: last days of letters, sessions, objection windows, effective dates, steps and conditions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.deactivation.models import Case, ChecklistItem, Condition, DeskSession, Letter

S = Case.Status
DAY = timedelta(days=1)
IN_EXECUTION = (S.EXECUTING, S.EXECUTED)


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
    waiting = Letter.objects.visible_to(by).waiting().filter(due_on__range=(first, last))
    for row in waiting:
        yield Entry(row.due_on, "letter", _("Batas jawab surat"), row.addressee_name, row.code, row.get_absolute_url())


def _sessions(by: Any, first: date, last: date, zone: Any) -> Iterable[Entry]:
    near = DeskSession.objects.visible_to(by).exclude(status=DeskSession.Status.CANCELLED)
    near = near.filter(held_at__gte=_instant(first, zone), held_at__lt=_instant(last + DAY, zone))
    for row in near:
        at = row.held_at.astimezone(zone)
        label = _("Sesi pukul %(time)s") % {"time": at.strftime("%H.%M")}
        yield Entry(at.date(), "session", label, row.title, row.code, row.get_absolute_url())


def _instant(day: date, zone: Any) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _dates_of_cases(seen: QuerySet[Case], first: date, last: date) -> Iterable[Entry]:
    beside: Any = seen.select_related("application")
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
