"""Findings about records nobody keeps: raised and resolved by the clock, the same however often it looks."""

from datetime import date, timedelta

import pytest

from apps.accounts.models import GovernmentPolicy, Membership, Organization
from apps.audit.models import Event
from apps.core import clock
from apps.core.quarter import Quarter
from apps.inventory import services as inventory
from apps.inventory.models import Application, Standing
from apps.monitoring import services
from apps.monitoring.models import CountRestart, Finding
from apps.monitoring.tasks import review_register_keeping
from tests.deactivation.web import page, signed_in
from tests.monitoring.world import SYSTEM, World, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(government):
    """Two records registered in December 2024, and the first quarter of 2025 closed."""
    world = World(government)
    world.first, world.second = world.application("Antrean"), world.application("Loket")
    world.close(world.open(Quarter.parse("2025-Q1")))
    return world


def look(world):
    return services.review_keeping(world.government.pk, by=SYSTEM)


def open_kinds(application):
    return sorted(Finding.objects.filter(application=application).standing().values_list("kind", flat=True))


def edit(world, application):
    version = Application.objects.get(pk=application.pk).version
    inventory.edit(application.code, by=world.operator, version=version, values={"year_built": 2020}, reason="Uji")


@pytest.mark.parametrize(
    "day,quarters,stale",
    [
        ("2025-12-31T16:59", 4, False),  # a minute before 2026 in Jakarta: only three whole quarters went by
        ("2025-12-31T17:00", 4, True),
        ("2025-03-31T17:00", 1, True),
        ("2025-12-31T17:00", 5, False),
    ],
)
def test_stale_after_whole_quarters_without_a_word(government, day, quarters, stale):
    world = World(government, start="2024-12-01T00:00")
    made = world.application()
    world.close(world.open(Quarter.parse("2024-Q4")))
    GovernmentPolicy.objects.filter(pk=government.pk).update(stale_quarters=quarters)
    clock.travel_to(at(day))
    look(world)
    assert open_kinds(made) == (["stale"] if stale else [])


def test_looking_again_changes_nothing(world):
    clock.travel_to(at("2026-02-01T00:00"))
    assert look(world) == {"raised": 2, "resolved": 0}
    before = Event.objects.count()
    assert look(world) == {"raised": 0, "resolved": 0}
    review_register_keeping()
    assert Event.objects.count() == before and Finding.objects.filter(kind="stale").count() == 2
    assert Standing.objects.get(application=world.first).open_findings == ["stale"]


@pytest.mark.parametrize("act", ["edit", "attest"])
def test_a_word_or_an_edit_resolves_it(world, act):
    clock.travel_to(at("2026-02-01T00:00"))
    look(world)
    if act == "edit":
        edit(world, world.first)
    else:
        inventory.attest(world.first.code, by=world.head, version=Application.objects.get(pk=world.first.pk).version)
    assert look(world) == {"raised": 0, "resolved": 1}
    assert open_kinds(world.first) == [] and open_kinds(world.second) == ["stale"]
    assert Standing.objects.get(application=world.first).open_findings == []


def test_set_aside_it_stays_quiet_and_counts_no_quarter_anew(world):
    clock.travel_to(at("2026-02-01T00:00"))
    look(world)
    finding = Finding.objects.get(application=world.first, kind="stale")
    services.dismiss(finding.pk, by=world.reviewer, version=finding.version, reason="Sedang disusun ulang")
    assert look(world)["raised"] == 0 and not CountRestart.objects.exists()
    clock.travel_to(at("2027-04-01T00:00"))
    look(world)
    assert "stale" in open_kinds(world.first)


def end_members(world):
    Membership.objects.filter(seat=world.agency).update(ended_at=clock.now())


def test_ownerless_without_operator_and_head(world):
    assert look(world)["raised"] == 0
    end_members(world)
    assert look(world) == {"raised": 2, "resolved": 0} and open_kinds(world.first) == ["ownerless"]
    Membership.objects.filter(pk=world.head.membership_id).update(ended_at=None)
    assert look(world) == {"raised": 0, "resolved": 2}


@pytest.mark.parametrize("ended", [{"ends_on": date(2025, 4, 1)}, {"starts_on": date(2099, 1, 1)}])
def test_a_role_not_in_force_keeps_nothing(world, ended):
    Membership.objects.filter(seat=world.agency).update(**ended)
    look(world)
    assert open_kinds(world.first) == ["ownerless"]


def test_people_who_may_not_sign_in_keep_nothing(world):
    for member in Membership.objects.filter(seat=world.agency).select_related("user"):
        member.user.is_active = False
        member.user.save()
    look(world)
    assert open_kinds(world.first) == ["ownerless"]


def test_an_ended_office_keeps_nothing(world):
    Organization.objects.filter(pk=world.agency.pk).update(active_until=date(2025, 4, 1))
    look(world)
    assert open_kinds(world.first) == ["ownerless"]


def test_the_office_above_keeps_its_units(world):
    unit = Organization.objects.create(
        code="unit-1", name="Puskesmas", kind="unit", parent=world.agency, government=world.government
    )
    Application.objects.filter(pk=world.first.pk).update(owner=unit)
    assert look(world)["raised"] == 0


def test_nothing_before_the_first_close_and_nothing_of_ended_records(government):
    world = World(government)
    made = world.application()
    end_members(world)
    assert look(world)["raised"] == 0
    world.close(world.open(Quarter.parse("2024-Q4")))
    inventory.begin_retiring(made.pk, by=world.reviewer, reason="KSS-1")
    inventory.retire(made.pk, by=world.reviewer, reason="KSS-1")
    clock.travel_to(clock.now() + timedelta(days=900))
    assert look(world)["raised"] == 0


def test_the_page_says_why(world):
    end_members(world)
    look(world)
    finding = Finding.objects.filter(kind="ownerless").first()
    text = page(signed_in(world.reviewer), f"/temuan/{finding.code}/")
    assert "tidak punya operator" in text and "muncul pada penutupan" not in text
