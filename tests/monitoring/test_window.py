"""The end of a window: until when a reviewer returns, what counters still count, and a sweep that one refusal does not stop."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.monitoring import services, tasks
from apps.monitoring.models import Assessment, Period
from tests import factories
from tests.monitoring.world import SYSTEM, World

LAST_DAYS = [(2026, 7, day, allowed) for day, allowed in ((6, True), (7, True), (8, False), (9, False), (10, False))]
# The eleventh is a working day here, so Wednesday 6, Thursday 7 and Friday 8 January 2027 are the last three.
LAST_DAYS += [(2027, 1, day, allowed) for day, allowed in ((5, True), (6, False), (7, False), (8, False), (10, False))]


@pytest.mark.parametrize(("year", "month", "day", "allowed"), LAST_DAYS)
def test_a_reviewer_returns_nothing_in_the_last_three_working_days(government, year, month, day, allowed):
    factories.confirm_year(2026)
    factories.confirm_year(2027)
    world = World(government, start="2026-01-15T00:00")
    application = world.application()
    period = world.open(Quarter(2026, 2 if month == 7 else 4))
    report = world.report(period, application, used=True, active_users=9)
    clock.travel_to(datetime(year, month, day, 3, tzinfo=UTC))
    try:
        services.return_report(report.pk, by=world.reviewer, version=report.version, note="Transaksi kosong")
    except RuleViolation as refusal:
        assert not allowed and refusal.code == "short_notice"
    else:
        assert allowed


def test_counters_sent_again_after_the_end_do_not_wipe_what_was_received_in_time(government):
    world = World(government)
    application = world.application()
    period = world.open(Quarter(2025, 1))
    day = {"day": period.quarter_value.ends_on, "active_users": 12, "transactions": 3}
    clock.travel_to(period.closes_at - timedelta(hours=1))
    services.receive_usage(application, [day])
    clock.travel_to(period.closes_at + timedelta(hours=1))
    services.receive_usage(application, [{**day, "active_users": 0, "transactions": 0}])
    services.close_period(period.pk, by=SYSTEM)
    found = Assessment.objects.published().get(application=application)
    assert (found.verdict, found.evidence["counters"]["active_users"]) == ("active", 12)


def test_one_government_that_cannot_close_does_not_hold_up_the_others(government):
    """Its earlier quarter was extended beyond the end of the next one, so the next one has to wait."""
    world = World(government)
    earlier = world.open(Quarter(2025, 1))
    until = datetime(2025, 7, 20, tzinfo=UTC)
    services.extend_closing(
        earlier.pk, by=world.reviewer, version=earlier.version, closes_at=until, reason="Gangguan jaringan"
    )
    other = factories.make_government("Kota Samarinda", "Asia/Jayapura")
    for place in (government, other):
        period = services.schedule_period(place, Quarter(2025, 2))
        clock.travel_to(period.opens_at + timedelta(hours=1))
        services.open_period(period.pk, by=SYSTEM)
    clock.travel_to(datetime(2025, 7, 12, tzinfo=UTC))
    tasks.close_due_periods()
    second = Period.objects.filter(year=2025, quarter=2)
    assert second.get(government=other).status == "closed"
    assert second.get(government=government).status == "open"
    clock.travel_to(until)
    tasks.close_due_periods()
    assert set(Period.objects.filter(year=2025).values_list("status", flat=True)) == {"closed"}
