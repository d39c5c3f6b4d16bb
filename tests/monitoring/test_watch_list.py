"""The watch list: idle once, found on the list, in its export and by the API; gone when a finding is raised or it is used."""

import csv
import io

import pytest

from apps.core.quarter import Quarter
from apps.inventory.models import Standing
from apps.monitoring import services
from tests.catalogue.test_catalogue import body_of
from tests.monitoring.browser import signed_in
from tests.monitoring.test_pages import text, url
from tests.monitoring.world import World, give_evidence

pytestmark = pytest.mark.django_db
Q1 = Quarter(2025, 1)
IDLE, USED = {"used": False}, {"used": True, "users": 9, "transactions": 9}


def watched():
    rows = Standing.objects.filter(watched=True).order_by("application__name")
    return list(rows.values_list("application__name", flat=True))


def quarter(world, number, **said):
    period = world.open(Q1.plus(number))
    for name, report in said.items():
        give_evidence(world, period, world.all[name], {"report": report})
    return world.close(period)


@pytest.fixture
def world(government):
    world = World(government)
    world.all = {name: world.application(name) for name in ("Satu", "Dua", "Tiga")}
    quarter(world, 0, Satu=IDLE, Dua=USED, Tiga=IDLE)
    return world


def test_it_is_found_on_the_list_in_the_export_and_by_the_api(world):
    client = signed_in(world.reviewer)
    assert "2 aplikasi dalam daftar pantau" in text(client.get(url("findings")))
    listed = text(client.get("/aplikasi/?watched=true&kolom=watched"))
    assert "Satu" in listed and "Dua" not in listed and "Daftar pantau: ya" in listed
    sheet = body_of(client.get("/aplikasi/ekspor.csv?watched=true&kolom=watched")).removeprefix("\ufeff")
    assert [(row["name"], row["watched"]) for row in csv.DictReader(io.StringIO(sheet))] == [
        ("Satu", "dipantau"), ("Tiga", "dipantau"),
    ]  # fmt: skip
    found = client.get("/api/v1/applications/?watched=true").json()["results"]
    assert sorted(row["name"] for row in found) == ["Satu", "Tiga"]


def test_it_ends_with_the_finding_or_with_use(world):
    quarter(world, 1, Satu=IDLE, Dua=IDLE, Tiga=USED)
    assert watched() == ["Dua"]
    quarter(world, 2, Dua=USED)
    assert watched() == [], "silence after idleness is missing data"


def test_a_late_report_puts_its_own_application_on_the_list_and_touches_nobody_else(world):
    assert watched() == ["Satu", "Tiga"]
    period = world.open(Q1.plus(1))
    give_evidence(world, period, world.all["Satu"], {"report": USED})
    world.close(period)
    report = world.report(period, world.all["Dua"], used=False)
    services.accept_report(report.pk, by=world.reviewer, version=report.version)
    assert watched() == ["Dua"]
