"""What the API says of a record to its own people, row by row, beside expectations written by hand."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import clock
from apps.inventory import services
from apps.inventory.models import Application, CustomAttribute, Relation
from apps.inventory.services import CONTRACT, COST, DOCUMENT, RELATION
from tests.deactivation.web import api
from tests.factories import make_actor, make_government
from tests.inventory.doing import fresh
from tests.waiting import publish_what_waits

pytestmark = pytest.mark.django_db
ALL = "/api/v1/applications/"
PDF = b"%PDF-1.4 contoh"


def add(noun, made, by, **values):
    return services.add_row(noun, made.key, by=by, version=fresh(made).version, reason="Pendataan", values=values)


def said_to(by, made, query=""):
    publish_what_waits()
    answer = api(by).get(f"/api/v1/applications/{made.key}/{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_rows_are_said_in_their_order(office):
    made = office.registered(season_months=[3, 11])
    paper = add(CONTRACT, made, office.operator, number="027/1", vendor="PT A", subject="", amount=Decimal(48_000_000),
                starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))  # fmt: skip
    later = add(CONTRACT, made, office.operator, number="027/2", vendor="PT B", subject="Lanjutan", amount=Decimal(5),
                starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))  # fmt: skip
    old = add(COST, made, office.operator, year=2025, kind="hosting", amount=Decimal(100))
    new = add(COST, made, office.operator, year=2026, kind="hosting", amount=Decimal(13_800_000), contract=paper,
              budget_reference="5.1.02", funding_source="APBD")  # fmt: skip
    said = said_to(office.operator, made)
    assert (said["contract_value"], said["season_months"]) == ("5", [3, 11])
    assert (said["yearly_cost"], said["contract_ends_on"]) == ("13800000", "2027-12-31")  # what the rows come to
    assert said["contracts"] == [
        {"id": later.pk, "number": "027/2", "vendor": "PT B", "subject": "Lanjutan", "amount": "5",
         "starts_on": "2027-01-01", "ends_on": "2027-12-31"},
        {"id": paper.pk, "number": "027/1", "vendor": "PT A", "subject": "", "amount": "48000000",
         "starts_on": "2026-01-01", "ends_on": "2026-12-31"},
    ]  # fmt: skip
    assert said["costs"] == [
        {"id": new.pk, "year": 2026, "kind": "hosting", "amount": "13800000", "budget_reference": "5.1.02",
         "funding_source": "APBD", "contract": "027/1"},
        {"id": old.pk, "year": 2025, "kind": "hosting", "amount": "100", "budget_reference": "", "funding_source": "",
         "contract": None},
    ]  # fmt: skip


def test_documents_name_their_file_or_their_place(office):
    made = office.registered()
    place = add(
        DOCUMENT, made, office.operator, kind="source_code", title="Repositori", location="https://kode.example/a"
    )
    file = add(DOCUMENT, made, office.operator, kind="source_code", title="Panduan",
               upload=SimpleUploadedFile("panduan.pdf", PDF), valid_until=date(2027, 1, 1))  # fmt: skip
    first, second = said_to(office.operator, made)["documents"]
    assert (first["id"], first["file_name"], first["valid_until"]) == (file.pk, "panduan.pdf", "2027-01-01")
    assert first["sha256"] == file.document.sha256 and len(first["sha256"]) == 64
    assert second == {
        "id": place.pk, "kind": "source_code", "title": "Repositori", "location": "https://kode.example/a",
        "sha256": None, "file_name": None, "valid_from": None, "valid_until": None, "visibility": place.visibility,
    }  # fmt: skip


def test_a_tie_is_said_from_both_ends(office):
    made, source = office.registered("Antrean"), office.registered("Layanan NIK")
    tie = add(RELATION, made, office.operator, target=source, direction="receives", description="NIK", method="api")
    own = {"id": tie.pk, "other": source.code, "stated_here": True, "kind": "integration", "direction": "receives",
           "description": "NIK", "method": "api", "migrated_on": None}  # fmt: skip
    assert said_to(office.operator, made)["relations"] == [own]
    assert said_to(office.operator, source)["relations"] == [
        own | {"other": made.code, "stated_here": False, "direction": "sends"}
    ]


def test_a_tie_to_what_the_reader_may_not_know_is_not_said(office):
    made, hidden = office.registered("Antrean"), office.draft("Belum terdaftar")
    Application.objects.filter(pk=hidden.pk).update(owner=office.stranger.scope_id)
    Relation.objects.create(source=made, target=hidden, kind="integration", direction="sends")
    assert said_to(office.operator, made)["relations"] == []
    assert [tie["other"] for tie in said_to(office.reviewer, made)["relations"]] == []
    Application.objects.filter(pk=hidden.pk).update(status="submitted")
    assert [tie["other"] for tie in said_to(office.reviewer, made)["relations"]] == [hidden.reference]
    assert said_to(office.operator, made)["relations"] == []


def test_the_latest_seal_says_whether_it_holds(office):
    made = office.registered()
    assert said_to(office.operator, made)["attestation"] is None
    at = clock.now()
    services.attest(made.key, by=office.operator, version=fresh(made).version)
    seal = said_to(office.operator, made)["attestation"]
    assert (seal["by"], seal["intact"]) == (office.operator.name, True) and seal["at"] > at.strftime(
        "%Y-%m-%dT%H:%M:%S"
    )
    services.edit(made.key, by=office.operator, version=fresh(made).version, values={"output": "Lain"}, reason="Perlu")
    assert said_to(office.operator, made)["attestation"] == seal | {"intact": False}


def test_own_attributes_go_by_the_reader(office):
    for key, visibility in (("tertutup", "restricted"), ("terbuka", "public")):
        CustomAttribute.objects.create(
            government=office.government, key=key, label=key, kind="text", visibility=visibility, step=1
        )
    made = office.registered()
    row = fresh(made)
    row.attributes = {"terbuka": "ya", "tertutup": "RAHASIA", "hilang": "tak dikenal"}
    row.save()
    abroad = make_government("Kota Seberang")
    assert said_to(office.operator, made)["attributes"] == {"terbuka": "ya", "tertutup": "RAHASIA"}
    assert api(make_actor("reviewer", abroad)).get(f"/api/v1/applications/{made.key}/").status_code == 404


def test_a_part_is_the_head_and_what_was_asked(office):
    made = office.registered()
    asked = said_to(office.operator, made, "?fields=vendor,owner_name")
    assert asked == {"key": made.code, "version": made.version, "vendor": "", "owner_name": "Dinas Kesehatan"}
    listed = api(office.operator).get("/api/v1/applications/?fields=vendor").json()["results"]
    assert listed == [{"key": made.code, "version": made.version, "vendor": ""}]


@pytest.mark.parametrize("rows", [1, 4])
def test_a_list_with_all_its_rows_is_one_statement(office, rows):
    for number in range(rows):
        made = office.registered(f"Antrean {number}")
        add(COST, made, office.operator, year=2026, kind="hosting", amount=Decimal(1))
    client = api(office.reviewer)
    client.get(ALL)
    for path in (ALL, f"{ALL}{made.key}/"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        reads = [one["sql"] for one in asked if one["sql"].startswith("SELECT")]
        assert len(reads) == 4, reads  # session, person, memberships, and the records whole
    assert len(client.get(ALL).json()["results"]) == rows
