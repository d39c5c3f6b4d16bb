"""Segregation of duties over persons: all 3,125 assignments, acting seats, and an office that is not its own judge."""

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.actor import Actor
from apps.accounts.models import GovernmentPolicy, Organization, Role, User
from apps.deactivation import rules, services
from apps.deactivation.models import Act, Case, CaseAct, ChecklistItem
from tests import factories
from tests import factories_deactivation as made
from tests.deactivation import oracle
from tests.deactivation.test_cells import Undo

pytestmark = pytest.mark.django_db
PERSONS = range(5)


def _actors(cast, role, seat):
    """Five persons, each with the role; the same persons whichever role is asked for."""
    users = [factories.make_actor(Role.AUDITOR, cast.government).person_id for _ in PERSONS]
    return users, [Actor(pk, f"Orang {pk}", role, seat, "", None, cast.government.pk) for pk in users]


def test_all_assignments_of_five_persons():
    cast = made.make_cast()
    case = made.make_case(at="recommended", cast=cast)
    item = ChecklistItem(case=case)
    users, approvers = _actors(cast, "approver", cast.approver.seat_id)
    reviewers = [Actor(pk, "Analis", "reviewer", cast.reviewer.seat_id, "", None, cast.government.pk) for pk in users]
    wrong, allowed = [], 0
    for nominate, answer, recommend, decide in product(PERSONS, repeat=4):
        acts = [
            CaseAct(case=case, act=act, person_id=users[person])
            for act, person in ((Act.NOMINATE, nominate), (Act.ANSWER, answer), (Act.RECOMMEND, recommend))
        ]
        case._prefetched_objects_cache = {"acts": acts}
        may = rules.may_decide(approvers[decide], case)
        item.done_by_id = users[answer]
        for verify in PERSONS:
            checked = rules.may_verify_item(reviewers[verify], item)
            allowed += may and checked
            if may != oracle.may_decide(nominate, answer, recommend, decide) or checked != oracle.may_verify(
                answer, verify
            ):
                wrong.append((nominate, answer, recommend, decide, verify))
    assert wrong == []
    assert allowed == 1280  # 5 deciders × 4³ others × 4 verifiers who are not the doer


@pytest.mark.parametrize("shared", ["", "nominate", "answer", "recommend"])
def test_through_the_services_an_act_counts_for_the_person(shared):
    cast = made.make_cast()
    person = cast.approver.person_id
    user = User.objects.get(pk=person)
    if shared == "nominate":
        cast.reviewer = factories.make_actor(Role.REVIEWER, cast.government, user=user)
    if shared == "answer":
        cast.head = factories.make_actor(Role.AGENCY_HEAD, cast.government, cast.owner, acting="plt", user=user)
    if shared == "recommend":
        cast.second_reviewer = factories.make_actor(Role.REVIEWER, cast.government, acting="plh", user=user)
    case = _walk(cast, recommender=cast.second_reviewer)
    allowed = oracle.may_decide(
        person if shared == "nominate" else 0,
        person if shared == "answer" else 0,
        person if shared == "recommend" else 0,
        person,
    )
    if allowed:
        assert made.decide(case, cast).status == "decided"
    else:
        with pytest.raises(PermissionDenied):
            made.decide(case, cast)
        assert Case.objects.get(pk=case.pk).status == "recommended"


def _walk(cast, recommender):
    """A recommended case whose recommendation another person enters than who nominated."""
    case = made.make_case(at="on_desk", cast=cast)
    return services.recommend(
        case.pk,
        by=recommender,
        version=case.version,
        session_id=made.session_of(case).pk,
        outcome="deactivate",
        reason="Sesuai desk",
    )


def test_the_companion_who_gave_an_opinion_may_not_decide():
    cast = made.make_cast()
    case = made.make_case(at="recommended", cast=cast)
    cast.approver = Actor(**{**vars(cast.approver), "person_id": cast.planner.person_id})
    with pytest.raises(PermissionDenied):
        made.decide(case, cast)


def test_who_only_chaired_or_was_present_may_decide():
    cast = made.make_cast()
    case = made.make_case(at="on_desk", cast=cast)
    session = made.session_of(case)
    services.record_attendance(
        session.pk, by=cast.reviewer, organization_id=cast.approver.seat_id, person_id=cast.approver.person_id
    )
    case = services.recommend(
        case.pk, by=cast.reviewer, version=case.version, session_id=session.pk, outcome="deactivate", reason="Sesuai"
    )
    assert made.decide(case, cast).status == "decided"


@pytest.mark.parametrize("setting", [False, True])
def test_plh_decides_only_where_the_government_allows_it(setting):
    cast = made.make_cast()
    GovernmentPolicy.objects.filter(government=cast.government).update(plh_may_decide=setting)
    case = made.make_case(at="recommended", cast=cast)
    plh = Actor(**{**vars(cast.approver), "acting": "plh"})
    assert rules.may_decide(plh, case) is setting


def test_an_office_is_not_its_own_judge():
    government = factories.make_government()
    diskominfo = factories.office(government, "ict_office")
    cast = made.make_cast(government, owner=diskominfo)
    case = made.make_case(at="nominated", cast=cast)
    assert not rules.may_decide(cast.approver, case)
    sekda = factories.make_actor(Role.APPROVER, government, factories.office(government, "secretariat"))
    assert rules.may_decide(sekda, case)


def test_the_owners_unit_is_the_same_office():
    government = factories.make_government()
    diskominfo = factories.office(government, "ict_office")
    unit = factories.make_agency(government, parent=diskominfo, kind=Organization.Kind.UNIT)
    cast = made.make_cast(government, owner=unit)
    case = made.make_case(at="nominated", cast=cast)
    assert not rules.may_decide(cast.approver, case)


def test_the_owners_colleague_is_not_the_companion():
    government = factories.make_government()
    cast = made.make_cast(government, owner=factories.office(government, "planning_office"))
    case = made.make_case(at="nominated", cast=cast)
    assert not rules.may_give_opinion(cast.planner, case)
    assert rules.may_give_opinion(cast.treasurer, case)


def test_from_its_opening_a_case_says_who_may_do_what_comes_and_when_nobody_may():
    government = factories.make_government()
    cast = made.make_cast(government, owner=factories.office(government, "ict_office"))
    case = made.make_case(at="nominated", cast=cast)
    steps = {step.act: step for step in rules.who_may(case)}
    assert list(steps) == ["send_letter", "answer", "opinion", "recommend", "decide"]
    assert steps["decide"].nobody
    sekda = factories.make_actor(Role.APPROVER, government, factories.office(government, "secretariat"))
    steps = {step.act: step for step in rules.who_may(Case.objects.get(pk=case.pk))}
    assert sekda.name in steps["decide"].people[0]


def test_who_did_a_step_may_not_verify_it():
    cast = made.make_cast()
    case = made.make_case(at="executing", cast=cast)
    item = case.checklist.filter(phase="before").first()
    item = services.complete_item(
        item.pk, by=cast.operator, version=item.version, evidence=made.make_evidence(cast.operator)
    )
    same = Actor(**{**vars(cast.reviewer), "person_id": cast.operator.person_id})
    with pytest.raises(PermissionDenied):
        services.verify_item(item.pk, by=same, version=item.version)
    with pytest.raises(Undo), transaction.atomic():
        assert services.verify_item(item.pk, by=cast.reviewer, version=item.version).status == "verified"
        raise Undo
