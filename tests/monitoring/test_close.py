"""The close: whole or unseen, run twice or killed anywhere, at a constant number of statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import Event
from apps.core.quarter import Quarter
from apps.inventory.models import Application, Standing
from apps.monitoring import services
from apps.monitoring.models import Assessment, AssessmentQuerySet, CountRestart, Finding, Period
from apps.monitoring.services import closing
from tests.monitoring.world import SYSTEM, World

pytestmark = pytest.mark.django_db
Q1 = Quarter(2025, 1)
SIZE = 4


@pytest.fixture
def world(government):
    return World(government)


def state():
    """Everything a close leaves behind."""
    return (
        list(Assessment.objects.order_by("pk").values_list("pk", "verdict", "checksum")),
        list(Finding.objects.order_by("pk").values_list("code", "kind", "quarters", "version")),
        list(Standing.objects.order_by("pk").values_list("last_verdict", "last_period", "verdicts", "open_findings")),
        Event.objects.count(),
    )


class Killed(Exception):
    """The worker died."""


def test_killed_after_any_chunk_nobody_sees_half_and_the_next_run_goes_on(world, monkeypatch):
    for number in range(SIZE):
        world.application(f"Aplikasi {number}")
    world.close(world.open(Q1))
    period, judge = world.open(Q1.next()), closing._judge
    for chunks in range(3):
        done = iter(range(chunks))

        def dies(*args, done=done):
            if next(done, None) is None:
                raise Killed
            return judge(*args)

        with monkeypatch.context() as patched, pytest.raises(Killed):
            patched.setattr(closing, "_judge", dies)
            world.close(period, chunk=1)
        assert Period.objects.get(pk=period.pk).status == "closing"
        assert not Assessment.objects.published().filter(period=period).exists()
        assert not Finding.objects.visible_to(world.reviewer).exists()
        assert set(Standing.objects.values_list("last_period", flat=True)) == {"2025-Q1"}
    closed = world.close(period, chunk=1)
    assert closed.status == "closed" and Assessment.objects.published().filter(period=period).count() == SIZE
    assert Finding.objects.visible_to(world.reviewer).filter(kind="non_reporting").count() == SIZE
    before = state()
    world.close(period)
    assert state() == before


def test_killed_in_the_last_step_leaves_no_finding_behind(world, monkeypatch):
    world.application()
    world.close(world.open(Q1))
    period = world.open(Q1.next())

    def dies(*_args, **_kwargs):
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(closing, "record", dies)
        world.close(period)
    assert Period.objects.get(pk=period.pk).status in ("open", "closing") and not Finding.objects.exists()
    world.close(period)
    assert Finding.objects.count() == 1


def test_a_close_asks_the_same_number_of_statements_whatever_the_size(world):
    counts = []
    for quarter in (Q1, Q1.next(), Q1.plus(2)):
        for number in range(3):
            world.application(f"{quarter} {number}")
        period = world.open(quarter)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            world.close(period)
        counts.append(len(asked))
    assert counts[1] == counts[2], counts
    with CaptureQueriesContext(connection) as asked:
        period = world.open(Q1.plus(3))
    opened = len(asked)
    assert opened < 25, opened


def test_due_and_assessed_are_proved_equal(world, monkeypatch):
    world.application()
    period = world.open(Q1)
    with monkeypatch.context() as patched:
        patched.setattr(closing.sql, "counts", lambda _period: (2, 1))
        with pytest.raises(closing.RuleViolation) as refusal:
            world.close(period)
    assert refusal.value.code == "incomplete"
    assert services.close_period(period.pk, by=SYSTEM).status == "closed"


def killed_before_the_second_chunk(world, monkeypatch):
    for number in range(SIZE):
        world.application(f"Aplikasi {number}")
    period, judge, done = world.open(Q1), closing._judge, iter([1])

    def dies(*args):
        if next(done, None) is None:
            raise Killed
        return judge(*args)

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(closing, "_judge", dies)
        world.close(period, chunk=1)
    return period


def test_control_without_the_place_that_hides_it_half_a_close_is_seen(world, monkeypatch):
    period = killed_before_the_second_chunk(world, monkeypatch)
    assert Assessment.objects.visible_to(world.reviewer).filter(period=period).count() == 0
    monkeypatch.setattr(AssessmentQuerySet, "published", lambda rows: rows)
    assert Assessment.objects.visible_to(world.reviewer).filter(period=period).count() == 1


def test_control_a_close_that_goes_on_elsewhere_without_proof_loses_applications(world, monkeypatch):
    """Going on behind the last application instead of from the first unjudged, and without due = assessed, leaves holes."""
    period, judge = killed_before_the_second_chunk(world, monkeypatch), closing._judge
    last = max(Application.objects.values_list("pk", flat=True))
    monkeypatch.setattr(closing, "_judge", lambda period, chunk, _after: judge(period, chunk, last))
    with pytest.raises(closing.RuleViolation):
        world.close(period, chunk=1)
    monkeypatch.setattr(closing.sql, "counts", lambda _period: (SIZE, SIZE))
    assert world.close(period, chunk=1).status == "closed"
    assert Assessment.objects.published().filter(period=period).count() == 1


def begun_anew_between_reading_and_writing(world, monkeypatch):
    """Close a second silent quarter; after its histories are read, the application's count begins anew."""
    application = world.application()
    world.close(world.open(Q1))
    gather = closing._gather

    def then_begins_anew(period):
        ground = gather(period)
        CountRestart.objects.create(application=application, year=2025, quarter=2, reason="Pindah peladen")
        return ground

    monkeypatch.setattr(closing, "_gather", then_begins_anew)
    world.close(world.open(Q1.next()))
    return Finding.objects.filter(kind="non_reporting").count()


def test_what_changes_after_the_histories_were_read_counts(world, monkeypatch):
    assert begun_anew_between_reading_and_writing(world, monkeypatch) == 0


def test_control_without_a_second_look_at_the_ground_the_old_history_counts(world, monkeypatch):
    monkeypatch.setattr(closing.sql, "ground", lambda _period: ())
    assert begun_anew_between_reading_and_writing(world, monkeypatch) == 1
