"""The application itself and what each person sees of it."""

import secrets
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy

from apps.accounts.models import Organization
from apps.audit.history import tracked
from apps.core.clock import CoreNow
from apps.core.models import StatefulModel, StatefulQuerySet, several
from apps.inventory.models.likeness import core_of, key_of, purpose_of
from apps.inventory.models.reference_codes import ReferenceCode

REFERENCE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
OWN = "attributes."  # before the key of a government's own attribute


def new_reference() -> str:
    """A random address for a record without a code: DRF- and ten characters."""
    return "DRF-" + "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(10))


class ApplicationQuerySet(StatefulQuerySet):
    """Applications as each person may see them."""

    def named(self, key: int | str) -> Self:
        if isinstance(key, int):
            return self.filter(pk=key)
        return self.filter(reference=key) if key.startswith("DRF-") else self.filter(code=key)

    def visible_to(self, by: Any) -> Self:
        """Government-wide roles see their government (drafts of others excepted), an office its own, the public what is registered."""
        if by.is_system:
            return self
        if by.is_outside:
            return self.public()
        if by.is_government_wide:
            begun = Q(status=Application.Status.DRAFT) & ~Q(created_by_id=by.person_id)
            return self.filter(government=by.government_id).exclude(begun)
        return self.filter(owner__in=by.organization_ids)

    def public(self) -> Self:
        """What the public catalogue shows."""
        return self.filter(status__in=Application.PUBLIC_STATUSES)

    def merged(self) -> Self:
        """Old codes: records that went into another, known to anybody who knew them."""
        return self.filter(status=Application.Status.MERGED)

    def current(self) -> Self:
        """Registered and not yet retired: what the quarter asks about."""
        return self.filter(status__in=[Application.Status.REGISTERED, Application.Status.RETIRING])


