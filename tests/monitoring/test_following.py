"""The running quarter follows the register: a merged record is asked no more, a new owner is asked instead."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from rest_framework.test import APIClient

from apps.audit.models import Event
from apps.core import clock
from apps.core.quarter import Quarter
from apps.inventory import services as inventory
from apps.inventory.models import Application
from apps.monitoring import services
from apps.monitoring.models import Assessment, DueApplication, Finding, UsageSample, UsageToken
from apps.monitoring.tasks import follow_register
from tests.factories import make_agency
from tests.monitoring.browser import signed_in
from tests.monitoring.world import SYSTEM, World, at

pytestmark = pytest.mark.django_db
FIRST, SECOND = Quarter(2025, 1), Quarter(2025, 2)


@pytest.fixture
def world(government):
    return World(government)


def merge(world, duplicate, kept):
    duplicate, kept = (Application.objects.get(pk=row.pk) for row in (duplicate, kept))
    inventory.merge(
        duplicate.code, by=world.reviewer, version=duplicate.version, survivor=kept.code, survivor_version=kept.version,
        reason="Tercatat dua kali",
    )  # fmt: skip


def test_a_record_merged_in_the_window_is_not_judged(world):
    kept, duplicate = world.application("Antrean"), world.application("Antrian")
    period = world.open(FIRST)
    merge(world, duplicate, kept)
    follow_register()
    world.close(period)
    verdicts = dict(Assessment.objects.filter(period=period).values_list("application__name", "verdict"))
    assert verdicts == {"Antrean": "unreported", "Antrian": "exempt"}
    assert Assessment.objects.get(period=period, application=duplicate).reason == "merged"


def test_open_findings_of_a_merged_record_fall_away_and_its_quarters_stay(world):
    kept, duplicate = world.application("Antrean"), world.application("Antrian")
    for quarter in (FIRST, SECOND):
        world.run(duplicate, quarter, report={"used": False})
    assert Finding.objects.get(application=duplicate, kind="idle").status == "open"
    before = list(Assessment.objects.values_list("pk", "application", "verdict"))
    merge(world, duplicate, kept)
    follow_register()
    finding = Finding.objects.get(application=duplicate, kind="idle")
    assert (finding.status, finding.reason) == ("resolved", f"Digabung ke {kept.code}")
    assert list(Assessment.objects.values_list("pk", "application", "verdict")) == before
    assert services.follow_mergers(by=SYSTEM) == 0


def test_a_new_owner_is_asked_in_the_running_quarter_and_the_closed_one_stays(world):
    application, other = world.application("Antrean"), make_agency(world.government, "Dinas Baru")
    closed = world.open(FIRST)
    world.close(closed)
    running = world.open(SECOND)
    Application.objects.filter(pk=application.pk).update(owner=other)
    follow_register()
    owners = dict(DueApplication.objects.values_list("period", "owner"))
    assert owners == {closed.pk: world.agency.pk, running.pk: other.pk}
    assert Assessment.objects.get().owner == world.agency


def test_only_the_clock_follows(world):
    for verb in (services.follow_mergers, services.follow_owners, services.follow_counters):
        with pytest.raises(PermissionDenied):
            verb(by=world.reviewer)


def day(number, users, transactions=0):
    return {"day": date(2025, 4, 1) + timedelta(days=number), "active_users": users, "transactions": transactions}


def counted(application):
    return list(UsageSample.objects.filter(application=application).order_by("day").values_list("day", "active_users"))


def push(plain, *days):
    said = [{**one, "day": one["day"].isoformat()} for one in days]
    return APIClient().post(
        "/api/v1/usage/", {"samples": said}, format="json", HTTP_AUTHORIZATION=f"Bearer {plain}"
    )  # fmt: skip


@pytest.fixture
def counting(world):
    """The survivor, its duplicate and the duplicate's key, both merged in the second quarter."""
    kept, duplicate = world.application("Antrean"), world.application("Antrian")
    clock.travel_to(at("2025-04-20T05:00"))
    _token, plain = services.create_usage_token(duplicate.pk, by=world.operator)
    return kept, duplicate, plain


def test_days_under_the_old_key_count_for_the_survivor_at_once(world, counting):
    kept, duplicate, plain = counting
    merge(world, duplicate, kept)
    answer = push(plain, day(0, 12))
    assert (answer.status_code, answer.json()["application"], answer.json()["kept"]) == (200, kept.code, 1)
    assert counted(kept) == [(date(2025, 4, 1), 12)] and counted(duplicate) == []
    follow_register()
    assert push(plain, day(1, 13)).json()["application"] == kept.code
    assert UsageToken.objects.get().application == kept
    assert signed_in(world.operator).get(f"/aplikasi/{duplicate.code}/pencacah/").url.endswith(
        f"/{kept.code}/pencacah/"
    )  # fmt: skip


def test_a_day_two_keys_tell_keeps_the_most_said_of_it(world, counting):
    kept, duplicate, plain = counting
    merge(world, duplicate, kept)
    services.receive_usage(kept, [day(0, 40), day(1, 0)])
    push(plain, day(0, 0), day(1, 7))
    services.receive_usage(kept, [day(1, 0)])
    assert [users for _day, users in counted(kept)] == [40, 7]


def test_without_a_merger_a_day_sent_again_still_replaces_itself(world, counting):
    kept, _duplicate, _plain = counting
    services.receive_usage(kept, [day(0, 40)])
    services.receive_usage(kept, [day(0, 0)])
    assert counted(kept) == [(date(2025, 4, 1), 0)]


def test_days_nobody_has_judged_yet_go_along_and_evidence_stays(world, counting):
    kept, duplicate, _plain = counting
    clock.travel_to(at("2025-04-05T05:00"))
    judged = {"day": date(2025, 3, 31), "active_users": 3, "transactions": 0}
    services.receive_usage(duplicate, [judged, day(0, 5), day(1, 6, 2)])
    services.receive_usage(kept, [day(1, 2, 9)])
    world.close(world.open(FIRST))
    clock.travel_to(at("2025-04-20T05:00"))
    merge(world, duplicate, kept)
    follow_register()
    rows = UsageSample.objects.filter(application=kept).order_by("day")
    assert list(rows.values_list("active_users", "transactions")) == [(5, 0), (6, 9)]
    assert counted(duplicate) == [(date(2025, 3, 31), 3)]
    told = Event.objects.get(verb="usage.followed")
    assert (told.subject_code, told.details["former"], told.details["keys"], told.details["days"]) == (
        kept.code, duplicate.code, 1, 2,
    )  # fmt: skip
    assert services.follow_counters(by=SYSTEM) == 0
