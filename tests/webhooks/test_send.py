"""Sending: signed, tried again, set aside, paused; never twice at once, and nowhere it must not go."""

import os
import signal
import socket
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import Event
from apps.core import clock
from apps.core.patience import LONGEST_WAIT
from apps.notifications.models import Notification
from apps.notifications.services import tell_some
from apps.webhooks import rules, services
from apps.webhooks.models import Attempt, Delivery, Health, Subscription
from apps.webhooks.services.sending import LEASE, Outcome, headers_of, post
from tests import factories
from tests.killing import running
from tests.racing import racers
from tests.webhooks.receiver import event_of, receiving, verifies

pytestmark = pytest.mark.django_db


def pinged(row, by, times=1):
    return [services.try_out(row.code, by=by) for _turn in range(times)]


def later(**by):
    clock.travel_to(clock.now() + timedelta(**by))


def test_a_receiver_that_follows_the_specification_takes_it(administrator, subscribed, settings):
    with receiving(settings=settings) as receiver:
        row, secret = subscribed(receiver)
        (ping,) = pinged(row, administrator)
        assert services.send_due(seconds=5) == 1
    ((headers, body, path),) = receiver.seen
    assert path == "/terima?dari=register"
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert headers["webhook-id"] == event_of(body)["id"] == str(ping.pk)
    assert abs(int(headers["webhook-timestamp"]) - clock.now().timestamp()) < 300
    assert verifies(secret, headers, body)
    assert not verifies(secret, headers, body + b" ") and not verifies("whsec_" + "A" * 43 + "=", headers, body)
    ping.refresh_from_db()
    assert (ping.status, ping.attempts, ping.tries.get().status_code) == ("sent", 1, 204)
    assert services.send_due(seconds=5) == 0


def test_a_rotated_secret_signs_beside_the_former_for_a_day(administrator, subscribed, settings):
    with receiving(settings=settings) as receiver:
        row, former = subscribed(receiver)
        row, new = services.rotate_secret(row.code, by=administrator, version=row.version)
        pinged(row, administrator)
        services.send_due(seconds=5)
        later(hours=25)
        pinged(row, administrator)
        services.send_due(seconds=5)
    assert [[verifies(one, headers, body) for one in (former, new)] for headers, body, _path in receiver.seen] == [
        [True, True],
        [False, True],
    ]


def test_the_secret_is_stored_sealed_and_opens_with_a_former_key(administrator, subscribed, settings):
    with receiving(settings=settings) as receiver:
        row, secret = subscribed(receiver)
        assert secret.startswith("whsec_") and secret[6:] not in row.secret
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "kunci-baru"
        pinged(row, administrator)
        services.send_due(seconds=5)
        assert verifies(secret, *receiver.seen[0][:2])
        settings.SECRET_KEY_FALLBACKS = []
        (ping,) = pinged(row, administrator)
        services.send_due(seconds=5)
        assert ping.tries.get().why == "secret" and len(receiver.seen) == 1


@pytest.mark.parametrize("status", [500, 404, 302, 301, 429])
def test_another_answer_than_2xx_is_tried_again_under_the_same_id(administrator, subscribed, settings, status):
    with receiving(status, 200, settings=settings) as receiver:
        row, _secret = subscribed(receiver)
        (ping,) = pinged(row, administrator)
        services.send_due(seconds=5)
        ping.refresh_from_db()
        assert (ping.status, ping.attempts) == ("pending", 1)
        assert timedelta(seconds=50) < ping.due_at - clock.now() <= timedelta(seconds=75)
        assert services.send_due(seconds=5) == 0
        later(minutes=2)
        assert services.send_due(seconds=5) == 1
    assert len({headers["webhook-id"] for headers, _body, _path in receiver.seen}) == 1
    assert len({body for _headers, body, _path in receiver.seen}) == 1
    assert [path for _headers, _body, path in receiver.seen] == ["/terima?dari=register"] * 2, "a redirect was followed"
    assert [(one.status_code, one.why) for one in ping.tries.all()] == [(status, "status"), (200, "")]


def test_nobody_there_and_nobody_answering(administrator, subscribed, settings, monkeypatch):
    with receiving(settings=settings) as receiver:
        row, _secret = subscribed(receiver)
    (ping,) = pinged(row, administrator)
    services.send_due(seconds=5)
    assert ping.tries.get().why == "connect"
    monkeypatch.setattr(rules, "SECONDS", 0.3)
    with receiving(settings=settings, hold=True) as mute:
        other, _secret = subscribed(mute)
        (ping,) = pinged(other, administrator)
        services.send_due(seconds=5)
    assert ping.tries.get().why == "timeout"


