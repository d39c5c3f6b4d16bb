"""How many whole catalogues go out at once, who gives a place back, and how a body is packed."""

import gc
import gzip
import json
import os
import signal
import zlib

import pytest
from django.db import connection

from apps.catalogue import sending
from tests.catalogue.test_catalogue import make_application
from tests.killing import running
from tests.processes import await_that

PATH = "/api/v1/exports/applications.ndjson"
XLSX = "/api/v1/exports/applications.xlsx"
HELD = """SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
 WHERE datname = current_database() AND locktype = 'advisory' AND objsubid = 2 AND granted
 AND classid = hashtext('export')::bit(32)::bigint"""
SLOW_READERS = """
import time
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_advisory_lock(hashtext('export'), number) FROM generate_series(1, 2) AS number")
    time.sleep(600)
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def applications(government):
    return [make_application(government, f"Aplikasi {number}", number=number) for number in range(1, 4)]


def held():
    """How many places are taken in this database."""
    with connection.cursor() as cursor:
        cursor.execute(HELD)
        return cursor.fetchone()[0]


def read(answer):
    content = b"".join(answer.streaming_content)
    answer.close()
    return content


@pytest.mark.parametrize("path", [PATH, XLSX])
def test_beyond_its_places_an_export_is_asked_to_come_again(client, applications, settings, path):
    settings.EXPORTS_AT_ONCE = 2
    with running(SLOW_READERS) as readers:
        await_that(lambda: held() == 2)
        refused = client.get(path)
        assert (refused.status_code, refused["Retry-After"]) == (429, "15")
        assert refused["Content-Type"] == "application/problem+json"
        body = refused.json()
        assert body["type"] == "urn:spbe:problem:too_many_exports"
        assert body["detail"] == "Sedang banyak unduhan berjalan. Coba lagi sebentar lagi."
        settings.EXPORTS_AT_ONCE = 3  # the control: with one place more the same question is answered
        answer = client.get(path)
        assert answer.status_code == 200 and read(answer)
        settings.EXPORTS_AT_ONCE = 2
        os.killpg(readers.pid, signal.SIGKILL)
        readers.wait()
        await_that(lambda: held() == 0, saying="a killed process kept its places")
        answer = client.get(path)
        assert answer.status_code == 200 and read(answer)


def test_a_place_is_held_as_long_as_the_body_and_given_back_by_who_goes_away(client, applications):
    answer = client.get(PATH)
    assert held() == 1
    next(iter(answer.streaming_content))
    assert held() == 1
    answer.close()
    assert held() == 0
    unread = client.get(PATH)
    assert held() == 1
    unread.close()
    assert held() == 0
    forgotten = client.get(PATH)
    assert forgotten.status_code == 200 and held() == 1
    del forgotten
    gc.collect()
    assert held() == 0


def test_a_refusal_holds_no_place(client, applications):
    assert client.get(PATH + "?government=tidak-ada").status_code == 404
    assert held() == 0
    with pytest.raises(ZeroDivisionError):
        sending.with_place(lambda _place: 1 / 0)
    assert held() == 0


@pytest.mark.parametrize("form", ["csv", "json", "ndjson"])
def test_who_takes_gzip_gets_the_same_packed(client, applications, form):
    path = f"/api/v1/exports/applications.{form}"
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "br, gzip;q=0.8"})
    assert "Content-Encoding" not in plain and packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in plain["Vary"] and "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(read(packed)) == read(plain)


@pytest.mark.parametrize(
    ("asked", "takes"),
    [
        ("gzip", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("GZIP", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, br", False),
        ("xgzipper", False),
    ],
)
def test_gzip_is_sent_only_to_who_takes_it(rf, asked, takes):
    assert sending.takes_gzip(rf.get("/", headers={"Accept-Encoding": asked})) is takes


def test_the_first_line_does_not_wait_for_the_others_packed_or_not():
    asked = []

    def lines():
        for number in range(10_000):
            asked.append(number)
            yield json.dumps({"number": number, "text": "x" * 100}) + "\n"

    assert next(sending.blocks(lines())) == b'{"number": 0, "text": "' + b"x" * 100 + b'"}\n'
    assert asked == [0]
    asked.clear()
    pen, body = zlib.decompressobj(sending.GZIP), sending.packed(sending.blocks(lines()))
    assert pen.decompress(next(body)).startswith(b'{"number": 0')
    assert asked == [0]
    rest = b"".join(pen.decompress(one) for one in body)
    assert rest.count(b"\n") == 9_999
