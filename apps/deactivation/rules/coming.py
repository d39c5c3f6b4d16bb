"""Who may do each coming step of a case, known from its opening so that a dead end shows early."""

from dataclasses import dataclass

from apps.accounts.actor import Actor
from apps.accounts.models import Membership
from apps.core import clock
from apps.deactivation.models import Act, Case
from apps.deactivation.rules import people

_S = Case.Status
_ORDER = (
    (Act.SEND_LETTER, {_S.NOMINATED}, ("reviewer",), people.may_send_letter),
    (Act.ANSWER, {_S.NOMINATED, _S.AWAITING_ANSWER}, ("agency_head", "reviewer"), people.may_answer),
    (
        Act.OPINION,
        {_S.NOMINATED, _S.AWAITING_ANSWER, _S.ANSWERED, _S.ON_DESK},
        ("companion",),
        people.may_give_opinion,
    ),
    (
        Act.RECOMMEND,
        {_S.NOMINATED, _S.AWAITING_ANSWER, _S.ANSWERED, _S.ON_DESK},
        ("reviewer",),
        people.may_recommend,
    ),
    (
        Act.DECIDE,
        {_S.NOMINATED, _S.AWAITING_ANSWER, _S.ANSWERED, _S.ON_DESK, _S.RECOMMENDED},
        ("approver",),
        people.may_decide,
    ),
    (Act.VERIFY_ITEM, {_S.DECIDED, _S.EXECUTING, _S.EXECUTED}, ("reviewer",), people.may_close),
    (Act.CLOSE, {_S.EXECUTED}, ("reviewer",), people.may_close),
)


@dataclass(frozen=True)
class Step:
    """One coming act and the people who may do it; nobody means the case will stand still there."""

    act: str
    label: str
    people: tuple[str, ...]

    @property
    def nobody(self):
        return not self.people


def who_may(case):
    """The coming steps of a case, each with the names and offices of who may do it today."""
    candidates = _candidates(case)
    return [
        Step(act, Act(act).label, _names(candidates, roles, may, case))
        for act, statuses, roles, may in _ORDER
        if case.status in statuses
    ]


def _candidates(case):
    today = clock.today(case.government.zone)
    rows = Membership.objects.current(today).filter(user__is_active=True)
    rows = rows.filter(role__in=("reviewer", "companion", "approver"), scope_id=case.government_id) | rows.filter(
        role="agency_head", scope__government_id=case.government_id
    )
    return [(Actor.of(row), row.seat) for row in rows.select_related("user", "seat", "scope")]


def _names(candidates, roles, may, case):
    found = (f"{by.name} ({seat})" for by, seat in candidates if by.role in roles and may(by, case))
    return tuple(dict.fromkeys(found))
