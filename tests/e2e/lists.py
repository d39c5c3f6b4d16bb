"""The list the main job starts from: the real one when it is on this machine, else one of our own of the same shape."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

REAL = Path(settings.BASE_DIR).parent / "shared" / "data" / "lists" / "denpasar-2020"
OFFICES = """Kode,Nama,Nama Pendek
000000,Seluruh Perangkat Daerah,Seluruh PD
030801,Dinas Komunikasi dan Informatika,Diskominfo
040201,Badan Perencanaan Pembangunan Daerah,Bappeda
300005,Badan Keuangan dan Aset Daerah,BKAD
030201,Dinas Kesehatan,Dinkes
"""
APPLICATIONS = (
    "No,Nama Aplikasi,Kategori Aplikasi,Fungsi,Media,URL,Perangkat Daerah,Status,Tahun Pembuatan\n"
    + "".join(f"{n},Layanan {n},Lokal,Melayani warga,Website,,Dinas Kesehatan,Aktif,-\n" for n in range(1, 13))
)


@dataclass(frozen=True)
class List:
    """Files and the names that matter in them."""

    offices: Path
    applications: Path
    government: str
    ict: str
    planning: str
    finance: str
    agency: str
    count: int

    @property
    def ready(self):
        return f"{self.count} baris"


def chosen_list(folder: Path) -> List:
    """The real list, or ours written to `folder`."""
    if REAL.is_dir():
        return List(
            REAL / "perangkat-daerah.csv", REAL / "daftar-aplikasi.xlsx", "Kota Denpasar",
            "Dinas Komunikasi, Informatika dan Statistik", "Badan Perencanaan Pembangunan Daerah",
            "Badan Pengelola Keuangan dan Aset Daerah", "Dinas Perhubungan", 183,
        )  # fmt: skip
    (folder / "organisasi.csv").write_text(OFFICES)
    (folder / "aplikasi.csv").write_text(APPLICATIONS)
    return List(
        folder / "organisasi.csv", folder / "aplikasi.csv", "Kota Tirtaraya", "Dinas Komunikasi dan Informatika",
        "Badan Perencanaan Pembangunan Daerah", "Badan Keuangan dan Aset Daerah", "Dinas Kesehatan", 12,
    )  # fmt: skip
