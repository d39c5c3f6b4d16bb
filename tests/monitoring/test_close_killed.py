"""T-01, small: the closing process is killed by SIGKILL in every chunk and in the last step; it ends right all the same."""

import signal
from datetime import timedelta

import pytest
from django.db import transaction

from apps.core import clock
from apps.core.quarter import Quarter
from apps.inventory.models import Standing
from apps.monitoring import services
from apps.monitoring.models import Assessment, DueApplication, Finding, Period
from tests import factories
from tests.killing import kill_when_it_waits
from tests.monitoring.world import SYSTEM, World

CHUNK, APPLICATIONS = 4, 16
CLOSE = """
from apps.accounts.actor import Actor
from apps.monitoring import services
services.close_period({period}, by=Actor.system(), chunk={chunk})
"""


def killed_waiting(period):
    """The exit code of a process that closes the period and is killed where this transaction makes it wait."""
    return kill_when_it_waits(CLOSE.format(period=period.pk, chunk=CHUNK))


def killed_at(period, application):
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
