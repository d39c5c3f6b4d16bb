"""What a figure is, how its sides are timed against each other, and the one table they end in."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ROUNDS = int(os.environ.get("ROUNDS", "5"))
# The sizes of the registers; smaller ones only to try a figure out.
NATION, MILLION = int(os.environ.get("NATION", "27400")), int(os.environ.get("MILLION", "1000000"))
FIGURES: list["Figure"] = []


@dataclass(frozen=True)
class Measured:
    """A figure as it came out, with what it was made of."""

    value: float
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure of the design: `floor` must hold, `aim` is hoped for; ratios unless `unit` says otherwise."""

    id: str
    goal: str
    floor: float
    aim: float | None
    unit: str
    at_least: bool
    needs: tuple[int, ...]
    measure: Callable[..., Measured | float]

    def holds(self, value: float) -> bool:
        return value >= self.floor if self.at_least else value <= self.floor


def figure(
    id: str,
    goal: str,
    *,
    floor: float,
    aim: float | None = None,
    unit: str = "×",
    at_least: bool = False,
    needs: tuple[int, ...] = (NATION,),
) -> Callable:
    """Take a function of the `World` into the table; `needs` names the register sizes it opens."""

    def taken(measure: Callable[..., Measured | float]) -> Callable[..., Measured | float]:
        FIGURES.append(Figure(id, goal, floor, aim, unit, at_least, needs, measure))
        return measure

    return taken


def medians(*sides: Callable[[], Any], rounds: int = ROUNDS) -> list[float]:
    """Median seconds of each side, taken in turn so that a noisy machine disturbs all alike; one warm round first.

    A side that answers a float says itself how long the part took that counts.
    """
    taken: list[list[float]] = [[] for _side in sides]
    for _round in range(rounds + 1):
        for seconds, side in zip(taken, sides, strict=True):
            began = time.perf_counter()
            said = side()
            whole = time.perf_counter() - began
            seconds.append(said if isinstance(said, float) else whole)
    return [statistics.median(seconds[1:]) for seconds in taken]


def table(rows: list[tuple[Figure, Measured | str]]) -> str:
    """Id, goal, floor, aim, measured; a figure that failed says why."""
    lines = [("id", "angka", "batas", "sasaran", "terukur", "", "catatan")]
    for one, measured in rows:
        sign = "≥" if one.at_least else "≤"
        limits = [f"{sign} {value:g} {one.unit}" if value is not None else "" for value in (one.floor, one.aim)]
        if isinstance(measured, str):
            lines.append((one.id, one.goal, *limits, "–", "gagal", measured))
            continue
        value = f"{measured.value:.3g} {one.unit}" if measured.value < 1000 else f"{measured.value:,.0f} {one.unit}"
        lines.append((one.id, one.goal, *limits, value, "ya" if one.holds(measured.value) else "BELUM", measured.note))
    widths = [max(len(line[column]) for line in lines) for column in range(7)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
