"""The register of the demo: the list imported as a reviewer does, then the attributes no list column carries."""

import csv
import io
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.text import slugify

from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.dashboard.demo.offices import Office, System
from apps.inventory import services as inventory
from apps.inventory.models import Application
from apps.inventory.services.bulk import enrich

FORGOTTEN = 23  # one in so many
HEADS = ("Nama Aplikasi", "Nama Singkat", "Uraian", "Fungsi", "Klasifikasi Aplikasi", "Kategori Aplikasi",
         "Jenis Layanan", "Dasar Hukum", "Media", "URL", "Perangkat Daerah", "Unit Pengguna", "Unit Pengembang",
         "Tahun Pembuatan", "Sumber Dana", "Luaran")  # fmt: skip
STACKS = (
    (["PHP"], ["Laravel"], ["MySQL"]),
    (["PHP"], ["CodeIgniter"], ["MariaDB"]),
    (["Python"], ["Django"], ["PostgreSQL"]),
    (["Java"], ["Spring Boot"], ["PostgreSQL"]),
    (["JavaScript"], ["Express", "React"], ["MongoDB"]),
    (["Kotlin", "PHP"], ["Laravel"], ["MySQL"]),
    (["Visual Basic"], [], ["Microsoft Access"]),
    (["C#"], [".NET"], ["SQL Server"]),
)
HOSTING = ("own", "own", "own", "national", "cloud", "third_party", "server_room")
SEASONS = {"PPDB": [5, 6, 7], "UJIAN KOTA": [4, 5], "e-SPPT": [3, 4, 5, 6, 7, 8, 9], "SIPUNGUT": [9, 10, 11, 12],
           "FESTIVAL AIR": [7, 8]}  # fmt: skip
DESKTOP = frozenset({"BUKU KAS", "SIGAJI", "RETRIBUSI KU", "TIMBANG TPA", "GUDANG FARMASI", "SIMLUHTAN"})


def fill(offices: list[Office], rows: dict[str, Organization], *, by: Actor, random: Random) -> list[Application]:
    """Import the list and enrich it; the registered applications with their owners."""
    upload = SimpleUploadedFile("daftar-aplikasi-tirtaraya.csv", _list(offices, random).encode())
    job = inventory.check_import(upload, by=by, government=rows[""], at_once=True)
    inventory.commit_import(job.pk, by=by, version=job.version, at_once=True)
    registered = Application.objects.filter(government=rows[""]).select_related("owner").order_by("code")
    facts = {application.pk: _attributes(application, random) for application in registered}
    enrich(facts, by=by, reason="Kelengkapan data hasil pendataan awal")
    return list(registered.all())


def submissions(people: Any, offices: dict[str, Organization], *, by: Actor) -> None:
    """What is still on its way into the register: a draft, submissions waiting, one returned."""
    rows = (("KUNJUNG SEHAT", "Dinkes", "draft"), ("SIAGA STUNTING", "Dinkes", "submitted"),
            ("LAPOR POHON", "DPUPR", "submitted"), ("e-ARSIP SEKOLAH", "Disdik", "returned"))  # fmt: skip
    for name, short, state in rows:
        operator = people.operators[offices[short].pk]
        draft = inventory.start_draft(by=operator, owner=offices[short], name=name)
        values = {"functions": "Mendukung layanan dinas", "platforms": ["web"], "service_kind": "public_service"}
        record = inventory.save_draft(draft.reference, by=operator, typed={}, values=values)
        if state != "draft":
            record = inventory.submit(record.reference, by=operator, version=record.version)
        if state == "returned":
            reason = "Lengkapi dasar hukum dan bedakan dari ARSIP STATIS yang sudah terdaftar."
            inventory.return_submission(record.reference, by=by, version=record.version, reason=reason)


def attestations(people: Any) -> None:
    """Each head stands for the office's records this quarter; a few nobody looked at since they were imported."""
    for office, head in sorted(people.heads.items()):
        own = Application.objects.filter(owner=office).order_by("pk").values_list("pk", flat=True)
        inventory.attest_many([pk for pk in own if pk % FORGOTTEN], by=head)


def _list(offices: list[Office], random: Random) -> str:
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(HEADS)
    for office in offices:
        writer.writerows(_row(office, system, random) for system in office.systems)
    return sheet.getvalue()


def _row(office: Office, system: System, random: Random) -> list[str]:
    public = random.random() < 0.55
    local = system.mark != "*"
    desktop = system.short_name in DESKTOP
    subject = system.name[0].lower() + system.name[1:]
    address = "" if desktop else f"https://{slugify(system.short_name)}.tirtaraya.example/"
    return [
        f"{system.short_name} – {system.name}",
        system.short_name,
        f"Aplikasi {subject} yang dikelola {office.name} untuk seluruh Kota Tirtaraya.",
        f"Mencatat, mengolah, dan menyajikan {subject}",
        "Umum" if not local or random.random() < 0.2 else "Khusus",
        "Lokal" if local else "Pusat",
        "Pelayanan Publik" if public else "Administrasi Pemerintahan",
        f"Peraturan Wali Kota Tirtaraya Nomor {random.randint(3, 88)} Tahun {random.randint(2014, 2023)}",
        "Dekstop" if desktop else random.choice(("Website", "Website", "Website, Mobile", "Mobile")),
        address,
        office.name,
        office.name,
        "Kementerian pembina" if not local else random.choice(("Diskominfo", "Penyedia jasa", office.short_name)),
        str(random.randint(2012, 2023)),
        random.choice(("APBD", "APBD", "APBD", "APBN", "Hibah")),
        f"Laporan {subject}",
    ]


def _attributes(application: Application, random: Random) -> dict[str, Any]:
    languages, frameworks, databases = random.choice(STACKS)
    desktop = "desktop" in application.platforms
    cost = Decimal(random.choice((12, 18, 25, 36, 48, 75, 120, 180))) * 1_000_000
    personal = random.random() < 0.6
    month, day = random.randint(1, 12), random.randint(1, 28)
    return {
        "season_months": SEASONS.get(application.short_name, []),
        "operating_since": date(application.year_built or 2018, month, day),
        "programming_languages": ["Visual Basic"] if desktop else languages,
        "frameworks": [] if desktop else frameworks,
        "databases": ["Microsoft Access"] if desktop else databases,
        "hosting": "server_room" if desktop else random.choice(HOSTING),
        "license": random.choice(("own", "own", "open_source", "proprietary")),
        "audience": random.choice((["g2c"], ["g2c", "g2b"], ["g2g"], ["g2e"], ["g2b"])),
        "data_used": "NIK dan nama warga" if personal else "Data kegiatan dinas",
        "personal_data": random.choice((["general"], ["general"], ["specific"])) if personal else [],
        "security_category": random.choice(("high", "low", "low", "strategic")),
        "single_sign_on": random.choice(("none", "none", "local")),
        "yearly_cost": cost if application.ownership == "local" else None,
        "vendor": random.choice(("", "", "CV Contoh Teknologi", "PT Contoh Digital Nusantara")),
        "business_contact": f"Sekretariat {application.owner}",
        "technical_contact": f"Pengelola sistem {application.owner}",
    }
