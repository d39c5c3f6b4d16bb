"""A register of any size with nothing random in it: one government, offices of a hundred applications, one of a thousand."""

from django.db import connection
from psycopg2.extensions import cursor as Cursor

from apps.inventory.models import Address, Application, Standing
from tests.factories import make_actor, make_agency, make_government

PER_OFFICE, LARGEST_OFFICE, REVIEWERS, PUBLISHED = 100, 1000, 5, 50_000
FIRST = [
    "Sistem Informasi",
    "Aplikasi",
    "Layanan",
    "Portal",
    "Dasbor",
    "Basis Data",
    "Pusat Data",
    "Jaringan",
    "Gerbang",
    "Peta",
]
SECOND = [
    "Antrean",
    "Perizinan",
    "Kepegawaian",
    "Keuangan Desa",
    "Pajak Daerah",
    "Aset",
    "Perpustakaan",
    "Puskesmas",
    "Rumah Sakit",
    "Kearsipan",
    "Pengaduan",
    "Persuratan",
    "Lalu Lintas",
    "Air Minum",
    "Persampahan",
    "Pertanian",
    "Perikanan",
    "Pariwisata",
    "Beasiswa",
    "Bantuan Sosial",
    "Perumahan",
    "Jalan Lingkungan",
    "Retribusi",
    "Kinerja Pegawai",
    "Rapat",
    "Penganggaran",
    "Pengadaan",
    "Posyandu",
    "Ketenagakerjaan",
    "UMKM",
]
THIRD = [
    "Terpadu",
    "Daerah",
    "Kota",
    "Kecamatan",
    "Kelurahan",
    "Digital",
    "Mandiri",
    "Bersama",
    "Cepat",
    "Satu Pintu",
    "Publik",
    "Internal",
]
SOURCE = """CREATE TEMPORARY VIEW bench_source AS SELECT n,
  (%(first)s::text[])[1 + n %% 10] || ' ' || (%(second)s::text[])[1 + (n / 10) %% 30] || ' '
    || (%(third)s::text[])[1 + (n / 300) %% 12] || ' ' || n AS name,
  (%(offices)s::bigint[])[1 + CASE WHEN n <= %(largest)s THEN 0 ELSE (n - %(largest)s) / %(per)s + 1 END] AS owner
FROM generate_series(1, %(count)s) AS n"""
VARYING = {
    "id": "n",
    "code": "'APL-' || (2020 + n % 6) || '-' || lpad(n::text, 7, '0')",
    "reference": "'DRF-' || lpad(to_hex(n), 10, '0')",
    "owner_id": "owner",
    "name": "name",
    "short_name": "'S' || n",
    "description": "'Dipakai petugas untuk ' || lower(name) || ' dan warga untuk melihat keadaan permohonannya.'"
    " || ' Data dimutakhirkan setiap hari kerja dan dilaporkan kepada kepala perangkat daerah.'",
    "functions": "'Mencatat, memeriksa, dan melaporkan ' || lower(name)",
    "output": "'Laporan bulanan'",
    "service_kind": "CASE n % 3 WHEN 0 THEN 'administration' ELSE 'public_service' END",
    "stage": "CASE n % 11 WHEN 0 THEN 'suspended' ELSE 'operation' END",
    "ownership": "CASE n % 9 WHEN 0 THEN 'central' ELSE 'local' END",
    "raa_class": "CASE n % 2 WHEN 0 THEN 'general' ELSE 'specific' END",
    "platforms": "CASE n % 4 WHEN 0 THEN '{web,mobile}' ELSE '{web}' END::varchar[]",
    "audience": "CASE n % 5 WHEN 0 THEN '{g2e}' ELSE '{g2c}' END::varchar[]",
    "hosting": "CASE n % 4 WHEN 0 THEN 'server_room' ELSE 'own' END",
    "programming_languages": "CASE n % 2 WHEN 0 THEN '{PHP}' ELSE '{Java,JavaScript}' END::varchar[]",
    "year_built": "2008 + n % 18",
    "yearly_cost": "1000000 * (1 + n % 97)",
    "vendor": "'Penyedia ' || n % 300",
    "business_contact": "'Kepala Bidang ' || n % 40 || ', 0361-' || 200000 + n % 90000",
    "registered_at": "timestamptz '2025-01-06 02:00+00'",
}


def build(cursor: Cursor, count: int) -> None:
    """Fill the empty, prepared database that both `cursor` and Django are connected to; triggers stay out of it."""
    government = make_government("Pemerintah Daerah Pengukuran")
    offices = [make_agency(government, f"Dinas Pengukuran {number}").pk for number in range(2 + count // PER_OFFICE)]
    for role in (*["reviewer"] * REVIEWERS, "approver", "executive", "auditor", "administrator"):
        make_actor(role, government)
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(SOURCE, {
        "first": FIRST, "second": SECOND, "third": THIRD, "offices": offices, "largest": LARGEST_OFFICE,
        "per": PER_OFFICE, "count": count,
    })  # fmt: skip
    start = Application(government=government, status=Application.Status.REGISTERED, version=1)
    _insert(cursor, start, VARYING)
    _insert(cursor, Standing(last_verdict="active", last_period="2026-Q3", active_users=40, completeness=60),
            {"application_id": "n"})  # fmt: skip
    _insert(cursor, Address(), {"application_id": "n", "url": "'https://a' || n || '.contoh.go.id/'"}, "n % 2 = 0")
    for model in (Application, Address):
        table = model._meta.db_table
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    cursor.execute("INSERT INTO core_counter (key, value) VALUES ('APL-2026', %s)", [count])
    publish(cursor, count)
    cursor.execute("VACUUM ANALYZE")


def publish(cursor: Cursor, count: int) -> None:
    """The documents of all records, which triggers would have stored, some thousands in each transaction."""
    cursor.execute("SET session_replication_role = DEFAULT")
    for first in range(1, count + 1, PUBLISHED):
        cursor.execute(
            "SELECT inventory_note_changed(array_agg(id)) FROM inventory_application WHERE id BETWEEN %s AND %s",
            [first, first + PUBLISHED - 1],
        )


def _insert(cursor: Cursor, row: object, varying: dict[str, str], condition: str = "true") -> None:
    """One row per number: what `row` says where `varying` says nothing."""
    left = [field for field in row._meta.concrete_fields if not (field.generated or field.has_db_default())]
    fields = [field for field in left if field.column in varying or not field.primary_key]
    constants = [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields if f.column not in varying]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    said = ", ".join(varying.get(field.column, "").replace("%", "%%") or "%s" for field in fields)
    condition = condition.replace("%", "%%")
    cursor.execute(
        f"INSERT INTO {row._meta.db_table} ({columns}) SELECT {said} FROM bench_source WHERE {condition}", constants
    )
