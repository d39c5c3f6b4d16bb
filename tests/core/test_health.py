from datetime import timedelta

import pytest

from apps.core import clock, services
from apps.core.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_the_process_answers(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_everything_fit(client):
    services.beat("worker")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert {name: check["status"] for name, check in answer.json()["checks"].items()} == {
        "database": "ok", "migrations": "ok", "broker": "ok", "heartbeat": "ok", "clock": "ok", "roles": "warning",
    }  # fmt: skip


def test_a_worker_that_stopped_ticking_fails(client):
    services.beat("worker")
    Heartbeat.objects.update(at=clock.now() - timedelta(minutes=6))
    assert client.get("/readyz").status_code == 503


def test_a_moved_clock_fails_outside_the_demo(client, settings):
    settings.DEMO = False
    clock.travel_to(clock.now() + timedelta(days=1))
    services.beat("worker")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["clock"]["status"]) == (503, "failing")


def test_a_broker_that_is_gone_fails(client, settings):
    services.beat("worker")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert client.get("/readyz").json()["checks"]["broker"]["status"] == "failing"
