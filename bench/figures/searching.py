"""Finding records by words."""

from django.db.models import Q
from figure import MILLION, NATION, Measured, figure, medians
from rest_framework import serializers

from apps.accounts.actor import Actor
from apps.accounts.models import Membership
from apps.inventory import searching
from apps.inventory.models import Application
from apps.inventory.similar import similar

WORDS = "sistem informasi terpadu"  # in the names of one record in 120
TYPED = "Sistem Informasi Antrian Puskesmas"
SHOWN = 100


class Textbook(serializers.ModelSerializer):
    """What a serializer without thought sends."""

    class Meta:
        model = Application
        exclude = ("search", "name_key")


def searched() -> None:
    rows = Application.objects.visible_to(Actor.system()).select_related("owner", "government", "standing")
    fitting = searching.search(rows, WORDS)
    assert len(fitting.ranked(fitting.of(rows))[:SHOWN]) == SHOWN


def textbook() -> None:
    rows = Application.objects.select_related("owner").prefetch_related("addresses", "reference_codes")
    for word in WORDS.split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(functions__icontains=word)
            | Q(description__icontains=word)
            | Q(owner__name__icontains=word)
            | Q(addresses__url__icontains=word)
        )
    list(Textbook(rows.distinct().order_by("name")[:SHOWN], many=True).data)


@figure(
    "P5",
    "mencari tiga kata, 100 baris: permintaan/s dibanding icontains + ModelSerializer",
    floor=50,
    aim=150,
    at_least=True,
)
def three_words(world) -> Measured:
    with world.at(NATION):
        theirs, ours = medians(textbook, searched)
    return Measured(theirs / ours, f"{ours * 1000:.1f} ms, icontains {theirs * 1000:.1f} ms; tanpa HTTP")


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
