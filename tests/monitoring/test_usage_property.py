"""Counters in any order: repeated, split, mixed up and late, what is kept follows an oracle; totals and their checksum stay for good."""

import hashlib
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core import clock
from apps.core.quarter import Quarter
from apps.monitoring import rules, services
from apps.monitoring.models import UsageSample, UsageTotal
from tests.monitoring.world import SYSTEM, World, at

pytestmark = pytest.mark.django_db
Q1 = Quarter(2025, 1)
JANUARY = date(2025, 1, 1)
# The window of the first quarter ends at midnight of 11 April in Jakarta.
CLOSES = at("2025-04-10T17:00")
INSTANTS = [at("2025-03-20T05:00"), CLOSES - timedelta(seconds=1), CLOSES, CLOSES + timedelta(days=3)]
DAYS = [JANUARY, date(2025, 3, 19), date(2025, 3, 31), date(2025, 4, 1), date(2025, 4, 10), date(2025, 4, 20)]

numbers = st.integers(min_value=0, max_value=3)
days_told = st.lists(st.tuples(st.sampled_from(DAYS), numbers, numbers, st.none() | numbers), min_size=1, max_size=5)
sendings = st.lists(st.tuples(st.sampled_from(range(2)), days_told), min_size=1, max_size=3)
histories = st.lists(sendings, min_size=len(INSTANTS), max_size=len(INSTANTS))


def expected(history):
    """Written by hand: per application and day the last number received in time; a batch that cannot be leaves nothing."""
    kept = {}
    for instant, batches in zip(INSTANTS, history, strict=True):
        today = (instant + timedelta(hours=7)).date()
        for which, told in batches:
            named = [day for day, *_numbers in told]
            if len(set(named)) < len(named) or max(named) > today:
                continue
            for day, users, transactions, size in told:
                if instant < CLOSES or day > date(2025, 3, 31):
                    kept[which, day] = (users, transactions, size)
    return kept


def send(application, told):
    names = ("day", "active_users", "transactions", "data_bytes")
    with suppress(ValidationError):
        services.receive_usage(application, [dict(zip(names, row, strict=True)) for row in told])


@pytest.fixture
def world(government):
    return World(government)


def test_any_history_of_batches_leaves_what_the_oracle_says(world):
    applications = [world.application("Satu"), world.application("Dua")]
    world.open(Q1)

    @settings(max_examples=60, derandomize=True, deadline=None)
    @given(histories, st.booleans())
    def check(history, twice):
        with transaction.atomic():
            for instant, batches in zip(INSTANTS, history, strict=True):
                clock.travel_to(instant)
                for which, told in batches:
                    send(applications[which], told)
                    if twice:  # a repeated sending changes nothing
                        send(applications[which], told)
            rows = UsageSample.objects.values_list("application", "day", "active_users", "transactions", "data_bytes")
            place = {application.pk: n for n, application in enumerate(applications)}
            assert {(place[pk], day): tuple(said) for pk, day, *said in rows} == expected(history)
            transaction.set_rollback(True)

    check()


def told_by_hand(rows):
    """The checksum of a total, from the days it comes from."""
    lines = [
        "|".join([day.isoformat(), str(users), str(transactions), size, "pushed"])
        for day, users, transactions, size in rows
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def closed_with_days(world):
    application = world.application()
    clock.travel_to(at("2025-03-20T05:00"))
    days = [(JANUARY, 3, 10, "7"), (date(2025, 2, 1), 8, 20, ""), (date(2025, 3, 1), 5, 30, "9")]
    for day, users, transactions, size in days:
        row = {
            "day": day,
            "active_users": users,
            "transactions": transactions,
            "data_bytes": int(size) if size else None,
        }
        services.receive_usage(application, [row])
    world.close(world.open(Q1))
    return application, told_by_hand(days)


def test_the_totals_checksum_outlives_the_days_and_nobody_changes_it(world):
    application, checksum = closed_with_days(world)
    total = UsageTotal.objects.get(application=application, span="quarter")
    assert total.checksum == checksum
    world.close(world.open(Q1.next()))
    clock.travel_to(Q1.plus(rules.RAW_KEPT_QUARTERS + 1).first_instant(world.government.zone))
    assert services.forget_raw(world.government, by=SYSTEM)["days"] == 3
    services.forget_raw(world.government, by=SYSTEM)
    assert not UsageSample.objects.exists() and UsageTotal.objects.get(pk=total.pk).checksum == checksum
    for statement in ("UPDATE monitoring_usagetotal SET checksum = ''", "DELETE FROM monitoring_usagetotal"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("late_over, left", [(False, 3), (True, 0)])
def test_days_wait_for_the_end_of_late_reports(world, late_over, left):
    """Late reports of a quarter end with the close of the next; the control closes it, and the same days go."""
    closed_with_days(world)
    clock.travel_to(Q1.plus(rules.RAW_KEPT_QUARTERS + 1).first_instant(world.government.zone))
    if late_over:
        world.close(world.open(Q1.next()))
        clock.travel_to(Q1.plus(rules.RAW_KEPT_QUARTERS + 1).first_instant(world.government.zone))
    services.forget_raw(world.government, by=SYSTEM)
    assert UsageSample.objects.count() == left
