"""From the text of one cell to what the register keeps, each distinct text read once."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.inventory import fields
from apps.inventory.cells import plain
from apps.inventory.filters import MONTHS
from apps.inventory.importing import normalising
from apps.inventory.importing.normalising import Unreadable
from apps.inventory.models import Application, ReferenceCode

LONGEST_ITEM, LONGEST_OWN = 60, 500


class CellReaders:
    """One reader per attribute for the lists of one government; values are as JSON holds them."""

    def __init__(self, government: Organization, attributes: Mapping[str, fields.Attribute]) -> None:
        self.government, self.attributes = government, attributes
        self._readers: dict[str, Callable[[str], Any]] = {}
        # By attribute what its cells say, as they stand in the list; Unreadable where they say nothing known
        self.known: dict[str, dict[str, Any]] = defaultdict(dict)
        self._codes: dict[str, int] | None = None

    def read(self, name: str, cell: str) -> Any:
        """The value; raises Unreadable with what to write instead."""
        known = self.known[name]
        if cell not in known:
            try:
                known[cell] = self._reader(name)(plain(cell).strip())
            except Unreadable as unreadable:
                known[cell] = unreadable
        found = known[cell]
        if isinstance(found, Unreadable):
            raise found
        return found

    def _reader(self, name: str) -> Callable[[str], Any]:
        if name not in self._readers:
            self._readers[name] = self._made(name)
        return self._readers[name]

    def _made(self, name: str) -> Callable[[str], Any]:
        attribute = self.attributes[name]
        if isinstance(attribute, fields.OwnAttribute):
            return _own(attribute)
        special = {"addresses": _addresses, "reference_codes": self._reference_codes, "year_built": normalising.year}
        if name in special:
            return special[name]
        kind = attribute.model_field
        if isinstance(kind, models.ForeignKey):
            return self._application
        if isinstance(kind, ArrayField):
            return _array(attribute)
        if attribute.choices:
            words = normalising.words_of(name, attribute.choices)
            return lambda text: normalising.choice(text, words)
        return _plain(kind)

    def _reference_codes(self, text: str) -> list[int]:
        if self._codes is None:
            self._codes = dict(ReferenceCode.objects.order_by("edition").values_list("code", "pk"))
        typed = [code.upper() for code in normalising.parted(text, r"[,;\s]")]
        missing = [code for code in typed if code not in self._codes]
        if missing:
            raise Unreadable(
                _("Kode tidak dikenal: %(codes)s. Periksa di daftar arsitektur SPBE.") % {"codes": ", ".join(missing)}
            )
        return sorted({self._codes[code] for code in typed})

    def _application(self, text: str) -> int | None:
        if text.lower() in normalising.UNKNOWN:
            return None
        rows = Application.objects.public().filter(government=self.government, code=text.upper())
        found = rows.values_list("pk", flat=True).first()
        if found is None:
            raise Unreadable(_("Tidak ada aplikasi terdaftar dengan kode %(code)s.") % {"code": text})
        return found


def _addresses(text: str) -> list[list[str]]:
    found = [normalising.address(part) for part in re.split(r"[;\s]+", text) if part]
    return [list(one) for one in dict.fromkeys(found) if one]


def _own(attribute: fields.OwnAttribute) -> Callable[[str], Any]:
    """A government's own attribute, as `Application.attributes` keeps it."""
    if attribute.options:
        words = {option.lower(): option for option in attribute.options}
        read = normalising.several if attribute.several else normalising.choice
        return lambda text: read(text, words)
    return {"number": normalising.number, "date": normalising.day}.get(attribute.kind, _line_of(LONGEST_OWN))


def _array(attribute: fields.Attribute) -> Callable[[str], list]:
    if attribute.name == "season_months":
        words = normalising.words_of(attribute.name, list(MONTHS))
        return lambda text: sorted(normalising.several(text, words))
    if attribute.choices:
        words = normalising.words_of(attribute.name, attribute.choices)
        return lambda text: normalising.several(text, words)
    return _items


def _items(text: str) -> list[str]:
    found = normalising.parted(text)
    if any(len(item) > LONGEST_ITEM for item in found):
        raise Unreadable(_("Terlalu panjang: paling banyak %(limit)s huruf.") % {"limit": LONGEST_ITEM})
    return found


def _plain(kind: Any) -> Callable[[str], Any]:
    if isinstance(kind, models.DecimalField):
        return normalising.rupiah
    if isinstance(kind, models.DateField):
        return normalising.day
    if isinstance(kind, models.TextField):
        return lambda text: "" if text in normalising.UNKNOWN else normalising.lines(text)
    return _line_of(kind.max_length)


def _line_of(limit: int) -> Callable[[str], str]:
    def line(text: str) -> str:
        said = "" if text in normalising.UNKNOWN else " ".join(text.split())
        if len(said) > limit:
            raise Unreadable(_("Terlalu panjang: paling banyak %(limit)s huruf.") % {"limit": limit})
        return said

    return line
