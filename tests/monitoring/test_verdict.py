"""The verdict in Python and in SQL against the oracle, on every combination of the facts that matter."""

from itertools import product

import pytest

from apps.core.quarter import Quarter
from apps.monitoring import rules
from apps.monitoring.models import Assessment
from tests.monitoring import oracle
from tests.monitoring.world import World, give_all_evidence

REPORTS = [
    None,
    {"used": True, "users": None, "transactions": None},
    {"used": True, "users": 0, "transactions": 0},
    {"used": True, "users": 3, "transactions": None},
    {"used": True, "users": 40, "transactions": 7},
    {"used": True, "users": None, "transactions": 1},
    {"used": False, "users": 0, "transactions": 0},
    {"used": False, "users": None, "transactions": None},
    {"used": False, "users": 1, "transactions": 0},
]
COUNTERS = [(0, 0, 0), (1, 0, 0), (45, 0, 0), (46, 0, 0), (90, 0, 0), (1, 2, 0), (10, 0, 5)]
PROBES = [(0, 0, 0), (30, 30, 0), (29, 29, 0), (40, 20, 0), (30, 30, 1)]
CASES = [
    {
        "exempt": False, "days": 90, "report": report, "counter_days": c[0], "counter_users": c[1], "counter_transactions": c[2],
        "probes": p[0], "probe_days": p[1], "reached": p[2],
    }
    for report, c, p in product(REPORTS, COUNTERS, PROBES)
]  # fmt: skip


def evidence_of(case, exemption=""):
    report = case["report"] or {}
    return rules.Evidence(
        exemption=exemption, report_used=report.get("used"), report_active_users=report.get("users"),
        report_transactions=report.get("transactions"), counter_days=case["counter_days"],
        counter_active_users=case["counter_users"], counter_transactions=case["counter_transactions"],
        probes_completed=case["probes"], probe_days=case["probe_days"], probes_reached=case["reached"], quarter_days=case["days"],
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_rule_agrees_with_the_oracle(case):
    assert rules.verdict(evidence_of(case), rules.THRESHOLDS) == oracle.verdict(case)


def test_exemption_comes_first():
    assert rules.verdict(evidence_of(CASES[3], "central"), rules.THRESHOLDS) == "exempt"


@pytest.mark.django_db
def test_the_close_in_sql_agrees_with_the_oracle_on_all_of_them(government):
    world = World(government)
    chosen = CASES[::5] + CASES[1::7]
    applications = world.applications(len(chosen))
    period = world.open(Quarter(2025, 1))
    give_all_evidence(world, period, dict(zip(applications, chosen, strict=True)))
    world.close(period)
    found = dict(Assessment.objects.published().values_list("application_id", "verdict"))
    expected = {application.pk: oracle.verdict(case) for case, application in zip(chosen, applications, strict=True)}
    assert found == expected
    assert set(expected.values()) == {"active", "idle", "unreported", "conflict"}
