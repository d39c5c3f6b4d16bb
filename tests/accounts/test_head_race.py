"""Several administrators name a definitive head of one office at the same moment: one wins, the others hear why."""

from contextlib import contextmanager
from datetime import date
from threading import Barrier

import pytest
from django.db import OperationalError, connection, transaction

from apps.accounts import services
from apps.accounts.models import Membership, Role, User
from apps.accounts.services import memberships
from apps.core.errors import RuleViolation
from tests import factories
from tests.processes import await_that
from tests.racing import racers

ROUNDS = 10
GUARD = "membership_one_definitive_head"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def administrator(transactional_db):
    government = factories.make_government()
    return factories.make_actor(Role.ADMINISTRATOR, government), government


def candidates(government, count):
    """An office without a head and people who may become it."""
    office = factories.make_agency(government)
    names = [f"Kepala {office.pk} {number}" for number in range(count)]
    return office, [User.objects.create_user(f"{name.replace(' ', '-')}@contoh.example", name=name) for name in names]


def give(by, office, person, gate):
    """Name the person definitive head once all are at the gate; what the giver heard."""
    gate.wait(60)
    try:
        services.grant(person.pk, by=by, role=Role.AGENCY_HEAD, seat=office, starts_on=date(2026, 1, 1))
    except RuleViolation as refusal:
        return refusal.code
    except OperationalError as broken:
        return "deadlock" if "deadlock detected" in str(broken) else str(broken)
    return "granted"


def heads(office):
    return Membership.objects.filter(seat=office, role=Role.AGENCY_HEAD).count()


def race(pool, by, government):
    """What each of two simultaneous grants heard, and how many heads there are now."""
    office, people = candidates(government, 2)
    gate = Barrier(2)
    return sorted(pool.map(lambda person: give(by, office, person, gate), people)), heads(office)


def race_behind_one_that_gives_up(pool, by, government):
    """The same while a third grant stands unfinished, until both wait for it and it is taken back."""
    office, (third, *people) = candidates(government, 3)
    gate = Barrier(2)
    with transaction.atomic():
        give(by, office, third, Barrier(1))
        waiting = [pool.submit(give, by, office, person, gate) for person in people]
        with connection.cursor() as cursor:
            await_that(lambda: blocked(cursor) == 2)
        transaction.set_rollback(True)
    return sorted(outcome.result() for outcome in waiting), heads(office)


def blocked(cursor):
    cursor.execute("SELECT pg_stat_clear_snapshot()")
    cursor.execute(WAITING)
    return cursor.fetchone()[0]


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
        outcomes = [race(pool, *administrator) for _round in range(ROUNDS)]
    print(f"{ROUNDS} races")  # noqa: T201  every zero is shown with its N
    assert outcomes == [(["granted", "one_definitive_head"], 1)] * ROUNDS


def test_control_without_the_constraint_there_are_two_heads(administrator):
    with without_the_guard(), racers(2) as pool:
        outcomes = [race(pool, *administrator) for _round in range(ROUNDS)]
    assert (["granted", "granted"], 2) in outcomes


def test_nobody_is_told_of_a_deadlock(administrator):
    with racers(2) as pool:
        assert race_behind_one_that_gives_up(pool, *administrator) == (["granted", "one_definitive_head"], 1)


def test_control_without_turns_the_two_wait_for_each_other(administrator, monkeypatch):
    monkeypatch.setattr(memberships, "_wait_for_turn", lambda membership: None)
    with racers(2) as pool:
        assert race_behind_one_that_gives_up(pool, *administrator) == (["deadlock", "granted"], 1)
