"""A row its evidence contradicts: the whole truth table, asked for in the grid, told at the review, never taken in bulk."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import ValidationError

from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.monitoring import queries, rules, services
from apps.monitoring.models import Probe, UsageReport
from tests.monitoring.browser import form_of, signed_in
from tests.monitoring.test_pages import grid, text, url
from tests.monitoring.world import World, give_evidence

Q1 = Quarter(2025, 1)
NUMBERS = {"unknown": (None, None), "zero": (0, 0), "users": (5, 0), "transactions": (None, 5)}
COUNTERS = {"none": None, "no day": (0, 0, 0), "zero": (3, 0, 0), "users": (3, 1, 0), "transactions": (3, 0, 1)}


def contradicted(used, running, numbers, counters, dead_days):
    """Written by hand: what of the evidence speaks against the answer."""
    if used is True:
        return running is False or numbers in ("unknown", "zero") or counters == "zero" or dead_days >= 7
    if used is False:
        return numbers in ("users", "transactions") or counters in ("users", "transactions")
    return False


def report_and_known(used, running, numbers, counters, dead_days, **more):
    users, transactions = NUMBERS[numbers]
    days = COUNTERS[counters]
    counted = days and dict(zip(("days", "active_users", "transactions"), days, strict=True))
    report = UsageReport(used=used, running=running, active_users=users, transactions=transactions, **more)
    return report, rules.Against(counted, dead_days)


TABLE = list(product([None, True, False], [None, True, False], NUMBERS, COUNTERS, [0, 6, 7, 60]))


def test_the_truth_table_of_contradictions():
    for row in TABLE:
        assert bool(rules.contradiction(*report_and_known(*row))) == contradicted(*row), row
    assert len({contradicted(*row) for row in TABLE}) == 2 and len(TABLE) == 720


def test_a_contradicted_row_waits_for_its_explanation_and_then_only_for_its_tick():
    for row in TABLE:
        used, against = row[0], contradicted(*row)
        silent = rules.unready(*report_and_known(*row, attested=True))
        explained = rules.unready(*report_and_known(*row, attested=True, explanation="Musim libur"))
        unstated = rules.unready(*report_and_known(*row, explanation="Musim libur"))
        assert list(silent) == (["used"] if used is None else ["explanation"] if against else []), row
        assert list(explained) == (["used"] if used is None else []), row
        assert list(unstated) == (["used"] if used is None else ["attested"]), row


@pytest.fixture
def world(government):
    return World(government)


def dead_for(application, days, *, reached=False):
    """The daily round of the last `days` days found the address shut; on the day before it `reached` it or not."""
    now = clock.now()
    outcomes = ["unreached"] * (days + 1) + ["reached"] * reached
    Probe.objects.bulk_create(
        Probe(application=application, url="https://x.example/", at=now - timedelta(days=back), outcome=outcome)
        for back, outcome in enumerate(outcomes)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("reached", [True, False])
def test_days_are_counted_from_the_first_failure_since_it_last_opened(world, reached):
    application, other = world.application("Satu"), world.application("Dua")
    period = world.open(Q1)
    dead_for(application, 9, reached=reached)
    assert queries.unreachable_days(period, [application.pk, other.pk]) == {application.pk: 9}
    Probe.objects.create(application=application, url="https://x.example/", at=period.closes_at, outcome="reached")
    assert queries.unreachable_days(period, [application.pk]) == {application.pk: 9}, (
        "mended after the quarter's window"
    )
    Probe.objects.create(application=application, url="https://x.example/", outcome="skipped", why="own_outage")
    assert queries.unreachable_days(period, [application.pk]) == {application.pk: 9}, (
        "our own outage is no word of the address"
    )
    Probe.objects.create(application=application, url="https://y.example/", outcome="reached")
    assert queries.unreachable_days(period, [application.pk]) == {}, "another address of it opens"


@pytest.mark.django_db
@pytest.mark.parametrize("days, asked", [(6, False), (60, True)])
def test_the_grid_asks_about_a_dead_address_before_the_row_is_sent(world, days, asked):
    application = world.application()
    period = world.open(Q1)
    dead_for(application, days)
    client, rows = grid(world, period)
    prefix = f"a{application.pk}"
    typed = {f"{prefix}-used": "1", f"{prefix}-active_users": "500", f"{prefix}-attested": "on", "act": "send"}
    answer = client.post(url("grid", period.code), form_of(rows, **typed))
    assert (answer.status_code == 400) == asked
    assert UsageReport.objects.get().status == ("draft" if asked else "submitted")
    if asked:
        assert "60 hari terakhir" in text(answer, 400)
        with pytest.raises(ValidationError):
            services.submit_reports(period.pk, by=world.operator, applications=[application.pk])


def sent(world, days):
    """Two reports with their explanations; the second's address has been dead for `days`."""
    good, dead = world.application("Baik"), world.application("Mati")
    period = world.open(Q1)
    reports = [world.report(period, row, used=True, active_users=500, transactions=9) for row in (good, dead)]
    dead_for(dead, days)
    return period, reports


@pytest.mark.django_db
@pytest.mark.parametrize("days, plain", [(6, 2), (60, 1)])
def test_the_review_tells_it_and_takes_it_in_bulk_only_where_nothing_contradicts(world, days, plain):
    period, (good, dead) = sent(world, days)
    client, address = signed_in(world.reviewer), url("review", period.code)
    page = client.get(address)
    assert page.context["plain"] == plain and ("60 hari terakhir" in text(page)) == (plain == 1)
    forged = {"act": "many", "chosen": [good.pk, dead.pk], f"version-{good.pk}": 2, f"version-{dead.pk}": 2}
    forged |= {f"version-{row.pk}": row.version for row in (good, dead)}
    answer = client.post(address, forged)
    states = list(UsageReport.objects.order_by("pk").values_list("status", flat=True))
    if plain == 2:
        assert (answer.status_code, states) == (302, ["accepted", "accepted"])
        return
    assert (answer.status_code, states) == (409, ["submitted", "submitted"]), "all or none"
    assert "Baca dan terima satu per satu" in text(answer, 409)
    alone = {"act": f"accept-{dead.pk}", f"version-{dead.pk}": dead.version}
    assert client.post(address, alone).status_code == 302
    assert UsageReport.objects.get(pk=dead.pk).status == "accepted"


@pytest.mark.django_db
def test_counters_that_came_after_the_report_keep_it_out_of_the_bulk(world):
    application = world.application()
    period = world.open(Q1)
    report = world.report(period, application, used=True, active_users=500, transactions=9)
    give_evidence(world, period, application, {"counter_days": 3})
    with pytest.raises(RuleViolation) as refusal:
        services.accept_uncontradicted({report.pk: report.version}, by=world.reviewer)
    assert refusal.value.code == "contradicted" and UsageReport.objects.get().status == "submitted"
