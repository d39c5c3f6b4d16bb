"""The dry run: what each row of a list would do, before anything is written."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.inventory import rules
from apps.inventory.cells import bare
from apps.inventory.importing import register
from apps.inventory.importing.cellreaders import CellReaders
from apps.inventory.importing.columns import VERSION, Columns
from apps.inventory.importing.normalising import Unreadable, key_of
from apps.inventory.importing.reading import Sheet
from apps.inventory.importing.register import Known, Register

NEW, CHANGED, SAME, REFUSED, ASKED = "new", "changed", "same", "refused", "asked"
FATES = (NEW, CHANGED, SAME, REFUSED, ASKED)
# What a person may answer to an asked row, beside the key of the record it means.
TAKE, REGISTER, SKIP = "take", "register", "skip"
IDENTITY = ("code", "owner", VERSION)
REQUIRED_HEADS = {"name": "Nama Aplikasi", "owner": "Perangkat Daerah"}


@dataclass
class Row:
    """One row's fate with everything a person needs to judge it; `changes` in the words of the spreadsheet."""

    number: int
    name: str = ""
    owner: str = ""
    owner_id: int | None = None
    application_id: int | None = None
    version: int | None = None
    fate: str = NEW
    values: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)
    candidates: list[dict[str, str]] = field(default_factory=list)

    def refuse(self, column: str, remedy: str) -> None:
        self.fate = REFUSED
        self.errors.append({"column": column, "message": remedy})


def refuse_columns(known: Columns) -> None:
    """ValidationError when a needed column is missing or one comes twice."""
    if known.missing:
        wanted = ", ".join(REQUIRED_HEADS[name] for name in known.missing)
        raise ValidationError(
            _("Kolom wajib tidak ada: %(heads)s. Tambahkan judul kolom itu di baris pertama.") % {"heads": wanted}
        )
    if known.repeated:
        raise ValidationError(
            _("Kolom berarti sama lebih dari sekali: %(heads)s. Sisakan satu.") % {"heads": ", ".join(known.repeated)}
        )


