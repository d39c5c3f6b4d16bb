"""Two administrators name a definitive head of one office at the same moment: one wins, the other hears why."""

from contextlib import contextmanager
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from apps.accounts import services
from apps.accounts.models import Membership, Role, User
from apps.core.errors import RuleViolation
from tests import factories
from tests.racing import racers

ROUNDS = 10
GUARD = "membership_one_definitive_head"


@pytest.fixture
def administrator(transactional_db):
    government = factories.make_government()
    return factories.make_actor(Role.ADMINISTRATOR, government), government


def race(pool, by, government, round_number):
    """Whether each of two simultaneous grants went through."""
    office = factories.make_agency(government)
    people = [User.objects.create_user(f"kepala{round_number}-{n}@contoh.example", name=f"Kepala {n}") for n in (1, 2)]
    gate = Barrier(2)

    def give(person):
        try:
            gate.wait()
            services.grant(person.pk, by=by, role=Role.AGENCY_HEAD, seat=office, starts_on=date(2026, 1, 1))
        except RuleViolation as refusal:
            return refusal.code
        return "granted"

    return sorted(pool.map(give, people)), Membership.objects.filter(seat=office, role=Role.AGENCY_HEAD).count()


@contextmanager
def without_the_guard():
    constraint = next(c for c in Membership._meta.constraints if c.name == GUARD)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Membership, constraint)
    try:
        yield
    finally:
        Membership.objects.filter(role=Role.AGENCY_HEAD).delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Membership, constraint)


def test_exactly_one_head_wins(administrator):
    with racers(2) as pool:
        outcomes = [race(pool, *administrator, number) for number in range(ROUNDS)]
    print(f"{ROUNDS} races")  # noqa: T201  every zero is shown with its N
    assert outcomes == [(["granted", "one_definitive_head"], 1)] * ROUNDS


def test_control_without_the_guard_there_are_two_heads(administrator):
    with without_the_guard(), racers(2) as pool:
        outcomes = [race(pool, *administrator, number) for number in range(ROUNDS)]
    assert (["granted", "granted"], 2) in outcomes
