"""What belongs to another government stays unread and unwritten, and nobody writes a field that no form offers (T-13)."""

import random
import re
from dataclasses import replace

import pytest
from django.db import transaction

from apps.accounts.actor import Actor
from apps.accounts.models import Membership, Organization
from apps.inventory.models import Application
from tests.access import foreign
from tests.access.asking import FORBIDDEN, HIDDEN, MEANINGS
from tests.standing import standing

pytestmark = pytest.mark.django_db
SEED = 13


@pytest.fixture(scope="module")
def two(django_db_setup, django_db_blocker, media):
    """Two governments in one installation."""
    names = ("Kota Sini", "Dinas Sini"), ("Kota Sana", "Dinas Sandi Sana")
    with standing(django_db_blocker, media, lambda: [foreign.grown(*one) for one in names]) as stands:
        yield stands.made


def names_in(world):
    names = [world.cast.owner.name, world.cast.government.name]
    names += Application.objects.filter(government=world.cast.government).values_list("name", flat=True)
    people = Membership.objects.filter(seat__government=world.cast.government)
    return {*names, *people.values_list("user__name", flat=True)}


def secrets(here, there):
    """What only the people over there may read: names of its office, applications and people that are not ours too."""
    names = names_in(there) - names_in(here)
    assert len(names) > 10
    return re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(names)))


def text_of(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace")


def outcome(two, clients, asked):
    """(requests let through, requests that read a name, tables that changed); everything is undone."""
    secret, through, reads = secrets(*two), [], []
    with transaction.atomic():
        before = foreign.print_of_everything()
        for request in asked:
            answer = foreign.put(clients, request)
            assert answer.status_code < 500, request
            through += [request] if MEANINGS.get(answer.status_code) not in (FORBIDDEN, HIDDEN) else []
            reads += [request] if secret.search(text_of(answer)) else []
        after = foreign.print_of_everything()
        transaction.set_rollback(True)
    return through, reads, sorted(table for table in after if after[table] != before[table])


def foreign_objects(two, count, capsys):
    here, there = two
    asked = list(foreign.requests(random.Random(SEED), here, there, count))
    through, reads, writes = outcome(two, here.clients, asked)
    kinds = {route for _letter, route, *_ in asked}
    with capsys.disabled():
        print(f"\nT-13: {len(asked)} requests at {len(kinds)} routes: {len(reads)} reads, {len(writes)} writes")  # noqa: T201
    assert (reads, writes) == ([], [])
    doors = [(route, frozenset(arguments.values())) for _l, route, _m, arguments, *_ in through]
    own = [
        (route, frozenset(here.named(words).values())) for _letter, route, words, _body in foreign.REFERENCES
    ]  # one's own door opens; what was typed is refused behind it
    assert [door for door in doors if door not in own] == []


def test_t13_foreign_objects(two, capsys):
    foreign_objects(two, 200, capsys)


@pytest.mark.faults
def test_t13_foreign_objects_full(two, capsys):
    foreign_objects(two, 2_000, capsys)


def test_every_body_that_names_something_foreign_is_refused(two):
    here, there = two
    for place in range(len(foreign.REFERENCES)):
        choose = random.Random(SEED)
        choose.choice = lambda rows, place=place: rows[place]
        request = foreign.named(choose, here, there)
        _through, reads, writes = outcome(two, here.clients, [request])
        assert (reads, writes) == ([], []), request


def test_twin_the_same_requests_work_for_those_whose_objects_they_are(two):
    here, there = two
    choose = random.Random(SEED)
    drawn = [request for request in (foreign.whole(choose, here, there) for _ in range(600)) if request]
    through, reads, writes = [], [], []
    while drawn and not (len(through) > 40 and len(reads) > 10 and enough(writes)):
        asked, drawn = drawn[:60], drawn[60:]
        for whole, found in zip((through, reads, writes), outcome(two, there.clients, asked), strict=True):
            whole += found
    assert len(through) > 40 and len(reads) > 10 and enough(writes), writes


def enough(tables):
    """Whether the register, the cases and the trail were all written."""
    cases = any(table.startswith("deactivation_") for table in tables)
    return cases and {"audit_event", "inventory_application"} <= set(tables)


def test_control_without_the_scope_of_a_membership_all_of_it_is_read_and_written(two, monkeypatch):
    here, there = two
    theirs, original = there.cast.government.pk, Actor.of
    offices = frozenset(Organization.objects.filter(government=theirs).values_list("pk", flat=True))
    lost = lambda membership, **given: replace(  # noqa: E731
        original(membership, **given), government_id=theirs, organization_ids=offices
    )
    monkeypatch.setattr(Actor, "of", staticmethod(lost))
    choose = random.Random(SEED)
    asked = [request for request in (foreign.whole(choose, here, there) for _ in range(120)) if request]
    through, reads, writes = outcome(two, here.clients, asked)
    assert len(through) > 20 and reads and "inventory_application" in writes
