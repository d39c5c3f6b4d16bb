"""The rows of a record in words: for the trail, a cell of the list and a cell of a spreadsheet."""

from django.db import models
from django.utils.translation import gettext as _

from apps.core.templatetags.spbe import rupiah, tanggal
from apps.inventory.models import Application, Contract, Cost, RecordDocument, Relation

# attribute: paths to prefetch before its cells are written
NEEDED = {
    "costs": ("costs__contract",),
    "contracts": ("contracts",),
    "relations": ("relations_out__target", "relations_in__source"),
    "documents": ("documents",),
}
INVERSE = {"sends": "receives", "receives": "sends", "both": "both"}


def rows_of(application: Application, name: str) -> list[models.Model]:
    """The rows of one attribute, of a relation only those the record itself states."""
    return list(application.relations_out.all() if name == "relations" else getattr(application, name).all())


def cells_of(application: Application, name: str) -> list[str]:
    """One text for each row, relations from both ends."""
    said = [in_words(row) for row in rows_of(application, name)]
    if name == "relations":
        said += [relation_words(row, mirrored=True) for row in application.relations_in.all()]
    return said


def in_words(row: models.Model) -> str:
    """One row as a sentence part."""
    match row:
        case Relation():
            return relation_words(row)
        case Cost():
            return _cost(row)
        case Contract():
            return _contract(row)
        case RecordDocument():
            return _document(row)
    raise TypeError(type(row))


def relation_words(row: Relation, *, mirrored: bool = False) -> str:
    """The tie as one of its ends says it: to whom, which data, how."""
    other = row.source if mirrored else row.target
    parts = [row.description, row.get_method_display() if row.method else ""]
    parts += [_("penerima pindah %(day)s") % {"day": tanggal(row.migrated_on)}] if row.migrated_on else []
    said = ", ".join(part for part in parts if part)
    head = f"{direction_words(row, mirrored=mirrored)} {other.key}"
    return f"{head} ({said})" if said else head


def direction_words(row: Relation, *, mirrored: bool = False) -> str:
    """The direction seen from the source, or mirrored from the target."""
    if row.kind == Relation.Kind.SHARED:
        return _("dipakai bersama oleh") if mirrored else _("memakai")
    return str(Relation.Direction(INVERSE[row.direction] if mirrored else row.direction).label)


def _cost(row: Cost) -> str:
    parts = [row.budget_reference, row.funding_source, row.contract.number if row.contract else ""]
    said = ", ".join(part for part in parts if part)
    head = f"{row.year} {row.get_kind_display()} {rupiah(row.amount)}"
    return f"{head} ({said})" if said else head


def _contract(row: Contract) -> str:
    span = f"{tanggal(row.starts_on)} – {tanggal(row.ends_on)}"
    parts = [f"{row.number}, {row.vendor}", row.subject, rupiah(row.amount), span]
    return ", ".join(part for part in parts if part)


def _document(row: RecordDocument) -> str:
    until = _("berlaku sampai %(day)s") % {"day": tanggal(row.valid_until)} if row.valid_until else ""
    parts = [f"{row.get_kind_display()}: {row.title}", until, row.location]
    return ", ".join(part for part in parts if part)
