from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from apps.core import clock, codes

pytestmark = pytest.mark.django_db


def test_the_clock_can_be_moved_and_brought_back():
    clock.travel_to(datetime(2031, 4, 1, tzinfo=UTC))
    assert clock.now() - datetime(2031, 4, 1, tzinfo=UTC) < timedelta(minutes=1)
    clock.reset()
    assert clock.offset() == timedelta()


def test_there_is_only_one_clock():
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO core_clock DEFAULT VALUES")


def test_codes_have_no_gap_when_an_act_fails():
    assert codes.next_code("APL", 2026) == "APL-2026-000001"
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        codes.next_code("APL", 2026)
        _ = 1 / 0
    assert codes.next_code("APL", 2026) == "APL-2026-000002"
    assert codes.next_code("KSS", 2026) == "KSS-2026-0001"
    assert list(codes.reserve("APL-2026", 3)) == [3, 4, 5]


def test_a_code_is_as_wide_as_its_kind_and_grows_beyond():
    assert [codes.code("APL", 2026, 42), codes.code("KSS", 2026, 42)] == ["APL-2026-000042", "KSS-2026-0042"]
    assert codes.code("TMN", 2026, 1_234_567) == "TMN-2026-1234567"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {codes.digits('%s')}, {codes.digits('%s')}", [42, 42, 1_234_567, 1_234_567])
        assert cursor.fetchone() == ("000042", "1234567")
