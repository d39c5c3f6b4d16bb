"""Child processes of the launcher that cannot outlive it.

Each child leads a session of its own, receives a signal when the launcher dies (parent-death signal) and is registered
with a guardian before it starts: granian's workers and celery's pool get no parent-death signal of their own, so the
guardian, who notices the launcher's end by the end of its pipe, ends whole process groups.
Standard library only.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
_PR_SET_PDEATHSIG = 1


def die_with_parent(signum: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this process `signum` when the process that started it ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signum), 0, 0, 0)


def group_members(group: int) -> list[int]:
    """Living processes of a process group; a zombie nobody has collected yet is not alive."""
    members = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            state, _parent, process_group = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(process_group) == group and state not in "ZX":
            members.append(int(entry.name))
    return members


def signal_group(group: int, signum: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signum)


def wait_for_group(group: int, seconds: float) -> bool:
    """Whether the group has ended within `seconds`."""
    deadline = time.monotonic() + seconds
    while group_members(group):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def end_group(group: int, signum: int, seconds: float) -> None:
    """Ask a group to end and, when it has not after `seconds`, kill it."""
    signal_group(group, signum)
    if not wait_for_group(group, seconds):
        signal_group(group, signal.SIGKILL)
        wait_for_group(group, 5)


@dataclass
class Account:
    """The unprivileged account a child runs as."""

    name: str
    uid: int
    gid: int


@dataclass
class Child:
    """One long-running process and where it writes."""

    name: str
    process: subprocess.Popen
    log: Path
    stop_signal: int
    stop_seconds: float

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def stop(self) -> None:
        end_group(self.process.pid, self.stop_signal, self.stop_seconds)
        self.process.wait()


@dataclass
class Family:
    """The children in the order they were started, with the guardian that ends them should the launcher be killed."""

    logs: Path
    lock: int | None = None
    children: list[Child] = field(default_factory=list)
    guardian: subprocess.Popen = field(init=False)
    _pipe: int = field(init=False)

    def __post_init__(self) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        reader, self._pipe = os.pipe()
        self.guardian = subprocess.Popen(
            [sys.executable, "-I", str(TOOLS / "guardian.py")],
            stdin=reader,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[self.lock] if self.lock is not None else [],
            cwd="/",
        )
        os.close(reader)

    def start(self, name, command, *, env, stop_signal=signal.SIGTERM, stop_seconds=10.0, account=None, cwd=None):
        """Start a registered child without standard input, writing to its own log file."""
        log = self.logs / f"{name}.log"
        credentials = f"{account.uid}:{account.gid}" if account else "-"
        wrapper = [sys.executable, "-I", str(TOOLS / "child.py")]
        facts = [str(os.getpid()), str(self._pipe), str(int(stop_signal)), str(stop_seconds), credentials]
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*wrapper, *facts, *[str(part) for part in command]],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=[self._pipe],
                env=env,
                cwd=cwd,
            )
        child = Child(name, process, log, stop_signal, stop_seconds)
        self.children.append(child)
        return child

    def run(self, name, command, *, env, cwd=None) -> int:
        """Run one step to its end and return its exit code."""
        step = self.start(name, command, env=env, cwd=cwd)
        code = step.process.wait()
        end_group(step.process.pid, signal.SIGTERM, 5)
        self.children.remove(step)
        self.release(step.process)
        return code

    def adopt(self, process: subprocess.Popen, stop_signal: int, seconds: float) -> None:
        """Have the guardian end the group of a process that was started elsewhere, too."""
        os.write(self._pipe, f"{process.pid} {int(stop_signal)} {seconds}\n".encode())

    def release(self, process: subprocess.Popen) -> None:
        """Have the guardian forget a process that has ended: the kernel may give its number to a stranger."""
        os.write(self._pipe, f"{process.pid} ended\n".encode())

    def own_folder(self, folder: Path) -> None:
        """Have the guardian remove `folder` at the end, however the launcher ends."""
        os.write(self._pipe, f"folder {folder}\n".encode())

    def dead(self) -> Child | None:
        """The first child that ended although nobody stopped it."""
        return next((child for child in self.children if child.ended), None)

    def stop(self) -> None:
        """End every child, the last started first, and then the guardian, who has nothing left to do."""
        while self.children:
            self.children[-1].stop()
            self.children.pop()
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1
        self.guardian.wait()


def tail(log: Path, lines: int = 30) -> str:
    """The last lines of a log file, for a message about a failed step."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
