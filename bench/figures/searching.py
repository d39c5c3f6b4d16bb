"""Finding records by words."""

from urllib.parse import urlencode

from figure import MILLION, NATION, Measured, figure, medians
from server import key_of, serving

from apps.accounts.actor import Actor
from apps.accounts.models import Membership
from apps.inventory import searching
from apps.inventory.models import Application
from apps.inventory.similar import similar
from figures.lists import TIMES, asked, per_second

API = "/api/v1/applications/"
WORDS = "sistem informasi terpadu"  # in the names of one record in 120
TYPED = "Sistem Informasi Antrian Puskesmas"
SHOWN = 100


def searched() -> None:
    rows = Application.objects.visible_to(Actor.system()).select_related("owner", "government", "standing")
    fitting = searching.search(rows, WORDS)
    assert len(fitting.ranked(fitting.of(rows))[:SHOWN]) == SHOWN


@figure(
    "P5",
    "mencari tiga kata, 100 baris: permintaan/s dibanding icontains + ModelSerializer",
    floor=50,
    aim=150,
    at_least=True,
)
def three_words(world) -> Measured:
    with world.at(NATION):
        key = key_of()
    asking = urlencode({"page_size": SHOWN})
    with serving(world, NATION) as server, serving(world, NATION, "textbook:application") as textbook:
        ours = [asked(line, f"{API}?{asking}&{urlencode({'q': WORDS})}") for line in server.lines(key)]
        theirs = [asked(line, f"/search/?{asking}&{urlencode({'search': WORDS})}") for line in textbook.lines(key)]
        mine, other = medians(lambda: per_second(ours, TIMES), lambda: per_second(theirs, TIMES // 4))
    return Measured(other / mine, f"{1 / mine:.0f}/s, buku teks {1 / other:.1f}/s")


@figure("P6", "mencari, p50: 1.000.000 baris dibanding 27.400", floor=8, aim=3, needs=(NATION, MILLION))
def at_a_million(world) -> Measured:
    with world.at(NATION):
        small = medians(searched)[0]
    with world.at(MILLION):
        large = medians(searched)[0]
    return Measured(large / small, f"{small * 1000:.1f} ms lalu {large * 1000:.1f} ms")


@figure(
    "P17",
    "aplikasi serupa selagi nama diketik, p50: 1.000.000 baris dibanding 27.400, satu pemerintah daerah",
    floor=10,
    aim=5,
    needs=(NATION, MILLION),
)
def alike_at_a_million(world) -> Measured:
    with world.at(NATION):
        small = medians(noticed)[0]
    with world.at(MILLION):
        large = medians(noticed)[0]
    return Measured(large / small, f"{small * 1000:.1f} ms lalu {large * 1000:.1f} ms")


def noticed() -> None:
    membership = Membership.objects.select_related("user", "seat", "scope").filter(role="reviewer").first()
    similar(TYPED, by=Actor.of(membership), functions="Mencatat dan melaporkan antrean")
