"""The whole register pulled over HTTP: how long beside COPY of the same lines, how much memory, how soon the first byte."""

import os
import time

from figure import MILLION, NATION, Measured, figure, medians
from server import good, home, key_of, serving

# What the product sends line by line, from the rows it stores for that.
COPY = "COPY (SELECT p.body FROM inventory_publication p WHERE p.body IS NOT NULL ORDER BY p.application_id) TO STDOUT"


def path_of(world, size: int) -> tuple[str, str]:
    """The live export of the one government, and the key to ask it with."""
    with world.at(size):
        return f"/api/v1/exports/applications.ndjson?government={home().code}", key_of()


@figure(
    "P7", "ekspor NDJSON 1.000.000 baris lewat HTTP dibanding COPY baris yang sama", floor=2, aim=1.2, needs=(MILLION,)
)
def over_copy(world) -> Measured:
    path, key = path_of(world, MILLION)
    with serving(world, MILLION) as server, open(os.devnull, "wb") as nowhere:
        link = world.connect(MILLION)

        def copied() -> None:
            with link.cursor() as cursor:
                cursor.copy_expert(COPY, nowhere)

        copy, ours = medians(copied, lambda: good(server.line(key).get(path, keep=False)).whole)
        link.close()
    return Measured(ours / copy, f"{ours:.1f} s, COPY {copy:.1f} s")


@figure(
    "P8", "memori pekerja web selama ekspor itu, di atas ekspor 27.400", floor=64, aim=16, unit="MB", needs=(MILLION,)
)
def memory(world) -> Measured:
    most = {}
    for size in (NATION, MILLION):
        path, key = path_of(world, size)
        with serving(world, size) as server:
            good(server.line(key).get(path, keep=False))
            most[size] = server.memory("VmHWM")
    return Measured(
        max(0.0, most[MILLION] - most[NATION]), f"paling banyak {most[NATION]:.0f} lalu {most[MILLION]:.0f} MB"
    )


@figure("P9", "bita pertama ekspor itu", floor=1, aim=0.1, unit="s", needs=(MILLION,))
def first_byte(world) -> Measured:
    path, key = path_of(world, MILLION)
    with serving(world, MILLION) as server:

        def begun() -> float:
            line = server.line(key)
            began = time.perf_counter()
            line.link.request("GET", path, headers={"Authorization": f"Bearer {key}"})
            answer = line.link.getresponse()
            if answer.status != 200:
                raise RuntimeError(f"dijawab {answer.status}")
            answer.read(1)
            taken = time.perf_counter() - began
            line.link.close()
            return taken

        return Measured(medians(begun)[0])
