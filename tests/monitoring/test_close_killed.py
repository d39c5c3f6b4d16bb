"""T-01, small: the closing process is killed by SIGKILL in every chunk and in the last step; it ends right all the same."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction

from apps.core import clock
from apps.core.quarter import Quarter
from apps.inventory.models import Standing
from apps.monitoring import services
from apps.monitoring.models import Assessment, DueApplication, Finding, Period
from tests import factories
from tests.monitoring.world import SYSTEM, World

CHUNK, APPLICATIONS = 4, 16
CLOSE = """
import django
django.setup()
from apps.accounts.actor import Actor
from apps.monitoring import services
services.close_period({period}, by=Actor.system(), chunk={chunk})
"""
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def environment():
    """This test's own database, named by its socket folder or its host."""
    database = connection.settings_dict
    host = database["HOST"] or database["OPTIONS"].get("host", "")
    secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    port = f":{database['PORT']}" if database["PORT"] else ""
    folder, name = (f"?host={host}", "") if host.startswith("/") else ("", host)
    where = f"postgres://{database['USER']}{secret}@{name}{port}/{database['NAME']}{folder}"
    return {**os.environ, "DATABASE_URL": where, "DJANGO_SETTINGS_MODULE": "spbe_portfolio.settings_test"}


@contextmanager
def closing(period):
    """A process of its own that closes the period; killed when it is still there."""
    command = [sys.executable, "-c", CLOSE.format(period=period.pk, chunk=CHUNK)]
    process = subprocess.Popen(command, env=environment(), cwd=settings.BASE_DIR, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def kill_when_it_waits(period):
    """Wait until the process stands before what this transaction holds, and kill it there."""
    with closing(period) as process, connection.cursor() as cursor:
        while process.poll() is None:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0]:
                os.killpg(process.pid, signal.SIGKILL)
                return process.wait()
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.05)
    pytest.fail("the close ended before it was killed")


def killed_at(period, application):
    """Kill the close while it judges `application`: its row is taken by a transaction that is then given up."""
    with transaction.atomic():
        Assessment.objects.create(
            period=period, application=application, owner=application.owner, verdict="active", duty="missing",
            checksum="", rule_version=1,
        )  # fmt: skip
        assert kill_when_it_waits(period) == -signal.SIGKILL
        transaction.set_rollback(True)


def killed_in_the_last_step(period, application):
    with transaction.atomic():
        Standing.objects.select_for_update().get(application=application)
        assert kill_when_it_waits(period) == -signal.SIGKILL


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
