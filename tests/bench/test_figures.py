"""Every figure of the design is measured by `make bench`, with the limits the design gives it."""

import importlib
import pkgutil
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
# id: floor, aim; written by hand from the design.
DESIGN = {
    "P1": (8, 4), "P2": (5, 12), "P3": (5, 4), "P3B": (3, 2), "P4": (1.25, 1.1), "P5": (50, 150), "P6": (8, 3), "P7": (2, 1.2),
    "P8": (64, 16), "P9": (1, 0.1), "P10": (8, 15), "P11": (6, 2), "P12": (1.5, 1.2), "P13": (0, 0), "P14": (5, 2), "P15": (2, 4),
    "P16": (2, 1.3), "P17": (10, 5), "P18": (12, 6), "P19": (2, 0.5), "P20": (3, 1.5),
}  # fmt: skip
MORE_IS_BETTER = {"P2", "P5", "P10", "P15"}


@pytest.fixture(scope="module")
def figures():
    sys.path.insert(0, str(BENCH))
    try:
        module = importlib.import_module("figure")
        package = importlib.import_module("figures")
        for one in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"figures.{one.name}")
        yield {one.id: one for one in module.FIGURES}
    finally:
        sys.path.remove(str(BENCH))


@pytest.mark.parametrize("name", DESIGN)
def test_each_figure_of_the_design_has_its_limits(figures, name):
    assert (figures[name].floor, figures[name].aim) == DESIGN[name]
    assert figures[name].at_least is (name in MORE_IS_BETTER)


def test_a_figure_holds_on_its_own_side_of_the_floor(figures):
    assert figures["P2"].holds(5)
    assert not figures["P2"].holds(4.9)
    assert figures["P1"].holds(8)
    assert not figures["P1"].holds(8.1)


def test_the_table_says_what_holds_what_does_not_and_what_failed(figures):
    module = sys.modules["figure"]
    rows = [
        (figures["P1"], module.Measured(3.3, "100 KB")),
        (figures["P2"], module.Measured(2)),
        (figures["P15"], "rusak"),
    ]
    lines = module.table(rows).splitlines()
    assert "3.3 ×" in lines[1]
    assert " ya " in lines[1]
    assert "BELUM" in lines[2]
    assert "gagal" in lines[3]
    assert lines[3].endswith("rusak")


def test_sides_take_turns_and_the_warm_round_does_not_count(figures):
    turns = []
    sides = [lambda: turns.append("a") or float(len(turns)), lambda: turns.append("b") or 2.0]
    assert sys.modules["figure"].medians(*sides, rounds=3) == [5.0, 2.0]
    assert turns == ["a", "b"] * 4