def test_after_the_last_try_it_is_dead_and_can_be_sent_again(administrator, subscribed, settings):
    with receiving(*[500] * rules.MAX_ATTEMPTS, 200, settings=settings) as receiver:
        row, _secret = subscribed(receiver)
        (ping,) = pinged(row, administrator)
        waits = []
        for _turn in range(rules.MAX_ATTEMPTS):
            services.send_due(seconds=5)
            ping.refresh_from_db()
            waits.append(ping.due_at - clock.now())
            clock.travel_to(ping.due_at + timedelta(seconds=1))
        assert (ping.status, ping.attempts) == ("dead", rules.MAX_ATTEMPTS)
        assert waits[0] < timedelta(minutes=2) and waits[-1] > timedelta(hours=5) and max(waits) <= 1.25 * LONGEST_WAIT
        assert services.send_due(seconds=5) == 0
        services.replay(row.code, ping.pk, by=administrator)
        services.send_due(seconds=5)
    ping.refresh_from_db()
    assert ping.status == "sent" and {headers["webhook-id"] for headers, _b, _p in receiver.seen} == {str(ping.pk)}


def test_an_address_that_fails_for_days_is_paused_and_the_administrators_are_told(
    government, administrator, subscribed, settings
):
    with receiving(500, settings=settings) as receiver:
        row, _secret = subscribed(receiver)
        for _turn in range(8):
            pinged(row, administrator)
            services.send_due(seconds=5)
            row.refresh_from_db()
            if row.status == "paused":
                break
            later(hours=12)
    assert row.status == "paused" and row.health.failing_since <= clock.now() - rules.PAUSED_AFTER
    assert Event.objects.get(verb="webhook.failing").actor_role == "system"
    while tell_some():
        pass
    note = Notification.objects.get(event__verb="webhook.failing", person=administrator.person_id)
    assert row.code in note.subject and note.path == f"/pengelolaan/webhook/{row.code}/"
    waiting = Delivery.objects.filter(status="pending").count()
    assert waiting and services.send_due(seconds=5) == 0
    with receiving(200, settings=settings) as mended:
        row = services.edit_subscription(row.code, by=administrator, version=row.version, url=mended.url)
        row = services.resume(row.code, by=administrator, version=row.version)
        assert services.send_due(seconds=20) == waiting
    assert Health.objects.get(subscription=row).failing_since is None


def test_one_taken_in_between_and_it_is_not_paused(administrator, subscribed, settings):
    with receiving(500, 500, 500, 500, 200, 500, settings=settings) as receiver:
        row, _secret = subscribed(receiver)
        for _turn in range(7):
            pinged(row, administrator)
            services.send_due(seconds=0.001)
            later(hours=14)
    assert Subscription.objects.get(pk=row.pk).status == "active"


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/terima",
        "https://10.0.0.7/terima",
        "https://[::1]/terima",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/terima",
        "http://93.184.215.14/terima",
        "https://93.184.215.14:22/terima",
        "ftp://93.184.215.14/terima",
        "https://orang:sandi@93.184.215.14/",
        "bukan alamat",
        "",
    ],
)
def test_an_address_that_must_not_be_reached_is_refused_when_it_is_entered(government, administrator, url):
    terms = {"organization": government, "name": "Dasbor", "types": ["id.go.spbe.application.registered"]}
    with pytest.raises(ValidationError) as refused:
        services.subscribe(by=administrator, url=url, **terms)
    assert list(refused.value.message_dict) == ["url"] and not Subscription.objects.exists()


def test_a_name_that_moves_inside_after_it_was_entered_is_refused_when_it_is_sent(
    government, administrator, settings, monkeypatch
):
    """Rebinding: the address is examined anew at each sending, and the connection goes to what was examined."""
    answers = [[("93.184.215.14", 443)], [("127.0.0.1", 443)]]

    def resolve(host, port, **_kwargs):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", address) for address in answers.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    row, _secret = services.subscribe(
        by=administrator, organization=government, name="Dasbor", url="https://pindah.example/terima",
        types=["id.go.spbe.application.registered"],
    )  # fmt: skip
    (ping,) = pinged(row, administrator)
    services.send_due(seconds=5)
    assert ping.tries.get().why == "refused" and answers == []


