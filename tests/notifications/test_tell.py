"""Events are told once, also by rival sweeps; mail is retried until a real server takes it."""

import socket
import threading
from contextlib import suppress

import pytest
from django.db import IntegrityError, connection, models, transaction

from apps.accounts.actor import Actor
from apps.accounts.models import Membership
from apps.audit import services as audit
from apps.audit.services import record
from apps.core import clock
from apps.notifications import services
from apps.notifications.models import Delivery, Notification, Reading
from tests import factories


@pytest.fixture
def event(db):
    government = factories.make_government()
    seat = factories.office(government, "ict_office")
    user = factories.User.objects.create(username="analis", name="Analis", email="analis@tirtaraya.example")
    Membership.objects.create(
        user=user, role="reviewer", seat=seat, scope=government, starts_on=clock.today(government.zone)
    )
    return record(Actor.system(), "case.nominated", seat, organization=seat)


def test_told_once_and_never_again(event):
    while services.tell_some():
        pass
    assert services.tell_some() == 0
    assert Notification.objects.filter(event=event).count() == 1
    assert Delivery.objects.filter(notification__event=event).count() == 1


def test_killed_between_loses_nothing(event):
    with suppress(ZeroDivisionError), transaction.atomic():
        services.tell_some()
        raise ZeroDivisionError
    assert not Reading.objects.filter(event=event).exists()
    services.tell_some()
    assert Notification.objects.filter(event=event).count() == 1


def test_database_refuses_the_second_telling(event):
    services.tell_some()
    note = Notification.objects.get(event=event)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(event=event, person_id=note.person_id, subject="lagi", text="")


def rival_sweeps(number=6):
    """Sweeps that start at the same moment, each with a connection of its own."""
    gate = threading.Barrier(number)

    def sweep():
        gate.wait()
        try:
            services.tell_some()
        except Notification.MultipleObjectsReturned:
            return  # a late sweep that meets what the earlier ones doubled
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(number)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]


@pytest.mark.django_db(transaction=True)
def test_rival_sweeps_tell_once(event):
    rival_sweeps()
    assert Delivery.objects.filter(notification__event=event).count() == 1


UNCLAIMED = """SELECT e.id FROM audit_event e WHERE (%s::text[] IS NULL OR e.verb = ANY(%s))
AND NOT EXISTS (SELECT 1 FROM {readings} r WHERE r.event_id = e.id) ORDER BY e.id LIMIT %s"""
CONTROL_ROUNDS = 20


@pytest.fixture
def nothing_unique(transactional_db):
    """The tables without the constraints that stand behind the claim."""
    notices = next(rule for rule in Notification._meta.constraints if rule.name == "notification_once")
    key = Delivery._meta.get_field("key")
    loose = models.CharField(max_length=80)
    loose.set_attributes_from_name("key")
    loose.model = Delivery
    with connection.schema_editor() as editor:
        editor.remove_constraint(Notification, notices)
        editor.alter_field(Delivery, key, loose)
    yield
    Delivery.objects.all().delete()
    Notification.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Notification, notices)
        editor.alter_field(Delivery, loose, key)


def test_control_without_claim_and_constraints_people_are_told_twice(nothing_unique, event, monkeypatch):
    monkeypatch.setattr(audit, "_CLAIM", UNCLAIMED)
    rival_sweeps()
    told = Notification.objects.filter(event=event).count()
    for _ in range(CONTROL_ROUNDS):
        if told > 1:
            break
        Delivery.objects.all().delete()
        Notification.objects.all().delete()
        rival_sweeps()
        told = Notification.objects.filter(event=event).count()
    print(f"control: one event told {told} times")  # noqa: T201
    assert told > 1


def _smtp(server, taken):
    """A mail server for one connection."""
    peer, _address = server.accept()
    with peer, peer.makefile("rb") as lines:
        peer.sendall(b"220 uji\r\n")
        in_body = False
        for line in lines:
            if in_body:
                taken.append(line)
                in_body = line != b".\r\n"
                answer = b"" if in_body else b"250 ok\r\n"
            else:
                in_body = line.upper().startswith(b"DATA")
                answer = b"354 go\r\n" if in_body else b"250 ok\r\n"
            peer.sendall(answer)
            if line.upper().startswith(b"QUIT"):
                return


def test_mail_is_retried_until_the_server_takes_it(event, settings, caplog):
    services.tell_some()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    assert services.send_one()
    row = Delivery.objects.get()
    assert (row.status, row.attempts, row.due_at > clock.now()) == ("pending", 1, True)
    assert "analis@" not in caplog.text
    assert not services.send_one()
    taken: list[bytes] = []
    with socket.create_server(("127.0.0.1", port)) as server:
        thread = threading.Thread(target=_smtp, args=(server, taken))
        thread.start()
        Delivery.objects.update(due_at=clock.now())
        assert services.send_one()
        thread.join(10)
    assert Delivery.objects.get().status == "sent"
    assert row.key.encode() in b"".join(taken)
