"""Counters: pushed and uploaded, each day once, late days until the close, keys that end, totals that stay."""

from datetime import date, timedelta
from threading import Event as Signal
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import Http404

from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.monitoring import rules, services
from apps.monitoring.models import Assessment, Period, Probe, UsageSample, UsageToken, UsageTotal
from apps.monitoring.services import usage
from tests import factories
from tests.monitoring.world import SYSTEM, World, at

Q1 = Quarter(2025, 1)
JANUARY = date(2025, 1, 1)


@pytest.fixture
def world(government):
    return World(government)


def day(number, users=3, transactions=4, **more):
    return {"day": JANUARY + timedelta(days=number), "active_users": users, "transactions": transactions, **more}


def kept(application):
    rows = UsageSample.objects.filter(application=application).order_by("day")
    return list(rows.values_list("day", "active_users", "transactions"))


@pytest.mark.django_db
def test_a_day_sent_again_replaces_itself_and_nothing_else(world):
    clock.travel_to(at("2025-01-10T05:00"))
    one, other = world.application("Satu"), world.application("Dua")
    services.receive_usage(other, [day(0, 9, 9)])
    for _turn in range(2):
        assert services.receive_usage(one, [day(1), day(0)]) == services.Received(one, 2, [])
    services.receive_usage(one, [day(1, 7, 8, data_bytes=5)])
    assert kept(one) == [(JANUARY, 3, 4), (date(2025, 1, 2), 7, 8)]
    assert kept(other) == [(JANUARY, 9, 9)]


@pytest.mark.django_db
def test_what_cannot_be_is_refused_whole(world):
    clock.travel_to(at("2025-01-10T16:59"))  # 23.59 WIB on the tenth
    application = world.application()
    for samples in ([day(9), day(10)], [day(3), day(3)]):
        with pytest.raises(ValidationError):
            services.receive_usage(application, samples)
    assert kept(application) == []
    clock.travel_to(at("2025-01-10T17:00"))  # midnight: the eleventh has begun in WIB
    assert services.receive_usage(application, [day(10)]).kept == 1


@pytest.mark.django_db
def test_late_days_count_until_the_window_ends_and_are_left_after_it(world):
    application = world.application()
    period = world.open(Q1)
    clock.travel_to(period.closes_at - timedelta(seconds=1))
    assert services.receive_usage(application, [day(0, 0, 0), day(1, 0, 0)]).kept == 2
    clock.travel_to(period.closes_at)
    received = services.receive_usage(application, [day(1, 50, 50), day(2, 50, 50), day(95)])
    assert received == services.Received(application, 1, [date(2025, 1, 2), date(2025, 1, 3)])
    world.close(period)
    counters = Assessment.objects.get().evidence["counters"]
    assert (counters["days"], counters["active_users"]) == (2, 0)


@pytest.mark.django_db
def test_a_key_belongs_to_its_application_and_ends(world):
    application = world.application()
    token, plain = services.create_usage_token(application.pk, by=world.operator)
    assert UsageToken.objects.usable().get(token_hash=services.hash_of(plain)) == token
    assert plain not in str(list(Event.objects.values()))
    clock.travel_to(token.expires_at)
    assert not UsageToken.objects.usable().exists()
    clock.travel_to(token.expires_at - timedelta(days=rules.USAGE_TOKEN_DAYS))
    stranger = factories.make_actor("operator", world.government, factories.make_agency(world.government))
    with pytest.raises(Http404):
        services.revoke_usage_token(token.pk, by=stranger)
    with pytest.raises(PermissionDenied):
        services.revoke_usage_token(token.pk, by=factories.make_actor("auditor", world.government))
    services.revoke_usage_token(token.pk, by=world.operator)
    assert not UsageToken.objects.usable().exists()
    with pytest.raises(RuleViolation):
        services.revoke_usage_token(token.pk, by=world.operator)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["companion", "approver", "executive", "auditor", "administrator", "agency_head"])
def test_who_may_not_make_a_key_nor_upload(world, role):
    application = world.application()
    actor = world.head if role == "agency_head" else factories.make_actor(role, world.government)
    with pytest.raises(PermissionDenied):
        services.create_usage_token(application.pk, by=actor)
    with pytest.raises(PermissionDenied):
        services.upload_usage(application.pk, [day(0)], by=actor)


@pytest.mark.django_db
def test_an_upload_says_that_it_is_one_and_leaves_its_trace(world):
    clock.travel_to(at("2025-01-10T05:00"))
    application = world.application()
    services.receive_usage(application, [day(0), day(1)])
    assert services.upload_usage(application.pk, [day(1, 9, 9)], by=world.operator).kept == 1
    sources = dict(UsageSample.objects.values_list("day", "source"))
    assert sources == {JANUARY: "pushed", date(2025, 1, 2): "uploaded"}
    assert Event.objects.filter(verb="usage.uploaded").count() == 1


