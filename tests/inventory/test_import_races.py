"""A list confirmed twice at once, and held by two workers at once: it comes in once. The controls lack the locks."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection

from apps.accounts.models import Organization
from apps.audit.models import Event
from apps.core.errors import RuleViolation, StaleVersion
from apps.core.models import StatefulQuerySet
from apps.inventory import services, tasks
from apps.inventory.models import Application, ImportJob
from apps.inventory.services import importing, staging
from tests.factories import make_actor, make_agency
from tests.racing import racers

pytestmark = pytest.mark.django_db(transaction=True)
PAIRS, CONTROL_PAIRS, ROWS = 20, 5, 10


@pytest.fixture
def sender(government):
    make_agency(government, "Dinas Kesehatan")
    return make_actor("reviewer", government)


def checked(sender, number):
    lines = "".join(f"Daftar {number} baris {row},Dinas Kesehatan\n" for row in range(ROWS))
    upload = SimpleUploadedFile("daftar.csv", f"Nama Aplikasi,Perangkat Daerah\n{lines}".encode())
    government = Organization.objects.get(pk=sender.government_id)
    return services.check_import(upload, by=sender, government=government, at_once=True)


def twice(pool, act):
    """What two who do the same at once are told."""
    start = Barrier(2)

    def answer(_turn):
        try:
            start.wait(10)
            return act()
        except StaleVersion:
            return 412
        except RuleViolation:
            return 409
        except DatabaseError:
            return 500

    return list(pool.map(answer, range(2)))


@pytest.fixture
def pair():
    with racers(2) as pool:
        yield pool


def times_in(number):
    """How often the list came into the register."""
    return Application.objects.filter(name__startswith=f"Daftar {number} ").count() / ROWS


def confirm(job, sender):
    return services.commit_import(job.pk, by=sender, version=job.version).status


def test_of_pairs_of_confirmations_one_takes_the_list_in(sender, pair):
    for number in range(PAIRS):
        job = checked(sender, number)
        answers = twice(pair, lambda job=job: confirm(job, sender))
        assert sorted(answers, key=str) == [412, "committed"]
        assert times_in(number) == 1
    assert Event.objects.filter(verb="import.committed").count() == PAIRS
    print(f"import: {PAIRS} pairs of confirmations, 0 taken in twice")  # noqa: T201


def test_of_pairs_of_confirmations_of_a_long_list_one_hands_it_over(sender, pair, monkeypatch):
    job = checked(sender, 0)
    monkeypatch.setattr(importing, "AT_ONCE_ROWS", 0)
    assert sorted(twice(pair, lambda: confirm(job, sender)), key=str) == [412, "queued"]


def queued(sender, number, monkeypatch):
    job = checked(sender, number)
    with monkeypatch.context() as patched:
        patched.setattr(importing, "AT_ONCE_ROWS", 0)
        confirm(job, sender)
    return job


def test_two_sweeps_at_once_take_every_list_in_once(sender, pair, monkeypatch):
    jobs = [queued(sender, number, monkeypatch) for number in range(PAIRS)]
    assert twice(pair, tasks.work_on_waiting_imports) == [None, None]
    tasks.work_on_waiting_imports()  # what each left to the other while both were at it
    assert {ImportJob.objects.get(pk=job.pk).status for job in jobs} == {"committed"}
    assert {times_in(number) for number in range(PAIRS)} == {1}
    assert Event.objects.filter(verb="import.committed").count() == PAIRS


def test_a_list_another_worker_holds_is_left_to_it(sender, monkeypatch):
    job = queued(sender, 0, monkeypatch)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [importing.LOCK_CLASS, job.pk])
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(in_own_session, services.work_on_import, job.pk).result() is False
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [importing.LOCK_CLASS, job.pk])
    assert services.work_on_import(job.pk) is True and times_in(0) == 1


def in_own_session(act, *given):
    try:
        return act(*given)
    finally:
        connection.close()


def without_locks(patched):
    """The list read without its lock and version by both before either writes; the second look at the register left out."""
    together = Barrier(2)

    def unlocked(self, key, version=None):
        row = self.model._default_manager.get(pk=key)
        try:
            together.wait(5)
        except BrokenBarrierError:
            together.reset()
        return row

    patched.setattr(StatefulQuerySet, "locked", unlocked)
    patched.setattr(staging, "moved_on", lambda job, visible: False)


def test_control_without_locks_a_list_comes_in_twice_by_two_confirmations(sender, pair, monkeypatch):
    jobs = [checked(sender, number) for number in range(CONTROL_PAIRS)]
    with monkeypatch.context() as patched:
        without_locks(patched)
        for job in jobs:
            twice(pair, lambda job=job: confirm(job, sender))
    assert seen_twice("confirmations") >= 1


def test_control_without_locks_a_list_comes_in_twice_by_two_sweeps(sender, pair, monkeypatch):
    jobs = [queued(sender, number, monkeypatch) for number in range(CONTROL_PAIRS)]
    with monkeypatch.context() as patched:
        without_locks(patched)
        for job in jobs:
            twice(pair, lambda job=job: importing._work_on(ImportJob.objects.get(pk=job.pk)))
    assert seen_twice("sweeps") >= 1


def seen_twice(act):
    count = sum(times_in(number) == 2 for number in range(CONTROL_PAIRS))
    print(f"import control: {count} of {CONTROL_PAIRS} pairs of {act} took the list in twice")  # noqa: T201
    return count
