"""The trail: chained at COMMIT, and tampering is found (T-09 small) and refused to the application role."""

import random
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from apps.accounts.actor import Actor
from apps.audit import services
from apps.audit.models import Event, Link
from tests.factories import APPLICATION_ROLE, make_government

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def as_application_role():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APPLICATION_ROLE}")
        yield cursor


@contextmanager
def guards_resting():
    """The owner's way round every trigger: what an intruder with full rights would do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


def write_events(number):
    government = make_government()
    for index in range(number):
        services.record(Actor.system(), "uji.dicatat", government, reason=f"alasan {index}", nomor=index)


def test_events_are_linked_in_order_at_commit():
    write_events(5)
    assert list(Link.objects.values_list("seq", flat=True)) == [1, 2, 3, 4, 5]
    assert services.first_bad_link() is None


def test_a_rolled_back_act_leaves_no_event_and_no_gap():
    write_events(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write_events(1)
        _ = 1 / 0
    write_events(1)
    assert list(Link.objects.values_list("seq", flat=True)) == [1, 2]


MUTATIONS = {
    "actor_name": "'Orang Lain'",
    "verb": "'uji.lain'",
    "reason": "'dibalik'",
    "details": "'{\"nomor\": 99}'",
    "at": "at + interval '1 second'",
    "subject_code": "'X'",
}


def test_every_single_row_mutation_is_found():
    write_events(20)
    chosen = random.Random(7)
    ids = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    for _round in range(200):
        place, column = chosen.randrange(20), chosen.choice(sorted(MUTATIONS))
        with guards_resting() as cursor:
            cursor.execute(f"UPDATE audit_event SET {column} = {MUTATIONS[column]} WHERE id = %s", [ids[place]])
            assert services.first_bad_link() == place + 1
            transaction.set_rollback(True)
    assert services.first_bad_link() is None


def test_a_removed_row_is_found():
    write_events(5)
    with guards_resting() as cursor:
        cursor.execute("DELETE FROM audit_link WHERE seq = 3")
        assert services.first_bad_link() == 4
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE audit_event SET reason = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event CASCADE",
        "UPDATE audit_link SET hash = ''",
        "INSERT INTO audit_link (seq, event_id, prev, hash) VALUES (99, 1, '', '')",
        "UPDATE accounts_organizationevent SET name = 'x'",
        "SET pgtrigger.ignore = 'all'; UPDATE audit_event SET reason = 'x'",
        "SET session_replication_role = replica",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    ],
)
def test_the_application_role_cannot_touch_the_trail(attempt):
    write_events(1)
    with pytest.raises(ProgrammingError), as_application_role() as cursor:
        cursor.execute(attempt)


def test_control_the_same_role_can_write_events():
    government = make_government()
    with as_application_role():
        services.record(Actor.system(), "uji.dicatat", government)
    assert Event.objects.count() == Link.objects.count() == 1


def test_even_the_owner_is_refused_by_the_plain_trigger():
    write_events(1)
    with pytest.raises(ProgrammingError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET reason = 'x'")
