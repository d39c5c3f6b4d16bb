"""T-01, its end: the real worker is killed inside a close, and the clock of the product alone ends it."""

from contextlib import closing
from datetime import timedelta

import psycopg2
import pytest
import redis
from celery import Celery

from apps.core import clock
from apps.core.quarter import Quarter
from tests import factories
from tests.monitoring.test_close_killed import BY_ITSELF, EVERY, registered
from tests.monitoring.world import World
from tests.processes import Stack, await_that

KILLS = 5
SWEEP = 60  # seconds, as installed
BEATEN = "SELECT at FROM core_heartbeat WHERE name = 'worker'"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def stack(transactional_db, tmp_path):
    """Worker and clock on a register of 500 applications whose second quarter is about to end."""
    world = World(factories.make_government(), start="2019-12-01T00:00")
    registered(world, EVERY)
    world.close(world.open(Quarter(2020, 1)))
    period = world.open(Quarter(2020, 2))
    clock.travel_to(period.closes_at - timedelta(minutes=1))
    stack = Stack(tmp_path, sweep_seconds=SWEEP)
    stack.create()
    try:
        yield stack
    finally:
        stack.stop()
        stack.drop()


def status(stack):
    return stack.rows("SELECT status FROM monitoring_period WHERE (year, quarter) = (2020, 2)")[0][0]


def without_clock(stack):
    """The control: a worker with nothing waiting in the queue works, and the close stays half done."""
    stack.kill("beat")
    stack.kill("worker")
    broker = stack.environment["REDIS_URL"]
    redis.Redis.from_url(broker).flushdb()
    before = stack.rows(BEATEN)
    stack.start("worker")
    with Celery(broker=broker.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")) as sender:
        sender.send_task("apps.core.tasks.heartbeat")
    await_that(lambda: stack.rows(BEATEN) != before, limit=BY_ITSELF, saying="the worker alive")
    assert status(stack) == "closing"


@pytest.mark.faults
def test_t01_a_close_whose_worker_was_killed_ends_by_itself(stack):
    stack.start("worker")
    stack.start("beat")
    stack.travel_to(
        stack.rows("SELECT closes_at + interval '1 minute' FROM monitoring_period WHERE (year, quarter) = (2020, 2)")[
            0
        ][0]
    )
    for _ in range(KILLS):
        with closing(psycopg2.connect(dbname=stack.name, **stack.link)) as held, held.cursor() as cursor:
            cursor.execute("SELECT 1 FROM inventory_standing LIMIT 1 FOR UPDATE")
            await_that(lambda: stack.rows(WAITING)[0][0], limit=BY_ITSELF, saying="the close at the row we hold")
            stack.kill("worker")
        assert status(stack) == "closing"
        stack.start("worker")
    without_clock(stack)
    stack.start("beat")
    await_that(lambda: status(stack) == "closed", limit=BY_ITSELF, saying="the period closed by itself")
    judged = stack.rows(
        "SELECT count(*), count(DISTINCT application_id) FROM monitoring_assessment a JOIN monitoring_period p"
        " ON p.id = a.period_id WHERE p.year = 2020 AND p.quarter = 2"
    )
    assert judged == [(EVERY, EVERY)]
    assert stack.rows("SELECT count(*) FROM monitoring_finding WHERE status = 'open'") == [(EVERY,)]
