"""Days of counters from a sheet: every row's fault named at once, with row and column."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.inventory.importing import reading

COLUMNS = {
    "day": gettext_lazy("Tanggal"),
    "active_users": gettext_lazy("Pengguna aktif"),
    "transactions": gettext_lazy("Transaksi"),
    "data_bytes": gettext_lazy("Ukuran data (bita)"),
}
NAMES = {
    "tanggal": "day", "hari": "day", "day": "day", "date": "day",
    "penggunaaktif": "active_users", "activeusers": "active_users", "pengguna": "active_users",
    "transaksi": "transactions", "transactions": "transactions",
    "ukurandatabita": "data_bytes", "ukurandata": "data_bytes", "databytes": "data_bytes",
}  # fmt: skip
LARGEST = {"active_users": 2**31 - 1, "transactions": 2**63 - 1, "data_bytes": 2**63 - 1}
MAX_DAYS = 1000
FORMS = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
Fault = tuple[int, str, str]  # row, column, what to do


def read(content: bytes, today: date) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The days of a sheet and what is wrong with its rows; ValidationError when the sheet itself cannot be used."""
    sheet = reading.read(content)
    columns = _columns(sheet.heads)
    if len(sheet.rows) > MAX_DAYS:
        raise ValidationError(_("Paling banyak %(n)s hari dalam satu berkas. Bagi berkasnya.") % {"n": MAX_DAYS})
    samples: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for number, row in enumerate(sheet.rows, sheet.first_row):
        if any(row):
            found = list(_faults(number, row, columns, today, {sample["day"] for sample in samples}))
            faults += found
            if not found:
                samples.append(_sample(row, columns))
    if not samples and not faults:
        raise ValidationError(_("Berkas ini tidak memuat satu hari pun. Isi baris di bawah judul kolom."))
    return samples, faults


def template() -> list[list[str]]:
    """An empty sheet with its columns."""
    return [[str(label) for label in COLUMNS.values()]]


def _columns(heads: list[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    unknown = []
    for place, head in enumerate(heads):
        name = NAMES.get(re.sub(r"[^a-z]", "", head.lower()))
        if name is None and head:
            unknown.append(head)
        elif name:
            places.setdefault(name, place)
    wrong = [_("Kolom “%(name)s” tidak dikenal; hapus atau ganti judulnya.") % {"name": name} for name in unknown]
    wrong += [_("Kolom “%(name)s” tidak ada.") % {"name": COLUMNS[name]} for name in ("day",) if name not in places]
    if "day" in places and not {"active_users", "transactions"} & set(places):
        wrong.append(_("Isi sedikitnya satu dari kolom “Pengguna aktif” dan “Transaksi”."))
    if wrong:
        raise ValidationError(wrong)
    return places


def _faults(number: int, row: list[str], columns: dict[str, int], today: date, seen: set[date]) -> Iterator[Fault]:
    try:
        day = _day(row[columns["day"]])
    except ValueError:
        yield number, str(COLUMNS["day"]), _("Tulis tanggal seperti 2026-11-21 atau 21/11/2026.")
    else:
        if day > today:
            yield number, str(COLUMNS["day"]), _("Tanggal ini belum lewat; hapus barisnya.")
        if day in seen:
            yield number, str(COLUMNS["day"]), _("Tanggal ini sudah ada di baris lain; sisakan satu.")
    counted = [place for name, place in columns.items() if name in ("active_users", "transactions")]
    if not any(row[place] for place in counted):
        yield (
            number,
            str(COLUMNS["active_users"]),
            _("Tulis angkanya, atau 0 bila memang tidak dipakai; kosong bukan nol."),
        )
    for name, place in columns.items():
        if name != "day" and not _is_whole(row[place], LARGEST[name]):
            yield number, str(COLUMNS[name]), _("Tulis bilangan bulat tanpa satuan, misalnya 1.204.")


def _sample(row: list[str], columns: dict[str, int]) -> dict[str, Any]:
    numbers = {name: _whole(row[place]) for name, place in columns.items() if name != "day"}
    data_bytes = numbers.get("data_bytes")
    return {
        "day": _day(row[columns["day"]]),
        "active_users": numbers.get("active_users") or 0,
        "transactions": numbers.get("transactions") or 0,
        "data_bytes": data_bytes,
    }


def _day(text: str) -> date:
    for form in FORMS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError(text)


def _is_whole(text: str, largest: int) -> bool:
    if not text:
        return True
    number = _whole(text)
    return number is not None and number <= largest


def _whole(text: str) -> int | None:
    plain = text.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+", text) else text
    return int(plain) if re.fullmatch(r"[0-9]{1,19}", plain) else None
