"""What the public sees: everything public, nothing else, in any shape."""

import io
import json
from datetime import UTC, datetime

import openpyxl
import pytest
from django.db import models

from apps.accounts.actor import Actor
from apps.inventory import fields
from apps.inventory.models import Address, Application
from tests.factories import make_agency, make_government

pytestmark = pytest.mark.django_db
EXPORTS = [f"/api/v1/exports/applications.{form}" for form in ("csv", "json", "ndjson", "xlsx")]


def make_application(government, name, *, number, status="registered", owner=None, **values):
    """A record as a registration or a retirement leaves it."""
    coded = status in ("registered", "retiring", "retired", "merged")
    if coded:
        values |= {"code": f"APL-2026-{number:06d}", "registered_at": datetime(2026, 1, 5, tzinfo=UTC)}
    if status == "retired":
        values["retired_at"] = datetime(2026, 6, 30, 18, tzinfo=UTC)
    owner = owner or make_agency(government)
    application = Application(government=government, owner=owner, name=name, status=status, **values)
    application.save()
    return application


def marked(government):
    """A registered record whose every non-public text says RAHASIA-<attribute>."""
    secrets = {}
    for attribute in fields.ATTRIBUTES:
        field = attribute.model_field
        if attribute.visibility != fields.PUBLIC and field is not None and not attribute.choices:
            if isinstance(field, models.CharField | models.TextField):
                secrets[attribute.name] = f"RAHASIA-{attribute.name}"
            elif getattr(field, "base_field", None) is not None and isinstance(field.base_field, models.CharField):
                secrets[attribute.name] = [f"RAHASIA-{attribute.name}"]
    application = make_application(
        government, "Antrean", number=1, contract_value=987654321, yearly_cost=987654322, **secrets
    )
    Address.objects.create(application=application, url="http://10.9.8.7/RAHASIA-alamat", kind="internal")
    Address.objects.create(application=application, url="https://antrean.go.id", kind="public")
    return application, set(secrets)


def body_of(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    return content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/katalog/",
        "/katalog/?q=RAHASIA",
        "/katalog/APL-2026-000001/",
        "/api/v1/applications/",
        "/api/v1/applications/APL-2026-000001/",
        *EXPORTS,
    ],
)
def test_nothing_that_is_not_public_leaves(client, government, path):
    _application, secrets = marked(government)
    assert {
        "servers",
        "programming_languages",
        "business_contact",
        "technical_contact",
        "vendor",
        "related_objects",
    } <= secrets
    answer = client.get(path)
    assert answer.status_code == 200
    text = body_of(answer).replace("“RAHASIA”", "").replace('value="RAHASIA"', "").replace("q=RAHASIA", "")
    assert "RAHASIA" not in text and "10.9.8.7" not in text and "98765432" not in text
    if "q=" not in path:
        assert "Antrean" in text


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "refused", "withdrawn"])
def test_what_is_not_registered_is_not_there(client, government, status):
    application = make_application(government, "Belum Terdaftar", number=1, status=status)
    for path in ("/katalog/", "/katalog/?status=" + status, *EXPORTS):
        assert "Belum Terdaftar" not in body_of(client.get(path))
    assert client.get(f"/katalog/{application.reference}/").status_code == 404


def test_a_relative_that_is_not_public_is_not_named(client, government):
    draft = make_application(government, "Rencana Tertutup", number=1, status="draft")
    make_application(government, "Antrean", number=2, successor=draft, super_application=draft)
    for path in ("/katalog/APL-2026-000002/", *EXPORTS):
        text = body_of(client.get(path))
        assert "Rencana Tertutup" not in text and draft.reference not in text


def test_exports_hold_every_public_attribute_and_every_public_record(client, government):
    for number in range(1, 4):
        make_application(government, f"Aplikasi {number}", number=number)
    records = json.loads(body_of(client.get("/api/v1/exports/applications.json")))
    assert [one["name"] for one in records] == ["Aplikasi 1", "Aplikasi 2", "Aplikasi 3"]
    assert records == [client.get(f"/api/v1/applications/{one['code']}/").json() for one in records]
    assert {attribute.name for attribute in fields.public_fields()} <= set(records[0])
    lines = body_of(client.get("/api/v1/exports/applications.ndjson")).splitlines()
    assert [json.loads(line) for line in lines] == records
    assert len(body_of(client.get("/api/v1/exports/applications.csv")).splitlines()) == 4


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_formulas_are_texts_in_spreadsheets(client, government, start):
    make_application(government, f"{start}1+1", number=1)
    csv_text = body_of(client.get("/api/v1/exports/applications.csv"))
    assert f",'{start}1+1," in csv_text and f",{start}1+1" not in csv_text
    content = b"".join(client.get("/api/v1/exports/applications.xlsx").streaming_content)
    cell = openpyxl.load_workbook(io.BytesIO(content)).active.cell(2, 2)
    assert (cell.value, cell.data_type) == (f"'{start}1+1", "s")


def test_retired_ones_are_hidden_and_said_so(client, government):
    new = make_application(government, "Antrean Baru", number=1)
    make_application(government, "Antrean Lama", number=2, status="retired", successor=new)
    page = body_of(client.get("/katalog/"))
    assert "Antrean Lama" not in page and "1 yang sudah pensiun tidak ditampilkan" in page
    assert "Antrean Lama" in body_of(client.get("/katalog/?status=registered&status=retired"))
    detail = body_of(client.get("/katalog/APL-2026-000002/"))
    assert "Pensiun sejak 1 Juli 2026" in detail and "Pakai Antrean Baru" in detail
    assert "Menggantikan" in body_of(client.get("/katalog/APL-2026-000001/"))


def test_search_and_facets(client, government):
    health = make_agency(government, "Dinas Kesehatan")
    make_application(government, "Antrean Puskesmas", number=1, owner=health, service_kind="public_service")
    make_application(government, "Absensi Pegawai", number=2, service_kind="administration")
    for query in ("q=puskesmas", "q=antraen+puskesmas", "service_kind=public_service", f"owner={health.code}"):
        page = body_of(client.get(f"/katalog/?{query}"))
        assert "Antrean Puskesmas" in page and "Absensi Pegawai" not in page
    assert "Tidak ada layanan yang cocok" in body_of(client.get("/katalog/?q=zzzzqqq"))


def test_several_governments_are_chosen_by_parameter(client, government):
    other = make_government("Kabupaten Lain", zone="Asia/Jayapura")
    make_application(government, "Punya Tirtaraya", number=1)
    make_application(other, "Punya Lain", number=2)
    both = body_of(client.get("/katalog/"))
    assert "Punya Tirtaraya" in both and "Punya Lain" in both
    one = body_of(client.get(f"/katalog/?pemda={other.code}"))
    assert "Punya Tirtaraya" not in one and "Punya Lain" in one and "WIT" in one
    names = [
        one["name"]
        for one in json.loads(body_of(client.get(f"/api/v1/exports/applications.json?government={other.code}")))
    ]
    assert names == ["Punya Lain"]


def test_an_export_refuses_what_it_does_not_know(client, government):
    assert client.get("/api/v1/exports/applications.csv?governmnt=x").status_code == 400
    assert client.get("/api/v1/exports/applications.csv?government=tidak-ada").status_code == 404


def test_the_public_actor_reads_only_public_classes():
    assert {attribute.visibility for attribute in fields.readable_by(Actor.anonymous())} == {fields.PUBLIC}
