"""A case's whole way by the services, its trail and its papers."""

import hashlib

import pytest

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.deactivation import queries, services, tasks
from apps.deactivation.models import Case, IssuedDocument
from apps.documents import services as documents
from apps.inventory.models import Application, Hold
from tests import factories_deactivation as made

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("at", [*made.WAY, "withdrawn", "annulled"])
def test_every_state_is_reached_by_services(at):
    assert made.make_case(at=at).status == at


def test_the_trail_tells_the_way():
    case = made.make_case(at="closed")
    verbs = list(Event.objects.filter(subject_code=case.code).order_by("pk").values_list("verb", flat=True))
    steps = [verb for verb in verbs if verb not in ("case.item_completed", "case.item_verified")]
    assert steps == [
        "case.nominated",
        "case.letter_sent",
        "case.answered",
        "case.put_on_agenda",
        "case.opinion_given",
        "case.recommended",
        "case.decided",
        "case.execution_begun",
        "case.retired",
        "case.executed",
        "case.closed",
    ]
    assert Application.objects.get(pk=case.application_id).status == "retired"
    assert not Hold.objects.filter(application_id=case.application_id).exists()


def test_an_open_case_holds_the_application():
    case = made.make_case(at="nominated")
    assert Hold.objects.get(application_id=case.application_id).reason.startswith("Kasus KSS-")


def test_papers_are_pdfs_whose_hash_and_address_are_kept():
    case = made.make_case(at="closed")
    session = made.session_of(case)
    services.issue_minutes(session.pk, by=_reviewer(case), version=session.version)
    papers = IssuedDocument.objects.order_by("pk")
    assert [paper.paper for paper in papers] == ["letter", "decision", "termination", "minutes"]
    for paper in papers:
        with documents.open_file(paper.document) as file:
            content = file.read()
        assert content.startswith(b"%PDF-") and hashlib.sha256(content).hexdigest() == paper.sha256
        assert len(paper.address) == 32
    assert len({paper.address for paper in papers}) == 4


def _reviewer(case):
    act = case.acts.get(act="recommend")
    return Actor(act.person_id, act.person_name, "reviewer", act.seat_id, "ict_office", None, case.government_id)


def test_codes_have_no_gaps():
    cast = made.make_cast()
    codes = [made.make_case(at="nominated", cast=cast).code for _ in range(3)]
    numbers = [int(code.rsplit("-", 1)[1]) for code in codes]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert codes[0].startswith("KSS-")


def test_sweeps_carry_a_decision_out_by_the_clock():
    cast = made.make_cast()
    case = made.make_case(at="decided", cast=cast)
    tasks.start_retiring()
    case.refresh_from_db()
    assert case.status == "decided"
    made.travel_to_day(case.effective_on)
    tasks.start_retiring()
    tasks.start_retiring()
    case.refresh_from_db()
    assert case.status == "executing"
    tasks.execute_due()
    tasks.execute_due()
    case.refresh_from_db()
    assert case.retired_at is None and case.blocked_by == queries.missing_before(case) != []
    assert Event.objects.filter(verb="case.execution_blocked", subject_code=case.code).count() == 1
    made.finish_phase(case, cast, "before")
    tasks.execute_due()
    case.refresh_from_db()
    assert case.retired_at and Application.objects.get(pk=case.application_id).status == "retired"


def test_annulled_execution_gives_the_application_back():
    cast = made.make_cast()
    case = made.make_case(at="executing", cast=cast)
    services.annul(case.pk, by=cast.approver, version=case.version, number="188/77", reason="Keliru")
    assert Application.objects.get(pk=case.application_id).status == "registered"
    assert Case.objects.get(pk=case.pk).annulment.number == "188/77"


def test_a_retired_application_comes_back_only_by_a_decided_case():
    cast = made.make_cast()
    retired = made.make_case(at="closed", cast=cast).application
    case = services.nominate(retired.pk, by=cast.head, ground="owner_request", reason="Diperlukan", kind="reactivation")
    assert case.status == "answered"
    services.add_to_agenda(made.make_session(cast).pk, by=cast.reviewer, case_ids=[case.pk])
    case.refresh_from_db()
    services.recommend(
        case.pk,
        by=cast.reviewer,
        version=case.version,
        session_id=made.session_of(case).pk,
        outcome="reactivate",
        reason="Perlu",
    )
    assert made.decide(case, cast).status == "closed"
    assert Application.objects.get(pk=retired.pk).status == "registered"
