"""The running quarter follows the register: a merged record is asked no more, a new owner is asked instead."""

import pytest
from django.core.exceptions import PermissionDenied

from apps.core.quarter import Quarter
from apps.inventory import services as inventory
from apps.inventory.models import Application
from apps.monitoring import services
from apps.monitoring.models import Assessment, DueApplication, Finding
from apps.monitoring.tasks import follow_register
from tests.factories import make_agency
from tests.monitoring.world import SYSTEM, World

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
    for verb in (services.follow_mergers, services.follow_owners):
        with pytest.raises(PermissionDenied):
            verb(by=world.reviewer)