@tracked(exclude=["search", "name_key", "name_core", "purpose_key"])
class Application(StatefulModel):
    """One application of a government, from draft to retirement (never shortened to `app`)."""

    class Status(models.TextChoices):
        DRAFT = "draft", gettext_lazy("Konsep")
        SUBMITTED = "submitted", gettext_lazy("Diajukan")
        RETURNED = "returned", gettext_lazy("Dikembalikan")
        WITHDRAWN = "withdrawn", gettext_lazy("Ditarik")
        REFUSED = "refused", gettext_lazy("Ditolak")
        REGISTERED = "registered", gettext_lazy("Terdaftar")
        RETIRING = "retiring", gettext_lazy("Dalam penonaktifan")
        RETIRED = "retired", gettext_lazy("Pensiun")
        MERGED = "merged", gettext_lazy("Digabung")

    MOVES: ClassVar = {
        Status.DRAFT: {Status.SUBMITTED, Status.REGISTERED},
        Status.SUBMITTED: {Status.REGISTERED, Status.RETURNED, Status.REFUSED, Status.WITHDRAWN},
        Status.RETURNED: {Status.SUBMITTED, Status.WITHDRAWN},
        Status.REGISTERED: {Status.RETIRING, Status.MERGED},
        Status.RETIRING: {Status.RETIRED, Status.REGISTERED},
        Status.RETIRED: {Status.REGISTERED},
    }
    PUBLIC_STATUSES: ClassVar = [Status.REGISTERED, Status.RETIRING, Status.RETIRED]

    class Stage(models.TextChoices):
        PLANNED = "planned", gettext_lazy("direncanakan")
        DEVELOPMENT = "development", gettext_lazy("dikembangkan")
        OPERATION = "operation", gettext_lazy("beroperasi")
        SUSPENDED = "suspended", gettext_lazy("dihentikan sementara")

    class Ownership(models.TextChoices):
        LOCAL = "local", gettext_lazy("milik daerah")
        CENTRAL = "central", gettext_lazy("milik pusat")

    class RaaClass(models.TextChoices):
        GENERAL = "general", gettext_lazy("Umum")
        SPECIFIC = "specific", gettext_lazy("Khusus")

    class ServiceKind(models.TextChoices):
        PUBLIC_SERVICE = "public_service", gettext_lazy("pelayanan publik")
        ADMINISTRATION = "administration", gettext_lazy("administrasi pemerintahan")

    class Audience(models.TextChoices):
        G2C = "g2c", gettext_lazy("masyarakat (G2C)")
        G2B = "g2b", gettext_lazy("pelaku usaha (G2B)")
        G2G = "g2g", gettext_lazy("antarinstansi (G2G)")
        G2E = "g2e", gettext_lazy("pegawai (G2E)")

    class Platform(models.TextChoices):
        WEB = "web", gettext_lazy("web")
        MOBILE = "mobile", gettext_lazy("ponsel")
        DESKTOP = "desktop", gettext_lazy("desktop")
        CLOUD = "cloud", gettext_lazy("komputasi awan")
        OTHER = "other", gettext_lazy("lainnya")

    class Hosting(models.TextChoices):
        NATIONAL = "national", gettext_lazy("Pusat Data Nasional")
        OWN = "own", gettext_lazy("pusat data pemda")
        CLOUD = "cloud", gettext_lazy("awan komersial")
        THIRD_PARTY = "third_party", gettext_lazy("pihak ketiga")
        SERVER_ROOM = "server_room", gettext_lazy("ruang server OPD")

    class License(models.TextChoices):
        PROPRIETARY = "proprietary", gettext_lazy("berpemilik")
        OPEN_SOURCE = "open_source", gettext_lazy("sumber terbuka")
        OWN = "own", gettext_lazy("milik pemda")

    class Security(models.TextChoices):
        STRATEGIC = "strategic", gettext_lazy("Strategis")
        HIGH = "high", gettext_lazy("Tinggi")
        LOW = "low", gettext_lazy("Rendah")

    class PersonalData(models.TextChoices):
        GENERAL = "general", gettext_lazy("data pribadi umum")
        SPECIFIC = "specific", gettext_lazy("data pribadi spesifik (UU 27/2022 Pasal 4)")

    class SingleSignOn(models.TextChoices):
        NONE = "none", gettext_lazy("akun sendiri")
        LOCAL = "local", gettext_lazy("akun tunggal pemda")
        NATIONAL = "national", gettext_lazy("identitas digital nasional")

    code = models.CharField(  # noqa: DJ001 - unique: many rows without a code cannot all hold ""
        gettext_lazy("kode"), max_length=20, unique=True, null=True, editable=False
    )
    reference = models.CharField(
        gettext_lazy("rujukan"), max_length=14, unique=True, default=new_reference, editable=False
    )
    # Without an index of their own, here and below: another index begins with the same column.
    government = models.ForeignKey(Organization, models.PROTECT, related_name="+", editable=False, db_index=False)
    owner = models.ForeignKey(
        Organization, models.PROTECT, related_name="applications", verbose_name=gettext_lazy("OPD pemilik"),
        db_index=False,
    )  # fmt: skip
    status = models.CharField(
        gettext_lazy("status"), max_length=12, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    status_reason = models.TextField(gettext_lazy("alasan status"), blank=True, editable=False)
    submitted_at = models.DateTimeField(gettext_lazy("diajukan"), null=True, editable=False)
    registered_at = models.DateTimeField(gettext_lazy("terdaftar sejak"), null=True, editable=False)
    retired_at = models.DateTimeField(gettext_lazy("pensiun sejak"), null=True, editable=False)
    retired_because = models.TextField(gettext_lazy("alasan pensiun"), blank=True, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="merged_from")
    created_by_id = models.BigIntegerField(null=True, editable=False)
    submitted_by_id = models.BigIntegerField(null=True, editable=False)

    name = models.CharField(gettext_lazy("nama aplikasi"), max_length=200)
    short_name = models.CharField(gettext_lazy("nama singkat"), max_length=60, blank=True)
    description = models.TextField(gettext_lazy("uraian"), blank=True)
    functions = models.TextField(gettext_lazy("fungsi"), blank=True)
    stage = models.CharField(gettext_lazy("tahap"), max_length=12, choices=Stage.choices, default=Stage.OPERATION)
    ownership = models.CharField(
        gettext_lazy("kepemilikan"), max_length=8, choices=Ownership.choices, default=Ownership.LOCAL
    )
    raa_class = models.CharField(gettext_lazy("kelas RAA"), max_length=10, choices=RaaClass.choices, blank=True)
    service_kind = models.CharField(
        gettext_lazy("jenis layanan"), max_length=15, choices=ServiceKind.choices, blank=True
    )
    audience = several(Audience.choices, verbose_name=gettext_lazy("sasaran pengguna"))
    platforms = several(Platform.choices, verbose_name=gettext_lazy("platform"))
    reference_codes = models.ManyToManyField(
        ReferenceCode,
        through="ApplicationReference",
        related_name="+",
        verbose_name=gettext_lazy("kode arsitektur"),
        blank=True,
    )
    services_supported = models.TextField(gettext_lazy("layanan yang didukung"), blank=True)
    data_used = models.TextField(gettext_lazy("data yang digunakan"), blank=True)
    output = models.TextField(gettext_lazy("luaran"), blank=True)
    data_inputs = models.TextField(gettext_lazy("data masukan"), blank=True)
    data_suppliers = models.TextField(gettext_lazy("pemasok data"), blank=True)
    data_outputs = models.TextField(gettext_lazy("data luaran"), blank=True)
    data_customers = models.TextField(gettext_lazy("pelanggan data"), blank=True)
    servers = models.TextField(gettext_lazy("server"), blank=True)
    hosting = models.CharField(gettext_lazy("tempat penempatan"), max_length=12, choices=Hosting.choices, blank=True)
    license = models.CharField(gettext_lazy("jenis lisensi"), max_length=12, choices=License.choices, blank=True)
    programming_languages = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=gettext_lazy("bahasa pemrograman")
    )
    frameworks = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=gettext_lazy("kerangka kerja")
    )
    databases = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=gettext_lazy("basis data")
    )
    developing_unit = models.CharField(gettext_lazy("unit pengembang"), max_length=200, blank=True)
    operating_unit = models.CharField(gettext_lazy("unit operasional"), max_length=200, blank=True)
    legal_basis = models.TextField(gettext_lazy("dasar hukum"), blank=True)
    year_built = models.PositiveSmallIntegerField(gettext_lazy("tahun pembuatan"), null=True, blank=True)
    operating_since = models.DateField(gettext_lazy("beroperasi sejak"), null=True, blank=True)
    funding_source = models.CharField(gettext_lazy("sumber dana"), max_length=100, blank=True)
    contract_value = models.DecimalField(
        gettext_lazy("nilai kontrak (Rp)"), max_digits=15, decimal_places=0, null=True, blank=True
    )
    contract_ends_on = models.DateField(gettext_lazy("kontrak berakhir"), null=True, blank=True)
    yearly_cost = models.DecimalField(
        gettext_lazy("biaya setahun (Rp)"), max_digits=15, decimal_places=0, null=True, blank=True
    )
    vendor = models.CharField(gettext_lazy("penyedia"), max_length=200, blank=True)
    security_category = models.CharField(
        gettext_lazy("kategori keamanan"), max_length=10, choices=Security.choices, blank=True
    )
    pse_number = models.CharField(gettext_lazy("nomor tanda daftar PSE"), max_length=60, blank=True)
    personal_data = several(PersonalData.choices, verbose_name=gettext_lazy("data pribadi"))
    single_sign_on = models.CharField(
        gettext_lazy("akun masuk"), max_length=10, choices=SingleSignOn.choices, blank=True
    )
    last_penetration_test_on = models.DateField(gettext_lazy("uji keamanan terakhir"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=gettext_lazy("digantikan oleh"),
    )
    super_application = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=gettext_lazy("bagian dari")
    )
    related_objects = models.TextField(gettext_lazy("objek terkait"), blank=True)
    season_months = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=gettext_lazy("bulan pemakaian")
    )
    business_contact = models.CharField(gettext_lazy("narahubung bisnis"), max_length=200, blank=True)
    technical_contact = models.CharField(gettext_lazy("narahubung teknis"), max_length=200, blank=True)
    # The government's own attributes by key (CustomAttribute); what nothing is said of has no key.
    attributes = models.JSONField(
        gettext_lazy("keterangan tambahan"),
        default=dict,
        db_default=Value({}, output_field=models.JSONField()),
        blank=True,
    )
    updated_at = models.DateTimeField(gettext_lazy("diubah"), db_default=CoreNow(), editable=False)

    name_key = models.GeneratedField(
        expression=key_of(F("name")), output_field=models.CharField(max_length=200), db_persist=True
    )
    name_core = models.GeneratedField(
        expression=core_of(F("name")), output_field=models.CharField(max_length=200), db_persist=True
    )
    purpose_key = models.GeneratedField(
        expression=purpose_of(F("functions"), F("services_supported")),
        output_field=models.TextField(),
        db_persist=True,
    )
    search = models.GeneratedField(
        expression=SearchVector("name", "short_name", weight="A", config="indonesian")
        + SearchVector("functions", "services_supported", weight="B", config="indonesian")
        + SearchVector("description", weight="C", config="indonesian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="application_code_from_registration",
                condition=Q(code__isnull=False, registered_at__isnull=False)
                | Q(status__in=["draft", "submitted", "returned", "withdrawn", "refused"], code__isnull=True),
            ),
            models.CheckConstraint(
                name="application_merged_names_survivor", condition=~Q(status="merged") | Q(merged_into__isnull=False)
            ),
            models.CheckConstraint(
                name="application_retired_says_when", condition=~Q(status="retired") | Q(retired_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["government", "status", "name", "id"], name="application_by_government"),
            models.Index(fields=["government", "name", "id"], name="application_by_name"),
            models.Index(fields=["owner", "status"], name="application_by_owner"),
            GinIndex(fields=["search"], name="application_search"),
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="application_name_trigram"),
            GinIndex(
                fields=["government", "name_core", "purpose_key"],
                opclasses=["int8_ops", "gin_trgm_ops", "gin_trgm_ops"],
                name="application_likeness",
            ),
            GinIndex(
                fields=["name_core"],
                opclasses=["gin_trgm_ops"],
                condition=Q(ownership="central"),
                name="application_national_likeness",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def value(self, name: str) -> Any:
        """What the record says of an attribute by its name in the registry; None of an own one nothing is said of."""
        key = name.removeprefix(OWN)
        return getattr(self, name) if key == name else self.attributes.get(key)

    @property
    def key(self) -> str:
        """What addresses the record: the code, else the reference of a record not yet registered."""
        return self.code or self.reference
