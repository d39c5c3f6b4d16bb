"""`make bench`: figures beside their goals, in one table. No part of the tests: machines are shared and noisy.

Each figure is a function that returns seconds; the launcher's are taken on a state folder of their own.
"""

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

PROJECT = Path(__file__).resolve().parent.parent
OUTSIDE = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BASE_URL", "DEMO")
WARM_ROUNDS = 5


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


@contextmanager
def running(state: Path) -> Iterator[float]:
    """A start of the whole product; yields the seconds until its sign-in page was there."""
    port = free_port()
    env = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    started = time.monotonic()
    command = [sys.executable, str(PROJECT / "tools" / "run.py")]
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=env | {"STATE_DIR": str(state), "PORT": str(port)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        while not answers(port):
            if process.poll() is not None:
                raise SystemExit(f"Peluncur berakhir dengan kode {process.returncode}.")
            time.sleep(0.05)
        yield time.monotonic() - started
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def starts(state: Path) -> list[tuple[str, float, float]]:
    """First start with an empty state folder, then the median of warm starts."""
    with running(state) as first:
        pass
    warm = []
    for _ in range(WARM_ROUNDS):
        with running(state) as seconds:
            warm.append(seconds)
    return [
        ("start pertama sampai halaman masuk, contoh dimuat (s)", 120.0, first),
        ("start berikutnya sampai halaman masuk (s)", 20.0, statistics.median(warm)),
    ]


def main() -> None:
    state = Path(tempfile.mkdtemp(prefix="spbe-bench-"))
    state.chmod(0o755)  # so that PostgreSQL's account reaches it under root
    try:
        rows = starts(state)
    finally:
        shutil.rmtree(state, ignore_errors=True)
    print(f"{'angka':56}{'batas':>10}{'terukur':>10}")
    for title, goal, measured in rows:
        print(f"{title:56}{goal:>10.1f}{measured:>10.1f}")


if __name__ == "__main__":
    main()
