"""T-06: instants around quarter ends in every zone, whatever zone the server's sessions speak."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from apps.core import clock
from apps.core.quarter import Quarter
from apps.monitoring import rules
from apps.monitoring.models import Period
from apps.monitoring.services import schedule_period
from apps.monitoring.services.totals import parameters
from tests import factories

# hours ahead of UTC, written by hand
HOURS = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
ENDS = [(2025, 4, 1), (2025, 7, 1), (2025, 10, 1), (2026, 1, 1)]
AROUND = [-86400, -3600, -60, -1, -0.001, -0.000001, 0, 0.000001, 0.001, 1, 3600, 86400]


def quarter_by_hand(local):
    """The quarter of a wall clock, by months."""
    return local.year, {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 3, 8: 3, 9: 3, 10: 4, 11: 4, 12: 4}[local.month]


@pytest.mark.django_db
@pytest.mark.parametrize("session", ["UTC", "Asia/Jayapura", "America/New_York"])
@pytest.mark.parametrize("zone", HOURS)
def test_no_instant_falls_into_a_wrong_quarter(zone, session):
    government, wrong, asked = factories.make_government(zone=zone), 0, 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [session])
        for end in ENDS:
            for seconds in AROUND:
                instant = datetime(*end, tzinfo=UTC) - timedelta(hours=HOURS[zone]) + timedelta(seconds=seconds)
                local = (instant + timedelta(hours=HOURS[zone])).replace(tzinfo=None)
                quarter = Quarter.of(instant, ZoneInfo(zone))
                period = schedule_period(government, quarter)
                edges = parameters(period)
                cursor.execute(
                    "SELECT %s::timestamptz >= %s AND %s::timestamptz < %s",
                    [instant, edges["first_instant"], instant, edges["end_instant"]],
                )
                asked += 1
                wrong += (quarter.year, quarter.number) != quarter_by_hand(local) or not cursor.fetchone()[0]
    assert (asked, wrong) == (48, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("zone", HOURS)
def test_the_window_begins_and_ends_at_local_midnight(zone):
    government = factories.make_government(zone=zone)
    period = Period.objects.get(pk=schedule_period(government, Quarter(2025, 3)).pk)
    ahead = timedelta(hours=HOURS[zone])
    assert period.opens_at == datetime(2025, 9, 17, tzinfo=UTC) - ahead
    assert period.closes_at == datetime(2025, 10, 11, tzinfo=UTC) - ahead
    clock.travel_to(period.closes_at - timedelta(seconds=1))
    assert clock.today(government.zone).isoformat() == "2025-10-10"
    assert rules.window(Quarter(2025, 3), government.zone) == (period.opens_at, period.closes_at)
