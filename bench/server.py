"""The web group as `make run` starts it, on a register of the bench, and clients that keep their connection."""

import http.client
import re
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from apps.accounts.actor import Actor
from apps.accounts.models import ApiToken, Membership, Organization
from apps.accounts.services import token_hash
from apps.core import clock
from tests.factories import PASSWORD
from tests.processes import free_port

PROJECT = Path(__file__).resolve().parent.parent
sys.path.append(str(PROJECT / "tools"))

import commands  # noqa: E402
from processes import Child, Family, group_members  # noqa: E402

LINES = 2  # keep-alive connections of a client
TRIES = 20  # connections opened to find some that different processes hold
PRODUCT = "spbe_portfolio.wsgi:application"
# The limit per client stays switched on; only its number is out of the way.
LIMITS = {"API_THROTTLE": "100000000/min"}


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds its first byte and its last."""

    status: int
    headers: dict[str, str]
    body: bytes
    first: float
    whole: float


class Line:
    """One keep-alive connection of one client, with its cookies or its key."""

    def __init__(self, port: int, key: str = "") -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=1800)
        self.key = key
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **more: str) -> Answer:
        return self.ask("GET", path, **more)

    def ask(self, method: str, path: str, body: bytes | None = None, *, keep: bool = True, **more: str) -> Answer:
        """One request; `more` are headers with _ for -. Without `keep` the body is read and let go."""
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        began = time.perf_counter()
        self.link.request(method, path, body, headers)
        answer = self.link.getresponse()
        start = answer.read(1)
        first = time.perf_counter() - began
        rest = answer.read() if keep else self._let_go(answer)
        whole = time.perf_counter() - began
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
        said = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, said, start + rest, first, whole)

    def sign_in(self, username: str) -> "Line":
        """By the form, as a person does."""
        page = self.get("/masuk/").body.decode()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        typed = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": found[1] if found else ""}
        kind = "application/x-www-form-urlencoded"
        answer = self.ask("POST", "/masuk/", urlencode(typed).encode(), Content_Type=kind)
        if answer.status != 302:
            raise RuntimeError(f"masuk dijawab {answer.status}")
        return self

    @staticmethod
    def _let_go(answer: http.client.HTTPResponse) -> bytes:
        while answer.read(1 << 20):
            pass
        return b""


@dataclass(frozen=True)
class Server:
    """A running web group."""

    port: int
    child: Child

    def line(self, key: str = "") -> Line:
        return Line(self.port, key)

    def lines(self, key: str, number: int = LINES) -> list[Line]:
        """Connections spread over the working processes, as those of many clients are; any, where there are too few."""
        spread: dict[int, Line] = {}
        spare: list[Line] = []
        for _try in range(TRIES):
            line = self.line(key)
            line.get("/healthz")
            if spread.setdefault(self._holder(line), line) is not line:
                spare.append(line)
            if len(spread) == number:
                break
        return [*spread.values(), *spare][:number]

    def _holder(self, line: Line) -> int:
        """The working process at the other end."""
        there = f":{line.link.sock.getsockname()[1]:04X}"
        rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        inode = next(row[9] for row in rows if row[2].endswith(there) and row[1].endswith(f":{self.port:04X}"))
        for pid in self.workers():
            for name in Path(f"/proc/{pid}/fd").iterdir():
                if name.is_symlink() and str(name.readlink()) == f"socket:[{inode}]":
                    return pid
        raise RuntimeError("nobody holds the connection")

    def workers(self) -> list[int]:
        """Its working processes."""
        return [pid for pid in group_members(self.child.process.pid) if pid != self.child.process.pid]

    def memory(self, name: str = "VmRSS") -> float:
        """MB of its working processes; VmHWM is the most there ever was."""
        return sum(_kilobytes(pid, name) for pid in self.workers()) / 1024


@contextmanager
def serving(world, size: int, application: str = PRODUCT, **more: str) -> Iterator[Server]:
    """A web group on the register of this size until the block ends."""
    world.ensure(size)
    work = Path(tempfile.mkdtemp(prefix="spbe-bench-web-"))
    family = Family(work)
    family.own_folder(work)
    port = free_port()
    path = {"PYTHONPATH": f"{PROJECT}:{PROJECT / 'bench'}", "BASE_URL": f"http://127.0.0.1:{port}"}
    env = world.environment(size) | LIMITS | path | more
    server = Server(port, family.start("web", commands.web("127.0.0.1", port, application), env=env, cwd=PROJECT))
    try:
        _await(server)
        yield server
    finally:
        family.stop()


def alternately(sides: list[Callable[[int], object]], times: int) -> float:
    """Seconds of the median call, each side a connection of its own and all at once; a side gets the number of the call.

    A side that answers a float says itself how long the part took that counts.
    """

    def asked(side: Callable[[int], object]) -> list[float]:
        taken = []
        for number in range(times):
            began = time.perf_counter()
            said = side(number)
            taken.append(said if isinstance(said, float) else time.perf_counter() - began)
        return taken

    with ThreadPoolExecutor(len(sides)) as pool:
        return statistics.median(seconds for taken in pool.map(asked, sides) for seconds in taken)


def good(answer: Answer, *statuses: int) -> Answer:
    """The answer, or RuntimeError when it is another than expected: a figure of refusals says nothing."""
    if answer.status not in (statuses or (200,)):
        raise RuntimeError(f"dijawab {answer.status}: {answer.body[:200]!r}")
    return answer


def key_of(role: str = "") -> str:
    """A key of the government's own system, or one that acts as the person in `role`."""
    government = home()
    key = "spbe_" + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        name="Pengukuran",
        organization=government,
        membership=Membership.objects.filter(role=role).first() if role else None,
        scopes=["read", "write"] if role else ["catalogue", "read"],
        expires_at=clock.now() + timedelta(days=30),
        token_hash=token_hash(key),
        prefix=key[:12],
    )
    return key


def home() -> Organization:
    return Organization.objects.get(kind="government", name="Pemerintah Daerah Pengukuran")


def person(role: str) -> Membership:
    return Membership.objects.select_related("user", "seat", "scope").filter(role=role).first()


def actor(role: str) -> Actor:
    return Actor.of(person(role))


def _await(server: Server) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            server.line().get("/healthz")
            return
        except OSError:
            time.sleep(0.1)
        if server.child.ended:
            break
    raise RuntimeError(server.child.log.read_text(errors="replace")[-2000:])


def _kilobytes(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0
