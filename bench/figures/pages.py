"""Pages of people, over HTTP and signed in by the form."""

from figure import NATION, Measured, figure, medians
from server import alternately, good, person, serving

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
