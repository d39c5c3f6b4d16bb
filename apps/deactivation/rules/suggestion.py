"""What two plain axes suggest: value to users and technical condition, each a weighted mean of what is known."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

# Weights, steps and bands with their source; data, so that a desk can dispute a number without reading code.
FORMULA = json.loads((Path(__file__).resolve().parent.parent / "reference" / "suggestion.json").read_text("utf-8"))
VALUE, CONDITION = "value", "condition"


@dataclass(frozen=True)
class Facts:
    """What the register and the closed quarters say of one application; None and "" are unknown."""

    today: date
    verdicts: tuple[str, ...] = ()  # newest first: active, low_use, conflict, idle and whatever counts for nothing
    users: int | None = None
    consumers: int = 0
    service: str = ""
    probes: tuple[int, int] | None = None  # reached, completed
    year_built: int | None = None
    completeness: int | None = None
    licence: str = ""
    contract_ends_on: date | None = None
    security: str = ""
    tested_on: date | None = None
    hosting: str = ""


@dataclass(frozen=True)
class Input:
    """One thing an axis looks at: what was read (`said`), its points of 100 and its weight; None points are unknown."""

    name: str
    said: Any
    points: int | None
    weight: int


@dataclass(frozen=True)
class Axis:
    """One axis: whole points of 100 and their band; both empty while less than half of the weight is known."""

    name: str
    inputs: tuple[Input, ...]
    points: int | None
    band: str


@dataclass(frozen=True)
class Suggestion:
    """Both axes and the outcome of their field; "" while an axis is unknown."""

    value: Axis
    condition: Axis
    outcome: str
    formula: int = field(default=FORMULA["version"])


def suggest(facts: Facts) -> Suggestion:
    """The outcome the two axes speak for; nobody is bound by it."""
    value = _axis(VALUE, _value(facts))
    condition = _axis(CONDITION, _condition(facts))
    return Suggestion(value, condition, FORMULA["outcomes"].get(value.band, {}).get(condition.band, ""))


def _axis(name: str, points: dict[str, tuple[Any, int | None]]) -> Axis:
    """The weighted mean of the known inputs, halves upward."""
    weights, bands = FORMULA["axes"][name]["weights"], FORMULA["axes"][name]["bands"]
    inputs = tuple(Input(key, *points[key], weight) for key, weight in weights.items())
    known = [(row.points, row.weight) for row in inputs if row.points is not None]
    if 100 * sum(weight for _points, weight in known) < FORMULA["known_at_least"] * sum(weights.values()):
        return Axis(name, inputs, None, "")
    reached = _mean(known)
    return Axis(name, inputs, reached, _step(bands, reached))


def _value(facts: Facts) -> dict[str, tuple[Any, int | None]]:
    judged = [row for row in facts.verdicts if row in FORMULA["use"]][: FORMULA["use_quarters"]]
    use = _mean([(FORMULA["use"][row], 1) for row in judged]) if judged else None
    return {
        "use": (judged, use),
        "users": (facts.users, None if facts.users is None else _step(FORMULA["users"], facts.users)),
        "consumers": (facts.consumers, _step(FORMULA["consumers"], facts.consumers)),
        "service": (facts.service, FORMULA["service"].get(facts.service)),
    }


def _condition(facts: Facts) -> dict[str, tuple[Any, int | None]]:
    age = None if facts.year_built is None else max(facts.today.year - facts.year_built, 0)
    reached = 100 * facts.probes[0] // facts.probes[1] if facts.probes and facts.probes[1] else None
    ended = facts.contract_ends_on is not None and facts.contract_ends_on < facts.today
    licence = "proprietary_ended" if facts.licence == "proprietary" and ended else facts.licence
    return {
        "reached": (list(facts.probes) if facts.probes else None, reached),
        "age": (age, None if age is None else _step(FORMULA["age"], age)),
        "completeness": (facts.completeness, facts.completeness),
        "licence": (licence, FORMULA["licence"].get(licence)),
        "test": (facts.tested_on.isoformat() if facts.tested_on else "", _tested(facts)),
        "hosting": (facts.hosting, FORMULA["hosting"].get(facts.hosting)),
    }


def _tested(facts: Facts) -> int | None:
    """A test younger than its category asks is fresh, up to twice as old late; unknown while there is no category."""
    every = FORMULA["test"]["due"].get(facts.security)
    if every is None:
        return None
    if facts.tested_on is None:
        return FORMULA["test"]["never"]
    days = (facts.today - facts.tested_on).days
    word = "fresh" if days <= 365 * every else "late" if days <= 730 * every else "never"
    return FORMULA["test"][word]


def _mean(known: list[tuple[int, int]]) -> int:
    """Of points with their weights, in whole points, halves upward."""
    weight = sum(share for _points, share in known)
    return (2 * sum(points * share for points, share in known) + weight) // (2 * weight)


def _step(steps: list, amount: int) -> Any:
    """What the last step says whose beginning the amount has reached."""
    return [said for least, said in steps if amount >= least][-1]
