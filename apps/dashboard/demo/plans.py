"""Which group of cases gets which way: older quarters are through, the last but one holds every state."""

from datetime import datetime, timedelta

from apps.dashboard.demo.cases import Plan
from apps.deactivation.models import Case

FRIDAY = 4


def plans_for(opened: list[Case], back: int, found_at: datetime, now: datetime) -> list[tuple[list[Case], Plan]]:
    """The cases of one close, in groups with their plan; `back` counts quarters from the last closed one."""
    if back == 0:
        return [(opened[:1], Plan(letter=_after(found_at, 4)))] if opened else []
    plans = _every_state(now) if back == 1 else _through(back, found_at)
    groups: list[list[Case]] = [[] for _plan in plans]
    for place, case in enumerate(opened):
        groups[place % len(plans)].append(case)
    return [(group, plan) for group, plan in zip(groups, plans, strict=True) if group]


def _through(back: int, found_at: datetime) -> list[Plan]:
    """Ways that have come to their end."""
    letter, answer, desk, decide = (_after(found_at, days) for days in (4, 9, 24, 31))
    ended = Plan(letter, answer, desk, decide, closes=True)
    kept = Plan(letter, answer, desk, decide, outcome=("retain", "optimise")[back % 2])
    stopped = Plan(letter, withdraws=True) if back % 2 else Plan(letter, answer, desk, decide, annuls=True)
    return [ended, kept, stopped]


def _every_state(now: datetime) -> list[Plan]:
    """One plan for each state, measured back from the present; the home office's cases take the first two."""
    return [
        Plan(_ago(now, 6)),
        Plan(_ago(now, 60), _ago(now, 54), _ago(now, 45), _ago(now, 35), effective_after=60),
        Plan(),
        Plan(_ago(now, 12), _ago(now, 8)),
        Plan(_ago(now, 25), _ago(now, 20), _ago(now, 1), held_later=True),
        Plan(_ago(now, 30), _ago(now, 25), _ago(now, 5), reply="objected"),
        Plan(_ago(now, 40), _ago(now, 34), _ago(now, 12), _ago(now, 5)),
        Plan(_ago(now, 88), _ago(now, 83), _ago(now, 75), _ago(now, 68)),
        Plan(_ago(now, 60), _ago(now, 22), reply="silent"),
        Plan(_ago(now, 40), _ago(now, 34), _ago(now, 13), _ago(now, 6), objects=True),
        Plan(_ago(now, 6)),
    ]


def _after(instant: datetime, days: int) -> datetime:
    return _working(instant + timedelta(days=days, hours=2))


def _ago(now: datetime, days: int) -> datetime:
    return _working(now - timedelta(days=days))


def _working(instant: datetime) -> datetime:
    """The same hour on the Friday before, when the day lies on a weekend."""
    return instant - timedelta(days=max(instant.weekday() - FRIDAY, 0))
