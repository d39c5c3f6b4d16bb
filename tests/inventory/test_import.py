"""Lists from the real world, and the 184 rows of the real one."""

import io
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.audit.models import Event
from apps.core import clock, codes
from apps.core.errors import RuleViolation, StaleVersion
from apps.inventory import services
from apps.inventory.importing import normalising
from apps.inventory.models import Address, Application
from tests.factories import make_actor, make_agency

pytestmark = pytest.mark.django_db
HEAD = "Nama Aplikasi,Perangkat Daerah,Status,Media,Tahun Pembuatan,URL,Kategori Aplikasi"


def upload(text, name="daftar.csv"):
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def check(government, *lines, by=None, head=HEAD):
    return services.check_import(
        upload("\n".join([head, *lines])), by=by or Actor.system(), government=government, at_once=True
    )


def test_codes_go_on_beyond_six_digits(government, health):
    codes.reserve(f"APL-{clock.today(government.zone).year}", 999_998)
    reviewer = make_actor("reviewer", government)
    job = check(government, *(f"Layanan {word},Dinas Kesehatan,,,,," for word in ("Satu", "Dua", "Tiga")), by=reviewer)
    services.commit_import(job.pk, by=reviewer, version=job.version)
    numbers = [code.rsplit("-", 1)[1] for code in Application.objects.order_by("pk").values_list("code", flat=True)]
    assert numbers == ["999999", "1000000", "1000001"]


@pytest.fixture
def health(government):
    return make_agency(government, "Dinas Kesehatan ")


def test_the_real_list_is_accounted_for_to_the_last_row(real_data):
    folder = real_data / "lists" / "denpasar-2020"
    printed = io.StringIO()
    call_command(
        "import_organizations",
        folder / "perangkat-daerah.csv",
        government="Kota Denpasar",
        zone="Asia/Makassar",
        stdout=printed,
    )
    assert "102 baris, 101 nama" in printed.getvalue()
    offices = Organization.objects.exclude(kind="government")
    assert (offices.count(), offices.exclude(parent__kind="government").count()) == (101, 0)
    assert Organization.objects.get(name="Seluruh Perangkat Daerah").kind == "collective"

    printed = io.StringIO()
    call_command("import_applications", folder / "daftar-aplikasi.xlsx", dry_run=True, stdout=printed)
    assert not Application.objects.exists()
    for expected in (
        "184 baris: 183 baru, 0 berubah, 0 tetap, 1 ditolak", "84 tanpa URL", "tahun “-” pada 101", "48 milik pusat", "29 Umum",
        "19 tidak aktif", "10 “Dekstop”", "3 “sms gateway”", "2 “simonev”", "(Sijuna), kolom Perangkat Daerah",
        "Ganti dengan perangkat daerah yang mengelolanya",
    ):  # fmt: skip
        assert expected in printed.getvalue()

    call_command("import_applications", folder / "daftar-aplikasi.xlsx", commit=True, stdout=io.StringIO())
    assert Application.objects.filter(status="registered", code__startswith="APL-").count() == 183
    assert Application.objects.filter(name__iexact="sms gateway").values("owner").distinct().count() == 3
    assert Application.objects.filter(stage="suspended").count() == 19
    assert (
        Address.objects.filter(kind="internal").values_list("url", flat=True).filter(url__contains="192.168.").exists()
    )
    before = list(Application.objects.order_by("pk").values())
    printed = io.StringIO()
    call_command("import_applications", folder / "daftar-aplikasi.csv", commit=True, stdout=printed)
    assert "0 baru, 0 berubah, 183 tetap, 1 ditolak" in printed.getvalue()
    assert list(Application.objects.order_by("pk").values()) == before


def test_a_reviewer_registers_at_once_an_operator_makes_drafts(government, health):
    clock.travel_to(datetime(2026, 10, 5, tzinfo=UTC))
    operator = make_actor("operator", government, health)
    job = check(government, "Satu,Dinas Kesehatan,Aktif,Website,2019,,Lokal", by=operator)
    services.commit_import(job.pk, by=operator, version=job.version)
    reviewer = make_actor("reviewer", government)
    job = check(government, "Dua,Dinas Kesehatan,Aktif,Website,2019,,Lokal", by=reviewer)
    services.commit_import(job.pk, by=reviewer, version=job.version)
    assert Application.objects.get(name="Satu").status == "draft"
    registered = Application.objects.get(name="Dua")
    assert (registered.status, registered.code) == ("registered", "APL-2026-000001")
    assert registered.confirmed_facts.count() == 1


