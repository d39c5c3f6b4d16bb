"""The example script of the guide: a mirror in SQLite that follows the feed and survives being killed at any statement."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings
from django.test import Client

from apps.core import clock
from apps.inventory import services as inventory
from apps.inventory.models import Application
from tests.monitoring.world import World

pytestmark = pytest.mark.django_db(transaction=True)
FOLDER = Path(settings.BASE_DIR) / "docs" / "how-to"
# The script as it is, in a process that stops before its n-th statement and says so.
STOPPING = """
import sqlite3, sys
n, address, database = int(sys.argv[1]), sys.argv[2], sys.argv[3]
begun, opened = [], sqlite3.connect
def traced(statement):
    begun.append(statement)
    if len(begun) == n:
        print("stopped", flush=True)
        sys.stdin.read()
def connect(*given, **named):
    link = opened(*given, **named)
    link.set_trace_callback(traced)
    return link
sqlite3.connect = connect
sys.argv = ["mirror.py", address, database, "--page-size", "2"]
import mirror
{variant}
mirror.main()
"""
POSITION_FIRST = """
together = mirror.keep
def position_first(link, page, position):
    link.execute("UPDATE source SET position = ?", [page["after"]])
    link.commit()
    return together(link, page, page["after"])
mirror.keep = position_first
"""


@pytest.fixture
def world(government):
    world = World(government)
    world.known = [world.application(f"Aplikasi {number}") for number in range(5)]
    yield world
    clock.reset()


@pytest.fixture
def database(tmp_path):
    return tmp_path / "katalog.sqlite3"


def run(address, database, *more):
    done = subprocess.run(
        [sys.executable, FOLDER / "mirror.py", address, database, *more], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def killed_before_statement(n, address, database, variant=""):
    """Run the script and kill it as it stands before its n-th statement; False when it ended before."""
    process = subprocess.Popen(
        [sys.executable, "-c", STOPPING.format(variant=variant), str(n), address, str(database)],
        env={**os.environ, "PYTHONPATH": str(FOLDER)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        if process.stdout.readline() != "stopped\n":
            assert process.wait() == 0
            return False
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait() == -signal.SIGKILL
    finally:
        process.stdin.close()
        process.stdout.close()


def killed_again_and_again(address, database, variant="", meanwhile=lambda _n: None):
    """Each run is killed one statement later than the one before, until one comes to its end; how often it was."""
    for n in count(1):
        meanwhile(n)
        if not killed_before_statement(n, address, database, variant):
            return n - 1


@contextmanager
def busy_register(refusals):
    """The address of a server that sends everybody away so many times, then tells an empty catalogue."""
    left = iter(range(refusals))

    class Busy(BaseHTTPRequestHandler):
        def do_GET(self):
            said = b'{"results": [], "after": "0", "more": false}'
            self.send_response(200 if next(left, None) is None else 429)
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Busy)
    listening = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    listening.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        listening.join()


def mirrored(database):
    with closing(sqlite3.connect(database)) as link:
        return {code: json.loads(said) for code, said in link.execute("SELECT code, application FROM applications")}


def register():
    """What the API tells anybody, page by page."""
    client, url, known = Client(), "/api/v1/applications/?page_size=500", {}
    while url:
        page = client.get(url).json()
        known |= {one["code"]: one for one in page["results"]}
        url = page["next"]
    return known


def rename(world, place, name):
    found = Application.objects.get(pk=world.known[place].pk)
    inventory.edit(found.code, by=world.operator, version=found.version, values={"name": name}, reason="Ganti nama")


def merge(world, gone, survivor):
    one, other = (Application.objects.get(pk=world.known[place].pk) for place in (gone, survivor))
    inventory.merge(
        one.code, by=world.reviewer, version=one.version, survivor=other.code, survivor_version=other.version,
        reason="Satu aplikasi", take=[],
    )  # fmt: skip


def test_it_follows_what_is_new_changed_and_gone(world, live_server, database):
    assert run(live_server.url, database)[0] == 0
    assert mirrored(database) == register() and len(register()) == 5
    rename(world, 0, "Nama Baru")
    merge(world, 1, 2)
    world.application("Keenam")
    code, said, _error = run(live_server.url, database, "--page-size", "1")
    assert code == 0 and "5 applications" in said
    assert mirrored(database) == register() and len(register()) == 5
    with closing(sqlite3.connect(database)) as link:
        assert link.execute("SELECT * FROM gone").fetchall() == [(world.known[1].code, world.known[2].code)]
    assert "0 changes taken in" in run(live_server.url, database)[1]


def test_killed_before_every_statement_it_still_becomes_the_register(world, live_server, database):
    changes = {
        5: lambda: rename(world, 0, "Nama Baru"),
        10: lambda: merge(world, 1, 2),
        15: lambda: world.application("Keenam"),
    }
    times = killed_again_and_again(live_server.url, database, meanwhile=lambda n: changes.pop(n, lambda: None)())
    assert times > 15 and not changes
    assert mirrored(database) == register()


def test_control_with_the_position_written_first_records_are_lost(world, live_server, database):
    killed_again_and_again(live_server.url, database, POSITION_FIRST)
    assert set(mirrored(database)) < set(register())


def test_a_register_restored_from_an_older_copy_is_mirrored_anew(world, live_server, database):
    assert run(live_server.url, database)[0] == 0
    with closing(sqlite3.connect(database)) as link, link:
        link.execute("UPDATE source SET position = '2-2-00000000000000ab'")
        link.execute("INSERT INTO applications VALUES ('APL-2020-999999', '', '', '', '{}')")
    assert run(live_server.url, database)[0] == 0
    assert mirrored(database) == register()


def test_one_file_mirrors_one_source(world, live_server, database):
    assert run(live_server.url, database, "--government", world.government.code)[0] == 0
    assert mirrored(database) == register()
    code, _said, error = run(live_server.url, database)
    assert code != 0 and "choose another file" in error
    code, _said, error = run(live_server.url, database.with_name("lain.sqlite3"), "--government", "tidak-ada")
    assert code != 0 and "answered 4" in error


def test_it_waits_as_often_as_it_is_asked_to(database):
    with busy_register(refusals=8) as address:
        code, _said, complaint = run(address, database)
    assert (code, complaint) == (0, "")


def test_the_addresses_of_the_guide_exist(client, world):
    guide = (FOLDER / "pull-the-catalogue.md").read_text()
    paths = {path for path in re.findall(r"/api/v1/[\w./-]+", guide) if "2026" not in path}
    assert len(paths) >= 7
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
