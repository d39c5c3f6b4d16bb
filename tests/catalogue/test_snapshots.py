"""The public catalogue frozen at the close of a quarter: what it says, that it never changes, where it is found."""

import csv
import hashlib
import io
import json
import signal
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from apps.audit.models import Event
from apps.catalogue import queries, services
from apps.catalogue.models import Snapshot
from apps.catalogue.records import public_lines
from apps.catalogue.tasks import freeze_closed_quarters
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.documents import streams
from apps.inventory import services as inventory
from apps.inventory.models import Application
from tests.factories import make_government
from tests.killing import kill_when_it_waits
from tests.monitoring.world import SYSTEM, World

pytestmark = pytest.mark.django_db
Q1, Q2 = Quarter(2025, 1), Quarter(2025, 2)
SWEEP = """
from apps.catalogue.tasks import freeze_closed_quarters
freeze_closed_quarters()
"""


@pytest.fixture
def world(government):
    yield World(government)
    clock.reset()


@pytest.fixture
def period(world):
    """A closed quarter of two applications."""
    world.antrean, world.gizi = world.application("Antrean Lama"), world.application("Gizi")
    return world.close(world.open(Q1))


def edited_after(world):
    """What happens between the close and the sweep: a new name, a new application."""
    clock.travel_to(clock.now() + timedelta(hours=1))
    known = Application.objects.get(pk=world.antrean.pk)
    inventory.edit(
        known.code, by=world.operator, version=known.version, values={"name": "Antrean Baru"}, reason="Ganti nama"
    )
    world.application("Sesudah Tutup")
    clock.travel_to(clock.now() + timedelta(hours=1))


def content(snapshot, form):
    return b"".join(streams.read(queries.SNAPSHOTS, getattr(snapshot, f"{form}_sha256")))


def names(snapshot):
    return [json.loads(line)["name"] for line in content(snapshot, "ndjson").splitlines()]


def test_it_says_what_was_public_at_the_close_whatever_came_after(world, period):
    edited_after(world)
    snapshot = services.freeze_quarter(period.pk, by=SYSTEM)
    assert names(snapshot) == ["Antrean Lama", "Gizi"]
    table = list(csv.DictReader(io.StringIO(content(snapshot, "csv").decode("utf-8-sig"))))
    assert [line["name"] for line in table] == ["Antrean Lama", "Gizi"]
    assert (snapshot.told_of, snapshot.applications) == (period.closed_at, 2)
    # The control: taken from the present it would say what nobody could read at the close.
    present = public_lines(queries.whole(world.government))
    assert [json.loads(line)["name"] for line in present] == ["Antrean Baru", "Gizi", "Sesudah Tutup"]


def test_unchanged_records_are_as_the_api_says_them(client, world, period):
    snapshot = services.freeze_quarter(period.pk, by=SYSTEM)
    for line in content(snapshot, "ndjson").splitlines():
        said = json.loads(line)
        assert said == client.get(f"/api/v1/applications/{said['code']}/").json()


def test_each_closed_quarter_is_frozen_once(world, period):
    second = world.close(world.open(Q2))
    world.open(Quarter(2025, 3))
    freeze_closed_quarters()
    first = list(Snapshot.objects.order_by("pk").values())
    freeze_closed_quarters()
    assert list(Snapshot.objects.order_by("pk").values()) == first
    assert [one["period_id"] for one in first] == [period.pk, second.pk]
    assert Event.objects.filter(verb="snapshot.frozen").count() == 2
    event = Event.objects.filter(verb="snapshot.frozen").earliest("pk")
    assert event.details["sha256"]["ndjson"] == first[0]["ndjson_sha256"]


def test_a_later_edit_changes_nothing_and_the_row_refuses_to_change(client, world, period):
    snapshot = services.freeze_quarter(period.pk, by=SYSTEM)
    before = content(snapshot, "ndjson")
    edited_after(world)
    assert services.freeze_quarter(period.pk, by=SYSTEM).pk == snapshot.pk
    freeze_closed_quarters()
    address = f"/api/v1/snapshots/{world.government.code}/2025-Q1.ndjson"
    assert b"".join(client.get(address).streaming_content) == before
    for change in (lambda rows: rows.update(applications=7), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(Snapshot.objects.filter(pk=snapshot.pk))


def test_it_holds_one_government(world, period):
    other = World(make_government("Kabupaten Lain", "Asia/Makassar"))
    other.application("Punya Lain")
    clock.travel_to(period.closed_at + timedelta(hours=1))
    assert names(services.freeze_quarter(period.pk, by=SYSTEM)) == ["Antrean Lama", "Gizi"]


def test_only_the_clock_and_only_after_the_close(world, period):
    with pytest.raises(PermissionDenied):
        services.freeze_quarter(period.pk, by=world.reviewer)
    following = world.open(Q2)
    with pytest.raises(RuleViolation, match="setelah triwulan ditutup"):
        services.freeze_quarter(following.pk, by=SYSTEM)
    assert not Snapshot.objects.exists()


def test_the_list_names_files_that_are_what_it_says(client, world, period):
    freeze_closed_quarters()
    (found,) = client.get("/api/v1/snapshots/").json()["results"]
    assert (found["government"], found["quarter"], found["applications"]) == (world.government.code, "2025-Q1", 2)
    assert [file["form"] for file in found["files"]] == ["ndjson", "csv"]
    for file in found["files"]:
        answer = client.get(file["url"])
        sent = b"".join(answer.streaming_content)
        assert (len(sent), hashlib.sha256(sent).hexdigest()) == (file["size"], file["sha256"])
        assert answer["ETag"] == f'"{file["sha256"]}"' and "immutable" in answer["Cache-Control"]
        assert client.get(file["url"], headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get("/api/v1/snapshots/?government=tidak-ada").status_code == 404
    assert client.get("/api/v1/snapshots/?pemda=x").status_code == 400


@pytest.mark.parametrize("rest", ["2025-Q2.ndjson", "2025-Q1.xlsx", "2025-Q9.csv", "kemarin.csv"])
def test_there_is_no_other_file(client, world, period, rest):
    freeze_closed_quarters()
    assert client.get(f"/api/v1/snapshots/{world.government.code}/{rest}").status_code == 404
    assert client.get("/api/v1/snapshots/lain/2025-Q1.csv").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_killed_half_way_the_next_sweep_makes_it(world, period):
    edited_after(world)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE catalogue_snapshot IN SHARE MODE")
        assert kill_when_it_waits(SWEEP) == -signal.SIGKILL
    assert not Snapshot.objects.exists() and list(streams.folder_of(queries.SNAPSHOTS).iterdir())
    freeze_closed_quarters()
    assert names(Snapshot.objects.get()) == ["Antrean Lama", "Gizi"]
