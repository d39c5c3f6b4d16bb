"""The offices of Kota Tirtaraya and the names of their systems, as the list beside this file says."""

from dataclasses import dataclass
from pathlib import Path

from apps.accounts import services as accounts
from apps.accounts.actor import Actor
from apps.accounts.models import Organization

SOURCE = Path(__file__).with_name("systems.txt")
NAME, ZONE = "Kota Tirtaraya", "Asia/Jakarta"
SMALL = ("Diskominfo", "Bappeda", "BKAD", "Setda", "Inspektorat", "Dinkes", "Disdik", "DPUPR")


@dataclass(frozen=True)
class System:
    """One system of the list: `mark` is "*" for a central one, "~" for one used in one season."""

    short_name: str
    name: str
    mark: str


@dataclass(frozen=True)
class Office:
    """One line of the list."""

    short_name: str
    name: str
    function: str
    parent: str
    systems: tuple[System, ...]


def read(*, small: bool) -> list[Office]:
    """The offices with their systems; the small variant keeps eight of them."""
    lines = SOURCE.read_text(encoding="utf-8").splitlines()
    offices = [_office(line) for line in lines if line and not line.startswith("#")]
    return [office for office in offices if not small or office.short_name in SMALL]


def found(offices: list[Office], *, by: Actor) -> dict[str, Organization]:
    """Found the government and its offices; short name to row, the government under ""."""
    government = accounts.create_organization(
        by=by, name=NAME, government=None, kind=Organization.Kind.GOVERNMENT, time_zone=ZONE, short_name=NAME
    )
    rows = {"": government}
    for office in offices:
        rows[office.short_name] = accounts.create_organization(
            by=by,
            name=office.name,
            government=government,
            short_name=office.short_name,
            function=office.function,
            kind=Organization.Kind.UNIT if office.parent else Organization.Kind.AGENCY,
            parent=rows[office.parent],
        )
    return rows


def _office(line: str) -> Office:
    short, name, function, parent, systems = (part.strip() for part in line.split("|"))
    return Office(short, name, function, parent, tuple(_system(text.strip()) for text in systems.split(";")))


def _system(text: str) -> System:
    mark = text[0] if text[0] in "*~" else ""
    short, name = text.removeprefix(mark).split("=")
    return System(short, name, mark)
