"""How long until the product is there, on a state folder of its own."""

import http.client
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from figure import Measured, figure

PROJECT = Path(__file__).resolve().parents[2]
OUTSIDE = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BASE_URL", "DEMO")
WARM_ROUNDS = 5


@figure("S1", "start pertama sampai halaman masuk, contoh dimuat", floor=120, unit="s", needs=())
def first_start(_world) -> Measured:
    with state_folder() as state, running(state) as seconds:
        return Measured(seconds)


@figure("S2", "start berikutnya sampai halaman masuk", floor=20, unit="s", needs=())
def warm_start(_world) -> Measured:
    with state_folder() as state:
        warm = []
        for _round in range(WARM_ROUNDS + 1):
            with running(state) as seconds:
                warm.append(seconds)
        return Measured(statistics.median(warm[1:]))


@contextmanager
def state_folder() -> Iterator[Path]:
    state = Path(tempfile.mkdtemp(prefix="spbe-bench-"))
    state.chmod(0o755)  # so that PostgreSQL's account reaches it under root
    try:
        yield state
    finally:
        shutil.rmtree(state, ignore_errors=True)


@contextmanager
def running(state: Path) -> Iterator[float]:
    """A start of the whole product; yields the seconds until its sign-in page was there."""
    port = free_port()
    env = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, str(PROJECT / "tools" / "run.py")],
        cwd=PROJECT,
        env=env | {"STATE_DIR": str(state), "PORT": str(port)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        while not answers(port):
            if process.poll() is not None:
                raise RuntimeError(f"peluncur berakhir dengan kode {process.returncode}")
            time.sleep(0.05)
        yield time.monotonic() - started
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/masuk/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
