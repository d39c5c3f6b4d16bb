"""Oracle by hand from the calendar of August and September 2024 (17 August is a Saturday)."""

from datetime import date

import pytest

from apps.core.errors import RuleViolation
from apps.core.workdays import add_working_days, is_working_day, working_days_between
from tests.factories import confirm_year

pytestmark = pytest.mark.django_db
DAYS_2024 = [
    (date(2024, 8, 17), "national_holiday", "Hari Kemerdekaan"),
    (date(2024, 12, 25), "national_holiday", "Natal"),
    (date(2024, 12, 26), "joint_leave", "Cuti bersama Natal"),
]


def test_twenty_days_from_the_eighth_of_august_2024():
    confirm_year(2024, DAYS_2024)
    assert add_working_days(date(2024, 8, 8), 20) == date(2024, 9, 5)


def test_joint_leave_is_a_day_off_unless_the_government_says_otherwise():
    confirm_year(2024, DAYS_2024)
    assert add_working_days(date(2024, 12, 24), 1) == date(2024, 12, 27)
    assert add_working_days(date(2024, 12, 24), 1, joint_leave_counts=False) == date(2024, 12, 26)


def test_an_unconfirmed_year_is_an_error():
    confirm_year(2024)
    with pytest.raises(RuleViolation, match="2025"):
        add_working_days(date(2024, 12, 31), 1)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [((8, 8), (8, 8), 0), ((8, 8), (8, 9), 1), ((8, 9), (8, 12), 1), ((8, 8), (9, 5), 20), ((8, 12), (8, 8), -2)],
)
def test_counting_between(start, end, days):
    confirm_year(2024, DAYS_2024)
    assert working_days_between(date(2024, *start), date(2024, *end)) == days


def test_weekends_and_holidays_are_off():
    confirm_year(2024, DAYS_2024)
    assert [is_working_day(date(2024, 12, day)) for day in (24, 25, 26, 28)] == [True, False, False, False]
