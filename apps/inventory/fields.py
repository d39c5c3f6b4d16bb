"""The one registry of what is known of an application: each attribute with its class, its step and its homes.

Forms, detail, list columns, filters, the API, the catalogue and the exports read this list. An attribute of the
model that is not named here fails the suite.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.logging import request_id
from apps.inventory.models import Application, CustomAttribute
from apps.inventory.models.applications import OWN


class Visibility(StrEnum):
    """Where an attribute may go: to the public, or no further than the government's own people and systems."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"
    PERSONAL = "personal"


PUBLIC, INTERNAL, RESTRICTED, PERSONAL = Visibility
EVERYTHING = frozenset(Visibility)


@dataclass(frozen=True)
class Attribute:
    """One thing known of an application; `step` is the step of the form it is typed in, 0 when the house writes it."""

    name: str
    visibility: Visibility
    step: int = 0
    help: Any = ""
    required: bool = False
    column: bool = False
    facet: bool = False
    filtered: bool = True
    listed: bool = True

    @property
    def label(self) -> str:
        """The Indonesian name, as the model says it."""
        return LABELS.get(self.name) or getattr(self.model_field, "verbose_name", self.name)

    @property
    def model_field(self) -> Any:
        """The field of the model; None for rows of their own."""
        return None if self.name in ROW_ATTRIBUTES else Application._meta.get_field(self.name)

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """The values to choose from, empty for free ones."""
        field = self.model_field
        field = getattr(field, "base_field", field)
        return list(getattr(field, "choices", None) or [])

    @property
    def several(self) -> bool:
        """Whether it holds several values."""
        return (
            self.name in ROW_ATTRIBUTES
            or isinstance(self.model_field, models.ManyToManyField)
            or hasattr(self.model_field, "base_field")
        )


