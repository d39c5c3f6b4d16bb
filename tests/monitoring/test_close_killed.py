"""T-01: the closing process is killed by SIGKILL in every chunk and in the last step; it ends right all the same."""

import signal
from datetime import timedelta

import pytest
from django.db import transaction

from apps.core import clock
from apps.core.quarter import Quarter
from apps.inventory.models import Application, Standing
from apps.monitoring import services, tasks
from apps.monitoring.models import Assessment, DueApplication, Finding, Period
from tests import factories
from tests.killing import kill_when_it_waits
from tests.monitoring.world import SYSTEM, World
from tests.processes import await_that

FIRST = Quarter(2020, 1)
CHUNK, APPLICATIONS = 4, 16
CLOSES, KILLS, EVERY = 20, 10, 500  # at full size: kills of each close, applications of each
BY_ITSELF = 120  # seconds the sweeps may take to end a killed close
CLOSE = """
from apps.accounts.actor import Actor
from apps.monitoring import services, tasks
services.close_period({period}, by=Actor.system(), chunk={chunk})
"""


def killed_waiting(period):
    """The exit code of a process that closes the period and is killed where this transaction makes it wait."""
    return kill_when_it_waits(CLOSE.format(period=period.pk, chunk=CHUNK))


def killed_at(period, application, chunk=CHUNK):
    """Kill the close while it judges `application`: its row is taken by a transaction that is then given up."""
    with transaction.atomic():
        Assessment.objects.create(
            period=period, application=application, owner=application.owner, verdict="active", duty="missing",
            checksum="", rule_version=1,
        )  # fmt: skip
        assert killed_waiting(period) == -signal.SIGKILL
        transaction.set_rollback(True)


def killed_in_the_last_step(period, application):
    with transaction.atomic():
        Standing.objects.select_for_update().get(application=application)
        assert killed_waiting(period) == -signal.SIGKILL


def rows(period):
    kept = list(Assessment.objects.filter(period=period).order_by("pk").values_list("pk", "application", "checksum"))
    return (
        kept,
        list(Finding.objects.order_by("pk").values_list("pk", "version", "status")),
        Period.objects.get(pk=period.pk).version,
    )


def nobody_sees_anything(period):
    period.refresh_from_db()
    unseen = not Assessment.objects.published().filter(period=period).exists()
    return period.status == "closing" and unseen and not Finding.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_five_kills_lose_nothing_double_nothing_and_show_nothing():
    world = World(factories.make_government())
    applications = [world.application(f"Aplikasi {number:02}") for number in range(APPLICATIONS)]
    world.close(world.open(Quarter(2025, 1)))
    assert not Finding.objects.exists()  # one quarter of silence is only shown
    period = world.open(Quarter(2025, 2))
    clock.travel_to(period.closes_at + timedelta(minutes=1))
    for place in range(0, APPLICATIONS, CHUNK):
        killed_at(period, applications[place + CHUNK - 1])
        assert nobody_sees_anything(period)
        assert Assessment.objects.filter(period=period).count() == place
    killed_in_the_last_step(period, applications[0])
    assert nobody_sees_anything(period)
    services.close_period(period.pk, by=SYSTEM, chunk=CHUNK)
    after = rows(period)
    assert len(after[0]) == len({row[1] for row in after[0]}) == DueApplication.objects.filter(period=period).count()
    assert Finding.objects.filter(kind="non_reporting", status="open").count() == APPLICATIONS
    services.close_period(period.pk, by=SYSTEM, chunk=CHUNK)
    assert rows(period) == after  # closing again adds and changes nothing
    print("T-01: 5 kills, 0 lost, 0 doubled, 0 seen early")  # noqa: T201


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_t01_two_hundred_kills_over_twenty_closes():
    """Each close is killed before nine of ten chunks and in its last step; what it lost, the next run makes up for."""
    world = World(factories.make_government(), start="2019-12-01T00:00")
    applications = registered(world, EVERY)
    world.close(world.open(FIRST))
    kills, chunk = 0, EVERY // KILLS
    for number in range(CLOSES):
        period = world.open(FIRST.plus(number + 1))
        clock.travel_to(period.closes_at + timedelta(minutes=1))
        for place in range(1, KILLS):
            killed_at(period, applications[place * chunk - 1], chunk)
        killed_in_the_last_step(period, applications[0])
        kills += KILLS
        period.refresh_from_db()
        assert period.status == "closing" and not Assessment.objects.published().filter(period=period).exists()
        await_that(lambda period=period: swept(period), limit=BY_ITSELF, saying="the sweep closed the period")
        told = Assessment.objects.filter(period=period)
        assert (period.status, told.count(), told.values("application").distinct().count()) == ("closed", EVERY, EVERY)
        assert Finding.objects.filter(kind="non_reporting", status="open").count() == EVERY
    print(f"T-01: {kills} kills over {CLOSES} closes, 0 lost, 0 doubled")  # noqa: T201
    assert kills == CLOSES * KILLS


def swept(period):
    """One sweep, which leaves a period to whom it is locked by: the server needs a moment to notice a killed client."""
    tasks.close_due_periods()
    period.refresh_from_db()
    return period.status == "closed"


def registered(world, number):
    """So many registered applications, written at once."""
    return Application.objects.bulk_create(
        Application(
            government=world.government, owner=world.agency, name=f"Aplikasi {place:03}", status="registered",
            code=f"APL-2024-{place:06}", reference=f"DRF-{place:010}", registered_at=clock.now(), version=1,
        )
        for place in range(number)
    )  # fmt: skip
