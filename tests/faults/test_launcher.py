"""The launcher leaves no process behind, whatever ends it."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
TOOLS = PROJECT / "tools"
OUTSIDE = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BASE_URL", "DEMO", "MAKELEVEL")


def until(condition, seconds: float = 60):
    """Wait for something that must happen; the last value seen is returned."""
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return value


def processes_of(state: Path) -> set[int]:
    """Living processes that carry the state folder in their command, environment or working folder."""
    found = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if (entry / "stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                continue
            traces = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            if str(state).encode() in traces or str(state) in os.readlink(entry / "cwd"):
                found.add(int(entry.name))
        except OSError:
            continue
    return found


@pytest.fixture
def state():
    folder = Path(tempfile.mkdtemp(prefix="spbe-uji-"))
    folder.chmod(0o755)  # so that PostgreSQL's account reaches it when the suite runs as root
    yield folder
    for pid in processes_of(folder):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


class Start:
    """One `tools/run.py` without the demo government, as somebody would start it."""

    def __init__(self, state: Path, port: int | None = None):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port or 0))
            self.port = probe.getsockname()[1]
        self.output = state.parent / f"{state.name}.{self.port}.out"
        env = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
        env |= {"STATE_DIR": str(state), "PORT": str(self.port), "DEMO": "0"}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(TOOLS / "run.py")],
                env=env,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def text(self) -> str:
        return self.output.read_text()

    def ready(self) -> "Start":
        until(lambda: "Berhenti: Ctrl-C" in self.text() or self.process.poll() is not None, 120)
        assert "Berhenti: Ctrl-C" in self.text(), self.text()
        return self

    def status(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        return connection.getresponse().status

    def end(self, signum: int) -> int:
        self.process.send_signal(signum)
        return self.process.wait(60)


@pytest.fixture
def start(state):
    starts = []

    def begin(port: int | None = None) -> Start:
        starts.append(Start(state, port))
        return starts[-1]

    yield begin
    for one in starts:
        one.process.kill()
        one.process.wait()
        one.output.unlink()


# A stand-in for granian: a child whose own child gets no parent-death signal.
LAUNCHER = """
import os, subprocess, sys, time
from pathlib import Path
sys.path.insert(0, {tools!r})
from processes import Family
family = Family(Path({state!r}) / "logs")
child = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"
environment = os.environ | {{"STATE_DIR": {state!r}}}
{begin}
print(family.guardian.pid, flush=True)
time.sleep(600)
"""

STARTED = 'family.start("web", [sys.executable, "-c", child], env=environment, stop_seconds=2)'
# As tests.processes starts web, worker and beat.
ADOPTED = """process = subprocess.Popen([sys.executable, "-c", child], env=environment, start_new_session=True)
family.adopt(process, 9, 0)"""


def survivors(state: Path, *, guarded: bool, begin: str = STARTED) -> set[int]:
    """Kill a launcher with a child and a grandchild; who of its family still lives afterwards."""
    code = textwrap.dedent(LAUNCHER).format(tools=str(TOOLS), state=str(state), begin=begin)
    launcher = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    guardian = int(launcher.stdout.readline())
    family = until(lambda: len(found := processes_of(state) - {launcher.pid}) >= 2 and found, 20)
    if not guarded:
        os.kill(guardian, signal.SIGKILL)
    launcher.kill()
    launcher.wait()
    until(lambda: not processes_of(state) & family, 8 if guarded else 1)
    launcher.stdout.close()
    return processes_of(state) & family


@pytest.mark.parametrize("begin", [STARTED, ADOPTED])
def test_a_killed_launcher_leaves_no_grandchild(state, begin):
    assert survivors(state, guarded=True, begin=begin) == set()


def test_without_the_guardian_the_grandchild_survives(state):
    """The control: the parent-death signal alone reaches the child, not what the child started."""
    assert len(survivors(state, guarded=False)) == 1


@pytest.mark.faults
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_wanted_end_stops_everything_and_is_no_failure(start, state, signum):
    running = start().ready()
    assert running.status("/healthz") == 200
    assert len(processes_of(state)) > 6
    assert running.end(signum) == 0
    assert processes_of(state) == set()


@pytest.mark.faults
def test_a_hard_kill_leaves_nothing_and_the_next_start_keeps_the_data(start, state):
    first = start().ready()
    key = (state / "secret_key").read_text()
    cluster = (state / "postgresql" / "PG_VERSION").stat().st_mtime_ns
    first.end(signal.SIGKILL)
    assert until(lambda: not processes_of(state), 40) and processes_of(state) == set()
    second = start().ready()
    assert second.status("/healthz") == 200
    assert (state / "secret_key").read_text() == key
    assert (state / "postgresql" / "PG_VERSION").stat().st_mtime_ns == cluster
    assert second.end(signal.SIGTERM) == 0


@pytest.mark.faults
@pytest.mark.parametrize("name", ["granian", "celery"])
def test_a_child_that_dies_stops_everything_and_is_a_failure(start, state, name):
    running = start().ready()
    leaders = [pid for pid in processes_of(state) if os.getpgid(pid) == pid]
    victim = next(
        pid for pid in leaders if f"bin/{name}" in Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    )
    os.kill(victim, signal.SIGKILL)
    assert running.process.wait(60) == 1
    assert "berakhir sendiri" in running.text()
    assert processes_of(state) == set()


@pytest.mark.faults
def test_a_second_start_on_the_same_state_is_refused(start, state):
    first = start().ready()
    second = start()
    assert second.process.wait(30) == 1
    assert "sedang dipakai proses lain" in second.text()
    assert first.status("/healthz") == 200
    assert first.end(signal.SIGTERM) == 0


@pytest.mark.faults
def test_a_busy_port_is_named_before_anything_starts(state):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        env = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
        env |= {"STATE_DIR": str(state), "PORT": str(busy.getsockname()[1])}
        done = subprocess.run([sys.executable, str(TOOLS / "run.py")], env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Pilih porta lain" in done.stderr
    assert processes_of(state) == set()