@dataclass(frozen=True)
class OwnAttribute(Attribute):
    """An attribute of one government, kept in `Application.attributes` as JSON: text, number, ISO date, or texts chosen."""

    title: str = ""
    kind: str = ""
    options: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its key in `attributes`."""
        return self.name.removeprefix(OWN)

    @property
    def label(self) -> str:
        return self.title

    @property
    def model_field(self) -> Any:
        return None

    @property
    def choices(self) -> list[tuple[str, Any]]:
        return [(option, option) for option in self.options]

    @property
    def several(self) -> bool:
        return self.kind == CustomAttribute.Kind.CHOICES

    @property
    def chosen_from(self) -> bool:
        """Whether its values are chosen, not typed."""
        return bool(self.options)


ROW_ATTRIBUTES = ("addresses", "costs", "contracts", "relations", "documents", "attestation")
LABELS = {
    "addresses": _("alamat"),
    "costs": _("biaya per tahun"),
    "contracts": _("kontrak"),
    "relations": _("hubungan"),
    "documents": _("dokumen"),
    "attestation": _("segel pernyataan benar"),
}
STEPS = {
    1: _("Nama dan kegunaan"),
    2: _("Pemilik dan pengguna"),
    3: _("Teknologi dan keamanan"),
    4: _("Arsitektur dan data"),
    5: _("Biaya dan musim"),
}
SUBMIT_STEP = 6

ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute("code", PUBLIC),
    Attribute("name", PUBLIC, 1, _("Nama lengkap seperti dikenal pemakainya, tanpa nomor versi."), required=True),
    Attribute("short_name", PUBLIC, 1),
    Attribute("description", PUBLIC, 1, _("Dua atau tiga kalimat: siapa memakai, untuk apa. Uraian ini tampil di katalog publik.")),
    Attribute("functions", PUBLIC, 1, _("Apa yang dikerjakan aplikasi ini, satu baris untuk satu fungsi."), required=True),
    Attribute("service_kind", PUBLIC, 1, required=True, column=True, facet=True),
    Attribute("year_built", PUBLIC, 1, _("Empat angka, misalnya 2023. Kosongkan bila tidak diketahui.")),
    Attribute("addresses", PUBLIC, 1, _("Satu alamat per baris, diawali https://. Tulis “internal” di belakang alamat jaringan dalam; alamat itu tidak tampil di katalog publik.")),
    Attribute("owner", PUBLIC, column=True, facet=True),
    Attribute("ownership", PUBLIC, 2, _("Milik pusat bila instansi pusat yang membuat dan mengelolanya."), required=True, column=True, facet=True),
    Attribute("stage", PUBLIC, 2, required=True, column=True, facet=True),
    Attribute("audience", PUBLIC, 2, facet=True),
    Attribute("operating_since", PUBLIC, 2, _("Tanggal pertama kali dipakai. Dua belas bulan pertama belum dinilai.")),
    Attribute("developing_unit", PUBLIC, 2),
    Attribute("operating_unit", PUBLIC, 2),
    Attribute("legal_basis", PUBLIC, 2, _("Peraturan atau keputusan yang mendasarinya.")),
    Attribute("business_contact", PERSONAL, 2, _("Nama jabatan dan nomor atau surel. Hanya terlihat oleh petugas.")),
    Attribute("technical_contact", PERSONAL, 2, _("Nama jabatan dan nomor atau surel. Hanya terlihat oleh petugas.")),
    Attribute("platforms", PUBLIC, 3, required=True, column=True, facet=True),
    Attribute("hosting", INTERNAL, 3, facet=True),
    Attribute("servers", RESTRICTED, 3, _("Nama atau alamat server. Tidak pernah tampil ke publik.")),
    Attribute("license", PUBLIC, 3),
    Attribute("programming_languages", RESTRICTED, 3, _("Pisahkan dengan koma.")),
    Attribute("frameworks", RESTRICTED, 3, _("Pisahkan dengan koma.")),
    Attribute("databases", RESTRICTED, 3, _("Pisahkan dengan koma.")),
    Attribute("single_sign_on", INTERNAL, 3),
    Attribute("security_category", RESTRICTED, 3),
    Attribute("pse_number", PUBLIC, 3),
    Attribute("personal_data", INTERNAL, 3),
    Attribute("last_penetration_test_on", RESTRICTED, 3),
    Attribute("raa_class", PUBLIC, 4, _("Umum bila fungsinya sama di semua instansi, Khusus bila hanya untuk urusan ini."), column=True, facet=True),
    Attribute("reference_codes", PUBLIC, 4, _("Kode arsitektur SPBE nasional (RAB, RAL, RAD, RAA, RAI, RAK), pisahkan dengan koma.")),
    Attribute("services_supported", PUBLIC, 4),
    Attribute("data_used", PUBLIC, 4),
    Attribute("output", PUBLIC, 4),
    Attribute("data_inputs", INTERNAL, 4),
    Attribute("data_suppliers", INTERNAL, 4),
    Attribute("data_outputs", INTERNAL, 4),
    Attribute("data_customers", INTERNAL, 4),
    Attribute("super_application", PUBLIC, 4, _("Kode aplikasi induk, misalnya APL-2026-000042.")),
    Attribute("successor", PUBLIC, 4, _("Kode aplikasi pengganti, bila ada.")),
    Attribute("related_objects", INTERNAL, 4),
    Attribute("funding_source", INTERNAL, 5),
    Attribute("contract_value", INTERNAL, 5, _("Angka saja, tanpa titik.")),
    Attribute("contract_ends_on", INTERNAL, 5),
    Attribute("yearly_cost", INTERNAL, 5, _("Angka saja, tanpa titik."), column=True),
    Attribute("vendor", INTERNAL, 5),
    Attribute("season_months", INTERNAL, 5, _("Pilih hanya bila aplikasi memang tidak dipakai sepanjang tahun.")),
    Attribute("costs", INTERNAL),
    Attribute("contracts", INTERNAL),
    Attribute("relations", INTERNAL),
    Attribute("documents", RESTRICTED),
    Attribute("attestation", INTERNAL, filtered=False),
    Attribute("status", PUBLIC, column=True, facet=True),
    Attribute("status_reason", INTERNAL, listed=False, filtered=False),
    Attribute("submitted_at", INTERNAL),
    Attribute("registered_at", PUBLIC),
    Attribute("retired_at", PUBLIC),
    Attribute("retired_because", PUBLIC, listed=False, filtered=False),
    Attribute("merged_into", PUBLIC, listed=False),
    Attribute("updated_at", PUBLIC),
)  # fmt: skip
# What the house keeps for itself: keys, versions and derived columns, never shown as an attribute; `attributes` holds
# the governments' own, each with a class of its own.
MACHINERY = frozenset(
    {
        "id",
        "government",
        "attributes",
        "reference",
        "version",
        "created_by_id",
        "created_at",
        "submitted_by_id",
        "name_key",
        "name_core",
        "purpose_key",
        "search",
    }
)

# What names or opens one application alone: never written into many at once.
ITS_OWN = frozenset({"name", "short_name", "description", "functions", "addresses", "pse_number"})

BY_NAME = {attribute.name: attribute for attribute in ATTRIBUTES}
TYPED = tuple(attribute for attribute in ATTRIBUTES if attribute.step)


def own(government_id: int | None) -> list[OwnAttribute]:
    """The attributes a government added and uses, in the order of its form."""
    return _own_by_government().get(government_id, []) if government_id else []


def public_fields(government_id: int | None = None) -> list[Attribute]:
    """What anybody may read; with a government also its own public ones."""
    return [attribute for attribute in (*ATTRIBUTES, *own(government_id)) if attribute.visibility == PUBLIC]


def readable_by(by: Any) -> list[Attribute]:
    """What this person may read of the applications they may see."""
    return [*common_readable_by(by), *own_readable_by(by, by.government_id)]


def common_readable_by(by: Any) -> list[Attribute]:
    """Of the attributes every government has, those this person may read; nothing is asked of the database."""
    return [attribute for attribute in ATTRIBUTES if attribute.visibility in _classes(by)]


def own_readable_by(by: Any, government_id: int | None) -> list[OwnAttribute]:
    """What this reader may know of another government's own attributes too: the public ones."""
    classes = _classes(by) if by.is_system or by.government_id == government_id else {PUBLIC}
    return [attribute for attribute in own(government_id) if attribute.visibility in classes]


