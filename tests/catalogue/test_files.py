"""The whole public catalogue as a file the clock writes: who gets it, how old it is, and what a killed sweep leaves."""

import gzip
import hashlib
import signal
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from apps.accounts import services as accounts
from apps.accounts.actor import Actor
from apps.catalogue import queries, services
from apps.catalogue.models import CatalogueFile
from apps.catalogue.tasks import write_catalogue_files
from apps.core import clock
from apps.documents import streams
from tests.factories import make_actor
from tests.killing import kill_when_it_waits
from tests.monitoring.world import World, at

pytestmark = pytest.mark.django_db(transaction=True)
START = at("2026-03-02T03:00")
SYSTEM = Actor.system()
FORMS = ("csv", "json", "ndjson", "xlsx")
SWEEP = """
from apps.catalogue.tasks import write_catalogue_files
write_catalogue_files()
"""


@pytest.fixture
def world(government):
    world = World(government, start="2026-03-02T03:00")
    world.application("Antrean Puskesmas")
    yield world
    clock.reset()


def path(form):
    return f"/api/v1/exports/applications.{form}"


def read(answer):
    content = b"".join(answer.streaming_content)
    answer.close()
    return content


def later(minutes):
    clock.travel_to(clock.now() + timedelta(minutes=minutes))


def row(form="ndjson"):
    return CatalogueFile.objects.get(form=form)


def files():
    return {name.name for form in FORMS for name in streams.folder_of(queries.folder_of(form)).iterdir()}


def test_without_a_file_the_catalogue_is_read_when_asked(client, world):
    assert "Age" not in client.get(path("ndjson"))
    assert b"Antrean Puskesmas" in read(client.get(path("ndjson")))


@pytest.mark.parametrize("form", FORMS)
def test_the_public_gets_the_file_with_its_age_and_checksum(client, world, form):
    live = client.get(path(form))
    content = read(live)
    write_catalogue_files()
    later(3)
    ready = client.get(path(form))
    assert (ready["Content-Type"], ready["Content-Disposition"]) == (live["Content-Type"], live["Content-Disposition"])
    assert 180 <= int(ready["Age"]) < 240
    sent = read(ready)
    assert int(ready["Content-Length"]) == len(sent) == row(form).size
    assert ready["ETag"] == f'"{hashlib.sha256(sent).hexdigest()}"' == f'"{row(form).sha256}"'
    if form != "xlsx":  # a workbook says when it was made
        assert sent == content


@pytest.mark.parametrize("form", ["csv", "json", "ndjson"])
def test_who_takes_gzip_gets_the_packed_file(client, world, form):
    write_catalogue_files()
    packed = client.get(path(form), headers={"Accept-Encoding": "gzip"})
    plain = client.get(path(form))
    assert packed["Content-Encoding"] == "gzip" and packed["ETag"] != plain["ETag"]
    assert "Accept-Encoding" in packed["Vary"] and "Accept-Encoding" in plain["Vary"]
    assert gzip.decompress(read(packed)) == read(plain)
    assert row(form).packed_size == int(packed["Content-Length"])


def test_who_has_it_already_hears_only_that(client, world):
    write_catalogue_files()
    first = client.get(path("csv"))
    for asked in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = client.get(path("csv"), headers=asked)
        assert again.status_code == 304 and again["ETag"] == first["ETag"] and not again.content
    assert client.get(path("csv"), headers={"If-None-Match": '"lain"'}).status_code == 200
    packed = client.get(path("csv"), headers={"If-None-Match": first["ETag"], "Accept-Encoding": "gzip"})
    assert packed.status_code == 200


def test_with_a_key_or_for_one_government_it_is_read_when_asked(client, world):
    write_catalogue_files()
    world.application("Aplikasi Baru")
    administrator = make_actor("administrator", world.government)
    key = accounts.create_token(
        by=administrator, name="Portal", scopes=["read"], expires_at=clock.now() + timedelta(days=9),
        organization=world.government,
    )[1]  # fmt: skip
    assert b"Aplikasi Baru" not in read(client.get(path("ndjson")))
    assert b"Aplikasi Baru" in read(client.get(path("ndjson") + f"?government={world.government.code}"))
    assert b"Aplikasi Baru" in read(client.get(path("ndjson"), headers={"Authorization": f"Bearer {key}"}))
    assert client.get(path("ndjson"), headers={"Authorization": "Bearer palsu"}).status_code == 401


def test_it_is_written_again_when_something_happened_and_ten_minutes_went_by(client, world):
    write_catalogue_files()
    first = row()
    world.application("Aplikasi Baru")
    later(9)
    write_catalogue_files()
    assert row().sha256 == first.sha256 and row().true_at == first.true_at
    later(2)
    write_catalogue_files()
    second = row()
    assert second.sha256 != first.sha256 and second.changed_at == second.true_at > first.true_at
    assert b"Aplikasi Baru" in read(client.get(path("ndjson")))
    later(11)
    write_catalogue_files()
    assert (row().sha256, row().changed_at) == (second.sha256, second.changed_at) and row().true_at > second.true_at


def test_only_the_last_files_are_kept(world):
    write_catalogue_files()
    world.application("Aplikasi Baru")
    (streams.folder_of(queries.folder_of("csv")) / ".separuh").write_text("sisa proses yang mati")
    later(11)
    write_catalogue_files()
    rows = CatalogueFile.objects.all()
    assert files() == {one for kept in rows for one in (kept.sha256, kept.packed_sha256) if one}


def test_a_file_that_is_gone_is_read_from_the_register(client, world):
    write_catalogue_files()
    streams.path_of(queries.folder_of("ndjson"), row().sha256).unlink()
    answer = client.get(path("ndjson"))
    assert "Age" not in answer and b"Antrean Puskesmas" in read(answer)


def test_a_killed_sweep_leaves_the_old_file_and_the_next_one_goes_on(client, world):
    write_catalogue_files()
    before = {form: row(form).sha256 for form in FORMS}
    world.application("Aplikasi Baru")
    later(11)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE catalogue_cataloguefile IN SHARE MODE")
        assert kill_when_it_waits(SWEEP) == -signal.SIGKILL
    assert {form: row(form).sha256 for form in FORMS} == before
    answer = client.get(path("csv"))
    assert answer["ETag"] == f'"{before["csv"]}"' and b"Aplikasi Baru" not in read(answer)
    write_catalogue_files()
    assert b"Aplikasi Baru" in read(client.get(path("csv")))
    rows = CatalogueFile.objects.all()
    assert files() == {one for kept in rows for one in (kept.sha256, kept.packed_sha256) if one}


def test_two_sweeps_do_not_write_the_same_form(world):
    key = "hashtext('catalogue_file'), hashtext('csv')"
    with transaction.atomic():
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_lock({key})")
                assert services.write_file("csv", by=SYSTEM) is None
                assert services.write_file("json", by=SYSTEM).sha256
                cursor.execute(f"SELECT pg_advisory_unlock({key})")
        finally:
            other.close()
    assert services.write_file("csv", by=SYSTEM).sha256


def test_only_the_clock_writes_it(world):
    with pytest.raises(PermissionDenied):
        services.write_file("csv", by=world.reviewer)
