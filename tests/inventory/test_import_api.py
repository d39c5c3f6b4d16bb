"""The import through the REST API: the same acts, their refusals as problems."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from apps.accounts.models import Membership
from apps.core import clock
from apps.inventory import services, tasks
from apps.inventory.models import Application, ImportJob
from tests.catalogue.test_catalogue import make_application
from tests.factories import make_agency, make_membership

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/imports/"
HEAD = "Nama Aplikasi,Perangkat Daerah,Status,URL,Warna"
LIST = f"{HEAD}\nSatu,Dinas Kesehatan,Aktif,satu.go.id,merah\nDua,Dinas Hantu,Entah,,biru"


@pytest.fixture
def health(government):
    return make_agency(government, "Dinas Kesehatan")


@pytest.fixture
def membership(government, health):
    return make_membership("reviewer", government)


@pytest.fixture
def api(membership):
    client = APIClient()
    client.force_login(membership.user)
    return client


def uploaded(api, text=LIST, name="daftar.csv"):
    return api.post(ROOT, {"file": SimpleUploadedFile(name, text.encode())}, format="multipart")


def act(api, job, verb, body=None, version=None):
    version = job["version"] if version is None else version
    return api.post(f"{ROOT}{job['id']}/{verb}/", body or {}, format="json", headers={"If-Match": f'"{version}"'})


def checked(api, text=LIST):
    job = uploaded(api, text).json()
    if job["status"] == "matching":
        meanings = [column["meaning"] or "-" for column in job["columns"]]
        job = act(api, job, "match-columns", {"meanings": meanings}).json()
    assert job["status"] == "checked", job
    return job


def test_a_list_goes_from_its_upload_into_the_register(api):
    answer = uploaded(api)
    job = answer.json()
    assert (answer.status_code, job["status"], job["counts"], answer["ETag"]) == (201, "matching", None, '"1"')
    assert job["columns"][4] == {"head": "Warna", "meaning": ""}
    job = act(api, job, "match-columns", {"meanings": ["name", "owner", "stage", "addresses", "-"]}).json()
    assert job["counts"] == {"rows": 2, "new": 1, "changed": 0, "same": 0, "refused": 1, "asked": 0}
    assert not Application.objects.exists()
    (row,) = api.get(f"{ROOT}{job['id']}/rows/", {"fate": "refused"}).json()["results"]
    assert (row["number"], [error["column"] for error in row["errors"]]) == (3, ["Perangkat Daerah", "Status"])
    assert "Periksa ejaannya" in row["errors"][0]["message"] and "Tulis salah satu" in row["errors"][1]["message"]
    job = act(api, job, "commit").json()
    assert job["status"] == "committed"
    record = Application.objects.get()
    rows = api.get(f"{ROOT}{job['id']}/rows/").json()["results"]
    assert [(row["fate"], row["application"]) for row in rows] == [("new", record.code), ("refused", None)]
    assert [one["id"] for one in api.get(ROOT).json()["results"]] == [job["id"]]


def test_what_is_in_doubt_is_answered(api, government, health):
    record = make_application(government, "Antrean Puskesmas", number=1, owner=health)
    job = checked(api, f"{HEAD}\nAntrian Puskesmas,Dinas Kesehatan,Tidak Aktif,,")
    (row,) = api.get(f"{ROOT}{job['id']}/rows/").json()["results"]
    assert row["candidates"] == [{"key": record.code, "name": "Antrean Puskesmas"}]
    wrong = act(api, job, "answer-rows", {"answers": {"2": "APL-1999-000001"}})
    assert (wrong.status_code, wrong["Content-Type"]) == (400, "application/problem+json")
    job = act(api, job, "answer-rows", {"answers": {"2": record.code}}).json()
    (row,) = api.get(f"{ROOT}{job['id']}/rows/").json()["results"]
    assert row["changes"] == {"stage": ["beroperasi", "dihentikan sementara"]} and row["application"] == record.code


def test_a_list_goes_back_to_its_columns_or_is_left(api):
    job = act(api, checked(api), "rematch-columns").json()
    assert (job["status"], act(api, job, "drop").json()["status"]) == ("matching", "dropped")


def test_refusals_come_in_their_order(api, membership, government):
    job = checked(api)
    address = f"{ROOT}{job['id']}/commit/"
    assert APIClient().post(address).status_code == 401
    stranger = APIClient()
    stranger.force_login(make_membership("reviewer", government).user)
    assert stranger.post(address).status_code == 404
    auditor = APIClient()
    auditor.force_login(make_membership("auditor", government).user)
    assert auditor.post(address).status_code == 403
    assert api.post(address).status_code == 428
    assert act(api, job, "commit", version=99).status_code == 412
    assert act(api, job, "commit", {"nonsense": 1}).status_code == 400
    assert act(api, act(api, job, "drop").json(), "commit").status_code == 409
    assert not Application.objects.exists()


def test_who_writes_the_register_no_more_takes_nothing_in(api, membership, government):
    job = checked(api)
    auditor = make_membership("auditor", government, user=membership.user)
    Membership.objects.filter(pk=membership.pk).update(ended_at=clock.now())
    session = APIClient()
    session.force_login(auditor.user)
    assert act(session, job, "commit").status_code == 403
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("text", "name"), [("", "daftar.csv"), ("PK\x03\x04rusak", "daftar.xlsx"), ("<html>", "daftar.csv")]
)
def test_a_bad_file_is_a_problem_in_words(api, text, name):
    answer = uploaded(api, text, name)
    assert answer.status_code == 400 and answer.json()["errors"][0]["message"]
    assert api.post(ROOT, {}, format="json").status_code == 400
    assert not ImportJob.objects.exists()


def test_meanings_name_every_column_and_only_known_attributes(api):
    job = uploaded(api).json()
    for meanings in (["name"], ["name", "owner", "-", "-", "colour"], ["name", "-", "-", "-", "-"]):
        assert act(api, job, "match-columns", {"meanings": meanings}).status_code == 400
    assert api.get(f"{ROOT}{job['id']}/rows/", {"fate": "lost"}).status_code == 400
    assert api.get(f"{ROOT}{job['id']}/rows/", {"nasib": "new"}).status_code == 400


def test_a_long_list_is_asked_after_until_the_clock_is_done(api, monkeypatch):
    monkeypatch.setattr(services.importing, "AT_ONCE_ROWS", 1)
    job = uploaded(api, LIST.replace(",Warna", "").replace(",merah", "").replace(",biru", "")).json()
    assert (job["status"], job["rows_done"], job["rows_total"]) == ("waiting", 0, 2)
    tasks.work_on_waiting_imports()
    job = api.get(f"{ROOT}{job['id']}/").json()
    assert (job["status"], job["counts"]["new"]) == ("checked", 1)
    assert act(api, job, "commit").json()["status"] == "queued"
    tasks.work_on_waiting_imports()
    assert api.get(f"{ROOT}{job['id']}/").json()["status"] == "committed"


def test_the_template_and_the_schema(api):
    answer = api.get(f"{ROOT}template/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames[0] == "Aplikasi"
    paths = json.loads(api.get("/api/v1/schema/?format=json").content)["paths"]
    named = [path for path in paths if path.startswith(ROOT)]
    assert len(named) == 10
    upload = paths[ROOT]["post"]
    assert list(upload["requestBody"]["content"]) == ["multipart/form-data"] and "403" in upload["responses"]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\x00\x00", b"%PDF-1.4 daftar", b"\xff\xd8\xff\xe0"])
def test_a_picture_or_a_paper_is_no_list(api, content):
    answer = api.post(ROOT, {"file": SimpleUploadedFile("daftar.csv", content)}, format="multipart")
    assert answer.status_code == 400 and "XLSX atau CSV" in str(answer.json()["errors"])
    assert not ImportJob.objects.exists()