def of_step(step: int, government_id: int | None) -> list[Attribute]:
    """The attributes typed in one step of the form."""
    return [attribute for attribute in (*TYPED, *own(government_id)) if attribute.step == step]


def editable_by(by: Any) -> list[Attribute]:
    """The typed attributes this person may read, and so may change."""
    return [attribute for attribute in readable_by(by) if attribute.step]


def changed_together(by: Any) -> list[Attribute]:
    """Those that many records may share a value of."""
    return [attribute for attribute in editable_by(by) if attribute.name not in ITS_OWN]


def choosable(government_id: int | None = None) -> list[Attribute]:
    """What two records of one application may say differently, and one has to be right; rows of their own all follow."""
    rows = {*ROW_ATTRIBUTES, "reference_codes"}
    return [attribute for attribute in (*TYPED, *own(government_id)) if attribute.name not in rows]


def unclassed(model: type[models.Model] = Application) -> set[str]:
    """Fields of the model that no class was given: must be empty."""
    own = {field.name for field in model._meta.get_fields() if not field.auto_created or field.concrete}
    return own - set(BY_NAME) - MACHINERY


def _classes(by: Any) -> frozenset[Visibility]:
    """The people of a government read all of what they may see, its leaders too; the public and systems what is public."""
    return frozenset({PUBLIC}) if by.is_outside else EVERYTHING


# What was read for the request of this id; another request reads anew.
_read: ContextVar[tuple[str, dict[int, list[OwnAttribute]]]] = ContextVar("own_attributes", default=("", {}))


def _own_by_government() -> dict[int, list[OwnAttribute]]:
    """All in use, by government; read once in a request and never kept beyond it."""
    request, known = _read.get()
    if request and request == request_id.get():
        return known
    known = {}
    for row in CustomAttribute.objects.filter(active=True):
        known.setdefault(row.government_id, []).append(_as_attribute(row))
    _read.set((request_id.get(), known))
    return known


def _as_attribute(row: CustomAttribute) -> OwnAttribute:
    return OwnAttribute(
        OWN + row.key,
        Visibility(row.visibility),
        row.step,
        row.help,
        title=row.label,
        kind=row.kind,
        options=tuple(row.choices),
    )
