"""The dry run: what each row of a list would do, before anything is written."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.inventory import rules
from apps.inventory.importing import columns, normalising
from apps.inventory.importing.reading import Sheet
from apps.inventory.models import Application

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"
READERS: dict[str, Callable[[str], Any]] = {
    "ownership": lambda text: normalising.choice(text, normalising.OWNERSHIP),
    "raa_class": lambda text: normalising.choice(text, normalising.RAA_CLASS),
    "service_kind": lambda text: normalising.choice(text, normalising.SERVICE_KIND),
    "stage": lambda text: normalising.choice(text, normalising.STAGE),
    "platforms": lambda text: normalising.several(text, normalising.PLATFORM),
    "year_built": normalising.year,
}


@dataclass
class Row:
    """One row's fate with everything a person needs to judge it."""

    number: int
    name: str = ""
    owner: str = ""
    owner_id: int | None = None
    application_id: int | None = None
    fate: str = NEW
    values: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)

    def refuse(self, column: str, remedy: str) -> None:
        self.fate = REFUSED
        self.errors.append({"column": column, "message": remedy})


def make_plan(sheet: Sheet, *, by: Any, government: Organization) -> tuple[list[Row], dict[str, Any]]:
    """Every row's fate and the summary; ValidationError when a needed column is missing or comes twice."""
    known = columns.understand(sheet.heads)
    _refuse_columns(known)
    offices = {normalising.key_of(o.name): o for o in Organization.objects.within(government.pk)}
    rows = [
        _read(number, cells, known, offices, by)
        for number, cells in enumerate(sheet.rows, start=sheet.first_row)
        if any(cells)
    ]
    _match(rows, government)
    return rows, summary(sheet, rows, known)


def summary(sheet: Sheet, rows: list[Row], known: columns.Columns) -> dict[str, Any]:
    """The counts that account for every row of the file."""
    fates = Counter(row.fate for row in rows)
    names = Counter(normalising.key_of(row.name) for row in rows)
    return {
        "rows": len(rows),
        **{fate: fates[fate] for fate in (NEW, CHANGED, SAME, REFUSED)},
        "without_address": _count(sheet, known, "addresses", lambda text: not text),
        "year_dash": _count(sheet, known, "year_built", lambda text: text == "-"),
        "central": sum(row.values.get("ownership") == "central" for row in rows),
        "general": sum(row.values.get("raa_class") == "general" for row in rows),
        "inactive": sum(row.values.get("stage") == "suspended" for row in rows),
        "words": dict(Counter(_column(sheet, known, "platforms")).most_common()),
        "same_name": {name: number for name, number in names.items() if number > 1},
        "unknown_columns": known.unknown,
    }


def as_json(rows: list[Row]) -> list[dict[str, Any]]:
    """The rows as an import job keeps them."""
    return [asdict(row) for row in rows]


def _refuse_columns(known: columns.Columns) -> None:
    if known.missing:
        heads = {"name": "Nama Aplikasi", "owner": "Perangkat Daerah"}
        wanted = ", ".join(heads[name] for name in known.missing)
        raise ValidationError(
            _("Kolom wajib tidak ada: %(heads)s. Tambahkan judul kolom itu di baris pertama.") % {"heads": wanted}
        )
    if known.repeated:
        raise ValidationError(
            _("Kolom berarti sama lebih dari sekali: %(heads)s. Sisakan satu.") % {"heads": ", ".join(known.repeated)}
        )


def _column(sheet: Sheet, known: columns.Columns, name: str) -> list[str]:
    return [cells[known.found[name][0]] for cells in sheet.rows if any(cells)] if name in known.found else []


def _count(sheet: Sheet, known: columns.Columns, name: str, condition: Callable[[str], bool]) -> int:
    return sum(condition(text) for text in _column(sheet, known, name))


