"""Taking a list of offices into a government."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from apps.accounts.models import GovernmentPolicy, Organization
from apps.audit.services import record

# A name for all offices together is no office: it can own nothing.
COLLECTIVE_WORDS = ("seluruh", "semua", "segenap")


@transaction.atomic
def import_organizations(rows: list[tuple[str, str, str]], *, by: Any, government: str, zone: str) -> dict[str, int]:
    """Make the offices of (code, name, short name) that are missing; no parent is invented.

    Two rows of one name are one office. Returns the counts that account for every row.
    """
    home = _government(government, zone)
    known = {_plain(name) for name in Organization.objects.within(home.pk).values_list("name", flat=True)}
    names = {_plain(name): (code, name, short) for code, name, short in reversed(rows) if _plain(name)}
    made = [_office(home, *names[name]) for name in names if name not in known]
    Organization.objects.bulk_create(reversed(made))
    counts: dict[str, Any] = {
        "rows": len(rows),
        "names": len(names),
        "created": len(made),
        "known": len(names) - len(made),
        "repeated": len(rows) - len(names),
        "collective": sum(office.kind == Organization.Kind.COLLECTIVE for office in made),
    }
    record(by, "organizations.imported", home, organization=home, **counts)
    return counts


def _government(name: str, zone: str) -> Organization:
    home = Organization.objects.filter(kind=Organization.Kind.GOVERNMENT, name=name).first()
    if home is None:
        home = Organization.objects.create(
            code=slugify(name), name=name, kind=Organization.Kind.GOVERNMENT, time_zone=zone
        )
    GovernmentPolicy.objects.get_or_create(government=home)
    return home


def _office(home: Organization, code: str, name: str, short: str) -> Organization:
    collective = _plain(name).startswith(COLLECTIVE_WORDS)
    return Organization(
        code=f"{home.code}-{slugify(code) or slugify(name)}"[:80],
        name=" ".join(name.split()),
        short_name=" ".join(short.split()),
        kind=Organization.Kind.COLLECTIVE if collective else Organization.Kind.AGENCY,
        parent=home,
        government=home,
    )


def _plain(name: str) -> str:
    return " ".join(name.lower().split())
