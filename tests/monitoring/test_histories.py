"""Random histories: seasons, exemptions, late reports in any order, corrections, numbers that change; against the oracle."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings

from apps.monitoring import queries, rules
from apps.monitoring.models import Assessment, CountRestart, Finding
from apps.monitoring.services import closing_sql
from tests.factories import make_government
from tests.monitoring.histories import APPLICATIONS, Lived, registers

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:Generating overly large repr")]
SEED, SMALL, FULL = 7, 500, 20_000
EVERY = registers()


def live(number, judge, drawn=EVERY, start=SEED):
    """Let `number` histories run, a register at a time, each taken back; `judge` is asked after every quarter.

    The first register is Hypothesis's plainest one and comes on top.
    """
    lived = []

    @seed(start)
    @settings(
        max_examples=number // APPLICATIONS + 1, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    @given(drawn)
    def walk(register):
        with transaction.atomic():
            history = Lived(make_government(), register)
            for place in history.quarters():
                judge(history, place)
            lived.append(len(history.rows))
            transaction.set_rollback(True)

    walk()
    return sum(lived)


class Judge:
    """Holds the close and the pure rule against the oracle, and remembers what it met on the way."""

    def __init__(self):
        self.met, self.judged = set(), 0

    def __call__(self, history, place):
        wrong = history.wrong(place)
        assert not wrong, f"{len(wrong)} of {len(history.rows)} after {place}: {next(iter(wrong.items()))}"
        if place == len(history.calendar) - 1:
            self.the_pure_rule_says_the_same(history)

    def the_pure_rule_says_the_same(self, history):
        rows = Assessment.objects.published().filter(application__in=history.rows.values()).select_related("period")
        for row in rows:
            evidence, thresholds = rules.Evidence.of(row.evidence), row.period.thresholds
            assert rules.verdict(evidence, thresholds) == row.verdict, row.evidence
            assert rules.low_use(evidence, thresholds) == row.low_use, row.evidence
            self.met |= {row.verdict, row.reason, row.duty, f"corrected {bool(row.corrects_id)}"}
            self.judged += 1
        standing = Finding.objects.published().standing().filter(application__in=history.rows.values())
        kept = {pk: {} for pk in history.rows.values()}
        for finding in standing:
            kept[finding.application_id][finding.kind] = finding.quarters
            self.met.add(finding.kind)
        anew = set(CountRestart.objects.values_list("application", flat=True))
        for pk in set(kept) - anew:
            assert rules.standing_findings(queries.history_of(pk)) == kept[pk]


EVERYTHING = {
    "active", "idle", "unreported", "conflict", "exempt", "not_operating", "central", "retiring", "out_of_season", "suspended",
    "reported", "late", "missing", "corrected True", "non_reporting",
}  # fmt: skip


def test_five_hundred_histories_close_as_the_oracle_says():
    judge = Judge()
    number = live(SMALL, judge)
    print(f"{number} histories, {judge.judged} quarters judged, 0 wrong")  # noqa: T201
    assert number > SMALL and judge.met >= EVERYTHING, EVERYTHING - judge.met


@pytest.mark.faults
def test_twenty_thousand_histories_close_as_the_oracle_says():
    judge = Judge()
    number = live(FULL, judge)
    print(f"{number} histories, {judge.judged} quarters judged, 0 wrong")  # noqa: T201
    assert number > FULL


TRIES, FEW = 40, 100
SHORT = [{"look_back": 1}]
FIRST = {"how far back": 1, "another owner": 1}  # where the rule shows, so that no hundred is lived for nothing
WRONG = {
    "half the days": ("JUDGE", "2 * counter_days >= %(days)s", "2 * counter_days > %(days)s"),
    "days too late": ("JUDGE", "AND r.submitted_at < %(closes_at)s", ""),
    "how far back": ("GATHER", ">= %(index)s - %(look_back)s", ">= %(index)s - 4"),
    "another owner": ("GATHER", "l.previous_owner <> l.owner_id", "false"),
}


@pytest.mark.parametrize("rule", WRONG)
def test_control_a_close_with_one_rule_bent_is_found_out(rule, monkeypatch):
    statement, right, bent = WRONG[rule]
    assert right in getattr(closing_sql, statement)
    monkeypatch.setattr(closing_sql, statement, getattr(closing_sql, statement).replace(right, bent))
    drawn = registers(numbers=SHORT) if rule == "how far back" else EVERY
    with pytest.raises(AssertionError, match="after"):
        for start in range(FIRST.get(rule, 0), TRIES):  # some rules show in one history of a thousand
            live(FEW, Judge(), drawn, start)
