"""Taking a list in: the whole way from the uploaded file to registered records, and the way back after an export."""

import io
import time

import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from figure import NATION, Measured, figure, medians

from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.inventory import cells, exporting, fields, services
from apps.inventory.models import Application
from tests.factories import make_actor, make_agency, make_government

ROWS, OFFICES, WRONG = NATION, 274, 100  # one row in so many is wrong
HEADS = ("Nama Aplikasi", "Perangkat Daerah", "Uraian", "Fungsi", "Jenis Layanan", "Kepemilikan", "Kelas RAA", "Platform",
         "URL", "Tahap", "Tahun Pembuatan", "Unit Pengembang", "Dasar Hukum", "Luaran", "Penyedia", "Sumber Dana")  # fmt: skip
FORGET = (
    "DELETE FROM inventory_address a USING inventory_application p WHERE p.id = a.application_id AND p.government_id = %(g)s",
    "DELETE FROM inventory_standing a USING inventory_application p WHERE p.id = a.application_id AND p.government_id = %(g)s",
    "DELETE FROM inventory_confirmedfacts a USING inventory_application p WHERE p.id = a.application_id AND p.government_id = %(g)s",
    "DELETE FROM inventory_application WHERE government_id = %(g)s",
    "DELETE FROM inventory_publication WHERE government_id = %(g)s",
    "DELETE FROM inventory_importline l USING inventory_importjob j WHERE j.id = l.job_id AND j.government_id = %(g)s",
    "DELETE FROM inventory_importjob WHERE government_id = %(g)s",
)


@figure(
    "P14", "impor XLSX 27.400 baris baru, diperiksa dan diterapkan, dibanding membaca berkasnya saja", floor=5, aim=2
)
def import_of_a_nation(world) -> Measured:
    with world.at(ROWS):
        government = make_government("Pemda Impor")
        offices = [make_agency(government, f"Dinas Impor {number}") for number in range(OFFICES)]
        reviewer = make_actor("reviewer", government)
        content = list_of(offices)
        parts: dict[str, list[float]] = {"check": [], "commit": []}

        def taken_in() -> float:
            seconds = {}
            began = time.perf_counter()
            upload = SimpleUploadedFile("daftar.xlsx", content)
            job = services.check_import(upload, by=reviewer, government=government, at_once=True)
            seconds["check"] = time.perf_counter() - began
            services.commit_import(job.pk, by=reviewer, version=job.version, at_once=True)
            whole = time.perf_counter() - began
            assert (job.summary["new"], job.summary["refused"]) == (ROWS - ROWS // WRONG, ROWS // WRONG), job.summary
            parts["check"].append(seconds["check"])
            parts["commit"].append(whole - seconds["check"])
            forget(world, government)
            return whole

        reading, importing = medians(lambda: read(content), taken_in)
    check, commit = (sorted(parts[name])[len(parts[name]) // 2] for name in ("check", "commit"))
    said = f"baca {reading:.2f} s, periksa {check:.2f} s, terapkan {commit:.2f} s"
    return Measured(importing / reading, said)


@figure(
    "P14b",
    "impor kembali ekspor 27.400 baris dengan 274 sel disunting, dibanding membaca berkasnya saja",
    floor=5,
    aim=2,
)
def round_trip_of_a_nation(world) -> Measured:
    with world.at(ROWS):
        government = Organization.objects.get(kind="government", name="Pemerintah Daerah Pengukuran")
        rows = Application.objects.filter(government=government).order_by("pk")
        columns = [
            fields.BY_NAME[name] for name in ("code", "name", "owner", "description", "functions", "stage", "vendor")
        ]
        columns += [
            fields.BY_NAME[name] for name in ("ownership", "platforms", "addresses", "year_built", "yearly_cost")
        ]
        columns += [cells.VERSION]
        heads = [str(column.label) for column in columns]
        content = b""
        parts: dict[str, list[float]] = {"check": [], "commit": []}

        def renewed() -> None:
            nonlocal content
            lines = list(cells.lines(rows, columns, internal=True))
            for number in range(0, len(lines), 100):
                lines[number][6] = f"PT Sunting {time.monotonic_ns()}"
            with exporting.sheet_of(heads, lines) as file:
                content = file.read()

        def taken_in() -> float:
            began = time.perf_counter()
            upload = SimpleUploadedFile("ekspor.xlsx", content)
            job = services.check_import(upload, by=Actor.system(), government=government, at_once=True)
            checked = time.perf_counter() - began
            services.commit_import(job.pk, by=Actor.system(), version=job.version, at_once=True)
            whole = time.perf_counter() - began
            assert (job.summary["changed"], job.summary["same"]) == (274, ROWS - 274), job.summary
            parts["check"].append(checked)
            parts["commit"].append(whole - checked)
            renewed()
            return whole

        renewed()
        reading, importing = medians(lambda: read(content), taken_in)
    check, commit = (sorted(parts[name])[len(parts[name]) // 2] for name in ("check", "commit"))
    said = f"baca {reading:.2f} s, periksa {check:.2f} s, terapkan {commit:.2f} s"
    return Measured(importing / reading, said)


def read(content: bytes) -> None:
    python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def list_of(offices: list[Organization]) -> bytes:
    """The list as an XLSX; the same each time."""
    lines = [
        [
            f"Layanan Impor {n}", offices[n % OFFICES].name, f"Dipakai petugas loket {n} untuk mencatat permohonan warga.",
            "Mencatat dan melaporkan", "pelayanan publik" if n % 2 else "administrasi pemerintahan", "milik daerah", "Umum",
            "web; ponsel" if n % 3 else "web", f"https://i{n}.contoh.go.id/" if n % 2 else "", "beroperasi",
            "dua ribu" if n % WRONG == 0 else 2008 + n % 18, f"Bidang {n % 40}", "Peraturan Wali Kota", "Laporan", f"PT {n % 300}",
            "APBD",
        ]
        for n in range(ROWS)
    ]  # fmt: skip
    with exporting.sheet_of(list(HEADS), lines) as file:
        return file.read()


def forget(world, government: Organization) -> None:
    """Bring the register back to where it was, past the triggers; without fresh statistics that took minutes."""
    connection.close()
    link = world.connect(ROWS, "spbe_admin")
    with link.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "ANALYZE inventory_application, inventory_address, inventory_confirmedfacts, inventory_importline"
        )
        for statement in FORGET:
            cursor.execute(statement, {"g": government.pk})
        cursor.execute("VACUUM ANALYZE inventory_application")
    link.close()
