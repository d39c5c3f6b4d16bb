"""Pages of people, over HTTP and signed in by the form."""

from figure import MILLION, NATION, Measured, figure, medians
from server import alternately, good, person, serving

from figures import closing

TIMES = 10


def shown(line, path: str):
    return lambda _number: good(line.get(path))


def username(world, size: int, role: str) -> str:
    with world.at(size):
        return person(role).user.username


@figure(
    "P20",
    "halaman daftar 50 baris dengan faset, p50, dibanding view Django polos dengan tabel yang sama",
    floor=3,
    aim=1.5,
)
def list_page(world) -> Measured:
    name = username(world, NATION, "reviewer")
    with serving(world, NATION) as server, serving(world, NATION, "textbook:application") as textbook:
        ours = server.line().sign_in(name)
        theirs = textbook.line()
        theirs.cookies = ours.cookies
        plain, page = medians(
            lambda: alternately([shown(theirs, "/table/")], TIMES),
            lambda: alternately([shown(ours, "/aplikasi/")], TIMES),
        )
    return Measured(page / plain, f"{page * 1000:.0f} ms, view polos {plain * 1000:.0f} ms")


SUMMARY = """DROP TABLE IF EXISTS bench_summary; CREATE TABLE bench_summary AS SELECT a.owner_id, verdict, count(*) AS n, sum(p.yearly_cost) AS cost
FROM monitoring_assessment a JOIN inventory_application p ON p.id = a.application_id GROUP BY a.owner_id, verdict"""


@figure("P16", "beranda pimpinan, p50, dibanding membaca baris ringkasannya saja", floor=2, aim=1.3, needs=(MILLION,))
def home_page(world) -> Measured:
    with world.at(MILLION):
        closing.prepared(world, MILLION)
    name = username(world, MILLION, "executive")
    link = world.connect(MILLION, "spbe_admin")
    with link.cursor() as cursor:
        cursor.execute(SUMMARY)

    def read(_number: int) -> None:
        with link.cursor() as cursor:
            cursor.execute("SELECT owner_id, verdict, n, cost FROM bench_summary")
            cursor.fetchall()

    try:
        with serving(world, MILLION) as server:
            line = server.line().sign_in(name)
            first = good(line.get("/")).whole
            raw, page = medians(lambda: alternately([read], TIMES), lambda: alternately([shown(line, "/")], TIMES))
    finally:
        with link.cursor() as cursor:
            cursor.execute("DROP TABLE bench_summary")
        link.close()
    return Measured(
        page / raw, f"{page * 1000:.0f} ms, baris saja {raw * 1000:.1f} ms; yang menyusunnya menunggu {first:.1f} s"
    )