def _read(number: int, cells: list[str], known: columns.Columns, offices: dict[str, Organization], by: Any) -> Row:
    cell = {name: cells[index] for name, (index, _head) in known.found.items()}
    row = Row(number, name=cell["name"][:200], owner=cell["owner"])
    _read_owner(row, known.found["owner"][1], offices, by)
    if not row.name:
        row.refuse(known.found["name"][1], _("Nama aplikasi kosong. Isi namanya."))
    for name, (_index, head) in known.found.items():
        if name not in ("owner", "code", "addresses"):
            _read_value(row, name, head, cell[name])
    if "addresses" in cell:
        _read_address(row, cell["addresses"])
    if row.values.get("stage") == "suspended":
        row.warnings.append(
            _("“%(word)s” menjadi tahap dihentikan sementara; tetap wajib lapor.") % {"word": cell.get("stage", "")}
        )
    return row


def _read_owner(row: Row, head: str, offices: dict[str, Organization], by: Any) -> None:
    office = offices.get(normalising.key_of(row.owner))
    if office is None:
        row.refuse(
            head,
            _("“%(name)s” tidak ada di daftar organisasi. Periksa ejaannya atau tambahkan organisasinya.")
            % {"name": row.owner},
        )
    elif rules.owns_nothing(office):
        row.refuse(
            head,
            _("“%(name)s” tidak dapat memiliki aplikasi. Ganti dengan perangkat daerah yang mengelolanya.")
            % {"name": office.name},
        )
    elif not by.covers(office):
        row.refuse(
            head,
            _("“%(name)s” bukan OPD Anda. Hapus baris ini atau minta Diskominfo mengimpornya.") % {"name": office.name},
        )
    else:
        row.owner, row.owner_id = office.name, office.pk


def _read_value(row: Row, name: str, head: str, text: str) -> None:
    reader = READERS.get(name)
    try:
        value = reader(text) if reader else ("" if text in normalising.UNKNOWN else text)
    except normalising.Unreadable as unreadable:
        row.refuse(head, unreadable.remedy)
        return
    limit = Application._meta.get_field(name).max_length
    if isinstance(value, str) and limit and len(value) > limit:
        row.refuse(head, _("Terlalu panjang: paling banyak %(limit)s huruf.") % {"limit": limit})
    elif value not in (None, "", []):
        row.values[name] = value


def _read_address(row: Row, text: str) -> None:
    try:
        found = normalising.address(text)
    except normalising.Unreadable as unreadable:
        row.warnings.append(unreadable.remedy + " " + _("Alamat ini dilewati."))
        return
    if found:
        row.values["addresses"] = [list(found)]
        if found[1] == "internal":
            row.warnings.append(
                _("Alamat %(url)s hanya di jaringan dalam; dicatat sebagai alamat internal.") % {"url": found[0]}
            )


def _match(rows: list[Row], government: Organization) -> None:
    """Find the record each row speaks of, by owner and name; a second row of the same record is refused."""
    known = {
        (a.owner_id, normalising.key_of(a.name)): a
        for a in Application.objects.filter(government=government)
        .exclude(status__in=["refused", "withdrawn", "merged"])
        .prefetch_related("addresses")
    }
    seen: dict[tuple[int, str], int] = {}
    for row in rows:
        if row.fate == REFUSED or row.owner_id is None:
            continue
        key = (row.owner_id, normalising.key_of(row.name))
        if key in seen:
            row.refuse(
                _("Nama Aplikasi"),
                _("Sama dengan baris %(number)s: nama dan OPD-nya sama. Hapus salah satu.") % {"number": seen[key]},
            )
            continue
        seen[key] = row.number
        if key in known:
            _compare(row, known[key])


def _compare(row: Row, application: Application) -> None:
    row.application_id = application.pk
    for name, value in row.values.items():
        before = _present(application, name, value)
        if before != value and name != "name":
            row.changes[name] = [before, value]
    row.fate = CHANGED if row.changes else SAME


def _present(application: Application, name: str, value: Any) -> Any:
    if name != "addresses":
        return getattr(application, name)
    present = [[address.url, address.kind] for address in application.addresses.all()]
    return value if value[0] in present else present
