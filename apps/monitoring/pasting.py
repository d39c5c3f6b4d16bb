"""Rows of a spreadsheet pasted into the grid as text: application, used, and the four numbers."""

import re
from collections.abc import Iterable

from django.http import QueryDict

from apps.inventory.models import Application
from apps.monitoring.forms import NUMBERS

COLUMNS = ("used", *NUMBERS)
YES, NO = {"ya", "y", "1", "dipakai", "aktif"}, {"tidak", "t", "0", "tidak dipakai", "tidak aktif"}


def pasted(typed: QueryDict, text: str, applications: Iterable[Application]) -> tuple[QueryDict, list[str]]:
    """The post as if the pasted cells had been typed, and the lines that name no application of the page.

    An empty cell leaves what is there; a cell nobody can read is left for the form to refuse.
    """
    known = {name: one.pk for one in applications for name in (_plain(one.name), _plain(one.key))}
    filled, unknown = typed.copy(), []
    for line in filter(str.strip, text.splitlines()):
        name, *cells = re.split(r"\t|;", line)
        pk = known.get(_plain(name))
        if pk is None:
            unknown.append(name.strip())
            continue
        for column, cell in zip(COLUMNS, cells, strict=False):
            if cell.strip():
                filled[f"a{pk}-{column}"] = _yes_or_no(cell) if column == "used" else cell.strip()
    return filled, unknown


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _yes_or_no(cell: str) -> str:
    said = _plain(cell)
    return "1" if said in YES else "0" if said in NO else said
