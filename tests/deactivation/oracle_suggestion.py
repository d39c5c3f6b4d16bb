"""The suggestion worked out by hand from the numbers of formula 1; imports nothing from the product."""

from fractions import Fraction

USE = {"active": 100, "low_use": 50, "conflict": 25, "idle": 0}


def half_up(fraction):
    return int(fraction + Fraction(1, 2))


def users(number):
    if number is None:
        return None
    if number == 0:
        return 0
    if number < 5:
        return 25
    if number < 50:
        return 50
    return 75 if number < 500 else 100


def age(years):
    if years is None:
        return None
    if years <= 3:
        return 100
    if years <= 6:
        return 75
    return 40 if years <= 10 else 0


def tested(category, days):
    """Days since the last test; None for never."""
    if category not in ("strategic", "high", "low"):
        return None
    every = 730 if category == "low" else 365
    if days is None or days > 2 * every:
        return 0
    return 100 if days <= every else 50


def mean(parts):
    """Whole points of the known parts [(points, weight)]; None below half of the weight."""
    whole = sum(weight for _points, weight in parts)
    known = [(points, weight) for points, weight in parts if points is not None]
    weight = sum(share for _points, share in known)
    if 2 * weight < whole:
        return None
    return half_up(Fraction(sum(points * share for points, share in known), weight))


def suggested(*, verdicts, active, consumers, service, reached, built, full, licence, ended, category, days, hosting):
    """(value, condition, outcome); "" while an axis is unknown."""
    judged = [USE[row] for row in verdicts if row in USE][:4]
    use = half_up(Fraction(sum(judged), len(judged))) if judged else None
    value = mean(
        [
            (use, 4),
            (users(active), 3),
            (min(consumers, 2) * 50, 2),
            ({"public_service": 100, "administration": 50}.get(service), 1),
        ]
    )
    changeable = {"own": 100, "open_source": 100, "proprietary": 0 if ended else 50}.get(licence)
    place = {"national": 100, "own": 100, "cloud": 75, "third_party": 50, "server_room": 0}.get(hosting)
    answered = None if reached is None else 100 * reached[0] // reached[1]
    condition = mean(
        [(answered, 3), (age(built), 2), (full, 2), (changeable, 2), (tested(category, days), 2), (place, 1)]
    )
    return value, condition, outcome(value, condition)


def outcome(value, condition):
    if value is None or condition is None:
        return ""
    good = condition >= 50
    if value < 20:
        return "deactivate"
    if value < 50:
        return "integrate" if good else "replace"
    return "retain" if good else "optimise"