def test_only_cells_that_differ_change(government, health):
    job = check(government, "Satu,Dinas Kesehatan,Aktif,Website,2019,contoh.go.id,Lokal")
    services.commit_import(job.pk, by=Actor.system(), version=job.version)
    job = check(government, "SATU,DINAS KESEHATAN,Tidak Aktif,Website,,contoh.go.id,Lokal")
    assert job.lines.get().changes == {"stage": ["beroperasi", "dihentikan sementara"]}
    services.commit_import(job.pk, by=Actor.system(), version=job.version)
    application = Application.objects.get()
    assert (application.name, application.stage, application.year_built) == ("Satu", "suspended", 2019)


def test_every_error_of_every_row_is_told_at_once(government, health):
    job = check(
        government,
        ",Dinas Kesehatan,Aktif,Website,2019,,Lokal",
        "Dua,Dinas Hantu,Entah,Radio,20x9,,Kota",
        "Tiga,Dinas Kesehatan,Aktif,Website,2019,,Lokal",
        "tiga,Dinas Kesehatan,Aktif,Website,2019,,Lokal",
    )
    errors = {(line.number, error["column"]) for line in job.lines.all() for error in line.errors}
    assert errors == {
        (2, "Nama Aplikasi"), (3, "Perangkat Daerah"), (3, "Status"), (3, "Media"), (3, "Tahun Pembuatan"),
        (3, "Kategori Aplikasi"), (5, "Nama Aplikasi"),
    }  # fmt: skip


def test_unknown_columns_are_named_and_repeated_or_missing_ones_refused(government, health):
    assert check(government, "Satu,Dinas Kesehatan,x", head="Nama Aplikasi,OPD,Warna").summary["unknown_columns"] == [
        "Warna"
    ]
    with pytest.raises(ValidationError, match="lebih dari sekali: OPD, Perangkat Daerah"):
        check(government, "a,b,c", head="Nama Aplikasi,OPD,Perangkat Daerah")
    with pytest.raises(ValidationError, match="Kolom wajib tidak ada: Perangkat Daerah"):
        check(government, "a", head="Nama Aplikasi")


def test_an_operator_cannot_import_for_another_office(government, health):
    other = make_agency(government, "Dinas Lain")
    job = check(
        government, "Satu,Dinas Kesehatan,Aktif,Website,2019,,Lokal", by=make_actor("operator", government, other)
    )
    assert "bukan OPD Anda" in job.lines.get().errors[0]["message"]


def test_what_was_shown_is_what_happens_or_nothing(government, health):
    first = check(government, "Satu,Dinas Kesehatan,Aktif,Website,2019,,Lokal")
    second = check(government, "Satu,Dinas Kesehatan,Aktif,Website,2019,,Lokal")
    services.commit_import(first.pk, by=Actor.system(), version=first.version)
    with pytest.raises(RuleViolation, match="Unggah lagi"):
        services.commit_import(second.pk, by=Actor.system(), version=second.version)
    with pytest.raises(StaleVersion):
        services.commit_import(first.pk, by=Actor.system(), version=first.version)
    first.refresh_from_db()
    with pytest.raises(RuleViolation):
        services.commit_import(first.pk, by=Actor.system(), version=first.version)
    assert Application.objects.count() == 1
    event = Event.objects.get(verb="import.committed")
    assert event.details["new"] == 1
    assert len(event.details["checksum"]) == 64


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("contoh.go.id", ("http://contoh.go.id", "public")),
        ("https://contoh.go.id/a?b=1#", ("https://contoh.go.id/a?b=1#", "public")),
        ("192.168.100.225", ("http://192.168.100.225", "internal")),
        ("localhost/deteksi", ("http://localhost/deteksi", "internal")),
        ("-", None),
        ("", None),
    ],
)
def test_addresses(text, expected):
    assert normalising.address(text) == expected


@pytest.mark.parametrize(
    "text", ["www", "url:file://D/Data/a b", "http://", "a b.go.id", "http://[::1", "https://x.go.id:port"]
)
def test_unreadable_addresses_say_how_to_write_them(text):
    with pytest.raises(normalising.Unreadable):
        normalising.address(text)
