from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter

WIB, WITA = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Makassar")


def test_the_quarter_turns_at_local_midnight():
    last_second_in_jakarta = datetime.fromisoformat("2026-06-30T16:59:59+00:00")
    assert Quarter.of(last_second_in_jakarta, WIB) == Quarter(2026, 2)
    assert Quarter.of(last_second_in_jakarta, WITA) == Quarter(2026, 3)


def test_edges_are_half_open_and_local():
    quarter = Quarter(2026, 4)
    assert (quarter.starts_on, quarter.ends_on, quarter.days) == (date(2026, 10, 1), date(2026, 12, 31), 92)
    assert quarter.end_instant(WIB) == Quarter(2027, 1).first_instant(WIB)
    assert quarter.first_instant(WITA).isoformat() == "2026-10-01T00:00:00+08:00"


@pytest.mark.parametrize(
    ("quarter", "steps", "expected"),
    [((2026, 4), 1, (2027, 1)), ((2026, 1), -1, (2025, 4)), ((2026, 2), -9, (2024, 1))],
)
def test_counting_across_years(quarter, steps, expected):
    assert Quarter(*quarter).plus(steps) == Quarter(*expected)


@pytest.mark.parametrize("text", ["2026-Q3", "2026-3", "2026q3", " 2026-TW3 "])
def test_reading(text):
    assert Quarter.parse(text) == Quarter(2026, 3)


@pytest.mark.parametrize("text", ["", "2026", "2026-5", "Q3-2026"])
def test_unreadable_says_how_to_write_it(text):
    with pytest.raises(RuleViolation, match="2026-Q3"):
        Quarter.parse(text)


def test_label():
    assert Quarter(2026, 3).label == "Triwulan III 2026"
