"""Conditions of an optimise outcome are followed to their end, also after their case was closed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.deactivation import services, tasks
from tests import factories_deactivation as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def optimised(db):
    cast = made.make_cast()
    due = clock.today(cast.government.zone) + timedelta(days=20)
    terms = [{"text": "Pasang pencacah", "due_on": due}]
    case = made.make_case(at="decided", cast=cast, outcome="optimise", conditions=terms)
    return cast, case, case.conditions.get()


def reminded(case):
    return Event.objects.filter(verb="case.condition_overdue", subject_id=case.pk).count()


def test_reminded_the_day_after_and_every_month_until_it_is_settled(optimised):
    cast, case, condition = optimised
    assert case.status == "closed"
    counts = []
    for days in (0, 1, 2, 30, 31, 60, 61):
        made.travel_to_day(condition.due_on + timedelta(days=days))
        tasks.chase_conditions()
        tasks.chase_conditions()
        counts.append(reminded(case))
    assert counts == [0, 1, 1, 1, 2, 2, 3]
    condition.refresh_from_db()
    services.settle_condition(condition.pk, by=cast.reviewer, version=condition.version, status="met", text="Terpasang")
    made.travel_to_day(condition.due_on + timedelta(days=200))
    tasks.chase_conditions()
    assert reminded(case) == 3


def test_only_the_clock_reminds_and_not_before_its_day(optimised):
    cast, case, condition = optimised
    with pytest.raises(PermissionDenied):
        services.chase_condition(condition.pk, by=cast.reviewer)
    with pytest.raises(RuleViolation) as refused:
        services.chase_condition(condition.pk, by=cast.system)
    assert refused.value.code == "too_early" and reminded(case) == 0