@pytest.mark.django_db
def test_a_quarter_is_judged_by_totals_that_outlive_their_days(world):
    application = world.application()
    clock.travel_to(at("2025-03-20T05:00"))
    services.receive_usage(application, [day(0, 3, 10, data_bytes=7), day(31, 8, 20), day(32, 5, 30, data_bytes=9)])
    Probe.objects.create(
        application=application, url="https://x.example/", outcome="reached", at=at("2025-02-01T00:00")
    )
    period = world.close(world.open(Q1))
    rows = UsageTotal.objects.order_by("starts_on", "span").values_list("span", "starts_on", "days", "active_users",
                                                                        "transactions", "data_bytes")  # fmt: skip
    assert list(rows) == [
        ("month", JANUARY, 1, 3, 10, 7), ("quarter", JANUARY, 3, 8, 60, 9), ("month", date(2025, 2, 1), 2, 8, 50, 9),
    ]  # fmt: skip
    evidence = Assessment.objects.get(period=period).evidence
    assert evidence["counters"]["checksum"] == UsageTotal.objects.get(span="quarter").checksum
    assert services.forget_raw(world.government, by=SYSTEM) == {"days": 0, "probes": 0}
    for step in range(1, 3):
        world.close(world.open(Q1.plus(step)))
    assert services.forget_raw(world.government, by=SYSTEM) == {"days": 0, "probes": 0}, "not yet old enough"
    clock.travel_to(Q1.plus(rules.RAW_KEPT_QUARTERS + 1).first_instant(world.government.zone))
    assert services.forget_raw(world.government, by=SYSTEM) == {"days": 3, "probes": 1}
    assert not UsageSample.objects.exists() and not Probe.objects.exists() and UsageTotal.objects.count() == 3
    assert Event.objects.filter(verb="evidence.forgotten").count() == 1


@pytest.mark.django_db
def test_days_stay_while_reports_of_their_quarter_may_still_come(world):
    application = world.application()
    clock.travel_to(at("2025-03-20T05:00"))
    services.receive_usage(application, [day(0)])
    world.close(world.open(Q1))
    clock.travel_to(Q1.plus(20).first_instant(world.government.zone))
    assert services.forget_raw(world.government, by=SYSTEM) == {"days": 0, "probes": 0}


@pytest.mark.django_db
def test_days_without_a_total_are_never_forgotten(world):
    application = world.application()
    clock.travel_to(at("2025-03-20T05:00"))
    for step in range(2):
        world.close(world.open(Q1.plus(step)))
    UsageSample.objects.create(application=application, day=JANUARY)
    clock.travel_to(Q1.plus(20).first_instant(world.government.zone))
    assert services.forget_raw(world.government, by=SYSTEM) == {"days": 0, "probes": 0}


def push_during_the_close(world, application, period, monkeypatch):
    """A batch received in the last second of the window while the close is asked to begin; whether the close waited."""
    inside, go_on, closed = Signal(), Signal(), Signal()
    refuse = usage._refuse_unreadable

    def waits(*args):
        inside.set()
        go_on.wait(30)
        refuse(*args)

    monkeypatch.setattr(usage, "_refuse_unreadable", waits)

    def push():
        try:
            services.receive_usage(application, [day(0)])
        finally:
            connection.close()

    def close():
        try:
            services.close_period(period.pk, by=SYSTEM)
            closed.set()
        finally:
            connection.close()

    clock.travel_to(period.closes_at - timedelta(seconds=2))
    pushing = Thread(target=push)
    pushing.start()
    assert inside.wait(30)
    clock.travel_to(period.closes_at)
    closing = Thread(target=close)
    closing.start()
    waited = not closed.wait(1)
    go_on.set()
    pushing.join(30)
    closing.join(30)
    return waited


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False])
def test_a_close_waits_for_days_received_in_time_and_without_the_lock_it_loses_them(monkeypatch, guarded):
    world = World(factories.make_government())
    application = world.application()
    period = world.open(Q1)
    if not guarded:
        monkeypatch.setattr(usage, "_HELD", usage._HELD.replace("FOR SHARE", ""))
    waited = push_during_the_close(world, application, period, monkeypatch)
    assert Period.objects.get(pk=period.pk).status == "closed"
    received = UsageSample.objects.get().received_at < period.closes_at
    judged = Assessment.objects.get(period=period).evidence["counters"] is not None
    assert (waited, received, judged) == ((True, True, True) if guarded else (False, True, False))
