"""The security category by ten questions: the bands by hand, the answers kept."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.utils import ProgrammingError
from django.http import Http404

from apps.core.errors import RuleViolation, StaleVersion
from apps.inventory import services
from apps.inventory.models import SecurityAssessment, SecurityForm, SecurityQuestion
from tests.deactivation.web import api, page, signed_in
from tests.inventory.doing import fresh, last_event

pytestmark = pytest.mark.django_db
# Letters of the ten answers, total and category, worked out by hand: A 5, B 2, C 1; 10–15, 16–34, 35–50.
BY_HAND = [
    ("CCCCCCCCCC", 10, "low"),
    ("ACCCCCCCCB", 15, "low"),
    ("BBBBBBCCCC", 16, "high"),
    ("AAAAAACCCC", 34, "high"),
    ("AAAAABBBBB", 35, "strategic"),
    ("AAAAAAAAAA", 50, "strategic"),
]


@pytest.fixture
def form():
    services.load_security_form()
    return SecurityForm.objects.get()


def letters(text):
    return {str(number): letter for number, letter in enumerate(text, start=1)}


def answer(made, by, text="CCCCCCCCCC", **options):
    given = {"version": fresh(made).version, "answers": letters(text), **options}
    return services.categorise(made.key, by=by, **given)


@pytest.mark.parametrize("text,total,category", BY_HAND)
def test_the_bands_by_hand(office, form, text, total, category):
    made = office.registered()
    answer(made, office.operator, text)
    kept = SecurityAssessment.objects.get()
    assert (kept.total, kept.category, kept.answers, kept.form) == (total, category, letters(text), form)
    assert fresh(made).security_category == category
    assert last_event(made).verb == "application.categorised" and str(total) in last_event(made).reason


def test_the_numbers_are_data(office, form):
    SecurityForm.objects.update(bands=[["low", 10, 50]])
    made = office.registered()
    answer(made, office.operator, "AAAAAAAAAA")
    assert fresh(made).security_category == "low"


def test_loading_again_keeps_a_correction(form):
    SecurityQuestion.objects.filter(number=1).update(text="Diperbaiki")
    assert services.load_security_form() == 0
    assert SecurityQuestion.objects.count() == 10 and SecurityQuestion.objects.get(number=1).text == "Diperbaiki"


def test_answers_are_kept_one_after_the_other(office, form):
    made = office.registered()
    answer(made, office.operator, "CCCCCCCCCC")
    answer(made, office.reviewer, "AAAAAAAAAA")
    assert [one.total for one in made.security_assessments.all()] == [50, 10]
    assert last_event(made).details["changes"] == {"security_category": ["low", "strategic"]}
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_securityassessment SET total = 10")


@pytest.mark.parametrize("given", [{}, letters("CCCCCCCCC"), letters("CCCCCCCCCD"), letters("CCCCCCCCCCC")])
def test_every_question_has_one_answer(office, form, given):
    made = office.registered()
    with pytest.raises(ValidationError):
        answer(made, office.operator, answers=given)
    assert not SecurityAssessment.objects.exists()


@pytest.mark.parametrize("role", ["agency_head", "companion", "approver", "executive", "auditor", "administrator"])
def test_roles_that_do_not_answer(office, form, role):
    with pytest.raises(PermissionDenied):
        answer(office.registered(), office.person(role), version=1, answers={})


@pytest.mark.parametrize("state", ["submitted", "withdrawn", "refused", "retired"])
def test_states_without_answers(office, form, state):
    with pytest.raises(RuleViolation):
        answer(getattr(office, state)(), office.operator)


def test_unseen_stale_and_without_questions(office):
    made = office.registered()
    with pytest.raises(RuleViolation):
        answer(made, office.operator)
    services.load_security_form()
    with pytest.raises(Http404):
        answer(made, office.stranger)
    with pytest.raises(StaleVersion):
        answer(made, office.operator, version=1)


def test_a_category_that_was_answered_is_not_typed_over(office, form):
    made = office.registered(security_category="high")
    answer(made, office.operator, "CCCCCCCCCC")
    words = {"by": office.operator, "reason": "Uji"}
    with pytest.raises(ValidationError):
        services.edit(made.code, version=fresh(made).version, values={"security_category": "high"}, **words)
    services.edit(made.code, version=fresh(made).version, values={"security_category": "low", "name": "Lain"}, **words)


def test_by_the_page(office, form):
    made = office.registered()
    address = f"/aplikasi/{made.code}/kategori-keamanan/"
    client = signed_in(office.operator)
    assert address in page(client, f"/aplikasi/{made.code}/arsitektur/")
    assert page(client, address).count("<legend") >= 10
    sent = {f"q{number}": "B" for number in range(1, 11)}
    half = client.post(address, {"version": fresh(made).version, "q1": "A"})
    assert half.status_code == 400 and "checked" in half.content.decode()
    assert client.post(address, {**sent, "version": 1}).status_code == 412
    assert client.post(address, {**sent, "version": fresh(made).version}).status_code == 302
    assert "Jumlah nilai 20" in page(client, address)
    assert "Rp3 miliar" in page(signed_in(office.person("auditor")), address)
    assert signed_in(office.person("auditor")).post(address, {}).status_code == 403
    assert "Jumlah nilai 20" in page(signed_in(office.person("executive")), address)
    assert signed_in(office.stranger).get(address).status_code == 404


def test_by_the_interface(office, form):
    made = office.registered()
    base, client = f"/api/v1/applications/{made.code}/", api(office.operator)
    sent = {"answers": letters("BBBBBBBBBB")}
    assert client.post(base + "categorise/", sent, format="json").status_code == 428
    assert api(office.person("auditor")).post(base + "categorise/", {}, format="json").status_code == 403
    version = {"HTTP_IF_MATCH": f'"{fresh(made).version}"'}
    assert client.post(base + "categorise/", {"answers": {"1": "A"}}, format="json", **version).status_code == 400
    assert client.post(base + "categorise/", sent, format="json", **version).json()["security_category"] == "high"
    assert client.get(base + "security-answers/").json()[0]["total"] == 20
    assert api(office.person("executive")).get(base + "security-answers/").json()[0]["total"] == 20
