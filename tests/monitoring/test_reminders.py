"""The ladder: each person once per rung, nobody who has reported, held when too many are new."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.http import Http404
from django.urls import reverse

from apps.accounts.models import Membership
from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation, StaleVersion
from apps.core.quarter import Quarter
from apps.inventory.models import Application
from apps.monitoring import rules, services, tasks
from apps.monitoring.models import Reminder, ReminderBatch
from apps.monitoring.services import reminders
from apps.notifications import services as notifications
from apps.notifications.models import Notification
from tests import factories
from tests.monitoring.browser import api, signed_in
from tests.monitoring.world import SYSTEM, World

pytestmark = pytest.mark.django_db
Q1 = Quarter(2025, 1)
SAID = {"used": True, "active_users": 9, "transactions": 9}


@pytest.fixture
def world(government):
    return World(government)


def days_left(period, days, hours=9):
    """Nine in the morning (Jakarta) with so many days left to the last one."""
    clock.travel_to(period.closes_at - timedelta(days=days + 1) + timedelta(hours=hours))


def sweep():
    tasks.remind_people()


def told():
    return list(Reminder.objects.filter(sent_at__isnull=False).order_by("pk").values_list("person", "rung"))


def refused(code, verb, *args, **kwargs):
    with pytest.raises(RuleViolation) as refusal:
        verb(*args, **kwargs)
    assert refusal.value.code == code


def test_the_ladder_climbs_once_per_rung_and_names_whom_it_reaches(world):
    world.application()
    period = world.open(Q1)
    operator, head = world.operator.person_id, world.head.person_id
    days_left(period, 15)
    sweep()
    assert told() == []
    climbed = []
    for days, people in ((14, ["o"]), (12, []), (7, ["o"]), (3, ["o", "h"]), (1, ["o"]), (0, ["h"])):
        days_left(period, days, hours=7)
        sweep()
        assert told() == climbed, "before eight nobody is reminded of a new rung"
        days_left(period, days)
        for _turn in range(3):
            sweep()
        climbed += [({"o": operator, "h": head}[who], f"T-{days}") for who in people]
        assert told() == climbed, f"{days} days left"
    assert Event.objects.filter(verb__startswith="reminder.").count() == len(climbed)


def test_a_rung_slept_through_is_not_made_up_for(world):
    world.application()
    period = world.open(Q1)
    days_left(period, 2)
    sweep()
    assert sorted(rung for _person, rung in told()) == ["T-3", "T-3"]


def test_nobody_who_has_nothing_left_is_reminded(world):
    factories.confirm_year(2025)
    application = world.application()
    period = world.open(Q1)
    report = world.report(period, application, **SAID)
    days_left(period, 7)
    sweep()
    assert told() == []
    services.return_report(report.pk, by=world.reviewer, version=report.version, note="Lengkapi")
    sweep()
    assert told() == [(world.operator.person_id, "T-7")], "a returned report is one to send"


def test_who_takes_over_in_mid_period_is_reminded_and_who_left_is_not(world):
    world.application()
    period = world.open(Q1)
    days_left(period, 7)
    Membership.objects.filter(pk=world.operator.membership_id).update(ends_on=clock.today(world.government.zone))
    heir = factories.make_membership("operator", world.government, world.agency, starts_on=period.closes_at.date())
    Membership.objects.filter(pk=heir.pk).update(starts_on=clock.today(world.government.zone) + timedelta(days=1))
    sweep()
    days_left(period, 3)
    sweep()
    operators = Reminder.objects.filter(role="operator").values_list("person", "rung")
    assert list(operators) == [(world.operator.person_id, "T-7"), (heir.user_id, "T-3")]


def test_the_head_is_reminded_to_endorse_where_the_government_asks_for_it(world):
    application = world.application()
    world.government.policy.endorsement_required = True
    world.government.policy.save()
    period = world.open(Q1)
    world.report(period, application, **SAID)
    days_left(period, 3)
    sweep()
    assert told() == [(world.head.person_id, "T-3")]
    services.endorse(period.pk, world.agency.pk, by=world.head)
    days_left(period, 0)
    sweep()
    assert len(told()) == 1


def test_the_executive_reads_one_digest_after_the_end(world):
    world.application()
    executive = factories.make_actor("executive", world.government)
    period = world.open(Q1)
    world.close(period)
    sweep()
    assert told() == [], "before eight in the morning"
    clock.travel_to(period.closes_at + timedelta(hours=9))
    sweep()
    sweep()
    assert told() == [(executive.person_id, "digest")]
    event = Event.objects.get(verb="reminder.digest")
    assert (event.details["person"], event.details["left"]) == (executive.person_id, 1)
    while notifications.tell_some():
        pass
    digest = Notification.objects.filter(subject="Triwulan I 2025 ditutup: 1 aplikasi tidak dilaporkan tepat waktu")
    assert list(digest.values_list("person", flat=True)) == [executive.person_id]
    clock.travel_to(period.closes_at + timedelta(days=30))
    Reminder.objects.all().delete()
    sweep()
    assert told() == [], "a quarter long past is not told of"


@pytest.mark.parametrize("rung", ["T-14", "digest"])
def test_control_without_the_claim_people_are_reminded_twice(world, monkeypatch, rung):
    world.application()
    period = world.open(Q1)
    days_left(period, 14)
    if rung == "digest":
        factories.make_actor("executive", world.government)
        world.close(period)
        clock.travel_to(period.closes_at + timedelta(hours=9))
    monkeypatch.setattr(
        reminders, "_CLAIM", reminders._CLAIM.replace("ON CONFLICT (period_id, person_id, rung) DO NOTHING", "")
    )
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE monitoring_reminder DROP CONSTRAINT reminder_once_per_rung")
    sweep()
    sweep()
    assert [found for _person, found in told()] == [rung] * 2


def test_a_reminder_is_told_to_its_person_alone_in_words(world):
    world.application()
    factories.make_actor("operator", world.government, factories.make_agency(world.government))
    period = world.open(Q1)
    days_left(period, 7)
    sweep()
    while notifications.tell_some():
        pass
    note = Notification.objects.get(subject__contains="belum dikirim")
    assert note.person_id == world.operator.person_id
    assert note.subject == "1 laporan Triwulan I 2025 belum dikirim, 7 hari lagi"
    assert note.path == "/triwulan/2025-Q1/lapor/"


@pytest.fixture
def crowd(world, monkeypatch):
    """Three operators who were never reminded, where two at once are the most."""
    monkeypatch.setattr(rules, "NEW_RECIPIENTS_AT_MOST", 2)
    for name in ("Dinas Satu", "Dinas Dua"):
        agency = factories.make_agency(world.government, name)
        operator = factories.make_actor("operator", world.government, agency)
        world.application(f"Milik {name}", owner=agency, operator=operator)
    world.application()
    period = world.open(Q1)
    days_left(period, 14)
    sweep()
    return period


def test_too_many_new_recipients_wait_for_a_reviewer(world, crowd):
    batch = ReminderBatch.objects.get()
    assert (batch.status, batch.recipients, told()) == ("held", 3, [])
    sweep()
    assert ReminderBatch.objects.count() == 1, "held is claimed: nothing is made twice"
    for actor, error in (
        (world.operator, Http404),
        (factories.make_actor("auditor", world.government), PermissionDenied),
    ):
        with pytest.raises(error):
            services.confirm_batch(batch.pk, by=actor, version=batch.version)
    with pytest.raises(StaleVersion):
        services.confirm_batch(batch.pk, by=world.reviewer, version=99)
    world.report(crowd, Application.objects.get(owner=world.agency), **SAID)
    services.confirm_batch(batch.pk, by=world.reviewer, version=batch.version)
    assert len(told()) == 2, "who has reported meanwhile is not reminded"
    batch.refresh_from_db()
    refused("wrong_state", services.confirm_batch, batch.pk, by=world.reviewer, version=batch.version)
    days_left(crowd, 7)
    sweep()
    assert ReminderBatch.objects.latest("pk").status == "sent", "people reminded before are not new"


def test_control_with_a_limit_of_hundred_nothing_is_held(world, crowd, monkeypatch):
    monkeypatch.setattr(rules, "NEW_RECIPIENTS_AT_MOST", 100)
    Reminder.objects.all().delete()
    sweep()
    assert len(told()) == 3


def test_a_held_batch_is_discarded_with_a_reason(world, crowd):
    batch = ReminderBatch.objects.get()
    with pytest.raises(ValidationError):
        services.discard_batch(batch.pk, by=world.reviewer, version=batch.version, reason=" ")
    services.discard_batch(batch.pk, by=world.reviewer, version=batch.version, reason="Daftar orang keliru")
    sweep()
    assert told() == []
    clock.travel_to(crowd.closes_at)
    batch.refresh_from_db()
    refused("wrong_state", services.discard_batch, batch.pk, by=world.reviewer, version=batch.version, reason="x")


def test_a_batch_held_past_the_end_is_not_sent(world, crowd):
    batch = ReminderBatch.objects.get()
    clock.travel_to(crowd.closes_at)
    refused("too_late", services.confirm_batch, batch.pk, by=world.reviewer, version=batch.version)


def test_a_reviewer_reminds_one_office_once_a_day(world):
    application = world.application()
    period = world.open(Q1)
    for actor in (world.operator, world.head):
        with pytest.raises(PermissionDenied):
            services.remind_office(period.pk, world.agency.pk, by=actor)
    with pytest.raises(Http404):
        services.remind_office(period.pk, factories.make_government("B").pk, by=world.reviewer)
    empty = factories.make_agency(world.government)
    refused("nobody_owes", services.remind_office, period.pk, empty.pk, by=world.reviewer)
    assert services.remind_office(period.pk, world.agency.pk, by=world.reviewer) == 2
    refused("already_reminded", services.remind_office, period.pk, world.agency.pk, by=world.reviewer)
    clock.travel_to(clock.now() + timedelta(days=1))
    assert services.remind_office(period.pk, world.agency.pk, by=world.reviewer) == 2
    world.report(period, application, **SAID)
    refused("nobody_owes", services.remind_office, period.pk, world.agency.pk, by=world.reviewer)
    clock.travel_to(period.closes_at)
    refused("not_open", services.remind_office, period.pk, world.agency.pk, by=world.reviewer)


def test_a_rolled_back_sweep_is_done_again(world):
    world.application()
    period = world.open(Q1)
    days_left(period, 14)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.remind_due(period.pk, by=SYSTEM)
        raise ZeroDivisionError
    assert told() == []
    sweep()
    assert len(told()) == 1


def test_the_chase_list_shows_whom_to_ask_and_reminds(world):
    world.application("Antrean Puskesmas")
    period = world.open(Q1)
    client, address = signed_in(world.reviewer), reverse("monitoring:chase", args=[period.code])
    page = client.get(address).content.decode()
    assert "1 laporan belum masuk" in page and "Antrean Puskesmas" in page and world.operator.name in page
    remind = reverse("monitoring:remind", args=[period.code, world.agency.code])
    assert signed_in(world.operator).post(remind).status_code == 403
    assert "2 orang di Dinas Kesehatan diingatkan" in client.post(remind, follow=True).content.decode()
    page = client.get(address).content.decode()
    assert "terakhir diingatkan" in page and "Diingatkan pemeriksa" in page
    again = client.post(remind, follow=True, headers={"Referer": f"http://testserver{address}"})
    assert "sudah diingatkan hari ini" in again.content.decode()
    assert signed_in(world.operator).get(address).status_code == 403


def test_the_held_batch_is_confirmed_on_the_page(world, crowd):
    batch, client = ReminderBatch.objects.get(), signed_in(world.reviewer)
    assert (
        "Pengingat kepada 3 orang ditahan"
        in client.get(reverse("monitoring:chase", args=[crowd.code])).content.decode()
    )
    discard = reverse("monitoring:discard_batch", args=[batch.pk])
    assert client.post(discard, {"version": batch.version, f"b{batch.pk}-reason": ""}).status_code == 400
    confirm = reverse("monitoring:confirm_batch", args=[batch.pk])
    assert signed_in(world.operator).post(confirm, {}).status_code == 404
    assert client.post(confirm, {}).status_code == 302, "without a version: said as a message"
    assert told() == []
    assert "Pengingat dikirim" in client.post(confirm, {"version": batch.version}, follow=True).content.decode()
    assert len(told()) == 3


def test_the_api_reminds_and_lets_a_batch_go(world, crowd):
    reviewer, operator = api(world.reviewer), api(world.operator)
    path = f"/api/v1/periods/{crowd.code}/remind/"
    assert operator.post(path, {}, format="json").status_code == 403
    assert reviewer.post(path, {}, format="json").status_code == 400
    assert reviewer.post(path, {"organization": world.agency.code}, format="json").json() == {"reminded": 2}
    assert reviewer.post(path, {"organization": world.agency.code}, format="json").status_code == 409
    batches = "/api/v1/reminder-batches/"
    held = reviewer.get(f"{batches}?status=held").json()["results"][0]
    assert operator.get(batches).json()["results"] == []
    one = f"{batches}{held['id']}/confirm/"
    assert reviewer.post(one, {}, format="json").status_code == 428
    sent = reviewer.post(one, {}, format="json", headers={"If-Match": f'"{held["version"]}"'})
    assert sent.json()["status"] == "sent", sent.content


def test_the_board_exports_what_it_shows(world):
    world.application()
    period = world.open(Q1)
    client = signed_in(world.reviewer)
    sheet = client.get(reverse("monitoring:coverage_csv", args=[period.code])).content.decode("utf-8-sig")
    assert sheet.splitlines()[1] == "Dinas Kesehatan,1,0,0,0,0,1,0"
    book = client.get(reverse("monitoring:coverage_xlsx", args=[period.code]))
    assert book.content.startswith(b"PK") and "cakupan-2025-Q1.xlsx" in book["Content-Disposition"]
    page = client.get(reverse("monitoring:board")).content.decode()
    assert "Angka sementara" in page and "Kewajiban lapor dari triwulan" not in page
    world.close(period)
    page = client.get(reverse("monitoring:board")).content.decode()
    assert "Angka sementara" not in page and "Kewajiban lapor dari triwulan" in page
