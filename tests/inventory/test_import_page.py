"""The import in the browser's words: upload, look, come back, take in or leave."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.accounts.models import Membership
from apps.core import clock
from apps.inventory import tasks
from apps.inventory.importing import columns
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


def uploaded(client, text=LIST):
    answer = upload(client, text)
    return ImportJob.objects.get(pk=int(answer.url.rstrip("/").rsplit("/", 1)[1]))


def checked(client, text=LIST, **meanings):
    """The dry run; a column nobody knows is left out unless said otherwise, as {place: meaning}."""
    job = uploaded(client, text)
    if job.status == "matching":
        said = {f"kolom-{index}": meaning or "-" for index, (_head, meaning) in enumerate(job.columns)}
        said |= {f"kolom-{place}": meaning for place, meaning in meanings.items()}
        client.post(reverse("inventory:import_columns", args=[job.pk]), {**said, "version": job.version})
        job.refresh_from_db()
    return job


def test_the_dry_run_shows_every_fate_and_writes_nothing(reviewer):
    job = checked(reviewer)
    page = reviewer.get(reverse("inventory:import_job", args=[job.pk])).content.decode()
    assert "2 baris siap diimpor, 1 perlu dibetulkan" in page
    assert "“Dinas Hantu” tidak ada di daftar organisasi" in page
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


def test_a_column_nobody_knows_is_matched_once_and_remembered(reviewer):
    text = f"{HEAD}\nSatu,Dinas Kesehatan,Aktif,,PT Maju"
    job = uploaded(reviewer, text)
    assert job.status == "matching" and not job.lines.exists()
    page = reviewer.get(reverse("inventory:import_job", args=[job.pk]), follow=True).content.decode()
    assert "Kolom mana berisi apa?" in page and "PT Maju" in page and "tidak dikenal" in page
    job = checked(reviewer, text, **{"4": "vendor"})
    assert (job.status, job.lines.get().values["vendor"]) == ("checked", "PT Maju")
    assert uploaded(reviewer, text).status == "checked"


def test_columns_without_which_no_row_is_known_are_asked_for(reviewer):
    job = uploaded(reviewer, "Judul,Instansi\nSatu,Dinas Kesehatan")
    address = reverse("inventory:import_columns", args=[job.pk])
    answer = reviewer.post(address, {"kolom-0": "name", "kolom-1": "-", "version": job.version})
    assert answer.status_code == 400 and "Kolom wajib tidak ada: Perangkat Daerah" in answer.content.decode()
    answer = reviewer.post(address, {"kolom-0": "name", "kolom-1": "name", "version": job.version})
    assert "lebih dari sekali" in answer.content.decode() or "Kolom wajib" in answer.content.decode()
    reviewer.post(address, {"kolom-0": "name", "kolom-1": "owner", "version": job.version})
    job.refresh_from_db()
    assert job.summary["new"] == 1


def test_from_the_dry_run_back_to_the_columns(reviewer):
    job = checked(reviewer)
    answer = reviewer.post(reverse("inventory:import_rematch", args=[job.pk]), {"version": job.version}, follow=True)
    assert "Kolom mana berisi apa?" in answer.content.decode()


def test_a_near_name_waits_for_a_person(reviewer):
    first = checked(reviewer, f"{HEAD}\nAntrean Puskesmas,Dinas Kesehatan,Aktif,,")
    reviewer.post(reverse("inventory:import_commit", args=[first.pk]), {"version": first.version})
    record = Application.objects.get()
    job = checked(reviewer, f"{HEAD}\nAntrian Puskesmas,Dinas Kesehatan,Tidak Aktif,,")
    assert (job.summary["asked"], job.lines.get().candidates[0]["key"]) == (1, record.code)
    page = reviewer.get(reverse("inventory:import_job", args=[job.pk])).content.decode()
    assert (
        "Tidak ada baris untuk diimpor, 1 menunggu keputusan" in page and "Ini Antrean Puskesmas yang sudah ada" in page
    )
    address = reverse("inventory:import_answer", args=[job.pk])
    reviewer.post(address, {"baris-2": "APL-1999-000001", "version": job.version})
    job.refresh_from_db()
    assert job.answers == {}
    reviewer.post(address, {"baris-2": record.code, "version": job.version})
    job.refresh_from_db()
    assert job.lines.get().changes == {"stage": ["beroperasi", "dihentikan sementara"]}
    reviewer.post(reverse("inventory:import_commit", args=[job.pk]), {"version": job.version})
    record.refresh_from_db()
    assert (record.name, record.stage) == ("Antrean Puskesmas", "suspended")


@pytest.mark.parametrize(("answer", "count"), [("register", 2), ("skip", 1)])
def test_a_near_name_may_be_another_or_left_out(reviewer, answer, count):
    first = checked(reviewer, f"{HEAD}\nAntrean Puskesmas,Dinas Kesehatan,Aktif,,")
    reviewer.post(reverse("inventory:import_commit", args=[first.pk]), {"version": first.version})
    job = checked(reviewer, f"{HEAD}\nAntrian Puskesmas,Dinas Kesehatan,Aktif,,")
    reviewer.post(reverse("inventory:import_answer", args=[job.pk]), {"baris-2": answer, "version": job.version})
    job.refresh_from_db()
    reviewer.post(reverse("inventory:import_commit", args=[job.pk]), {"version": job.version})
    assert Application.objects.count() == count


def test_numbered_names_are_not_near(reviewer):
    first = checked(reviewer, f"{HEAD}\nLoket 1,Dinas Kesehatan,Aktif,,")
    reviewer.post(reverse("inventory:import_commit", args=[first.pk]), {"version": first.version})
    assert checked(reviewer, f"{HEAD}\nLoket 2,Dinas Kesehatan,Aktif,,").summary["new"] == 1


def long_list():
    rows = "".join(f"Layanan {n},Dinas Kesehatan,Aktif,,\n" for n in range(2100))
    return f"{HEAD.removesuffix(',Warna')}\n{rows}"


def test_a_long_list_is_judged_and_taken_in_by_the_sweep(reviewer):
    job = uploaded(reviewer, long_list())
    address = reverse("inventory:import_job", args=[job.pk])
    assert job.status == "waiting"
    assert "0 dari 2.100 baris diperiksa" in reviewer.get(address).content.decode()
    tasks.work_on_waiting_imports()
    assert "HX-Refresh" not in reviewer.get(address).headers
    asked_on = reviewer.get(address, headers={"HX-Request": "true"})
    assert (asked_on.headers["HX-Refresh"], asked_on.content) == ("true", b"")
    job.refresh_from_db()
    assert (job.status, job.summary["new"], job.rows_done) == ("checked", 2100, 2100)
    reviewer.post(reverse("inventory:import_commit", args=[job.pk]), {"version": job.version})
    assert "Sedang menulis ke register" in reviewer.get(address).content.decode()
    asked_on = reviewer.get(address, headers={"HX-Request": "true"})
    assert "HX-Refresh" not in asked_on.headers and "<html" not in asked_on.content.decode()
    tasks.work_on_waiting_imports()
    tasks.work_on_waiting_imports()
    assert Application.objects.filter(status="registered").count() == 2100
    assert Application.objects.values("code").distinct().count() == 2100


def test_the_progress_of_a_list_taken_back_to_its_columns_gives_way_to_their_page(reviewer):
    job = uploaded(reviewer)
    assert job.status == "matching"
    answer = reviewer.get(reverse("inventory:import_job", args=[job.pk]), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"], answer.content) == (200, "true", b"")


def test_a_long_list_of_one_whose_role_ended_changes_nothing(reviewer):
    job = uploaded(reviewer, long_list())
    Membership.objects.filter(pk=job.membership_id).update(ended_at=clock.now())
    tasks.work_on_waiting_imports()
    job.refresh_from_db()
    assert (job.status, job.lines.count()) == ("failed", 0)
    assert "Peran pengunggah sudah berakhir" in job.trouble


def test_the_template_offers_lists_and_explains(reviewer):
    answer = reviewer.get(reverse("inventory:import_template", args=["xlsx"]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["Aplikasi", "Petunjuk", "Daftar"]
    heads = [cell.value for cell in book["Aplikasi"][1]]
    assert heads[:2] == ["Nama aplikasi", "OPD pemilik"] and all(cell.comment for cell in book["Aplikasi"][1])
    assert "Dinas Kesehatan" in [row[0] for row in book["Daftar"].values]
    ruled = {
        str(rule.sqref).rstrip("0123456789").split(":")[0].rstrip("0123456789")
        for rule in book["Aplikasi"].data_validations.dataValidation
    }
    assert len(ruled) >= 8
    assert not columns.understand(heads, None).unknown
    assert reviewer.get(reverse("inventory:import_template", args=["pdf"])).status_code == 404
