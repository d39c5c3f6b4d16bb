"""The feed of changes: a client that follows it has the catalogue exactly, however the transactions overlapped."""

from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client

from apps.inventory.models import Application, Publication
from tests.catalogue.test_catalogue import make_application
from tests.factories import make_agency, make_government
from tests.inventory.following import History, Mirror, register
from tests.racing import racers

SEEDS, STEPS = 12, 60
LOCK = "PERFORM pg_advisory_xact_lock(7041992001);"
HEAD = "SELECT coalesce(max(position), 0) INTO head FROM inventory_publication;"
SAID = "FROM inventory_public_documents(ids) said"


def town(records=6, first=1):
    """Records in two offices; their ids and the offices'."""
    government = make_government()
    offices = [make_agency(government, f"Dinas {number}") for number in range(2)]
    made = [
        make_application(government, f"Aplikasi {number}", number=first + number, owner=offices[number % 2])
        for number in range(records)
    ]
    return [one.pk for one in made], [office.pk for office in offices]


@contextmanager
def rewritten(*changes):
    """The trigger function with its text changed, for a control."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('inventory_publish'::regproc)")
        original = cursor.fetchone()[0]
        text = original
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        cursor.execute(text)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(original)


def followed(seed, applications, offices, prepare=""):
    """Whether a client that reads pages while transactions overlap ends with what the tables say."""
    history, mirror = History(seed, applications, offices, prepare), Mirror(Client())
    try:
        for _step in range(STEPS):
            history.step()
            if history.random.random() < 0.3:
                mirror.read_page()
        history.finish()
    finally:
        history.close()
    mirror.read_all()
    left = dict(Application.objects.filter(status="merged").values_list("code", "merged_into__code"))
    return mirror.says() == register() and left.items() <= mirror.gone.items()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_whoever_follows_has_the_register(seed):
    assert followed(seed, *town())


@pytest.mark.django_db(transaction=True)
def test_positions_given_before_commit_lose_changes():
    """Control: numbered when it is written, a change can appear behind a client that has already read further."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE naive_position")
    try:
        with rewritten((LOCK, ""), (HEAD, "head := 1000 * nextval('naive_position');")):
            right = [
                followed(
                    seed,
                    town(first=100 * seed + 1)[0],
                    [],
                    "SET CONSTRAINTS publishing.inventory_publish_at_commit IMMEDIATE",
                )
                for seed in range(SEEDS)
            ]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SEQUENCE naive_position")
    assert not all(right)


def _changed_from_two_sides(changes):
    """A record and the name of its office, changed by two transactions that commit at the same moment; what is published."""
    applications, offices = town(1)

    def change(table, pk):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET name = 'Nama baru' WHERE id = %s", [pk])

    with (
        rewritten((SAID, f"{SAID} CROSS JOIN pg_sleep(0.4)"), *changes),
        racers(2) as pool,
    ):
        both = [("inventory_application", applications[0]), ("accounts_organization", offices[0])]
        list(pool.map(lambda one: change(*one), both))
    body = Publication.objects.get(pk=applications[0]).body
    return '"name":"Nama baru"' in body, '"owner_name":"Nama baru"' in body


@pytest.mark.django_db(transaction=True)
def test_two_sides_of_one_document_are_both_published():
    assert _changed_from_two_sides([]) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_side_is_lost():
    """Control: said before the other has committed, written after it."""
    assert _changed_from_two_sides([(LOCK, "")]) != (True, True)


@pytest.mark.django_db
def test_pages_go_on_and_say_when_they_end():
    town(5)
    mirror = Mirror(Client(), "/api/v1/changes/?page_size=2")
    assert [mirror.read_page(), mirror.read_page(), mirror.read_page()] == [True, True, False]
    assert len(mirror.kept) == 5 and mirror.read_page() is False


@pytest.mark.django_db
def test_one_government_alone_and_what_is_not_known():
    town(2)
    other = make_government("Kabupaten Lain")
    make_application(other, "Miliknya", number=90)
    ask = Client().get
    found = ask(f"/api/v1/changes/?government={other.code}").json()
    assert [one["code"] for one in found["results"]] == ["APL-2026-000090"] and found["more"] is False
    assert ask("/api/v1/changes/?government=tidak-ada").status_code == 400
    assert ask("/api/v1/changes/?warna=merah").status_code == 400
    for wrong in ("-1", "1", "1-1", "1-1-", "0-0-000000000000000g"):
        assert ask(f"/api/v1/changes/?after={wrong}").status_code == 400, wrong


@pytest.mark.django_db
def test_a_position_from_a_register_that_was_restored_is_told_so():
    town(2)
    position, head, mark = Client().get("/api/v1/changes/").json()["after"].split("-")
    for other in (f"{position}-{head}-{mark[::-1]}", f"{position}-1-{mark}", f"1000-1000-{mark}"):
        answer = Client().get(f"/api/v1/changes/?after={other}")
        assert answer.status_code == 410 and "mulai lagi dari 0" in answer.json()["detail"]


@pytest.mark.django_db
def test_nothing_new_is_304():
    town(2)
    first = Client().get("/api/v1/changes/")
    again = Client().get("/api/v1/changes/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    town(1, first=50)
    assert Client().get("/api/v1/changes/", headers={"If-None-Match": first["ETag"]}).status_code == 200