def test_nothing_of_the_answer_is_kept_but_its_status(administrator, subscribed, settings):
    with receiving(500, settings=settings) as receiver:
        row, secret = subscribed(receiver)
        (ping,) = pinged(row, administrator)
        services.send_due(seconds=5)
    assert {field.name for field in Attempt._meta.fields} == {
        "id",
        "delivery",
        "at",
        "status_code",
        "why",
        "milliseconds",
    }
    browser = Client()
    browser.force_login(User.objects.get(pk=administrator.person_id), backend="apps.accounts.backends.AccountBackend")
    page = browser.get(f"/pengelolaan/webhook/{row.code}/").content.decode()
    told = browser.get(f"/api/v1/webhooks/{row.code}/deliveries/").content.decode()
    assert str(ping.pk) in page and str(ping.pk) in told and "500" in page and "500" in told
    for text in (page, told):
        assert "RAHASIA" not in text and secret[6:] not in text and row.secret not in text


def test_what_is_old_and_settled_is_forgotten(administrator, subscribed, settings):
    with receiving(200, settings=settings) as receiver:
        row, _secret = subscribed(receiver)
        pinged(row, administrator)
        services.send_due(seconds=5)
        pinged(row, administrator)
        later(days=31)
        services.forget_old()
    assert [one.status for one in Delivery.objects.all()] == ["pending"]


@pytest.mark.django_db(transaction=True)
def test_two_senders_never_send_to_one_address_at_once(settings):
    government = factories.make_government()
    by = factories.make_actor("administrator", government)
    with receiving(settings=settings) as receiver:
        terms = {"organization": government, "url": receiver.url, "types": ["id.go.spbe.application.registered"]}
        rows = [services.subscribe(by=by, name=f"Sistem {number}", **terms)[0] for number in range(2)]
        for row in rows:
            pinged(row, by, times=2)
        with racers(4) as pool:
            leased = [one for one in pool.map(lambda _turn: services.lease_delivery(), range(4)) if one]
        assert len(leased) <= 2 and len({one.subscription_id for one in leased}) == len(leased)
        while one := services.lease_delivery():
            leased.append(one)
        assert {one.subscription_id for one in leased} == {row.pk for row in rows} and len(leased) == 2


def test_control_without_the_lease_a_second_sender_sends_the_same(administrator, subscribed, settings):
    with receiving(settings=settings) as receiver:
        row, _secret = subscribed(receiver)
        pinged(row, administrator)
        first = services.lease_delivery()
        assert services.lease_delivery() is None
        Delivery.objects.update(leased_until=None)
        second = services.lease_delivery()
        for one in (first, second):
            post(one, headers_of(one))
        assert [headers["webhook-id"] for headers, _b, _p in receiver.seen] == [str(first.pk)] * 2
        assert services.keep_attempt(second, _taken()) and not services.keep_attempt(first, _taken())
    assert Attempt.objects.count() == 1


def _taken():
    return Outcome(204)


SEND = """
from apps.webhooks import services
services.send_due(seconds=5)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("noted_first", [False, True])
def test_killed_between_sending_and_noting_it_is_sent_again_under_the_same_id(settings, monkeypatch, noted_first):
    """At least once; control: noted before it is sent, a killed sender leaves it unsent for ever."""
    government = factories.make_government()
    by = factories.make_actor("administrator", government)
    with receiving(settings=settings, hold=True) as receiver:
        monkeypatch.setenv("OUTBOUND_ALLOWED", ",".join(settings.OUTBOUND_ALLOWED))
        monkeypatch.setenv("SECRET_KEY", settings.SECRET_KEY)
        row, secret = services.subscribe(
            by=by, organization=government, name="Dasbor", url=receiver.url, types=["id.go.spbe.application.registered"]
        )
        (ping,) = pinged(row, by)
        with running(SEND) as process:
            assert receiver.came.wait(60)
            if noted_first:
                Delivery.objects.filter(pk=ping.pk).update(status="sent", sent_at=clock.now())
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        receiver.released.set()
        assert services.send_due(seconds=5) == 0, "the lease of the killed one still stands"
        clock.travel_to(clock.now() + LEASE + timedelta(seconds=1))
        assert services.send_due(seconds=5) == (0 if noted_first else 1)
    sent = 1 if noted_first else 2
    assert [headers["webhook-id"] for headers, _b, _p in receiver.seen] == [str(ping.pk)] * sent
    assert all(verifies(secret, headers, body) for headers, body, _path in receiver.seen)
