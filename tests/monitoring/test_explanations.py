"""Requests for explanation: asked when it is too late to return, answered once, part of the evidence."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation, StaleVersion
from apps.core.quarter import Quarter
from apps.monitoring import services
from apps.monitoring.models import Assessment, ExplanationRequest, Finding, Period
from tests import factories, factories_deactivation
from tests.monitoring.browser import api, signed_in
from tests.monitoring.world import World, give_evidence

pytestmark = pytest.mark.django_db
Q1 = Quarter(2025, 1)
SAID = {"used": True, "active_users": 500, "transactions": 900}


@pytest.fixture
def world(government):
    return World(government)


@pytest.fixture
def sent(world):
    application = world.application()
    return world.report(world.open(Q1), application, **SAID)


def tomorrow(world):
    return clock.today(world.government.zone) + timedelta(days=1)


def ask(world, report, **changes):
    said = {"by": world.reviewer, "version": report.version, "question": "Mengapa 500?", "due_on": tomorrow(world)}
    return services.ask_about_report(report.pk, **{**said, **changes})


def refused(code, verb, *args, **kwargs):
    with pytest.raises(RuleViolation) as refusal:
        verb(*args, **kwargs)
    assert refusal.value.code == code


def test_a_reviewer_asks_once_at_a_time(world, sent):
    for actor in (world.operator, world.head, factories.make_actor("auditor", world.government)):
        with pytest.raises(PermissionDenied):
            ask(world, sent, by=actor)
    with pytest.raises(Http404):
        ask(world, sent, by=factories.make_actor("reviewer", factories.make_government("B")))
    with pytest.raises(StaleVersion):
        ask(world, sent, version=99)
    for wrong in ({"question": "  "}, {"due_on": tomorrow(world) - timedelta(days=9)}):
        with pytest.raises(ValidationError):
            ask(world, sent, **wrong)
    row = ask(world, sent)
    assert row.code.startswith("PJL-") and row.status == "asked"
    refused("already_asked", ask, world, sent)
    event = Event.objects.get(verb="explanation.asked")
    assert (event.subject_code, event.organization_id) == (row.code, world.agency.pk)


def test_a_draft_is_not_asked_about(world, sent):
    draft = services.reopen_report(sent.pk, by=world.operator, version=sent.version)
    with pytest.raises(Http404):
        ask(world, draft)


def test_the_owner_explains_once(world, sent):
    row = ask(world, sent)
    say = {"version": row.version, "answer": "Dihitung bersama puskesmas"}
    with pytest.raises(PermissionDenied):
        services.explain(row.code, by=world.reviewer, **say)
    stranger = factories.make_actor("operator", world.government, factories.make_agency(world.government))
    with pytest.raises(Http404):
        services.explain(row.code, by=stranger, **say)
    with pytest.raises(StaleVersion):
        services.explain(row.code, by=world.head, **{**say, "version": 99})
    with pytest.raises(ValidationError):
        services.explain(row.code, by=world.head, **{**say, "answer": " "})
    row = services.explain(row.code, by=world.operator, **say)
    assert (row.status, row.answered_by_name) == ("answered", world.operator.name)
    refused("wrong_state", services.explain, row.code, by=world.operator, **{**say, "version": row.version})
    assert ask(world, sent).pk != row.pk, "an answer may lead to another question"


def test_an_answer_in_time_is_frozen_with_the_evidence(world, sent):
    row = ask(world, sent)
    services.explain(row.code, by=world.operator, version=row.version, answer="Dihitung bersama puskesmas")
    world.close(sent.period)
    frozen = Assessment.objects.published().get().evidence["explanations"]
    assert [(one["code"], one["answer"]) for one in frozen] == [(row.code, "Dihitung bersama puskesmas")]


def test_after_the_close_a_late_report_carries_its_explanation_into_the_correction(world):
    application = world.application()
    period = world.open(Q1)
    world.close(period)
    late = world.report(period, application, **SAID)
    row = ask(world, late)
    services.explain(row.code, by=world.operator, version=row.version, answer="Operator sakit")
    services.accept_report(late.pk, by=world.reviewer, version=late.version)
    corrected = Assessment.objects.published().in_force().get()
    assert corrected.evidence["explanations"][0]["answer"] == "Operator sakit"


def test_a_conflict_shows_three_witnesses_and_what_the_agency_explained(world):
    application = world.application()
    period = world.open(Q1)
    give_evidence(world, period, application, {"report": {"used": True, "users": 500}, "counter_days": 61})
    world.close(period)
    finding = Finding.objects.get(kind="conflict")
    address = reverse("monitoring:finding", args=[finding.code])
    client = signed_in(world.reviewer)
    page = client.get(address).content.decode()
    assert "Kata OPD" in page and "Kata pencacah" in page and "61 hari" in page and ">500<" in page
    body = {"act": "ask", "version": finding.version, "q-question": "Mengapa pencacah nol?"}
    assert client.post(address, body).status_code == 400
    body["q-due_on"] = tomorrow(world).isoformat()
    assert signed_in(world.operator).post(address, body).status_code == 403
    assert "Penjelasan diminta" in client.post(address, body, follow=True).content.decode()
    row = ExplanationRequest.objects.get()
    operator, one = signed_in(world.operator), reverse("monitoring:explanation", args=[row.code])
    assert "Mengapa pencacah nol?" in operator.get(reverse("monitoring:explanations")).content.decode()
    assert operator.post(one, {"version": row.version, "answer": ""}).status_code == 400
    done = operator.post(one, {"version": row.version, "answer": "Cuplikan terpasang keliru"}, follow=True)
    assert "menjadi bagian bukti" in done.content.decode()
    assert "Cuplikan terpasang keliru" in client.get(address).content.decode()
    assert client.post(one, {"version": row.version, "answer": "x"}).status_code == 403


def test_in_the_last_three_working_days_the_page_offers_to_ask_instead_of_returning(world, sent):
    factories.confirm_year(2025)
    client, address = signed_in(world.reviewer), reverse("monitoring:review", args=[sent.period.code])
    assert "Kembalikan dengan catatan" in client.get(address).content.decode()
    clock.travel_to(sent.period.closes_at - timedelta(days=2))
    page = client.get(address).content.decode()
    assert "Kembalikan dengan catatan" not in page and "Minta penjelasan OPD" in page
    act = {"act": f"ask-{sent.pk}", f"version-{sent.pk}": sent.version, f"q{sent.pk}-question": "Dari mana 500?"}
    assert client.post(address, act).status_code == 400
    act[f"q{sent.pk}-due_on"] = tomorrow(world).isoformat()
    page = client.post(address, act, follow=True).content.decode()
    assert "diminta" in page and "Menunggu penjelasan OPD" in page


def test_the_api_asks_and_explains_in_the_order_of_refusals(world, sent):
    path = f"/api/v1/reports/{sent.application.code}/{sent.period.code}/ask/"
    reviewer, operator = api(world.reviewer), api(world.operator)
    body = {"question": "Dari mana 500?", "due_on": tomorrow(world).isoformat()}

    def post(client, path, body, version=None):
        headers = {"If-Match": f'"{version}"'} if version is not None else {}
        return client.post(path, body, format="json", headers=headers)

    assert post(operator, path, {}).status_code == 403
    assert post(reviewer, path, {}).status_code == 428
    assert post(reviewer, path, body, 99).status_code == 412
    asked = post(reviewer, path, body, sent.version).json()
    assert (asked["status"], asked["period"], asked["finding"]) == ("asked", "2025-Q1", None)
    assert post(reviewer, path, body, sent.version).status_code == 409
    one = f"/api/v1/explanations/{asked['code']}/"
    assert post(reviewer, one + "explain/", {}).status_code == 403
    said = post(operator, one + "explain/", {"answer": "Gabungan puskesmas"}, asked["version"])
    assert said.json()["status"] == "answered", said.content
    assert reviewer.get("/api/v1/explanations/?status=answered").json()["results"][0]["answer"] == "Gabungan puskesmas"


def test_the_desk_reads_the_explanation_with_the_evidence_of_the_case(government):
    cast = factories_deactivation.make_cast(government)
    case = factories_deactivation.make_case("on_desk", cast=cast)
    finding = Finding.objects.create(
        code="TMN-2026-009998", application=case.application, kind=Finding.Kind.STALE, quarters=[],
        opened_in=Period.objects.create(
            government=government, year=2025, quarter=1, status="closed",
            opens_at=clock.now() - timedelta(days=2), closes_at=clock.now() - timedelta(days=1),
        ),
    )  # fmt: skip
    due_on = clock.today(government.zone) + timedelta(days=1)
    row = services.ask_about_finding(
        finding.pk, by=cast.reviewer, version=finding.version, question="Mengapa usang?", due_on=due_on
    )
    services.explain(row.code, by=cast.operator, version=row.version, answer="Operator berganti")
    for actor in (cast.planner, cast.approver, cast.operator):
        page = signed_in(actor).get(reverse("deactivation:case_detail", args=[case.code])).content.decode()
        assert "Mengapa usang?" in page and "Operator berganti" in page
    tab = signed_in(cast.operator).get(reverse("monitoring:application", args=[case.application.code]))
    assert "Operator berganti" in tab.content.decode()
