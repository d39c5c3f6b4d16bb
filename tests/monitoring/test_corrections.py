"""Late reports: none is lost between the window's end and the close, and no finding that was set aside comes back."""

import pytest

from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.monitoring import services
from apps.monitoring.models import Assessment, Finding
from tests.monitoring.world import SYSTEM, World

USED = {"used": True, "users": 9, "transactions": 9}
FIRST = Quarter(2025, 1)


@pytest.fixture
def world(government):
    return World(government)


def late_report(world, period, application):
    return world.report(period, application, used=True, active_users=40, transactions=4)


def test_a_late_report_is_accepted_only_after_the_close_and_then_corrects(world):
    application = world.application()
    period = world.open(FIRST)
    clock.travel_to(period.closes_at)  # the window is over, the clock has not closed yet
    report = late_report(world, period, application)
    with pytest.raises(RuleViolation) as refusal:
        services.accept_report(report.pk, by=world.reviewer, version=report.version)
    assert refusal.value.code == "not_closed"
    services.close_period(period.pk, by=SYSTEM)
    services.accept_report(report.pk, by=world.reviewer, version=report.version)
    as_closed, as_corrected = Assessment.objects.published().filter(application=application).order_by("pk")
    assert (as_closed.verdict, as_closed.duty) == ("unreported", "late")
    assert (as_corrected.verdict, as_corrected.corrects) == ("active", as_closed)


def test_a_dismissed_conflict_does_not_come_back_by_a_correction_of_another_quarter(world):
    application = world.application()
    world.run(application, FIRST, report=USED, counter_days=10)
    conflict = Finding.objects.get(application=application, kind="conflict")
    services.dismiss(conflict.pk, by=world.reviewer, reason="Server pindah", version=conflict.version)
    second = world.run(application, FIRST.plus(1))
    late = world.report(second, application, used=False)
    services.accept_report(late.pk, by=world.reviewer, version=late.version)
    assert not Finding.objects.standing().filter(application=application).exists()


def test_dismissing_one_finding_leaves_another_through_a_correction(world):
    application = world.application()
    world.run(application, FIRST)
    world.run(application, FIRST.plus(1))
    world.run(application, FIRST.plus(2), report=USED, counter_days=10)
    silent = Finding.objects.get(application=application, kind="non_reporting")
    services.dismiss(silent.pk, by=world.reviewer, reason="Petugas baru", version=silent.version)
    third = world.run(application, FIRST.plus(3))
    late = world.report(third, application, used=False)
    services.accept_report(late.pk, by=world.reviewer, version=late.version)
    standing = Finding.objects.standing().filter(application=application)
    assert [(found.kind, found.quarters) for found in standing] == [("conflict", [str(FIRST.plus(2))])]


def test_a_correction_ends_a_finding_and_the_next_close_does_not_see_it(world):
    application = world.application()
    world.run(application, FIRST)
    second = world.run(application, FIRST.plus(1))
    assert Finding.objects.get(application=application).kind == "non_reporting"
    late = late_report(world, second, application)
    services.accept_report(late.pk, by=world.reviewer, version=late.version)
    assert Finding.objects.get(application=application).status == "corrected"
    world.run(application, FIRST.plus(2))
    assert not Finding.objects.standing().filter(application=application).exists()


def test_who_was_corrected_is_left_out_by_an_anti_join(world):
    """Whose size PostgreSQL can tell; of the empty side of an outer join it expects one row, at a million minutes were lost."""
    assert "Anti Join" in Assessment.objects.in_force().explain()


def test_control_the_empty_side_of_an_outer_join_is_none(world):
    assert "Anti Join" not in Assessment.objects.filter(correction__isnull=True).explain()
