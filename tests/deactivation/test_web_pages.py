"""Every page of a case opens for whom it is meant, in every state, and for nobody else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.core import clock
from apps.deactivation.models import IssuedDocument
from tests import factories
from tests import factories_deactivation as made
from tests.deactivation.web import api, page, signed_in

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"deactivation:{name}", args=args)


def test_the_case_opens_in_every_state_of_its_way():
    cast = made.make_cast()
    passed = []
    for case in made.walk(cast):
        opens_for_everybody(cast, case)
        passed.append(case.status)
    assert tuple(passed) == made.WAY


@pytest.mark.parametrize("at", ["withdrawn", "annulled"])
def test_the_case_opens_when_it_ended_before(at):
    cast = made.make_cast()
    opens_for_everybody(cast, made.make_case(at=at, cast=cast))


def opens_for_everybody(cast, case):
    for actor in (cast.reviewer, cast.approver, cast.head, cast.operator):
        client = signed_in(actor)
        body = page(client, case.get_absolute_url())
        assert case.application.name in body
        assert case.application.name in page(client, url("case_list") + "?status=")


def test_a_case_is_listed_once_however_much_of_it_is_late():
    cast = made.make_cast()
    case = made.make_case(at="executing", cast=cast)
    made.make_case(at="nominated", cast=cast)
    clock.travel_to(clock.now() + timedelta(days=300))
    assert case.checklist.filter(due_on__lt=clock.today(cast.government.zone)).count() > 1
    for actor in (cast.reviewer, cast.head, cast.planner):
        board = signed_in(actor).get(url("case_list"), {"overdue": "true"})
        assert [row.code for row in board.context["page"]] == [case.code]
        found = api(actor).get("/api/v1/cases/?overdue=true").json()["results"]
        assert [row["code"] for row in found] == [case.code]


def test_lists_and_details_of_a_finished_way():
    cast = made.make_cast()
    case = made.make_case(at="closed", cast=cast)
    letter, session = made.letter_of(case), made.session_of(case)
    client = signed_in(cast.reviewer)
    for address in (
        url("letter_list"), letter.get_absolute_url(), url("session_list"), session.get_absolute_url(),
        url("room", session.code), url("decision_list"), case.decision.get_absolute_url(), url("checklist", case.code),
        url("send_letter"), url("schedule_session"), url("nominate"),
    ):  # fmt: skip
        page(client, address)
    for address in (
        url("letter_document", letter.code), url("decision_document", case.decision.code),
        url("item_evidence", case.code, case.checklist.first().pk),
    ):  # fmt: skip
        response = client.get(address)
        assert response.status_code == 200 and response["Content-Disposition"].startswith("attachment")


def test_the_list_says_what_it_leaves_out():
    cast = made.make_cast()
    made.make_case(at="withdrawn", cast=cast)
    body = page(signed_in(cast.reviewer), url("case_list"))
    assert "1 kasus lain tidak ditampilkan" in body


def test_nobody_else_sees_a_case():
    cast = made.make_cast()
    case = made.make_case(at="awaiting_answer", cast=cast)
    letter = made.letter_of(case)
    stranger = factories.make_actor("agency_head", cast.government, factories.make_agency(cast.government))
    elsewhere = factories.make_actor("reviewer", factories.make_government("Kabupaten Lain"))
    for actor in (stranger, elsewhere, cast.planner):
        client = signed_in(actor)
        assert client.get(case.get_absolute_url()).status_code == 404
        assert client.get(url("letter_document", letter.code)).status_code == 404
    anonymous = Client().get(case.get_absolute_url())
    assert anonymous.status_code == 302 and "/masuk/" in anonymous["Location"]


def test_the_case_says_when_nobody_may_decide():
    cast = made.make_cast(owner=None)
    ict = factories.office(cast.government, "ict_office")
    case = made.make_case(at="nominated", cast=cast, application=made.make_registered(ict))
    assert "Tidak seorang pun" in page(signed_in(cast.reviewer), case.get_absolute_url())


def test_anyone_may_verify_a_paper_and_learns_no_person():
    cast = made.make_cast()
    case = made.make_case(at="decided", cast=cast)
    issued = IssuedDocument.objects.get(paper="decision")
    body = page(Client(), issued.get_absolute_url())
    assert issued.sha256 in body and case.application.code in body and "Berlaku" in body
    assert cast.approver.name not in body
    same = Client().post(issued.get_absolute_url(), {"sha256": issued.sha256.upper()})
    other = Client().post(issued.get_absolute_url(), {"sha256": "0" * 64})
    empty = Client().post(issued.get_absolute_url(), {})
    assert "Cocok: berkas Anda" in same.content.decode()
    assert "Tidak cocok" in other.content.decode()
    assert empty.status_code == 400
    assert Client().get(url("verify_document", "f" * 32)).status_code == 404
