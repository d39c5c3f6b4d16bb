"""What hangs on the demo's records: ties, costs with contracts, documents, noted by the analyst at the end of the walk."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.actor import Actor
from apps.inventory import rules
from apps.inventory import services as inventory
from apps.inventory.models import Application

REASON = "Pendataan hubungan dan biaya"
# who states it, the other one, direction or "shared", data, method
TIES = (
    ("SIMPUS", "SIAK", "receives", "NIK, nama, dan alamat penduduk", "bus"),
    ("ANTREAN", "SIMPUS", "receives", "Jadwal poli dan dokter", "api"),
    ("ANTREAN", "e-RUJUK", "sends", "Kunjungan pasien", "api"),
    ("SIPOSYANDU", "SIMPUS", "sends", "Penimbangan balita", "file"),
    ("GIZI TIRTA", "SIPOSYANDU", "receives", "Status gizi balita", "api"),
    ("SIAGA DBD", "SIMPUS", "receives", "Kasus demam berdarah harian", "api"),
    ("STOK OBAT", "SIMPUS", "both", "Resep dan sisa obat", "database"),
    ("SIMPUS", "ASIK", "sends", "Hasil skrining kesehatan", "api"),
    ("DATIN", "GIZI TIRTA", "receives", "Angka stunting per kelurahan", "file"),
    ("DATIN", "e-RAPOR", "receives", "Rata-rata nilai per sekolah", "file"),
    ("PPDB", "DAPODIK", "receives", "Data pokok siswa", "manual"),
    ("e-RAPOR", "DAPODIK", "receives", "Data pokok siswa dan rombel", "api"),
    ("BEASISWA", "e-RAPOR", "receives", "Nilai rapor", "api"),
    ("TIRTA SATU", "ANTREAN", "receives", "Nomor antrean warga", "api"),
    ("e-SP2D", "SANDI", "shared", "", ""),
    ("e-RUJUK", "SANDI", "shared", "", ""),
    ("e-AGENDA", "SRIKANDI", "receives", "Disposisi surat masuk", "api"),
    ("e-SP2D", "SIPKD", "both", "Pencairan dan realisasi", "api"),
    ("SIGAJI", "SIPKD", "sends", "Daftar gaji bulanan", "file"),
)
COSTED = ("Diskominfo", "BKAD", "Dinkes", "Disdik", "DPUPR", "Bapenda")
SHARES = (("maintain", Decimal("0.7"), "5.1.02.03"), ("hosting", Decimal("0.3"), "5.1.02.02"))
DOCUMENTED = ("ANTREAN", "SIMPUS", "TIRTA SATU", "e-RAPOR")


class Notebook:
    """The analyst's notes on the records that may still be changed."""

    def __init__(self, applications: Iterable[Application], *, by: Actor, today: date) -> None:
        self.by, self.today = by, today
        self.open = {row.short_name: row for row in applications if row.status in rules.EDITABLE}

    def write(self) -> None:
        """Ties first: costs and documents change nothing of them."""
        for source, target, direction, data, method in TIES:
            if source in self.open and target in self.open:
                self._tie(source, target, direction, data, method)
        local = [row for row in self.open.values() if row.yearly_cost and row.owner.short_name in COSTED]
        for number, application in enumerate(local, start=1):
            self._costs(application, number)
        for short_name in DOCUMENTED:
            if short_name in self.open:
                self._documents(self.open[short_name])

    def _tie(self, source: str, target: str, direction: str, data: str, method: str) -> None:
        kind = "shared" if direction == "shared" else "integration"
        values = {"target": self.open[target], "kind": kind, "description": data, "method": method}
        self._add(inventory.RELATION, self.open[source], direction=direction.replace("shared", "receives"), **values)

    def _costs(self, application: Application, number: int) -> None:
        yearly = application.yearly_cost
        contract = self._add(
            inventory.CONTRACT, application, number=f"027/{number:03d}/SPK/{self.today.year}",
            vendor=application.vendor or "PT Contoh Digital Nusantara", subject="Pemeliharaan aplikasi",
            amount=(yearly * SHARES[0][1]).quantize(Decimal(1)), starts_on=date(self.today.year, 1, 15),
            ends_on=self.today + timedelta(days=(5, 26, 38, 120)[number % 4]),
        )  # fmt: skip
        for back in range(3):
            for kind, share, budget in SHARES:
                amount = (yearly * share * (100 - 6 * back) / 100).quantize(Decimal(1))
                under = contract if not back and kind == "maintain" else None
                year = self.today.year - back
                self._add(inventory.COST, application, year=year, kind=kind, amount=amount, contract=under,
                          budget_reference=budget, funding_source=application.funding_source or "APBD")  # fmt: skip

    def _documents(self, application: Application) -> None:
        place = f"https://kode.tirtaraya.example/{application.reference.lower()}"
        self._add(inventory.DOCUMENT, application, kind="source_code", title="Repositori kode sumber", location=place)
        tested = SimpleUploadedFile("hasil-uji.csv", b"temuan,tingkat,keadaan\nSesi tidak berakhir,sedang,ditutup\n")
        self._add(inventory.DOCUMENT, application, kind="security_test", title="Hasil uji keamanan", upload=tested,
                  valid_from=self.today - timedelta(days=340), valid_until=self.today + timedelta(days=25))  # fmt: skip
        manual = f"https://panduan.tirtaraya.example/{application.reference.lower()}"
        self._add(inventory.DOCUMENT, application, kind="manual", title="Buku panduan pengguna", location=manual,
                  visibility="internal")  # fmt: skip

    def _add(self, noun: inventory.Noun, application: Application, **values: Any) -> Any:
        version = Application.objects.values_list("version", flat=True).get(pk=application.pk)
        return inventory.add_row(noun, application.key, by=self.by, version=version, values=values, reason=REASON)
