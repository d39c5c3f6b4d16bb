"""Which column of a list means which attribute; heads are compared without case and punctuation."""

from collections import Counter
from dataclasses import dataclass, field

from apps.inventory.importing.normalising import key_of

IGNORED = {"no", "nomor", "terakhir diperbarui"}
MEANINGS = {
    "kode": "code",
    "nama aplikasi": "name",
    "nama": "name",
    "nama singkat": "short_name",
    "uraian": "description",
    "deskripsi": "description",
    "fungsi": "functions",
    "klasifikasi aplikasi": "raa_class",
    "kelas raa": "raa_class",
    "kategori aplikasi": "ownership",
    "kepemilikan": "ownership",
    "jenis layanan": "service_kind",
    "dasar hukum": "legal_basis",
    "media": "platforms",
    "platform": "platforms",
    "url": "addresses",
    "alamat": "addresses",
    "perangkat daerah": "owner",
    "opd": "owner",
    "opd pemilik": "owner",
    "unit pengguna": "operating_unit",
    "unit operasional": "operating_unit",
    "unit pengembang": "developing_unit",
    "status": "stage",
    "tahap": "stage",
    "tahun pembuatan": "year_built",
    "penyedia": "vendor",
    "sumber dana": "funding_source",
    "luaran": "output",
}
REQUIRED = ("name", "owner")


@dataclass(frozen=True)
class Columns:
    """What each column means: {attribute: (index, head)}, and the heads nobody knows or that come twice."""

    found: dict[str, tuple[int, str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        return [name for name in REQUIRED if name not in self.found]


def understand(heads: list[str]) -> Columns:
    """Match the heads of a list."""
    keys = [key_of(head) for head in heads]
    meanings = Counter(MEANINGS[key] for key in keys if key in MEANINGS)
    found = {MEANINGS[key]: (index, heads[index]) for index, key in reversed(list(enumerate(keys))) if key in MEANINGS}
    unknown = [heads[index] for index, key in enumerate(keys) if key not in MEANINGS and key not in IGNORED and key]
    repeated = [heads[index] for index, key in enumerate(keys) if meanings.get(MEANINGS.get(key, ""), 0) > 1]
    return Columns(found, unknown, repeated)
