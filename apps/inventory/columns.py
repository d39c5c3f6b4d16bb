"""The columns of the list: the attributes of the registry and what the quarters say, chosen by the reader."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.inventory import cells, fields, past
from apps.inventory.rows import words as row_words

# Every row names its application by these; they are no choice.
HEAD = ("code", "name", "owner")
USUAL = ("status", "verdicts", "active_users", "yearly_cost")
STRIP = cells.HouseColumn("verdicts", _("delapan triwulan"))
STANDING = (
    STRIP,
    cells.STANDING[2],
    cells.WATCHED,
    cells.COMPLETENESS,
)
NUMERIC = frozenset({"active_users", "completeness", "yearly_cost", "contract_value", "year_built"})
ROWS_NEEDED = {
    "addresses": ("addresses",),
    "reference_codes": ("references__reference_code",),
    "attestation": ("attestations",),
    **row_words.NEEDED,
}
KEYS_NEEDED = ("successor", "super_application", "merged_into")


def offered(by: Any) -> list[cells.Column]:
    """What this reader may have as a column."""
    readable = [a for a in fields.readable_by(by) if a.listed and a.name not in HEAD]
    status = [attribute for attribute in readable if attribute.name == "status"]
    standing = () if past.looking() else STANDING  # what the quarters say has no past here
    return [*status, *standing, *(attribute for attribute in readable if attribute not in status)]


def chosen(by: Any, query: QueryDict) -> list[cells.Column]:
    """The columns asked for, else the usual ones; a name nobody knows is no column."""
    columns = offered(by)
    names = set(query.getlist("kolom"))
    asked = [column for column in columns if column.name in names]
    return asked or [column for column in columns if column.name in USUAL]


def exported(by: Any, query: QueryDict) -> list[cells.Column]:
    """The same columns for a file: the strip of quarters as its last quarter and verdict, and the version of each row.

    With the version an edited file says which state of the row was edited.
    """
    head = [attribute for attribute in fields.readable_by(by) if attribute.name in HEAD]
    columns: list[cells.Column] = []
    for column in chosen(by, query):
        columns += cells.STANDING[:2] if column.name == STRIP.name else [column]
    version = () if past.looking() else (cells.VERSION,)
    return [*sorted(head, key=lambda attribute: HEAD.index(attribute.name)), *columns, *version]


def joined(rows: QuerySet, columns: Sequence[cells.Column]) -> QuerySet:
    """The rows with whatever else their columns need read."""
    names = [column.name for column in columns]
    keys = [name for name in KEYS_NEEDED if name in names]
    rows = rows.select_related(*keys) if keys else rows
    return rows.prefetch_related(*(path for name in names for path in ROWS_NEEDED.get(name, ())))
