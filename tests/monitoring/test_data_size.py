"""The optional size of the data: prefilled in the report as size and growth."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from apps.core.quarter import Quarter
from apps.monitoring import queries, rules, services
from apps.monitoring.models import UsageReport
from tests.factories_deactivation import make_evidence
from tests.monitoring.browser import signed_in
from tests.monitoring.test_pages import text, url
from tests.monitoring.world import World

Q1 = Quarter(2025, 1)
GB = 10**9


@pytest.mark.parametrize(
    "before, sizes, size, growth",
    [
        (None, [], None, None),
        (4 * GB, [], None, None),
        (None, [15_100_000_000], "15.10", None),
        (14 * GB, [15_100_000_000], "15.10", "1.10"),
        (None, [15 * GB, 16 * GB, 15_500_000_000], "15.50", "0.50"),
        (14 * GB, [15 * GB, 16 * GB], "16.00", "2.00"),
        (20 * GB, [15 * GB, 16 * GB], "16.00", "0.00"),
        (None, [5, 5], "0.00", "0.00"),
    ],
)
def test_size_and_growth_from_the_days_that_told_it(before, sizes, size, growth):
    expected = {"database_gb": size, "growth_gb": growth}
    told = rules.data_sizes(before, sizes)
    assert {name: str(value) for name, value in told.items()} == {k: v for k, v in expected.items() if v is not None}


def push(application, first, *sizes):
    services.receive_usage(
        application,
        [{"day": first + timedelta(days=n), "active_users": 4, "data_bytes": size} for n, size in enumerate(sizes)],
    )


@pytest.fixture
def world(government):
    return World(government)


@pytest.mark.django_db
def test_the_report_begins_with_size_and_growth_and_nobody_elses(world, django_assert_max_num_queries):
    application, other = world.application("Satu"), world.application("Dua")
    period = world.open(Q1)
    push(application, date(2025, 1, 1), None, 15 * GB, None, 16_250_000_000)
    push(other, date(2025, 1, 1), None)
    page = text(signed_in(world.operator).get(url("grid", period.code)))
    assert 'value="16,25"' in page and 'value="1,25"' in page and "pencacah 16,25" in page
    assert "database_gb" not in queries.against_of(period, other.pk).counters
    world.close(period)
    following = world.open(Q1.next())
    push(application, date(2025, 4, 1), 18 * GB)
    with django_assert_max_num_queries(2):
        counters = queries.counters_by_application(following, [application.pk, other.pk])
    assert counters[application.pk]["growth_gb"] == Decimal("1.75"), "since the last size of the quarter before"


@pytest.mark.django_db
def test_a_report_begun_by_its_file_holds_them_too(world):
    application = world.application()
    period = world.open(Q1)
    push(application, date(2025, 1, 1), 15 * GB, 16 * GB)
    services.attach_file(period.pk, application.pk, by=world.operator, document=make_evidence(world.operator))
    report = UsageReport.objects.get()
    assert (report.database_gb, report.growth_gb) == (Decimal("16.00"), Decimal("1.00"))
