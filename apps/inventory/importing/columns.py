"""Which column of a list means which attribute; heads are compared without case and punctuation."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation

from apps.inventory import cells, fields
from apps.inventory.importing.normalising import key_of

LEFT_OUT = "-"  # a person said that this column is not to be read
VERSION = cells.VERSION.name
# Heads of real lists beside the register's own labels and the names of the interface.
MEANINGS = {
    "nama": "name",
    "deskripsi": "description",
    "klasifikasi aplikasi": "raa_class",
    "kategori aplikasi": "ownership",
    "media": "platforms",
    "url": "addresses",
    "perangkat daerah": "owner",
    "opd": "owner",
    "unit pengguna": "operating_unit",
    "nama singkat": "short_name",
    "no": LEFT_OUT,
    "nomor": LEFT_OUT,
    "terakhir diperbarui": LEFT_OUT,
}
STAGE_OF_LISTS = "status"  # in real lists; in files of this product it is the register's own status
LEADING = ("code", VERSION, "name", "owner")


def readable(government_id: int | None) -> dict[str, str]:
    """What a column may mean, {attribute: label}, in the order a person looks for it; with the government's own."""
    own = {"code": fields.BY_NAME["code"].label, VERSION: cells.VERSION.label, "owner": fields.BY_NAME["owner"].label}
    typed = {attribute.name: attribute.label for attribute in (*fields.TYPED, *fields.own(government_id))}
    return {name: str({**own, **typed}[name]) for name in dict.fromkeys((*LEADING, *typed))}


@dataclass(frozen=True)
class Columns:
    """What each column means: {attribute: (index, head)}, and the heads that are not read, by reason."""

    found: dict[str, tuple[int, str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    written_by_house: list[str] = field(default_factory=list)
    meanings: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """Attributes without which no row can be told from another: the code, or name and owner."""
        return [] if "code" in self.found else [name for name in ("name", "owner") if name not in self.found]

    @property
    def clear(self) -> bool:
        """Whether a person has nothing to decide about the columns."""
        return not (self.missing or self.repeated or self.unknown)


def understand(heads: list[str], government_id: int | None, remembered: Mapping[str, str] | None = None) -> Columns:
    """Match the heads of a list; what its sender said of a head before (`remembered`, by key) comes first."""
    keys = [key_of(head) for head in heads]
    known = dict(_known())
    for attribute in fields.own(government_id):
        known |= {key_of(attribute.name): attribute.name, key_of(attribute.label): attribute.name}
    if VERSION not in {known.get(key) for key in keys} and "stage" not in {known.get(key) for key in keys}:
        known[STAGE_OF_LISTS] = "stage"
    known |= remembered or {}
    meanings = [known.get(key, "" if key else LEFT_OUT) for key in keys]
    return matched(heads, meanings, government_id)


def matched(heads: list[str], meanings: list[str], government_id: int | None) -> Columns:
    """The columns when each head means what `meanings` says: an attribute, nothing known (""), or left out."""
    allowed = readable(government_id)
    house = {attribute.name for attribute in fields.ATTRIBUTES} | cells.HOUSE
    counts = Counter(meaning for meaning in meanings if meaning in allowed)
    places = list(zip(range(len(heads)), heads, meanings, strict=True))
    return Columns(
        found={meaning: (index, head) for index, head, meaning in reversed(places) if meaning in allowed},
        unknown=[head for _index, head, meaning in places if not meaning],
        repeated=[head for _index, head, meaning in places if counts[meaning] > 1],
        written_by_house=[head for _i, head, meaning in places if meaning in house and meaning not in allowed],
        meanings=meanings,
    )


@cache
def _known() -> dict[str, str]:
    """Keys of heads with their meaning: labels in every language, names of the interface, words of real lists."""
    columns: list[Any] = [*fields.ATTRIBUTES, *cells.STANDING, cells.COMPLETENESS, cells.VERSION]
    said = {key_of(column.name): column.name for column in columns}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said |= {key_of(str(column.label)): column.name for column in columns}
    return said | MEANINGS
