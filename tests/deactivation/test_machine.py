"""T-03: a random walk of people through cases by the services, beside the hand-written oracle."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from apps.deactivation.models import Case
from tests import factories_deactivation as made
from tests.deactivation import doing, oracle

RUNS, STEPS = 100, 30
LEADS = {"uphold_objection": "recommended", "dismiss_objection": "decided"}
# After an upheld objection the next decision can be objected to anew.
OBJECTION = {"raise_objection": "raised", "uphold_objection": "", "dismiss_objection": "dismissed"}
PEOPLE = ("operator", "head", "reviewer", "planner", "treasurer", "approver")


class Walk(RuleBasedStateMachine):
    """One case of the cast a run; each run is rolled back. The test binds cast, people and evidence."""

    cast = people = evidence = None

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.savepoint()

    @initialize(nominator=st.sampled_from(["reviewer", "head"]))
    def nominate(self, nominator):
        application = made.make_registered(self.cast.owner)
        case = made.services.nominate(application.pk, by=self.people[nominator], ground="owner_request", reason="Usang")
        self.pk = case.pk
        self.state = "answered" if nominator == "head" else "nominated"
        self.on_agenda, self.seen, self.objection = False, False, ""

    @rule(act=st.sampled_from(sorted(oracle.ACTS)), role=st.sampled_from(PEOPLE))
    def act(self, act, role):
        answer = doing.attempt(act, Case.objects.get(pk=self.pk), self.people[role], self.evidence)
        wanted = self.expected(act, role)
        assert answer == wanted, (self.state, act, role, answer, wanted)
        if answer == "ok":
            self.follow(act)

    def follow(self, act):
        self.state = LEADS.get(act) or oracle.ACTS[act][2]
        self.objection = OBJECTION.get(act, self.objection)
        self.on_agenda = self.on_agenda and self.state == "on_desk" and act not in ("postpone", "send_back")

    @rule()
    def put_on_agenda(self):
        if self.state in ("answered", "on_desk") and not self.on_agenda:
            made.services.add_to_agenda(made.make_session(self.cast).pk, by=self.cast.reviewer, case_ids=[self.pk])
            self.state, self.on_agenda, self.seen = "on_desk", True, True

    def expected(self, act, role):
        who, states, _leads = oracle.ACTS[act]
        if role in oracle.COMPANIONS and not self.seen:
            return 404
        if role not in who:
            return 403
        if act in ("give_opinion", "recommend", "postpone") and not self.on_agenda:
            return 409
        if act == "raise_objection" and self.objection:
            return 409
        if act in LEADS:
            return "ok" if self.state == "decided" and self.objection == "raised" else 409
        return "ok" if self.state in states else 409

    @invariant()
    def stands_where_the_oracle_says(self):
        if hasattr(self, "pk"):
            assert Case.objects.get(pk=self.pk).status == self.state

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)


@pytest.mark.django_db
def test_random_walks_agree_with_the_oracle():
    cast = made.make_cast()
    people, evidence = doing.people(cast), made.make_evidence(cast.system)
    walk = type("BoundWalk", (Walk,), {"cast": cast, "people": people, "evidence": evidence})
    rounds = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(walk, settings=rounds)
