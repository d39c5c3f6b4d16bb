"""The days off this product ships: joint decrees (SKB tiga menteri) it knows, and a proposal for the year after.

An administrator corrects and confirms years under Pengelolaan; loading never touches a year that exists.
"""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import holidays

from apps.core.models import Holiday, HolidayYear
from apps.core.services import set_holidays

SOURCE = Path(__file__).parent / "reference" / "hari-libur.csv"
SHIPPED = "data acuan produk"


def load_holidays() -> int:
    """Add the years that are missing; the number of years added."""
    years: dict[tuple[int, str], list[tuple[date, str, str]]] = defaultdict(list)
    with SOURCE.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["tanggal"])
            years[day.year, row["keputusan"]].append((day, row["jenis"], row["nama"]))
    known = set(HolidayYear.objects.values_list("year", flat=True))
    new = {key: days for key, days in years.items() if key[0] not in known}
    for (year, decree), days in new.items():
        set_holidays(year, days, decree=decree, confirmed_by=SHIPPED)
    proposed = max(year for year, _decree in years) + 1
    if proposed not in known:
        set_holidays(proposed, propose(proposed), decree="")
    return len(new)


def propose(year: int) -> list[tuple[date, str, str]]:
    """What a public library expects for `year`; unconfirmed until an administrator compared it with the decree."""
    found = holidays.country_holidays("ID", years=year, language="id")
    return [(day, Holiday.Kind.NATIONAL, str(name)[:150]) for day, name in sorted(found.items())]
