"""T-02: the close against submissions on real connections: never both reported in time and flagged."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.db import connection

from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.monitoring import rules, services
from apps.monitoring.models import Assessment, UsageReport
from apps.monitoring.services import reports
from tests import factories
from tests.monitoring.world import SYSTEM, World

pytestmark = pytest.mark.django_db(transaction=True)
RACES, PAUSED, CONTROLS = 100, 10, 10
FIRST = Quarter(2025, 1)
UNLOCKED = "SELECT * FROM monitoring_period WHERE id = %s"


@pytest.fixture
def world():
    return World(factories.make_government())


def race(world, application, quarter, early):
    """The window ends while one person sends and the clock closes; whether what came out contradicts itself."""
    period = world.open(quarter)
    values = {"used": True, "active_users": 40, "attested": True}
    services.save_report(period.pk, application.pk, by=world.operator, values=values)
    start, closed = Barrier(2), Event()
    clock.travel_to(period.closes_at - timedelta(milliseconds=early))

    def send():
        try:
            connection.ensure_connection()
            start.wait()
            services.submit_reports(period.pk, by=world.operator, applications=[application.pk])
        except RuleViolation as refusal:
            return refusal.code
        finally:
            connection.close()
        return "sent"

    def close():
        try:
            connection.ensure_connection()
            start.wait()
            while not closes(period):
                pass
        finally:
            closed.set()
            connection.close()

    PAUSE["until"] = closed
    with ThreadPoolExecutor(2) as pool:
        sent, _done = pool.submit(send), pool.submit(close)
    _done.result()
    return judged(period, application, sent.result())


def closes(period):
    try:
        return services.close_period(period.pk, by=SYSTEM)
    except RuleViolation as refusal:
        assert refusal.code == "too_early"


def judged(period, application, sent):
    """("in time" | "late" | "refused", what the close said)."""
    report = UsageReport.objects.get(period=period, application=application)
    verdict = Assessment.objects.published().get(period=period, application=application).verdict
    said = ("late" if report.late else "in time") if sent == "sent" else "refused"
    return said, verdict


RIGHT = {("in time", "active"), ("late", "unreported"), ("refused", "unreported")}
PAUSE = {"until": Event()}


def pause_before_saving(monkeypatch, seconds):
    """The sender stops between reading the clock and saving, until the close is through or `seconds` are over."""
    honest = rules.unready

    def slowly(*given):
        PAUSE["until"].wait(seconds)
        return honest(*given)

    monkeypatch.setattr(rules, "unready", slowly)


def run(world, races, early=lambda number: 30):
    application = world.application()
    return [race(world, application, FIRST.plus(number), early(number)) for number in range(races)]


def test_of_a_hundred_races_none_is_both_reported_and_flagged_and_none_neither(world):
    outcomes = run(world, RACES, early=lambda number: 4 + number % 25)
    wrong = [outcome for outcome in outcomes if outcome not in RIGHT]
    print(f"T-02: {RACES} races, {len(wrong)} wrong; {sorted({o: outcomes.count(o) for o in outcomes}.items())}")  # noqa: T201
    assert not wrong


def test_nor_when_the_sender_is_slow_inside_the_lock(world, monkeypatch):
    pause_before_saving(monkeypatch, 0.05)
    assert set(run(world, PAUSED)) <= RIGHT


def test_control_without_the_lock_a_report_in_time_is_flagged(world, monkeypatch):
    monkeypatch.setattr(reports, "_HELD", UNLOCKED)
    pause_before_saving(monkeypatch, 2)
    wrong = [outcome for outcome in run(world, CONTROLS) if outcome == ("in time", "unreported")]
    print(f"T-02 control: {len(wrong)} of {CONTROLS} reported in time and flagged")  # noqa: T201
    assert wrong
