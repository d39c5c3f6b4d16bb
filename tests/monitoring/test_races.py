"""T-02: submissions against the close with real threads and connections, and the control without the lock."""

from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.core.exceptions import ValidationError

from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.monitoring import services
from apps.monitoring.models import Assessment, UsageReport
from apps.monitoring.services import reports
from tests.factories import make_government
from tests.monitoring.world import SYSTEM, World
from tests.racing import racers

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = Quarter(2025, 1)
QUARTERS, FULL, APPLICATIONS = 25, 250, 4
SAID = {"used": True, "active_users": 9, "transactions": 9, "attested": True}


def _submit(world, period, application, start):
    try:
        start.wait()
        services.submit_reports(period.pk, by=world.operator, applications=[application.pk])
    except (RuleViolation, ValidationError):
        return "refused"
    return "sent"


def _close(period, start):
    start.wait()
    for _turn in range(10_000):
        try:
            return services.close_period(period.pk, by=SYSTEM).status
        except RuleViolation as refusal:
            assert refusal.code == "too_early"


def _race(pool, world, quarter, applications, left):
    """One close as the window ends, `left` milliseconds after the start, against every application's submission."""
    period = world.open(quarter)
    for application in applications:
        services.save_report(period.pk, application.pk, by=world.operator, values=SAID)
    start = Barrier(len(applications) + 1)
    clock.travel_to(period.closes_at - timedelta(milliseconds=left))
    closing = pool.submit(_close, period, start)
    answers = list(pool.map(lambda row: _submit(world, period, row, start), applications))
    assert closing.result() == "closed"
    return answers, [outcome_of(period, application) for application in applications]


def outcome_of(period, application):
    """Whether the report was in time, and what the close made of it."""
    report = UsageReport.objects.get(period=period, application=application)
    duty = Assessment.objects.published().get(period=period, application=application, corrects=None).duty
    in_time = report.status == "submitted" and not report.late
    return "right" if in_time == (duty == "reported") else "both" if in_time else "neither"


def _races(quarters):
    world = World(make_government())
    applications = [world.application(f"Aplikasi {number}") for number in range(APPLICATIONS)]
    answers, outcomes = [], []
    with racers(APPLICATIONS + 1) as pool:
        for step in range(quarters):
            # From hardly any time to plenty, so that on fast and on slow machines some are in time and some late.
            said, found = _race(pool, world, FIRST.plus(step), applications, left=2 + 20 * (step % QUARTERS))
            answers += said
            outcomes += found
    print(f"T-02: {len(outcomes)} races, {answers.count('sent')} sent")  # noqa: T201
    assert outcomes == ["right"] * quarters * APPLICATIONS
    assert Assessment.objects.values("duty").distinct().count() > 1, "every race went the same way"


def test_of_a_hundred_races_none_is_both_reported_and_flagged():
    _races(QUARTERS)


@pytest.mark.faults
def test_t02_of_a_thousand_races_none_is_both_reported_and_flagged():
    _races(FULL)


def test_control_without_the_shared_lock_a_report_is_in_time_and_flagged(monkeypatch):
    world = World(make_government())
    application = world.application()
    period = world.open(FIRST)
    services.save_report(period.pk, application.pk, by=world.operator, values=SAID)
    inside, closed, start = Event(), Event(), Barrier(1)
    unready = reports._refuse_unready

    def waits(report):
        inside.set()
        closed.wait(30)
        unready(report)

    monkeypatch.setattr(reports, "_HELD", reports._HELD.removesuffix(" FOR SHARE"))
    monkeypatch.setattr(reports, "_refuse_unready", waits)
    with racers(1) as pool:
        sent = pool.submit(_submit, world, period, application, start)
        assert inside.wait(30)
        world.close(period)
        closed.set()
    assert sent.result() == "sent" and outcome_of(period, application) == "both"
