"""The desk: quorum by office, absence, outcomes that contradict themselves, minutes."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from apps.core import clock
from apps.core.errors import RuleViolation
from apps.deactivation import queries, rules, services
from apps.deactivation.models import Case, IssuedDocument
from tests import factories_deactivation as made

pytestmark = pytest.mark.django_db
OWNER, OTHER, ICT, BAPPEDA, BKAD = 1, 2, 3, 4, 5
FUNCTIONS = {OWNER: "", OTHER: "", ICT: "ict_office", BAPPEDA: "planning_office", BKAD: "finance_office"}

# Who is present as (person, office), whose application it is, and which offices are missing.
QUORUM = [
    ([("a", OWNER), ("b", ICT), ("c", BAPPEDA)], OWNER, []),
    ([("a", OWNER), ("b", ICT), ("c", BKAD)], OWNER, []),
    ([("a", OWNER), ("b", ICT)], OWNER, ["companion"]),
    ([("a", OTHER), ("b", ICT), ("c", BKAD)], OWNER, ["owner"]),
    ([("a", OWNER), ("c", BKAD)], OWNER, ["ict_office"]),
    ([], OWNER, ["owner", "ict_office", "companion"]),
    ([("a", ICT), ("c", BKAD)], ICT, ["ict_office"]),
    ([("a", ICT), ("b", ICT), ("c", BKAD)], ICT, []),
    ([("a", BAPPEDA), ("b", ICT)], BAPPEDA, ["companion"]),
    ([("a", BAPPEDA), ("d", BAPPEDA), ("b", ICT)], BAPPEDA, ["companion"]),
    ([("a", BAPPEDA), ("b", ICT), ("c", BKAD)], BAPPEDA, []),
    ([("a", OWNER), ("a", ICT), ("c", BKAD)], OWNER, ["owner"]),
]


@pytest.mark.parametrize(("present", "owner", "missing"), QUORUM)
def test_quorum(present, owner, missing):
    people = [rules.Presence(person, office, FUNCTIONS[office]) for person, office in present]
    assert rules.missing_offices(people, owner) == missing


def _on_desk(cast, **kwargs):
    case = made.make_case(at="answered", cast=cast)
    session = made.make_session(cast, **kwargs)
    services.add_to_agenda(session.pk, by=cast.reviewer, case_ids=[case.pk])
    return Case.objects.get(pk=case.pk), session


def _recommend(case, cast, session, outcome="deactivate", **terms):
    return services.recommend(
        case.pk,
        by=cast.reviewer,
        version=case.version,
        session_id=session.pk,
        outcome=outcome,
        reason="Sesuai desk",
        **terms,
    )


def test_without_quorum_nothing_is_recommended(cast):
    case, session = _on_desk(cast, present=False)
    with pytest.raises(RuleViolation) as refused:
        _recommend(case, cast, session)
    assert refused.value.code == "no_quorum"


def test_an_owner_invited_twice_in_writing_is_judged_in_absentia(cast):
    case, session = _on_desk(cast, present=False)
    for person in (cast.second_reviewer, cast.planner):
        services.record_attendance(
            session.pk, by=cast.reviewer, organization_id=person.seat_id, person_id=person.person_id
        )
    services.invite(session.pk, by=cast.reviewer, organization_ids=[cast.owner.pk], reference="005/1")
    with pytest.raises(RuleViolation):
        _recommend(case, cast, session)
    services.invite(session.pk, by=cast.reviewer, organization_ids=[cast.owner.pk], reference="005/2")
    case = _recommend(case, cast, session)
    assert case.recommendation.in_absentia and case.agenda_items.get().in_absentia


def test_one_person_stands_for_one_office(cast, on_desk):
    _case, session = on_desk
    with pytest.raises(RuleViolation) as refused:
        services.record_attendance(
            session.pk, by=cast.reviewer, organization_id=cast.planner.seat_id, person_id=cast.planner.person_id
        )
    assert refused.value.code == "present_before"
    with pytest.raises(ValidationError):
        services.record_attendance(
            session.pk, by=cast.reviewer, organization_id=cast.owner.pk, person_id=cast.treasurer.person_id
        )


def test_postponing_stays_on_the_desk_and_the_case_goes_to_another_session(cast, on_desk):
    case, session = on_desk
    case = services.postpone(
        case.pk, by=cast.reviewer, version=case.version, session_id=session.pk, reason="Data kurang"
    )
    assert case.status == "on_desk"
    later = made.make_session(cast)
    services.add_to_agenda(later.pk, by=cast.reviewer, case_ids=[case.pk])
    case.refresh_from_db()
    assert _recommend(case, cast, later).status == "recommended"


@pytest.mark.parametrize("outcome", ["integrate", "replace"])
def test_targets_that_contradict(cast, on_desk, outcome):
    case, session = on_desk
    living = made.make_registered(cast.owner)
    middle = made.make_registered(cast.owner, successor=case.application)
    circle = made.make_registered(cast.owner, successor=middle)
    retired = made.make_case(at="executed", cast=cast).application
    refusals = {
        case.application_id: "target_is_itself",
        middle.pk: "target_circle",
        circle.pk: "target_circle",
        retired.pk: "target_not_living",
    }
    for target, code in refusals.items():
        with pytest.raises(RuleViolation) as refused:
            _recommend(case, cast, session, outcome, target_id=target)
        assert refused.value.code == code
    with pytest.raises(ValidationError):
        _recommend(case, cast, session, outcome)
    assert _recommend(case, cast, session, outcome, target_id=living.pk).recommendation.target == living


def test_two_running_cases_cannot_point_at_each_other(cast, on_desk):
    case, session = on_desk
    other, other_session = _on_desk(cast)
    _recommend(case, cast, session, "integrate", target_id=other.application_id)
    with pytest.raises(RuleViolation) as refused:
        _recommend(other, cast, other_session, "replace", target_id=case.application_id)
    assert refused.value.code == "target_circle"


def test_retain_counts_again_from_the_next_quarter_but_one_unless_named(cast, on_desk):
    case, session = on_desk
    now = queries.present_quarter(case)
    with pytest.raises(ValidationError):
        _recommend(case, cast, session, "retain", retain_from=str(now))
    assert _recommend(case, cast, session, "retain").recommendation.retain_from == str(now.plus(2))


def test_optimise_needs_conditions_with_dates(cast, on_desk):
    case, session = on_desk
    for conditions in ((), [{"text": "Perbaiki"}], [{"text": "", "due_on": "2027-01-01"}]):
        with pytest.raises(ValidationError):
            _recommend(case, cast, session, "optimise", conditions=conditions)
    terms = [{"text": "Pasang akun tunggal", "due_on": "2027-01-01"}]
    assert _recommend(case, cast, session, "optimise", conditions=terms).recommendation.conditions == terms


def test_minutes_wait_for_the_whole_agenda_and_are_amended_never_replaced(cast, on_desk):
    case, session = on_desk
    with pytest.raises(RuleViolation) as refused:
        services.issue_minutes(session.pk, by=cast.reviewer, version=None)
    assert refused.value.code == "pending_items"
    _recommend(case, cast, session)
    minutes = services.issue_minutes(session.pk, by=cast.reviewer, version=None)
    amendment = services.amend_minutes(session.pk, by=cast.reviewer, text="Nama peserta diperbaiki")
    assert amendment.amends == minutes and amendment.issued.amends == minutes.issued
    assert IssuedDocument.objects.get(pk=minutes.issued_id).sha256 == minutes.issued.sha256
    with pytest.raises(RuleViolation):
        services.issue_minutes(session.pk, by=cast.reviewer, version=None)


@pytest.mark.parametrize(("away", "kept"), [(-2_000, False), (-30, True), (400, True), (2_000, False)])
def test_a_session_stands_in_a_year_somebody_can_mean(away, kept):
    cast = made.make_cast()
    held_at = clock.now() + timedelta(days=away)
    if kept:
        assert services.schedule_session(by=cast.reviewer, title="Desk", held_at=held_at).held_at == held_at
        return
    with pytest.raises(ValidationError) as refused:
        services.schedule_session(by=cast.reviewer, title="Desk", held_at=held_at)
    assert list(refused.value.message_dict) == ["held_at"]
