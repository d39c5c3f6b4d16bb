"""The calendar of a person: its own deadlines under a secret address that can be ended."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.logging import masked
from apps.core.quarter import Quarter
from apps.deactivation import services as desk
from apps.deactivation.models import Letter
from apps.monitoring import services as monitoring
from apps.notifications import services
from apps.notifications.models import CalendarFeed
from tests import factories, factories_deactivation
from tests.monitoring.browser import signed_in
from tests.monitoring.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(government):
    return World(government)


def feed(token):
    return Client().get(f"/kalender/{token}.ics")


def test_the_feed_shows_what_concerns_the_person_and_nobody_else(world):
    application = world.application()
    period = world.open(Quarter(2025, 1))
    report = world.report(period, application, used=True, active_users=9, transactions=9)
    asked = monitoring.ask_about_report(
        report.pk, by=world.reviewer, version=report.version, question="Dari mana?",
        due_on=clock.today(world.government.zone) + timedelta(days=3),
    )  # fmt: skip
    answer = feed(services.renew_calendar(by=world.operator))
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar") and "no-store" in answer["Cache-Control"]
    assert "SUMMARY:Batas laporan Triwulan I 2025" in text and "DTSTART;VALUE=DATE:20250410" in text
    assert "SUMMARY:Penjelasan Antrean Puskesmas" in text and asked.code in text.replace("\r\n ", "")
    stranger = factories.make_actor("operator", world.government, factories.make_agency(world.government))
    text = feed(services.renew_calendar(by=stranger)).content.decode()
    assert "Batas laporan" in text and "Penjelasan" not in text
    abroad = factories.make_actor("operator", other := factories.make_government("B"), factories.make_agency(other))
    assert "BEGIN:VEVENT" not in feed(services.renew_calendar(by=abroad)).content.decode()


def test_letters_and_conditions_are_in_it_until_they_are_settled(government):
    cast = factories_deactivation.make_cast(government)
    factories_deactivation.make_case("awaiting_answer", cast=cast)
    letter = Letter.objects.get()
    token = services.renew_calendar(by=cast.head)
    text = feed(token).content.decode()
    assert f"Batas jawab surat {letter.code}" in text and f"{letter.due_on:%Y%m%d}" in text
    day = letter.due_on + timedelta(days=90)
    factories_deactivation.make_case(
        "decided", cast=cast, outcome="optimise", conditions=[{"text": "Perbaiki, lalu uji", "due_on": day}]
    )
    text = feed(token).content.decode()
    assert "SUMMARY:Syarat" in text and f"{day:%Y%m%d}" in text and "Perbaiki\\, lalu uji" in text


def test_desk_sessions_are_in_it_for_those_who_go_there_until_they_are_over(government):
    cast = factories_deactivation.make_cast(government)
    session = factories_deactivation.session_of(factories_deactivation.make_case("on_desk", cast=cast))
    foreign = factories.make_actor("agency_head", government, factories.make_agency(government))
    inspector = factories.make_actor("auditor", government)
    entry = f"UID:desk-{session.pk}@portofolio-spbe"

    def who_has_it():
        people = {"reviewer": cast.reviewer, "planner": cast.planner, "head": cast.head, "approver": cast.approver,
                  "foreign": foreign, "inspector": inspector}  # fmt: skip
        return {name for name, by in people.items() if entry in feed(services.renew_calendar(by=by)).content.decode()}

    assert who_has_it() == {"reviewer", "planner", "head", "approver"}
    offices = [foreign.seat_id, inspector.seat_id]
    desk.invite(session.pk, by=cast.reviewer, organization_ids=offices, reference="005/12")
    assert who_has_it() == {"reviewer", "planner", "head", "approver", "foreign", "inspector"}
    text = feed(services.renew_calendar(by=inspector)).content.decode()
    assert f"DTSTART:{session.held_at:%Y%m%dT%H%M%SZ}" in text and "LOCATION:Aula" in text
    page = signed_in(inspector).get(reverse("notifications:calendar")).content.decode()
    assert "Desk reviu: Desk reviu" in page and session.get_absolute_url() in page
    case = session.items.get().case
    factories_deactivation._STEPS["recommended"](case, cast, "retain", {})
    session.refresh_from_db()
    desk.issue_minutes(session.pk, by=cast.reviewer, version=session.version)
    assert who_has_it() == set()


def test_the_address_ends_when_renewed_revoked_or_the_person_leaves(world):
    first = services.renew_calendar(by=world.operator)
    second = services.renew_calendar(by=world.operator)
    assert (feed(first).status_code, feed(second).status_code) == (404, 200)
    assert CalendarFeed.objects.get(revoked_at=None).last_used_at
    assert not CalendarFeed.objects.filter(token_hash=second).exists(), "the address itself is not stored"
    services.revoke_calendar(by=world.operator)
    assert feed(second).status_code == 404
    with pytest.raises(RuleViolation):
        services.revoke_calendar(by=world.operator)
    third = services.renew_calendar(by=world.operator)
    User.objects.filter(pk=world.operator.person_id).update(is_active=False)
    assert feed(third).status_code == 404
    verbs = list(Event.objects.filter(verb__startswith="calendar.").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["calendar.renewed"] * 2 + ["calendar.revoked", "calendar.renewed"]


def test_the_page_shows_the_address_once(world):
    world.open(Quarter(2025, 1))
    client = signed_in(world.operator)
    assert "Buat alamat" in client.get(reverse("notifications:calendar")).content.decode()
    made = client.post(reverse("notifications:renew_calendar"))
    assert "/kalender/" in made.content.decode() and "no-store" in made["Cache-Control"]
    page = client.get(reverse("notifications:calendar")).content.decode()
    assert ".ics" not in page and "Ganti alamat" in page and "Batas laporan Triwulan I 2025" in page
    gone = client.post(reverse("notifications:revoke_calendar"), follow=True).content.decode()
    assert "dicabut" in gone and "Buat alamat" in gone
    assert Client().get(reverse("notifications:calendar")).status_code == 302


def test_the_log_does_not_keep_the_address():
    token = "a" * 43
    assert token not in masked(f"Not Found: /kalender/{token}.ics")
