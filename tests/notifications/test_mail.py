"""Mail that cannot be sent is set aside after the last attempt; an administrator sends it again."""

import pytest

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.notifications import rules, services
from apps.notifications.models import Delivery, Notification
from tests import factories
from tests.deactivation.web import page, signed_in


@pytest.fixture
def government(db):
    return factories.make_government()


@pytest.fixture
def mail(government):
    seat = factories.office(government, "ict_office")
    reviewer = factories.make_membership("reviewer", government)
    reviewer.user.email = "analis@tirtaraya.example"
    reviewer.user.save()
    record(Actor.system(), "case.nominated", seat, organization=seat)
    services.tell_some()
    return Delivery.objects.get()


def fail(mail, settings, times):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    for _ in range(times):
        Delivery.objects.filter(pk=mail.pk).update(due_at=clock.now())
        assert services.send_one()
    mail.refresh_from_db()


def test_dead_after_the_last_attempt_and_not_before(mail, settings):
    fail(mail, settings, rules.MAX_ATTEMPTS - 1)
    assert (mail.status, mail.last_error) == ("pending", "ConnectionRefusedError")
    fail(mail, settings, 1)
    assert (mail.status, mail.attempts) == ("dead", rules.MAX_ATTEMPTS)
    Delivery.objects.update(due_at=clock.now())
    assert not services.send_one()


def test_an_administrator_sends_it_again(mail, settings, government):
    fail(mail, settings, rules.MAX_ATTEMPTS)
    client = signed_in(factories.make_actor("administrator", government))
    assert "analis@tirtaraya.example" in page(client, "/pemberitahuan/surat-gagal/")
    answer = client.post(f"/pemberitahuan/surat-gagal/{mail.pk}/")
    mail.refresh_from_db()
    assert (answer.status_code, mail.status, mail.attempts) == (302, "pending", 0)
    assert Event.objects.filter(verb="mail.requeued").count() == 1
    assert "terkirim atau masih dicoba" in page(client, "/pemberitahuan/surat-gagal/")


def test_only_dead_mail_is_queued_again(mail, government):
    with pytest.raises(RuleViolation):
        services.requeue(mail.pk, by=factories.make_actor("administrator", government))


@pytest.mark.parametrize("role", ["operator", "reviewer", "approver", "executive", "auditor"])
def test_others_neither_see_nor_requeue(role, mail, government):
    seat = factories.make_agency(government) if role == "operator" else None
    client = signed_in(factories.make_actor(role, government, seat))
    assert client.get("/pemberitahuan/surat-gagal/").status_code == 403
    assert client.post(f"/pemberitahuan/surat-gagal/{mail.pk}/").status_code == 403


def test_another_government_does_not_find_it(mail):
    client = signed_in(factories.make_actor("administrator", factories.make_government()))
    assert client.post(f"/pemberitahuan/surat-gagal/{mail.pk}/").status_code == 404


def test_the_page_shows_what_is_new_and_marks_it_read(mail):
    note = Notification.objects.get()
    person = factories.Membership.objects.get(user=note.person_id)
    client = signed_in(Actor.of(person))
    assert "1 pemberitahuan belum dibaca" in page(client, "/pemberitahuan/")
    assert client.post("/pemberitahuan/dibaca/").status_code == 302
    assert "Semua pemberitahuan sudah dibaca" in page(client, "/pemberitahuan/")
