"""The list a client pulls, over HTTP and signed in by a key, against the bytes alone and against the textbook."""

import time
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from figure import MILLION, NATION, Measured, figure, medians
from server import LINES, alternately, good, key_of, serving

ROWS, TIMES = 100, 20
LIST = f"/api/v1/applications/?page_size={ROWS}"
STORED = "SELECT body FROM bench_page ORDER BY n"


@contextmanager
def stored_page(world, size: int, body: bytes):
    """The bytes the product sends as rows of a table, and connections that fetch them; gone afterwards."""
    part = len(body) // ROWS + 1
    links = [world.connect(size, "spbe_admin") for _line in range(LINES)]
    with links[0].cursor() as cursor:
        cursor.execute("CREATE TABLE bench_page (n integer PRIMARY KEY, body bytea NOT NULL)")
        for number in range(ROWS):
            cursor.execute(
                "INSERT INTO bench_page VALUES (%s, %s)", [number, body[number * part : (number + 1) * part]]
            )
        cursor.execute("VACUUM ANALYZE bench_page")
    try:
        yield links
    finally:
        with links[0].cursor() as cursor:
            cursor.execute("DROP TABLE bench_page")
        for link in links:
            link.close()


def fetched(link):
    def fetch(_number: int) -> None:
        with link.cursor() as cursor:
            cursor.execute(STORED)
            cursor.fetchall()

    return fetch


def asked(line, path: str, *statuses: int, **more: str):
    return lambda _number: good(line.get(path, **more), *statuses)


def per_second(sides: list, times: int) -> float:
    """Seconds of one request when the connections ask at once, by the clock on the wall."""
    began = time.perf_counter()
    alternately(sides, times)
    return (time.perf_counter() - began) / (len(sides) * times)


@figure("P1", "API: daftar 100 baris, p50, dibanding psycopg2 mengambil byte yang sama", floor=8, aim=4)
def list_over_bytes(world) -> Measured:
    with world.at(NATION):
        key = key_of()
    with serving(world, NATION) as server:
        lines = server.lines(key)
        body = good(lines[0].get(LIST)).body
        with stored_page(world, NATION, body) as links:
            raw, ours = medians(
                lambda: alternately([fetched(link) for link in links], TIMES),
                lambda: alternately([asked(line, LIST) for line in lines], TIMES),
            )
    return Measured(ours / raw, f"{ours * 1000:.1f} ms, byte saja {raw * 1000:.2f} ms, {len(body) / 1024:.0f} KB")


@figure(
    "P2",
    "API: daftar 100 baris, permintaan/s dibanding cara buku teks (ModelSerializer)",
    floor=5,
    aim=12,
    at_least=True,
)
def list_over_textbook(world) -> Measured:
    with world.at(NATION):
        key = key_of()
    with serving(world, NATION) as server, serving(world, NATION, "textbook:application") as textbook:
        ours = [asked(line, LIST) for line in server.lines(key)]
        theirs = [asked(line, f"/api/?page_size={ROWS}") for line in textbook.lines(key)]
        mine, other = medians(lambda: per_second(ours, TIMES), lambda: per_second(theirs, TIMES // 4))
    return Measured(other / mine, f"{1 / mine:.0f}/s, buku teks {1 / other:.1f}/s")


@figure("P4", "API: halaman ke-10.000 dibanding halaman pertama, p50", floor=1.25, aim=1.1, needs=(MILLION,))
def far_page(world) -> Measured:
    with world.at(MILLION):
        key = key_of()
    with serving(world, MILLION) as server:
        last = f"{LIST}&cursor={cursor_before(server.line(key), MILLION - ROWS)}"
        lines = server.lines(key)  # opened late: the server closes those that ask nothing for a while
        first, far = medians(
            lambda: alternately([asked(line, LIST) for line in lines], TIMES),
            lambda: alternately([asked(line, last) for line in lines], TIMES),
        )
    return Measured(far / first, f"{first * 1000:.1f} ms lalu {far * 1000:.1f} ms, halaman {MILLION // ROWS}")


def cursor_before(line, left_out: int) -> str:
    """The cursor a client holds after `left_out` rows, by following `next` with pages as large as they come."""
    path, seen, cursor = "/api/v1/applications/?fields=code", 0, ""
    while seen < left_out:
        size = min(500, left_out - seen)
        at = f"&cursor={cursor}" if cursor else ""
        page = good(line.get(f"{path}&page_size={size}{at}"))
        cursor = parse_qs(urlsplit(next_of(page.body)).query)["cursor"][0]
        seen += size
    return cursor


def next_of(body: bytes) -> str:
    return body.split(b'"next":"', 1)[1].split(b'"', 1)[0].decode()


@figure("P15", "API: daftar, jawaban 304 dibanding 200, permintaan/s", floor=2, aim=4, at_least=True)
def unchanged(world) -> Measured:
    with world.at(NATION):
        key = key_of()
    with serving(world, NATION) as server:
        lines = server.lines(key)
        tag = good(lines[0].get(LIST)).headers.get("etag")
        if not tag:
            raise RuntimeError("daftar belum ber-ETag")
        whole, same = medians(
            lambda: per_second([asked(line, LIST) for line in lines], TIMES),
            lambda: per_second([asked(line, LIST, 304, If_None_Match=tag) for line in lines], TIMES),
        )
    return Measured(whole / same, f"{1 / same:.0f}/s dan {1 / whole:.0f}/s")
