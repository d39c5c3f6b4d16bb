"""Readable under load: fifty clients pull and five people write, against the processes `make run` starts.

`bench/run.py load` builds the register of 27,400 and runs for SECONDS (300), a fifth of them with the writers alone: whether
anything failed, how long a write takes beside the pullers, and whether the working processes grow.
"""

import itertools
import os
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from figure import NATION
from measure import World
from server import PROJECT, Answer, Line, Server, home, key_of, serving

import commands
from apps.accounts.models import Membership
from apps.inventory.models import Application
from processes import Family

SECONDS = int(os.environ.get("SECONDS", "300"))
WRITERS, PAUSE, PATIENCE = 5, 1.0, 10  # people, seconds between two edits of one, and for the last answers
LIST = "/api/v1/applications/"
# The limit of a client as it is installed; a refusal that says when to come back is an answer.
LIMIT, LONGEST_WAIT = "600/min", 5


@dataclass
class Tally:
    """What happened, by whom; filled from many threads."""

    statuses: Counter = field(default_factory=Counter)
    broken: Counter = field(default_factory=Counter)
    writes: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    connections: list[int] = field(default_factory=list)

    def answered(self, kind: str, answer: Answer) -> Answer:
        self.statuses[kind, answer.status] += 1
        return answer

    def failed(self) -> int:
        return sum(n for (_kind, status), n in self.statuses.items() if status >= 500) + sum(self.broken.values())


def walk(line: Line, tally: Tally) -> Iterator[None]:
    """Page after page to the end, then from the beginning."""
    path = f"{LIST}?page_size=100"
    while True:
        answer = tally.answered("daftar", line.get(path))
        if answer.status == 200:
            following = orjson.loads(answer.body)["next"]
            path = urlsplit(following)._replace(scheme="", netloc="").geturl() if following else f"{LIST}?page_size=100"
        yield wait_if_told(answer)


def look_again(line: Line, tally: Tally) -> Iterator[None]:
    """Records one by one, each a second time with the tag of the first."""
    for number in itertools.cycle(range(1, NATION, 37)):
        path = f"{LIST}APL-{2020 + number % 6}-{number:07d}/"
        answer = tally.answered("rincian", line.get(path))
        yield wait_if_told(answer)
        if "etag" in answer.headers:
            yield wait_if_told(tally.answered("rincian 304", line.get(path, If_None_Match=answer.headers["etag"])))


def poll(line: Line, tally: Tally) -> Iterator[None]:
    """The first page, again and again, sent only when it has changed."""
    tag = ""
    while True:
        answer = tally.answered("daftar 304", line.get(f"{LIST}?page_size=100", If_None_Match=tag))
        tag = answer.headers.get("etag", tag)
        yield wait_if_told(answer)


def pull(line: Line, tally: Tally) -> Iterator[None]:
    """The whole register, as often as its limit allows."""
    path = f"/api/v1/exports/applications.ndjson?government={tally_home()}"
    while True:
        yield wait_if_told(tally.answered("ekspor", line.get(path, keep=False)))


def follow(line: Line, tally: Tally) -> Iterator[None]:
    """What changed, in the order it changed."""
    after = "0"
    while True:
        answer = tally.answered("perubahan", line.get(f"/api/v1/changes/?after={after}&page_size=100"))
        if answer.status == 200:
            after = orjson.loads(answer.body)["after"]
        yield wait_if_told(answer)


PULLERS: list[tuple[Callable[[Line, Tally], Iterator[None]], int]] = [
    (walk, 30), (look_again, 10), (poll, 4), (pull, 3), (follow, 3),
]  # fmt: skip
_home: list[str] = []


def tally_home() -> str:
    return _home[0]


def wait_if_told(answer: Answer) -> None:
    """Come back when a refusal says so."""
    if answer.status == 429:
        time.sleep(min(float(answer.headers.get("retry-after", "1")), LONGEST_WAIT))


def edit(line: Line, tally: Tally, mine: list[str], writes: list[float]) -> Iterator[None]:
    """Edits of a person signed in by the form: read, change, save with the version read."""
    for number in itertools.count():
        path = f"{LIST}{mine[number % len(mine)]}/"
        read = tally.answered("baca dahulu", line.get(path))
        body = orjson.dumps({"vendor": f"PT Beban {time.monotonic_ns()}", "reason": "Pengukuran di bawah beban"})
        headers = {"If_Match": read.headers.get("etag", ""), "Content_Type": "application/json"}
        headers["X_CSRFToken"] = next((value for name, value in line.cookies.items() if name.endswith("csrf")), "")
        answer = tally.answered("tulis", line.ask("PATCH", path, body, **headers))
        if answer.status == 200:
            writes.append(answer.whole)
        yield


def until(end: float, tally: Tally, line: Line, turns: Callable[[], Iterator[None]], pause: float = 0) -> None:
    """Take turns until the end; a broken connection is counted and opened again, as a client would."""
    while time.monotonic() < end:
        try:
            for _turn in turns():
                if time.monotonic() >= end:
                    return
                time.sleep(pause)
        except (OSError, HTTPException) as error:
            tally.broken[type(error).__name__] += 1
            line.link.close()


