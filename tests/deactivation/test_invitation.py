"""A desk session in its guests' calendars: as a file, from the API, and with the mail that invites them."""

from datetime import timedelta

import pytest
from django.core import mail

from apps.accounts.models import Membership
from apps.core import clock
from apps.deactivation import services
from apps.notifications import services as notifications
from tests import factories
from tests import factories_deactivation as made
from tests.deactivation.web import api, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(db):
    """On the agenda of a session in a week at nine in the morning in Makassar, one o'clock in Greenwich."""
    cast = made.make_cast(factories.make_government(zone="Asia/Makassar"))
    made.travel_to_day(clock.today(cast.government.zone), "Asia/Makassar")
    case = made.make_case(at="answered", cast=cast)
    session = services.schedule_session(
        by=cast.reviewer, title="Desk reviu; kedua", held_at=clock.now() + timedelta(days=7), place="Aula, lantai 2"
    )
    services.add_to_agenda(session.pk, by=cast.reviewer, case_ids=[case.pk])
    session.refresh_from_db()
    return cast, session


def lines(text):
    unfolded = text.replace("\r\n ", "").replace("\n ", "")
    return dict(line.partition(":")[::2] for line in unfolded.splitlines())


def test_the_file_says_when_and_where(planned):
    cast, session = planned
    answer = signed_in(cast.head).get(f"/desk/{session.code}/undangan.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="undangan.ics"' in answer["Content-Disposition"]
    said = lines(answer.content.decode())
    assert said["UID"] == f"desk-{session.pk}@portofolio-spbe"
    assert said["DTSTART"] == f"{session.held_at:%Y%m%d}T010000Z"
    assert said["SUMMARY"] == r"Desk reviu: Desk reviu\; kedua" and said["LOCATION"] == r"Aula\, lantai 2"
    assert session.code in said["URL"] and "TRANSP" not in said
    told = api(cast.head).get(f"/api/v1/desk-sessions/{session.code}/calendar/").content.decode()
    assert lines(told) | {"DTSTAMP": ""} == said | {"DTSTAMP": ""}


def test_a_cancelled_session_strikes_the_same_entry(planned):
    cast, session = planned
    client = signed_in(cast.head)
    before = lines(client.get(f"/desk/{session.code}/undangan.ics").content.decode())
    services.cancel_session(session.pk, by=cast.reviewer, version=session.version, reason="Aula dipakai")
    after = lines(client.get(f"/desk/{session.code}/undangan.ics").content.decode())
    assert after["UID"] == before["UID"] and after["STATUS"] == "CANCELLED"
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_who_does_not_see_the_session_gets_no_file(planned):
    cast, session = planned
    stranger = factories.make_actor("operator", cast.government, factories.make_agency(cast.government))
    assert signed_in(stranger).get(f"/desk/{session.code}/undangan.ics").status_code == 404


def test_the_mail_that_invites_carries_it_and_others_do_not(planned):
    cast, session = planned
    person = Membership.objects.select_related("user").get(pk=cast.head.membership_id).user
    person.email = "kepala@contoh.example"
    person.save()
    services.invite(session.pk, by=cast.reviewer, organization_ids=[cast.owner.pk], reference="005/12")
    while notifications.tell_some():
        pass
    while notifications.send_one():
        pass
    mine = [one for one in mail.outbox if one.to == ["kepala@contoh.example"]]
    invited = [one for one in mine if "Undangan desk reviu" in one.subject]
    ((name, content, kind),) = invited[0].attachments
    assert (len(invited), name, kind) == (1, "undangan.ics", "text/calendar")
    assert lines(content)["UID"] == f"desk-{session.pk}@portofolio-spbe"
    others = [one for one in mine if one not in invited]
    assert others and not any(one.attachments for one in others)
