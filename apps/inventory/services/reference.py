"""The reference architecture as data: loading it again changes nothing."""

import csv
from pathlib import Path

from django.db import transaction

from apps.inventory.models import ReferenceCode

SOURCE = Path(__file__).resolve().parent.parent / "reference" / "arsitektur-spbe.csv"
EDITION = "Perpres 132/2022"


@transaction.atomic
def load_reference_codes() -> int:
    """Add codes of this edition that are missing; an administrator's corrections stay. Returns how many were added."""
    known = set(ReferenceCode.objects.filter(edition=EDITION).values_list("code", flat=True))
    with SOURCE.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kode"] not in known]
    for level in sorted({row["tingkat"] for row in rows}):
        _add([row for row in rows if row["tingkat"] == level])
    return len(rows)


def _add(rows: list[dict[str, str]]) -> None:
    parents = dict(ReferenceCode.objects.filter(edition=EDITION).values_list("code", "pk"))
    ReferenceCode.objects.bulk_create(
        ReferenceCode(
            kind=row["domain"],
            code=row["kode"],
            name=row["nama"],
            level=int(row["tingkat"]),
            parent_id=parents.get(row["induk"]),
            verification=row["verifikasi"],
            edition=EDITION,
        )
        for row in rows
    )
