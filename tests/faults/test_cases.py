"""T-03, T-04 and T-05 at full size; their controls stand beside the small ones in tests/deactivation."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from apps.accounts.models import Role
from apps.audit.models import Event
from apps.deactivation.models import Case, Decision, DecisionItem
from tests import factories
from tests import factories_deactivation as made
from tests.deactivation import doing
from tests.deactivation.test_machine import Walk
from tests.deactivation.test_races import _answer_of, _decide_twice, _nominate, _recommended
from tests.racing import racers

PAIRS, CROWDS, CROWD = 500, 50, 20
APPLICATIONS, TIMES = 200, 20
RUNS, STEPS = 2_000, 50


@pytest.mark.faults
@pytest.mark.django_db
def test_t03_two_thousand_walks_agree_with_the_oracle():
    cast = made.make_cast()
    people, evidence = doing.people(cast), made.make_evidence(cast.system)
    walk = type("FullWalk", (Walk,), {"cast": cast, "people": people, "evidence": evidence})
    rounds = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(walk, settings=rounds)
    print(f"T-03: {RUNS} walks of at most {STEPS} steps, 0 against the oracle")  # noqa: T201


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_t04_of_pairs_and_crowds_exactly_one_decision_wins():
    cast = made.make_cast()
    approvers = [cast.approver, *(factories.make_actor(Role.APPROVER, cast.government) for _ in range(CROWD - 1))]
    cases = _recommended(cast, PAIRS + CROWDS)
    with racers(CROWD) as pool:
        for place, case in enumerate(cases):
            together = approvers[:2] if place < PAIRS else approvers
            answers = _decide_twice(pool, case, together)
            assert answers.count("ok") == 1, (case.code, answers)
            assert set(answers) <= {"ok", 409, 412}, (case.code, answers)
    assert Decision.objects.count() == DecisionItem.objects.count() == PAIRS + CROWDS
    numbers = sorted(int(code.rsplit("-", 1)[1]) for code in Decision.objects.values_list("code", flat=True))
    assert numbers == list(range(1, PAIRS + CROWDS + 1))
    assert Event.objects.filter(verb="case.decided").count() == PAIRS + CROWDS
    print(f"T-04: {PAIRS} pairs and {CROWDS} times {CROWD} at once, 0 decided twice")  # noqa: T201


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_t05_four_thousand_nominations_open_two_hundred_cases():
    cast = made.make_cast()
    wanted = [made.make_registered(cast.owner).pk for _ in range(APPLICATIONS)] * TIMES
    with racers(8) as pool:
        answers = list(pool.map(lambda pk: _answer_of(lambda: _nominate(pk, cast.reviewer)), wanted))
    assert answers.count("ok") == Case.objects.count() == APPLICATIONS
    assert answers.count(409) == APPLICATIONS * (TIMES - 1)
    print(f"T-05: {len(wanted)} nominations of {APPLICATIONS} applications, {APPLICATIONS} cases")  # noqa: T201
