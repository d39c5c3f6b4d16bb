"""The national application-architecture metadata sheet: which head shows which attribute, as the layout in force says."""

from apps.inventory import exporting, fields
from apps.inventory.models import SheetLayout

TITLE = "Metadata arsitektur aplikasi SPBE"
SOURCE = "Belum dicocokkan dengan berkas resmi; sesuaikan judul dan urutannya."
# The attributes of the national domain in its order, with the heads used until an administrator corrects them.
SHIPPED = (
    ("ID Aplikasi", "code"),
    ("Nama Aplikasi", "name"),
    ("Uraian Aplikasi", "description"),
    ("Fungsi Aplikasi", "functions"),
    ("Kode Referensi Arsitektur", "reference_codes"),
    ("Layanan yang Didukung", "services_supported"),
    ("Data yang Digunakan", "data_used"),
    ("Luaran Aplikasi", "output"),
    ("Data Masukan", "data_inputs"),
    ("Pemasok Data", "data_suppliers"),
    ("Data Luaran", "data_outputs"),
    ("Pelanggan Data", "data_customers"),
    ("Basis Aplikasi", "platforms"),
    ("Server", "hosting"),
    ("Tipe Lisensi", "license"),
    ("Bahasa Pemrograman", "programming_languages"),
    ("Kerangka Pengembangan", "frameworks"),
    ("Basis Data", "databases"),
    ("Unit Pengembang", "developing_unit"),
    ("Unit Operasional", "operating_unit"),
    ("Objek Terkait", "related_objects"),
)


def shipped() -> list[tuple[str, str]]:
    """The columns of the first version."""
    return list(SHIPPED)


def attributes() -> list[fields.Attribute]:
    """What a column may show."""
    return exporting.exported(fields.ATTRIBUTES)


def in_force() -> SheetLayout | None:
    """The newest version."""
    return SheetLayout.objects.first()
