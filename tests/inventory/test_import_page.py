"""The import in the browser's words: upload, look, come back, take in or leave."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.inventory.models import Application, ImportJob
from tests.factories import make_agency, make_membership

pytestmark = pytest.mark.django_db
HEAD = "Nama Aplikasi,Perangkat Daerah,Status,URL,Warna"
LIST = "\n".join(
    [
        HEAD,
        "Satu,Dinas Kesehatan,Aktif,satu.go.id,merah",
        "Dua,Dinas Hantu,Aktif,,biru",
        "Tiga,Dinas Kesehatan,Tidak Aktif,,",
    ]
)


@pytest.fixture
def health(government):
    return make_agency(government, "Dinas Kesehatan")


@pytest.fixture
def reviewer(client, government, health):
    client.force_login(make_membership("reviewer", government).user)
    return client


def upload(client, text=LIST, name="daftar.csv"):
    return client.post(reverse("inventory:imports"), {"file": SimpleUploadedFile(name, text.encode())})


def checked(client, text=LIST):
    answer = upload(client, text)
    return ImportJob.objects.get(pk=int(answer.url.rstrip("/").rsplit("/", 1)[1]))


def test_the_dry_run_shows_every_fate_and_writes_nothing(reviewer):
    job = checked(reviewer)
    page = reviewer.get(reverse("inventory:import_job", args=[job.pk])).content.decode()
    assert "2 baris siap diimpor, 1 perlu dibetulkan" in page
    assert "“Dinas Hantu” tidak ada di daftar organisasi" in page
    assert "1 kolom tidak dikenal" in page and "“Warna”" in page
    assert not Application.objects.exists()
    only_refused = reviewer.get(reverse("inventory:import_job", args=[job.pk]), {"nasib": "refused"}).content.decode()
    assert "Dua" in only_refused and "Tiga" not in only_refused
    assert "daftar.csv" in reviewer.get(reverse("inventory:imports")).content.decode()


def test_taking_in_registers_and_says_what_was_done(reviewer):
    job = checked(reviewer)
    answer = reviewer.post(reverse("inventory:import_commit", args=[job.pk]), {"version": job.version}, follow=True)
    page = answer.content.decode()
    assert "2 aplikasi baru masuk, 0 diubah, 1 baris tidak diimpor." in page
    assert "Impor 2 baris" not in page
    assert set(Application.objects.values_list("name", "status")) == {("Satu", "registered"), ("Tiga", "registered")}


def test_differences_are_beside_the_button(reviewer):
    first = checked(reviewer)
    reviewer.post(reverse("inventory:import_commit", args=[first.pk]), {"version": first.version})
    job = checked(reviewer, f"{HEAD}\nSatu,Dinas Kesehatan,Tidak Aktif,satu.go.id,")
    page = reviewer.get(reverse("inventory:import_job", args=[job.pk])).content.decode()
    assert "1 baris siap diimpor" in page
    assert "beroperasi</del>" in page and "dihentikan sementara</ins>" in page


def test_a_stale_or_missing_version_takes_nothing_in(reviewer):
    job = checked(reviewer)
    for data in ({"version": job.version + 1}, {}):
        answer = reviewer.post(reverse("inventory:import_commit", args=[job.pk]), data)
        assert answer.status_code == 302
    assert not Application.objects.exists()


def test_leaving_a_list_aside(reviewer):
    job = checked(reviewer)
    answer = reviewer.post(reverse("inventory:import_drop", args=[job.pk]), {"version": job.version}, follow=True)
    assert "Register tidak berubah" in answer.content.decode()
    again = reviewer.post(reverse("inventory:import_commit", args=[job.pk]), {"version": job.version})
    assert again.status_code == 302
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "kosong"),
        ("a,b\n1,2", "Kolom wajib tidak ada"),
        ("PK\x03\x04rusak", "Berkas"),
        ("<html>", "tidak diterima"),
    ],
)
def test_a_bad_file_is_refused_on_the_page(reviewer, content, words):
    answer = upload(reviewer, content)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_no_file_is_said_beside_the_field(reviewer):
    answer = reviewer.post(reverse("inventory:imports"))
    assert answer.status_code == 400 and "Pilih berkas XLSX atau CSV terlebih dahulu." in answer.content.decode()


def test_the_refused_rows_come_as_a_harmless_file(reviewer):
    job = checked(reviewer, f"{HEAD}\n=1+1,Dinas Hantu,Aktif,,")
    text = reviewer.get(reverse("inventory:import_refused", args=[job.pk])).content.decode()
    assert "'=1+1" in text and "Dinas Hantu" in text


@pytest.mark.parametrize(
    ("role", "status"), [("operator", 200), ("reviewer", 200), ("auditor", 403), ("executive", 403)]
)
def test_only_those_who_write_the_register_import(client, government, health, role, status):
    client.force_login(make_membership(role, government, health if role == "operator" else None).user)
    assert client.get(reverse("inventory:imports")).status_code == status


def test_a_list_is_seen_only_by_who_uploaded_it(reviewer, client, government):
    job = checked(reviewer)
    client.force_login(make_membership("reviewer", government).user)
    assert client.get(reverse("inventory:import_job", args=[job.pk])).status_code == 404
