"""Findings over quarters: the pure walk and the closes in SQL against the oracle."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.quarter import Quarter
from apps.inventory.models import Standing
from apps.monitoring import rules
from apps.monitoring.models import Finding
from tests.monitoring import oracle
from tests.monitoring.world import World, give_all_evidence

VERDICTS = ["active", "idle", "unreported", "conflict", "exempt"]
FIRST = Quarter(2025, 1)
FACTS = {
    "active": {"report": {"used": True, "users": 9, "transactions": 9}},
    "idle": {"report": {"used": False, "users": 0, "transactions": 0}},
    "unreported": {},
    "conflict": {"report": {"used": True, "users": 9, "transactions": 9}, "counter_days": 10},
}


def walked(verdicts):
    history = [rules.Judged(FIRST.plus(n), verdict, 1) for n, verdict in enumerate(verdicts)]
    return {kind: len(quarters) for kind, quarters in rules.standing_findings(history).items()}


@pytest.mark.parametrize("verdicts", list(product(VERDICTS, repeat=3)))
def test_every_three_quarters(verdicts):
    assert walked(verdicts) == oracle.findings(verdicts)


@settings(max_examples=500, derandomize=True, deadline=None)
@given(st.lists(st.sampled_from(VERDICTS), max_size=12))
def test_random_histories(verdicts):
    assert walked(verdicts) == oracle.findings(verdicts)


@pytest.mark.django_db
@pytest.mark.parametrize("place", range(4))
def test_the_closes_in_sql_raise_the_same(government, place):
    """Sixteen applications at once, each with its own history of four quarters."""
    world = World(government)
    histories = [h for n, h in enumerate(product(FACTS, repeat=3)) if n % 4 == place]
    applications = world.applications(len(histories))
    for step in range(3):
        period = world.open(FIRST.plus(step))
        give_all_evidence(
            world, period, {row: FACTS[history[step]] for row, history in zip(applications, histories, strict=True)}
        )
        world.close(period)
        on_list = set(Standing.objects.filter(watched=True).values_list("application", flat=True))
        expected = [oracle.watched(history[: step + 1]) for history in histories]
        assert [application.pk in on_list for application in applications] == expected
    for history, application in zip(histories, applications, strict=True):
        open_ones = Finding.objects.filter(application=application, status="open")
        assert {f.kind: len(f.quarters) for f in open_ones} == oracle.findings(history), history
