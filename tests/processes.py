"""Real web, worker and beat processes on a database of their own, cloned from the migrated test database or a copy of it."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg2
from django.conf import settings
from django.db import connection

from tests.factories import APPLICATION_ROLE
from tools.processes import Family, die_with_parent

PROCESSES = ("web", "worker", "beat")
START_LIMIT = 60  # seconds a process may take to answer on a busy machine


class Stack:
    """One installation: database, Redis database, processes, and the hand on its clock."""

    def __init__(self, folder, *, sweep_seconds=1):
        self.folder = Path(folder)
        self.name = f"{connection.settings_dict['NAME']}_{os.getpid()}_{time.monotonic_ns() % 10**9}"[:60]
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.processes = {}
        # granian's worker and celery's pool outlive a killed parent; the guardian ends their whole group
        self.family = Family(self.folder)
        self.link = {name: connection.get_connection_params()[name] for name in ("host", "user")}
        host, owner = self.link["host"], self.link["user"]
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "spbe_portfolio.settings",
            "DATABASE_URL": f"postgres://{APPLICATION_ROLE}@/{self.name}?host={host}",
            "MIGRATION_DATABASE_URL": f"postgres://{owner}@/{self.name}?host={host}",
            "REDIS_URL": own_redis(settings.REDIS_URL),
            "BASE_URL": self.address,
            "DEMO": "1",
            "STATE_DIR": str(self.folder),
            "SWEEP_SECONDS": str(sweep_seconds),
            "SECRET_KEY": "kunci-uji-ujung-ke-ujung-yang-cukup-panjang-0123456789",
        }

    def create(self):
        """Clone the test database; every connection to it must be closed for that."""
        connection.close()
        self._copy(connection.settings_dict["NAME"])

    def begin_with(self, origin):
        """Give the installation a fresh copy of the database of `origin`, which runs no processes, and let it run.

        Processes of an earlier beginning go on: they lose their connections and find the new database.
        """
        self.drop()
        self._copy(origin.name)
        for name in PROCESSES:
            if name not in self.processes or self.processes[name].poll() is not None:
                self.start(name)
            else:
                self._signal(name, signal.SIGCONT)
        self.await_page()

    def pause(self):
        """Let nothing happen by itself until the next beginning."""
        for name in self.processes:
            self._signal(name, signal.SIGSTOP)

    def _copy(self, template):
        self._as_owner("postgres", f'CREATE DATABASE "{self.name}" TEMPLATE "{template}"')

    def drop(self):
        self._as_owner("postgres", f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def travel_to(self, instant):
        """Move the installation's clock; all processes follow at once."""
        self._as_owner(self.name, "UPDATE core_clock SET shift = %s::timestamptz - clock_timestamp()", [instant])

    def rows(self, sql, params=()):
        """Read the installation's database past the product."""
        return self._as_owner(self.name, sql, params)

    def manage(self, *arguments):
        """Run a management command of the product; its output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name):
        """Start `web`, `worker` or `beat`, ended with us whatever happens; the first page may take its time."""
        self.run(name, [sys.executable, "-m", *self._command(name)])

    def run(self, name, command):
        """Start a command in a session of its own; all of the session ends when this process does, even by a kill."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=partial(die_with_parent, signal.SIGKILL),
            )
        self.family.adopt(self.processes[name], signal.SIGKILL, 0)

    def _command(self, name):
        celery = ["celery", "-A", "spbe_portfolio"]
        return {
            "web": [
                "granian",
                "--interface",
                "wsgi",
                "--host",
                "127.0.0.1",
                "--port",
                str(self.port),
                "--workers",
                "1",
                "--blocking-threads",
                "4",
                "spbe_portfolio.wsgi:application",
            ],
            "worker": [*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING", "-n", f"{self.name}@%h"],
            "beat": [*celery, "beat", "--loglevel", "WARNING", "--max-interval", "1", "-s", str(self.folder / "beat")],
        }[name]

    def await_page(self):
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            assert self.processes["web"].poll() is None, self.log("web")
            try:
                urlopen(f"{self.address}/healthz", timeout=2)
                return
            except (URLError, OSError):
                select_nothing(0.05)
        raise AssertionError(self.log("web"))

    def kill(self, name, signal_number=signal.SIGKILL):
        """End a process with its whole group."""
        process = self.processes.pop(name)
        try:
            os.killpg(process.pid, signal_number)
        except ProcessLookupError:
            return
        process.wait(timeout=30)
        self.family.release(process)

    def _signal(self, name, signal_number):
        os.killpg(self.processes[name].pid, signal_number)

    def stop(self):
        for name in list(self.processes):
            self.kill(name, signal.SIGKILL)
        self.family.stop()

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(errors="replace")[-4000:]

    def _as_owner(self, database, sql, params=()):
        with closing(psycopg2.connect(dbname=database, **self.link)) as link:
            link.autocommit = True
            with link.cursor() as cursor:
                cursor.execute(sql, params)
                return cursor.fetchall() if cursor.description else []


def await_that(condition, *, limit=60, every=0.1, saying=""):
    """Wait until `condition()` is true; its value. Fails with `saying` after `limit` seconds."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        select_nothing(every)
    raise AssertionError(f"not within {limit} s: {saying or condition}")


def select_nothing(seconds):
    """Give the machine to others between two looks at a condition."""
    time.sleep(seconds)


def own_redis(url):
    """The Redis database of this parallel test process, so that no worker takes another installation's hints."""
    number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={number}"
    return parts._replace(path=f"/{number}").geturl()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
