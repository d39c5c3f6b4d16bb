"""Letters: proven delivery, working days, one extension, silence, lateness, a changed owner."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from apps.core.errors import RuleViolation
from apps.deactivation import services, tasks
from apps.deactivation.models import Letter, LetterCase
from tests import factories
from tests import factories_deactivation as made

pytestmark = pytest.mark.django_db
INDEPENDENCE_DAY = [(date(2024, 8, 17), "national_holiday", "Proklamasi Kemerdekaan")]


def _sent(days=10, on=date(2024, 8, 5)):
    made.travel_to_day(on)
    cast = made.make_cast()
    factories.confirm_year(2024, INDEPENDENCE_DAY)
    policy = cast.government.policy
    policy.answer_working_days = days
    policy.save()
    case = made.make_case(at="nominated", cast=cast)
    letter = services.send_letter([case.pk], by=cast.reviewer)
    case.refresh_from_db()
    return cast, case, letter


def test_twenty_working_days_from_8_august_2024_end_on_5_september():
    cast, _case, letter = _sent(days=20)
    made.travel_to_day(date(2024, 8, 8))
    letter = services.open_letter(letter.pk, by=cast.operator)
    assert (letter.delivery, letter.delivered_on, letter.due_on) == ("opened", date(2024, 8, 8), date(2024, 9, 5))


def test_only_the_first_opening_by_the_addressee_counts():
    cast, _case, letter = _sent()
    assert services.open_letter(letter.pk, by=cast.reviewer).status == "sent"
    services.open_letter(letter.pk, by=cast.operator)
    made.travel_to_day(date(2024, 8, 20))
    assert services.open_letter(letter.pk, by=cast.head).delivered_on == date(2024, 8, 5)


def test_a_receipt_needs_its_evidence_and_a_possible_day():
    cast, _case, letter = _sent()
    scan = made.make_evidence(cast.reviewer)
    for day, evidence in ((date(2024, 8, 5), None), (date(2024, 8, 6), scan), (date(2024, 8, 2), scan)):
        with pytest.raises(ValidationError):
            services.record_delivery(
                letter.pk, by=cast.reviewer, version=letter.version, delivered_on=day, evidence=evidence
            )
    letter = services.record_delivery(
        letter.pk, by=cast.reviewer, version=letter.version, delivered_on=date(2024, 8, 5), evidence=scan
    )
    assert letter.status == "delivered" and letter.delivery_recorded_by == cast.reviewer.name


def test_an_undelivered_letter_is_never_deemed():
    _cast, case, _letter = _sent()
    made.travel_to_day(date(2024, 12, 2))
    tasks.deem_silent_letters()
    case.refresh_from_db()
    assert case.status == "awaiting_answer"


def test_silence_is_deemed_after_the_last_day_and_a_later_answer_stands_beside_it():
    cast, case, letter = _sent()
    due = services.open_letter(letter.pk, by=cast.operator).due_on
    made.travel_to_day(due, hour=23)
    tasks.deem_silent_letters()
    case.refresh_from_db()
    assert case.status == "awaiting_answer"
    made.travel_to_day(due + timedelta(days=1), hour=0)
    tasks.deem_silent_letters()
    tasks.deem_silent_letters()
    case.refresh_from_db()
    item = LetterCase.objects.get(case=case)
    assert (case.status, item.answer) == ("answered", "deemed_agreed")
    services.answer(case.pk, by=cast.head, version=case.version, reply="objected", reason="Masih dipakai")
    item.refresh_from_db()
    assert (item.answer, item.late_answer, item.late_reason) == ("deemed_agreed", "objected", "Masih dipakai")


def test_an_answer_after_the_deadline_is_late_even_before_the_sweep_came():
    cast, case, letter = _sent()
    due = services.open_letter(letter.pk, by=cast.operator).due_on
    made.travel_to_day(due + timedelta(days=1))
    case = services.answer(case.pk, by=cast.head, version=case.version, reply="agreed")
    item = LetterCase.objects.get(case=case)
    assert (case.status, item.answer, item.late_answer) == ("answered", "deemed_agreed", "agreed")


def test_one_extension_with_a_reason():
    cast, _case, letter = _sent()
    letter = services.open_letter(letter.pk, by=cast.operator)
    extend = {"by": cast.reviewer, "days": 5}
    with pytest.raises(ValidationError):
        services.extend_deadline(letter.pk, version=letter.version, reason=" ", **extend)
    before = letter.due_on
    letter = services.extend_deadline(letter.pk, version=letter.version, reason="Kepala OPD cuti", **extend)
    assert letter.due_on == before + timedelta(days=7)
    with pytest.raises(RuleViolation) as refused:
        services.extend_deadline(letter.pk, version=letter.version, reason="Lagi", **extend)
    assert refused.value.code == "extended_before"


def test_an_objection_needs_its_reason_and_a_reviewer_the_scan():
    cast, case, _letter = _sent()
    with pytest.raises(ValidationError):
        services.answer(case.pk, by=cast.head, version=case.version, reply="objected")
    with pytest.raises(ValidationError):
        services.answer(case.pk, by=cast.reviewer, version=case.version, reply="agreed")
    scan = made.make_evidence(cast.reviewer)
    services.answer(case.pk, by=cast.reviewer, version=case.version, reply="agreed", evidence=scan)
    assert LetterCase.objects.get(case=case).entered_for


def test_an_unconfirmed_year_is_an_error_and_nothing_is_written():
    cast, _case, letter = _sent()
    factories.core_services.set_holidays(2024, [], decree="")
    with pytest.raises(RuleViolation):
        services.open_letter(letter.pk, by=cast.operator)
    assert Letter.objects.get(pk=letter.pk).status == "sent"


def test_a_letter_restarts_when_the_owner_changes():
    _cast, case, letter = _sent()
    heir = factories.make_agency(case.government)
    case.application.owner = heir
    case.application.save()
    tasks.deem_silent_letters()
    tasks.deem_silent_letters()
    fresh = Letter.objects.latest("pk")
    letter.refresh_from_db()
    assert Letter.objects.count() == 2
    assert (fresh.addressee, fresh.replaces, letter.status) == (heir, letter, "replaced")


def test_one_letter_goes_to_one_office_about_several_cases():
    cast = made.make_cast()
    cases = [made.make_case(at="nominated", cast=cast) for _ in range(2)]
    other = made.make_registered(factories.make_agency(cast.government))
    stranger = services.nominate(other.pk, by=cast.reviewer, ground="duplicate", reason="Ganda")
    with pytest.raises(RuleViolation) as refused:
        services.send_letter([cases[0].pk, stranger.pk], by=cast.reviewer)
    assert refused.value.code == "several_offices"
    letter = services.send_letter([case.pk for case in cases], by=cast.reviewer)
    assert letter.items.count() == 2
    assert letter.code.endswith("-0001")


def test_an_ownerless_application_needs_a_caretaker_first():
    cast = made.make_cast()
    case = made.make_case(at="nominated", cast=cast)
    cast.owner.active_until = date(2020, 1, 1)
    cast.owner.save()
    with pytest.raises(RuleViolation) as refused:
        services.send_letter([case.pk], by=cast.reviewer)
    assert refused.value.code == "no_respondent"
    caretaker = factories.make_agency(cast.government)
    case = services.name_caretaker(
        case.pk, by=cast.reviewer, version=case.version, organization_id=caretaker.pk, reason="OPD pemilik dilebur"
    )
    assert services.send_letter([case.pk], by=cast.reviewer).addressee == caretaker


def test_the_owners_own_request_signed_by_its_head_is_answered_at_once():
    cast = made.make_cast()
    first = made.make_registered(cast.owner)
    assert services.nominate(first.pk, by=cast.head, ground="owner_request", reason="Usang").status == "answered"
    second = made.make_registered(cast.owner)
    case = services.nominate(second.pk, by=cast.operator, ground="owner_request", reason="Usang")
    assert case.status == "nominated"
    assert services.sign_request(case.pk, by=cast.head, version=case.version).status == "answered"
