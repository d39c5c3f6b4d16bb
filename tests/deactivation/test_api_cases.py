"""The REST doors of cases: each act once, and the order of refusals as problem+json."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from apps.deactivation import services
from apps.deactivation.models import Case, ChecklistItem, Letter, Phase
from tests import factories
from tests import factories_deactivation as made
from tests.deactivation.web import api

pytestmark = pytest.mark.django_db
CASES, LETTERS, SESSIONS, DECISIONS = (
    f"/api/v1/{noun}/" for noun in ("cases", "letters", "desk-sessions", "decisions")
)


def fresh(case):
    return Case.objects.get(pk=case.pk)


def post(client, path, body=None, version=None, **kwargs):
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client.post(path, body or {}, format=kwargs.pop("format", "json"), headers=headers)


def pdf():
    return SimpleUploadedFile("bukti.pdf", b"%PDF-1.4 bukti", content_type="application/pdf")


def refusal(response):
    assert response["Content-Type"].startswith("application/problem+json"), response.content
    return response.status_code, response.json()["type"].rsplit(":", 1)[1]


def test_lists_and_details_show_what_the_pages_show(cast):
    case = made.make_case(at="closed", cast=cast)
    client = api(cast.reviewer)
    listed = client.get(CASES + "?status=closed&count=true").json()
    assert listed["count"] == 1 and listed["results"][0]["code"] == case.code
    detail = client.get(f"{CASES}{case.code}/")
    assert detail["ETag"] == f'"{case.version}"'
    assert detail.json()["answers"][0]["answer"] == "agreed" and detail.json()["opinions"][0]["stance"] == "agree"
    for noun, code in (
        (LETTERS, made.letter_of(case).code),
        (SESSIONS, made.session_of(case).code),
        (DECISIONS, case.decision.code),
    ):
        assert client.get(noun).json()["results"][0]["code"] == code
        assert client.get(f"{noun}{code}/").status_code == 200
    assert refusal(client.get(CASES + "?warna=merah")) == (400, "invalid")


def test_the_order_of_refusals(cast):
    case = made.make_case(at="nominated", cast=cast)
    path, body = f"{CASES}{case.code}/withdraw/", {"reason": "Masih dipakai"}
    stranger = factories.make_actor("operator", cast.government, factories.make_agency(cast.government))
    assert post(APIClient(), path, body, 1).status_code == 401
    assert refusal(post(api(stranger), path, body, 1))[0] == 404
    assert refusal(post(api(cast.head), path, body, case.version))[0] == 403
    assert refusal(post(api(cast.reviewer), path, body))[0] == 428
    assert refusal(post(api(cast.reviewer), path, body, case.version + 1))[0] == 412
    assert refusal(post(api(cast.reviewer), path, {}, case.version)) == (400, "invalid")
    unknown = post(api(cast.reviewer), path, {**body, "warna": "merah"}, case.version)
    assert unknown.json()["errors"][0]["field"] == "warna"
    assert post(api(cast.reviewer), path, body, case.version).json()["status"] == "withdrawn"
    assert refusal(post(api(cast.reviewer), path, body, fresh(case).version)) == (409, "wrong_state")


def test_from_nomination_to_an_answer(cast):
    application = made.make_registered(cast.owner)
    reviewer, head = api(cast.reviewer), api(cast.head)
    opened = post(reviewer, CASES, {"application": application.code, "ground": "technical", "reason": "Usang"})
    assert opened.status_code == 201
    case = Case.objects.get(code=opened.json()["code"])
    assert refusal(post(reviewer, CASES, {"application": "APL-0", "ground": "technical", "reason": "x"})) == (
        400,
        "invalid",
    )
    sent = post(reviewer, LETTERS, {"cases": {case.code: case.version}})
    assert sent.status_code == 201, sent.content
    letter = Letter.objects.get()
    assert post(head, f"{LETTERS}{letter.code}/open/").json()["status"] == "delivered"
    longer = {"days": 3, "reason": "Cuti"}
    assert (
        post(reviewer, f"{LETTERS}{letter.code}/extend-deadline/", longer, Letter.objects.get().version).status_code
        == 200
    )
    answered = post(head, f"{CASES}{case.code}/answer/", {"reply": "agreed"}, fresh(case).version)
    assert answered.json()["status"] == "answered"


def test_a_receipt_comes_as_a_file(cast):
    case = made.make_case(at="nominated", cast=cast)
    letter = services.send_letter([case.pk], by=cast.reviewer)
    body = {"delivered_on": letter.sent_on.isoformat(), "evidence": pdf()}
    done = post(
        api(cast.reviewer), f"{LETTERS}{letter.code}/record-delivery/", body, letter.version, format="multipart"
    )
    assert done.status_code == 200 and done.json()["delivery"] == "receipt", done.content


def test_a_session_through_its_endpoints(cast):
    case = made.make_case(at="answered", cast=cast)
    client = api(cast.reviewer)
    made_session = post(client, SESSIONS, {"title": "Desk ke-9", "held_at": "2026-12-10T09:00:00+07:00"})
    assert made_session.status_code == 201
    path, version = f"{SESSIONS}{made_session.json()['code']}/", made_session.json()["version"]
    session = made_session.json()["code"]
    version = post(client, path + "add-to-agenda/", {"cases": [case.code]}, version).json()["version"]
    assert post(client, path + "invite/", {"organizations": [cast.owner.code]}).status_code == 200
    version = post(client, path + "start/", {}, version).json()["version"]
    recommend = {"session": session, "outcome": "retain", "reason": "Masih perlu"}
    early = post(client, f"{CASES}{case.code}/recommend/", recommend, fresh(case).version)
    assert refusal(early) == (409, "no_quorum")
    offices = (cast.owner, *(factories.office(cast.government, name) for name in ("ict_office", "planning_office")))
    for number, office in enumerate(offices):
        present = post(client, path + "record-attendance/", {"organization": office.code, "name": f"Orang {number}"})
        assert present.status_code == 200
    opinion = {"session": session, "stance": "agree"}
    assert post(api(cast.planner), f"{CASES}{case.code}/give-opinion/", opinion).status_code == 200
    later = {"session": session, "reason": "Data kurang"}
    assert post(api(cast.head), f"{CASES}{case.code}/postpone/", later, fresh(case).version).status_code == 403
    assert refusal(post(client, path + "issue-minutes/", {}, version)) == (409, "pending_items")
    advised = post(client, f"{CASES}{case.code}/recommend/", recommend, fresh(case).version)
    assert advised.json()["recommendation"]["outcome"] == "retain"
    assert post(client, path + "issue-minutes/", {"text": "Lengkap"}, version).json()["status"] == "minuted"
    assert len(post(client, path + "amend-minutes/", {"text": "Ralat nama"}).json()["minutes"]) == 2


def test_deciding_sending_back_objecting_and_annulling(cast):
    case = made.make_case(at="recommended", cast=cast)
    approver, head = api(cast.approver), api(cast.head)
    assert (
        post(approver, f"{CASES}{case.code}/send-back/", {"reason": "Lagi"}, case.version).json()["status"] == "on_desk"
    )
    cases = [made.make_case(at="recommended", cast=cast) for _n in range(2)]
    body = {
        "decree_number": "188/5",
        "legal_basis": made.LEGAL_BASIS,
        "cases": [{"case": c.code, "version": c.version} for c in cases],
    }
    assert refusal(post(api(cast.reviewer), DECISIONS, body))[0] == 403
    stale = {**body, "cases": [body["cases"][0], {**body["cases"][1], "version": 0}]}
    assert refusal(post(approver, DECISIONS, stale))[0] == 412
    decided = post(approver, DECISIONS, body)
    assert decided.status_code == 201 and len(decided.json()["items"]) == 2
    first, second = (fresh(c) for c in cases)
    objected = post(head, f"{CASES}{first.code}/raise-objection/", {"reason": "Masih dipakai"}, first.version)
    assert objected.status_code == 200
    upheld = post(approver, f"{CASES}{first.code}/uphold-objection/", {"reason": "Benar"}, fresh(first).version)
    assert upheld.json()["status"] == "recommended"
    post(head, f"{CASES}{second.code}/raise-objection/", {"reason": "Masih dipakai"}, second.version)
    dismissed = post(approver, f"{CASES}{second.code}/dismiss-objection/", {"reason": "Tidak"}, fresh(second).version)
    assert dismissed.json()["status"] == "decided"
    annulled = post(
        approver, f"{CASES}{second.code}/annul/", {"number": "188/6", "reason": "Keliru"}, fresh(second).version
    )
    assert annulled.json()["status"] == "annulled"


def test_steps_and_closing(cast):
    case = made.make_case(at="executing", cast=cast)
    item = case.checklist.filter(phase=Phase.BEFORE, responsible=cast.owner).first()
    path = f"{CASES}{case.code}/items/{item.pk}/"
    done = post(api(cast.operator), path + "complete/", {"evidence": pdf()}, item.version, format="multipart")
    assert done.status_code == 200, done.content
    again = ChecklistItem.objects.get(pk=item.pk)
    assert refusal(post(api(cast.operator), path + "verify/", {}, again.version))[0] == 403
    assert post(api(cast.reviewer), path + "return/", {"reason": "Buram"}, again.version).status_code == 200
    again = ChecklistItem.objects.get(pk=item.pk)
    post(api(cast.operator), path + "complete/", {"evidence": pdf()}, again.version, format="multipart")
    again = ChecklistItem.objects.get(pk=item.pk)
    assert post(api(cast.reviewer), path + "verify/", {}, again.version).status_code == 200
    early = post(api(cast.reviewer), f"{CASES}{case.code}/close/", {}, fresh(case).version)
    assert refusal(early) == (409, "wrong_state")


def test_a_planned_saving_is_verified_by_bkad_only(cast):
    case = made.make_case(at="recommended", cast=cast)
    made.decide(case, cast, planned_saving=100)
    saving = fresh(case).savings.get()
    path = f"{CASES}{case.code}/savings/{saving.pk}/verify/"
    assert refusal(post(api(cast.reviewer), path, {"amount": "90"}))[0] == 403
    assert refusal(post(api(cast.treasurer), path, {"amount": "90"}))[0] == 428
    done = post(api(cast.treasurer), path, {"amount": "90"}, saving.version)
    assert done.json()["savings"][0]["verified_yearly"] == "90.00"


def test_the_schema_describes_the_acts(cast):
    schema = api(cast.reviewer).get("/api/v1/schema/?format=json").json()
    act = schema["paths"]["/api/v1/cases/{code}/withdraw/"]["post"]
    assert {"400", "401", "403", "404", "409", "412", "428"} <= set(act["responses"])
    assert any(parameter["name"] == "If-Match" for parameter in act["parameters"])