def make_plan(
    sheet: Sheet,
    known: Columns,
    *,
    by: Any,
    government: Organization,
    answers: Mapping[str, str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[list[Row], dict[str, Any]]:
    """Every row's fate and the summary.

    `answers` holds what a person said of asked rows, by row number; `progress` hears how many rows are done.
    """
    refuse_columns(known)
    planner = Planner(sheet, known, by, government, answers or {})
    rows = []
    for done, cells in enumerate(sheet.rows):
        if any(cells):
            rows.append(planner.row(sheet.first_row + done, cells))
        if progress:
            progress(done)
    planner.offer_near_ones(rows)
    return rows, summary(sheet, rows, known)


class Planner:
    """What the rows of one list are held against."""

    def __init__(
        self, sheet: Sheet, known: Columns, by: Any, government: Organization, answers: Mapping[str, str]
    ) -> None:
        self.known, self.by, self.answers, self.width = known, by, answers, len(sheet.heads)
        self.heads = {name: head for name, (_index, head) in known.found.items()}
        self.places = {name: index for name, (index, _head) in known.found.items()}
        self.register: Register = register.known_to(sheet, self.places, by=by, government=government)
        self.readers = CellReaders(government, self.register.attributes)
        self.typed = [
            # An address is told again in each row, for its warning.
            (name, self.places[name], self.readers.known[name] if name != "addresses" else {})
            for name in self.register.names
            if name in self.places
        ]
        self.indices = [index for _name, index, _known in self.typed]
        self.owners: dict[str, tuple[Organization | None, str]] = {}
        self.seen: dict[Any, int] = {}

    def row(self, number: int, cells: list[str]) -> Row:
        """The fate of one row."""
        row = Row(number, name=self._said(cells, "name")[:200], owner=self._said(cells, "owner")[:200])
        if len(cells) > self.width:
            row.refuse(
                _("di kanan kolom terakhir"),
                _("Baris ini berisi lebih banyak sel daripada judul. Beri judul kolomnya atau kosongkan sel itu."),
            )
        target = self._target(row, self._said(cells, "code"))
        if target:
            self._compare(row, cells, target)
        else:
            self._read_new(row, cells)
        if row.values.get("stage") == "suspended":
            word = self._said(cells, "stage")
            row.warnings.append(_("“%(word)s” menjadi tahap dihentikan sementara; tetap wajib lapor.") % {"word": word})
        return row

    def offer_near_ones(self, rows: list[Row]) -> None:
        """Rows that nearly name a record of the same office wait for a person, unless one has decided."""
        fresh = [row for row in rows if row.fate == NEW and self.answers.get(str(row.number)) != REGISTER]
        taken = {row.application_id for row in rows if row.application_id}
        for row, near in register.near(fresh, self.register, taken):
            row.candidates = near
            row.fate = SAME if self.answers.get(str(row.number)) == SKIP else ASKED

    def _said(self, cells: list[str], name: str) -> str:
        return bare(cells[self.places[name]]) if name in self.places else ""

    def _head(self, name: str) -> str:
        """The column as the list calls it, else as the register does."""
        return self.heads.get(name) or REQUIRED_HEADS.get(name) or str(self.register.attributes[name].label)

    def _target(self, row: Row, code: str) -> Known | None:
        """The record the row speaks of: by code, by what a person answered, else by office and name."""
        answer = self.answers.get(str(row.number), "")
        if code or answer.startswith(("APL-", "DRF-")):
            found = self.register.by_key.get((code or answer).upper())
            if found is None:
                remedy = _(
                    "Kode %(code)s tidak ada di register Anda. Betulkan, atau kosongkan untuk mendaftarkan baru."
                )
                row.refuse(self._head("code"), remedy % {"code": code or answer})
                return None
            return self._once(row, found, found.pk)
        self._read_owner(row)
        if row.owner_id is None or not row.name:
            return None
        named = (row.owner_id, key_of(row.name))
        found = self.register.by_name.get(named)
        return self._once(row, found, found.pk if found else named)

    def _once(self, row: Row, found: Known | None, key: Any) -> Known | None:
        """The record, unless a row above speaks of it too."""
        first = self.seen.setdefault(key, row.number)
        if first == row.number:
            return found
        row.refuse(
            self._head("name" if "name" in self.heads else "code"),
            _("Sama dengan baris %(number)s: nama dan OPD-nya sama. Hapus salah satu.") % {"number": first},
        )
        return None

    def _read_owner(self, row: Row) -> None:
        if row.owner not in self.owners:
            self.owners[row.owner] = self._owner(row.owner)
        office, refusal = self.owners[row.owner]
        if office:
            row.owner, row.owner_id = office.name, office.pk
        else:
            row.refuse(self._head("owner"), refusal)

    def _owner(self, named: str) -> tuple[Organization | None, str]:
        """The office a cell names, or why it cannot own what the row speaks of."""
        office = self.register.offices.get(key_of(named))
        if office is None:
            refusal = _("“%(name)s” tidak ada di daftar organisasi. Periksa ejaannya atau tambahkan organisasinya.")
        elif rules.owns_nothing(office):
            refusal = _("“%(name)s” tidak dapat memiliki aplikasi. Ganti dengan perangkat daerah yang mengelolanya.")
        elif not self.by.covers(office):
            refusal = _("“%(name)s” bukan OPD Anda. Hapus baris ini atau minta Diskominfo mengimpornya.")
        else:
            return office, ""
        return None, refusal % {"name": named}

    def _read_new(self, row: Row, cells: list[str]) -> None:
        if not row.name and not self._said(cells, "code"):
            row.refuse(self._head("name"), _("Nama aplikasi kosong. Isi namanya."))
        for name, index, known in self.typed:
            cell = cells[index]
            if not cell:
                continue
            value = known.get(cell)
            if value is None or isinstance(value, Unreadable):
                value = self._value(row, name, cell, strict=False)
            if value or value == 0:
                row.values[name] = value

    def _value(self, row: Row, name: str, cell: str, *, strict: bool) -> Any:
        """The value of a cell; None with the row's error, or with a warning for an address in a list of others."""
        try:
            value = self.readers.read(name, cell)
        except Unreadable as unreadable:
            if name == "addresses" and not strict:
                row.warnings.append(unreadable.remedy + " " + _("Alamat ini dilewati."))
            else:
                row.refuse(self._head(name), unreadable.remedy)
            return None
        if name == "addresses":
            row.warnings += [
                _("Alamat %(url)s hanya di jaringan dalam; dicatat sebagai alamat internal.") % {"url": url}
                for url, kind in value
                if kind == "internal"
            ]
        return value

    def _compare(self, row: Row, cells: list[str], target: Known) -> None:
        """Only cells that say something else than the export would say now are changes."""
        by_code = bool(self._said(cells, "code"))
        row.application_id, row.version, row.owner_id = target.pk, target.version, target.owner_id
        named, row.owner, row.name = row.owner, target.owner, row.name or target.cell("name")
        version = self._version(row, cells)
        if by_code and named and key_of(named) not in target.owner_keys:
            row.refuse(self._head("owner"), _("OPD pemilik tidak dapat diganti lewat impor. Kembalikan sel ini."))
        for name, cell in self._edited(cells, target):
            after = bare(cell)
            if target.cell(name) == after or (not after and version is None) or (name == "name" and not by_code):
                continue
            self._change(row, name, cell, target, strict=version is not None)
        self._judge_change(row, target, version)

    def _edited(self, cells: list[str], target: Known) -> list[tuple[str, str]]:
        """The cells that are not, letter by letter, as the export would write them."""
        told = [cells[index] for index in self.indices]
        if told == target.told[-len(told) :]:
            return []
        return [(name, cells[index]) for name, index, _known in self.typed if cells[index] != target.written(name)]

    def _version(self, row: Row, cells: list[str]) -> int | None:
        text = self._said(cells, VERSION)
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            row.refuse(
                self.heads[VERSION], _("Versi harus angka seperti saat diekspor. Ekspor lagi bila sudah diubah.")
            )
            return None
        return int(text) if text else None

    def _change(self, row: Row, name: str, cell: str, target: Known, *, strict: bool) -> None:
        refusals = len(row.errors)
        value = self._value(row, name, cell, strict=strict)
        empty = value in (None, "", [])
        if len(row.errors) > refusals or (empty and not strict):
            return
        if empty and name in NEVER_EMPTY:
            row.refuse(self._head(name), _("Isian ini tidak boleh kosong."))
            return
        if name == "addresses":
            value = target.with_addresses(value, alone=strict)
        if name in RELATIVES and value == target.pk:
            row.refuse(self._head(name), _("Aplikasi tidak dapat merujuk dirinya sendiri."))
        elif target.pk in self.register.following.get(name, ()) and not target.says(name, value):
            row.refuse(
                self._head(name),
                _("Mengikuti rincian biaya dan kontrak aplikasi ini. Kembalikan sel ini, ubah di sana."),
            )
        elif not target.says(name, value):
            row.values[name] = value
            row.changes[name] = [target.cell(name), in_words(target.choices[name], value, bare(cell))]

    def _judge_change(self, row: Row, target: Known, version: int | None) -> None:
        if row.fate == REFUSED:
            return
        row.fate = CHANGED if row.changes else SAME
        if row.changes and target.status not in rules.EDITABLE:
            remedy = _("Keterangan tidak dapat diubah selagi keadaannya “%(now)s”.") % {"now": target.status_label}
            for name in row.changes:
                row.refuse(self._head(name), remedy)
        elif row.changes and version is not None and version != target.version:
            self._ask_for_conflict(row, version, target)

    def _ask_for_conflict(self, row: Row, version: int, target: Known) -> None:
        answer = self.answers.get(str(row.number), "")
        row.warnings.append(
            _("Diubah orang lain sejak diekspor: versi %(then)s, sekarang %(now)s.")
            % {"then": version, "now": target.version}
        )
        if answer != TAKE:
            row.fate = SAME if answer == SKIP else ASKED


RELATIVES = ("successor", "super_application")
NEVER_EMPTY = ("name", "stage", "ownership")


def in_words(words: dict[Any, Any], value: Any, cell: str) -> str:
    """What the change says, as the export would write it."""
    if not words:
        return cell
    values = value if isinstance(value, list) else [value]
    return "; ".join(str(words.get(one, one)) for one in values)


def summary(sheet: Sheet, rows: list[Row], known: Columns) -> dict[str, Any]:
    """The counts that account for every row of the file."""
    fates = Counter(row.fate for row in rows)
    names = Counter(key_of(row.name) for row in rows)
    return {
        "rows": len(rows),
        **{fate: fates[fate] for fate in FATES},
        "without_address": _count(sheet, known, "addresses", lambda text: not text),
        "year_dash": _count(sheet, known, "year_built", lambda text: text == "-"),
        "central": sum(row.values.get("ownership") == "central" for row in rows),
        "general": sum(row.values.get("raa_class") == "general" for row in rows),
        "inactive": sum(row.values.get("stage") == "suspended" for row in rows),
        "words": dict(_column(sheet, known, "platforms").most_common(20)),
        "same_name": {name: number for name, number in names.most_common(20) if number > 1},
        "unknown_columns": known.unknown,
        "house_columns": known.written_by_house,
    }


def _column(sheet: Sheet, known: Columns, name: str) -> Counter[str]:
    """How often the column says what."""
    found: Counter[str] = Counter()
    if name in known.found:
        index = known.found[name][0]
        for cell, number in Counter(cells[index] for cells in sheet.rows if any(cells)).items():
            found[bare(cell)] += number
    return found


def _count(sheet: Sheet, known: Columns, name: str, condition: Callable[[str], bool]) -> int:
    return sum(number for text, number in _column(sheet, known, name).items() if condition(text))