def people(server: Server, names: list[str]) -> list[Line]:
    return [server.line().sign_in(name) for name in names]


def in_threads(jobs: list[Callable[[], None]], end: float) -> None:
    """All at once; whoever still waits for an answer a while after the end is left behind."""
    threads = [threading.Thread(target=job, daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0, end + PATIENCE - time.monotonic()))


def writing(lines: list[Line], tally: Tally, shares: list[list[str]], end: float, writes: list[float]) -> list:
    return [
        partial(until, end, tally, line, partial(edit, line, tally, mine, writes), PAUSE)
        for line, mine in zip(lines, shares, strict=True)
    ]


def pulling(port: int, keys: list[str], end: float) -> Tally:
    """Fifty clients in a process of their own that gives way to the server: in truth they run on other machines."""
    os.nice(10)
    tally, left = Tally(), iter(keys)
    lines = [(way, Line(port, next(left))) for way, number in PULLERS for _client in range(number)]
    in_threads([partial(until, end, tally, line, partial(way, line, tally)) for way, line in lines], end)
    return tally


def watching(world, server: Server, tally: Tally, end: float) -> None:
    """Memory of the working processes and connections to the database, a hundred times."""
    link = world.connect(NATION, "spbe_admin")
    while time.monotonic() < end:
        with link.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'spbe_app'")
            tally.connections.append(cursor.fetchone()[0])
        tally.memory.append(server.memory())
        time.sleep(SECONDS / 100)
    link.close()


@contextmanager
def swept(world) -> Iterator[None]:
    """A worker and a clock beside the web group."""
    work = Path(tempfile.mkdtemp(prefix="spbe-bench-sweep-"))
    family = Family(work)
    family.own_folder(work)
    env = world.environment(NATION) | {"PYTHONPATH": str(PROJECT)}
    try:
        family.start("worker", commands.worker(), env=env, cwd=PROJECT)
        family.start("beat", commands.beat(work / "beat"), env=env, cwd=PROJECT)
        yield
    finally:
        family.stop()


@contextmanager
def _elsewhere() -> Iterator[ProcessPoolExecutor]:
    """A process for the clients, begun before the families of the server, whose pipes it must not hold."""
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        pool.submit(os.getpid).result()
        yield pool


def centile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else float("nan")


def told(tally: Tally, idle: list[float], loaded: list[float], seconds: float) -> int:
    """The result in lines; 1 when a promise is broken."""
    for (kind, status), number in sorted(tally.statuses.items()):
        print(f"{kind:14} {status} {number:>8} ({number / seconds:.1f}/d)")
    for kind, number in tally.broken.items():
        print(f"putus          {kind} {number}")
    ratio = centile(loaded, 0.95) / centile(idle, 0.95)
    third = max(1, len(tally.memory) // 3)
    early, late = statistics.median(tally.memory[:third]), statistics.median(tally.memory[-third:])
    for name, values in (("sepi", idle), ("beban", loaded)):
        print(
            f"tulis, {name}: {len(values)} kali, p50 {centile(values, 0.5) * 1000:.0f} ms, "
            f"p95 {centile(values, 0.95) * 1000:.0f} ms"
        )
    print(f"p95 tulis di bawah beban dibanding sepi: {ratio:.2f}× (batas 2×): {'ya' if ratio <= 2 else 'BELUM'}")
    print(f"gagal (5xx atau putus): {tally.failed()} (batas 0): {'BELUM' if tally.failed() else 'ya'}")
    print(f"memori pekerja web: {early:.0f} MB pada sepertiga awal, {late:.0f} MB pada sepertiga akhir")
    print(f"sambungan basis data paling banyak: {max(tally.connections)}")
    return int(ratio > 2 or tally.failed() > 0)


def main() -> int:
    world, tally = World(), Tally()
    with world.at(NATION):
        _home.append(home().code)
        reviewers = Membership.objects.filter(role="reviewer").select_related("user").order_by("pk")[:WRITERS]
        names = [membership.user.username for membership in reviewers]
        keys = [key_of() for _way, number in PULLERS for _client in range(number)]
        codes = list(Application.objects.order_by("pk").values_list("code", flat=True)[: WRITERS * 200])
    shares = [codes[number::WRITERS] for number in range(WRITERS)]
    idle: list[float] = []
    loaded: list[float] = []
    with (
        _elsewhere() as elsewhere,
        swept(world),
        serving(world, NATION, API_THROTTLE=LIMIT) as server,
    ):
        lines = people(server, names)
        alone = time.monotonic() + SECONDS / 5
        in_threads(writing(lines, tally, shares, alone, idle), alone)
        end = time.monotonic() + SECONDS * 4 / 5
        pulled = elsewhere.submit(pulling, server.port, keys, end)
        in_threads([*writing(lines, tally, shares, end, loaded), partial(watching, world, server, tally, end)], end)
        tally.statuses += pulled.result().statuses
        tally.broken += pulled.result().broken
        complaints = [line for line in server.child.log.read_text().splitlines() if '"level": "ERROR"' in line]
        print(*complaints[:3], sep="\n", file=sys.stderr)
        return told(tally, idle, loaded, SECONDS * 4 / 5)


if __name__ == "__main__":
    sys.exit(main())
