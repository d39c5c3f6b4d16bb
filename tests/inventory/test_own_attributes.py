"""A government's own attributes: kept by an administrator, at home in form, page, list, filter, export, API and history."""

import csv
import io
import json

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation, StaleVersion
from apps.inventory import fields, services
from apps.inventory.models import CustomAttribute
from tests.catalogue.test_catalogue import body_of
from tests.deactivation.web import page, signed_in
from tests.factories import make_actor, make_government
from tests.inventory.doing import Office, fresh, last_event

pytestmark = pytest.mark.django_db
KEEPING = "/pengelolaan/atribut/"
API = "/api/v1/applications/"


@pytest.fixture
def administrator(government):
    return make_actor("administrator", government)


def added(by, label="Kode aset", kind="text", **values):
    return services.add_attribute(by=by, label=label, kind=kind, **values)


@pytest.fixture
def five(administrator):
    """One attribute of each kind."""
    added(administrator, "Kode aset", help="Dari daftar aset")
    added(administrator, "Jumlah pegawai", "number")
    added(administrator, "Ditinjau", "date", step=2)
    added(administrator, "Kematangan", "choice", choices=["Awal", "Mapan"], step=3)
    added(administrator, "Jalur", "choices", choices=["Loket", "Daring", "Telepon"], step=3)


WORDS = {
    "kode_aset": "A-17",
    "jumlah_pegawai": 12,
    "ditinjau": "2026-03-09",
    "kematangan": "Mapan",
    "jalur": ["Loket", "Daring"],
}
VALUES = {f"attributes.{key}": value for key, value in WORDS.items()}


def edited(office, record, **values):
    return services.edit(record.pk, by=office.reviewer, version=fresh(record).version, values=values, reason="Isi")


def test_only_the_administrator_keeps_attributes(office, administrator):
    for role in ("operator", "agency_head", "reviewer", "companion", "approver", "executive", "auditor"):
        with pytest.raises(PermissionDenied):
            added(office.person(role))
    made = added(administrator)
    with pytest.raises(PermissionDenied):
        services.end_attribute(made.key, by=office.reviewer, version=made.version)
    with pytest.raises(Http404):
        services.end_attribute(made.key, by=make_actor("administrator", make_government("Kota Lain")), version=1)


def test_internal_unless_said_otherwise_and_the_key_comes_from_the_name(administrator):
    made = added(administrator, "Kode Aset (BKAD)")
    assert (made.key, made.visibility, made.active) == ("kode_aset_bkad", "internal", True)
    services.end_attribute(made.key, by=administrator, version=made.version)
    assert added(administrator, "Kode Aset (BKAD)").key == "kode_aset_bkad_2"
    assert Event.objects.filter(verb="attribute.added").count() == 2


@pytest.mark.parametrize(
    "values",
    [
        {"label": " "},
        {"label": "Nama aplikasi"},
        {"kind": "rahasia"},
        {"kind": "choice"},
        {"kind": "text", "choices": ["Satu"]},
        {"kind": "choice", "choices": ["Satu", "Satu"]},
    ],
)
def test_what_cannot_be_asked_is_refused(administrator, values):
    with pytest.raises(ValidationError):
        added(administrator, **values)


def test_two_in_use_do_not_share_a_name(administrator):
    added(administrator)
    with pytest.raises(ValidationError):
        added(administrator, "KODE ASET")


def test_a_choice_in_use_stays_and_versions_are_asked(office, administrator, five):
    edited(office, office.registered(), **VALUES)
    one = CustomAttribute.objects.get(key="jalur")
    change = {"label": "Jalur layanan", "choices": ["Daring", "Telepon"]}
    with pytest.raises(RuleViolation):
        services.edit_attribute("jalur", by=administrator, version=one.version, **change)
    done = services.edit_attribute("jalur", by=administrator, version=one.version, choices=["Loket", "Daring"])
    assert done.choices == ["Loket", "Daring"]
    with pytest.raises(StaleVersion):
        services.edit_attribute("jalur", by=administrator, version=one.version, label="Lain")


def test_ended_it_is_asked_no_longer_and_restored_it_says_what_it_said(office, administrator, five):
    record = edited(office, office.registered(), **VALUES)
    one = services.end_attribute("kode_aset", by=administrator, version=1)
    assert "attributes.kode_aset" not in {attribute.name for attribute in fields.own(office.government.pk)}
    assert fresh(record).attributes["kode_aset"] == "A-17"
    with pytest.raises(RuleViolation):
        services.end_attribute("kode_aset", by=administrator, version=one.version)
    with pytest.raises(ValidationError):
        edited(office, record, **{"attributes.kode_aset": "B"})
    services.restore_attribute("kode_aset", by=administrator, version=one.version)
    assert "attributes.kode_aset" in {attribute.name for attribute in fields.own(office.government.pk)}


@pytest.mark.parametrize(
    "key,wrong",
    [
        ("kode_aset", 5), ("kode_aset", "x" * 501), ("jumlah_pegawai", "dua"), ("jumlah_pegawai", True),
        ("ditinjau", "9 Maret"), ("kematangan", "Lain"), ("jalur", "Loket"), ("jalur", ["Loket", "Lain"]), ("entah", "x"),
    ],
)  # fmt: skip
def test_values_of_another_kind_and_unknown_keys_are_refused(office, five, key, wrong):
    record = office.registered()
    with pytest.raises(ValidationError):
        edited(office, record, **{f"attributes.{key}": wrong})
    assert fresh(record).attributes == {}


def test_history_and_trail_keep_each_value(office, five):
    record = edited(office, office.registered(), **VALUES)
    assert last_event(record).details["changes"]["attributes.kematangan"] == ["", "Mapan"]
    edited(office, record, **{"attributes.kode_aset": "", "attributes.jalur": []})
    assert set(fresh(record).attributes) == {"jumlah_pegawai", "ditinjau", "kematangan"}
    kept = [row.attributes.get("kode_aset") for row in record.history.order_by("pgh_id")]
    assert kept[-2:] == ["A-17", None]
    day = clock.today(office.government.zone).isoformat()
    address = f"/aplikasi/{record.code}/riwayat/?pada={day}"
    stood = signed_in(office.reviewer).get(address, follow=True).content.decode()
    assert "Jumlah pegawai" in stood and "9 Maret 2026" in stood


def test_one_governments_attributes_are_not_anothers(office, five):
    other = Office(make_government("Kota Lain"))
    assert fields.own(other.government.pk) == []
    record = other.registered("Lain")
    with pytest.raises(ValidationError):
        edited(other, record, **{"attributes.kode_aset": "A"})
    assert "Kode aset" not in page(signed_in(other.reviewer), "/aplikasi/")


def test_typed_in_its_step_shown_on_its_page(office, five):
    draft = office.draft()
    client = signed_in(office.operator)
    text = page(client, f"/aplikasi/{draft.key}/isi/1/")
    assert "Kode aset" in text and "Dari daftar aset" in text and "Kematangan" not in text
    typed = {"attributes.kematangan": "Awal", "attributes.jalur": ["Daring", "Telepon"], "platforms": ["web"]}
    assert client.post(f"/aplikasi/{draft.key}/isi/3/", typed).status_code == 302
    wrong = client.post(f"/aplikasi/{draft.key}/isi/1/", {"name": "Antrean", "attributes.jumlah_pegawai": "dua"})
    assert wrong.status_code == 400 and 'value="dua"' in wrong.content.decode()
    client.post(f"/aplikasi/{draft.key}/isi/1/", {"name": "Antrean", "attributes.jumlah_pegawai": "12,5"})
    assert fresh(draft).attributes == {"kematangan": "Awal", "jalur": ["Daring", "Telepon"], "jumlah_pegawai": 12.5}
    shown = page(client, f"/aplikasi/{draft.key}/")
    assert "Jumlah pegawai" in shown and "12,5" in shown
    assert "Daring, Telepon" in page(client, f"/aplikasi/{draft.key}/arsitektur/")


def test_column_facet_filters_and_export(office, five):
    one = edited(office, office.registered("Satu"), **VALUES)
    edited(office, office.registered("Dua"), **{"attributes.jumlah_pegawai": 3, "attributes.jalur": ["Loket"]})
    client = signed_in(office.reviewer)
    asked = "kolom=attributes.kode_aset&kolom=attributes.ditinjau&kolom=attributes.jalur"
    text = page(client, f"/aplikasi/?{asked}")
    assert "A-17" in text and "9 Maret 2026" in text and "Loket, Daring" in text
    answer = client.get("/aplikasi/?attributes.kematangan=Mapan")
    facets = {facet["name"]: {v["value"]: v["n"] for v in facet["values"]} for facet in answer.context["facets"]}
    assert facets["attributes.jalur"] == {"Loket": 1, "Daring": 1} and answer.context["counts"].total == 1
    for query, number in {
        "attributes.kode_aset=a-1": 1,
        "attributes.jumlah_pegawai_min=4": 1,
        "attributes.jumlah_pegawai_max=12": 2,
        "attributes.ditinjau_after=2026-03-10": 0,
        "attributes.ditinjau_before=2026-03-09": 1,
        "attributes.jalur=Loket": 2,
        "attributes.jalur=Telepon&attributes.jalur=Daring": 1,
    }.items():
        assert client.get(f"/aplikasi/?{query}").context["counts"].total == number, query
        listed = client.get(f"{API}?{query}&count=true").json()
        assert listed["count"] == number, query
    assert client.get("/aplikasi/?attributes.kematangan=Lain").status_code == 400
    rows = list(
        csv.DictReader(io.StringIO(body_of(client.get(f"/aplikasi/ekspor.csv?{asked}&q=satu")).removeprefix("\ufeff")))
    )
    assert rows[0]["attributes.jalur"] == "Loket; Daring" and rows[0]["code"] == one.code


def test_many_records_take_one_value(office, five):
    one, two = office.registered("Satu"), office.registered("Dua")
    rows = [(one.pk, one.version), (two.pk, two.version)]
    services.edit_together(rows, by=office.reviewer, attribute="attributes.kematangan", value="Awal", reason="Tinjauan")
    assert fresh(one).attributes == fresh(two).attributes == {"kematangan": "Awal"}


def test_the_api_reads_and_writes_them_in_one_object(office, five):
    record = office.registered()
    client = signed_in(office.reviewer)

    def patch(attributes):
        body = {"attributes": attributes, "reason": "Isi"}
        tag = f'"{fresh(record).version}"'
        return client.patch(f"{API}{record.code}/", body, content_type="application/json", headers={"If-Match": tag})

    assert patch(WORDS).json()["attributes"] == WORDS
    assert patch({"jalur": None}).json()["attributes"] == {key: WORDS[key] for key in WORDS if key != "jalur"}
    assert patch({"entah": 1}).status_code == 400 and patch({"kematangan": "Lain"}).status_code == 400
    assert client.get(f"{API}{record.code}/?fields=name").json().keys() == {"key", "version", "name"}
    assert set(client.get(f"{API}{record.code}/?fields=attributes").json()) == {"key", "version", "attributes"}


def test_each_reader_gets_the_classes_they_may_read(office, administrator, client):
    for visibility in CustomAttribute.Visibility.values:
        added(administrator, f"Kata {visibility}", visibility=visibility)
    said = {f"attributes.kata_{name}": f"RAHASIA {name}" for name in ("internal", "restricted", "personal")}
    record = edited(office, office.registered(), **{"attributes.kata_public": "TERBUKA"}, **said)
    path = f"{API}{record.code}/"
    assert client.get(path).json()["attributes"] == {"kata_public": "TERBUKA"}
    catalogue = client.get(f"/katalog/{record.code}/").content.decode()
    assert "TERBUKA" in catalogue and "RAHASIA" not in catalogue
    for reader in (office.operator, office.person("executive")):
        assert len(signed_in(reader).get(path).json()["attributes"]) == 4
    assert client.get(f"{API}?attributes.kata_internal=RAHASIA").status_code == 400


def test_the_administrators_pages(office, administrator):
    client = signed_in(administrator)
    assert "Belum ada keterangan tambahan" in page(client, KEEPING)
    typed = {
        "label": "Kematangan",
        "kind": "choice",
        "choices": "Awal\n\nMapan ",
        "visibility": "internal",
        "step": "3",
        "position": "1",
    }
    assert client.post(KEEPING + "tambah/", {**typed, "choices": ""}).status_code == 400
    assert client.post(KEEPING + "tambah/", typed).status_code == 302
    made = CustomAttribute.objects.get()
    assert (made.choices, made.step) == (["Awal", "Mapan"], 3)
    assert "Mapan" in page(client, KEEPING + "kematangan/ubah/")
    renamed = {**typed, "label": "Tingkat", "version": made.version}
    assert client.post(KEEPING + "kematangan/ubah/", renamed).status_code == 302
    assert client.post(KEEPING + "kematangan/ubah/", renamed).status_code == 412
    assert client.post(KEEPING + "kematangan/akhiri/", {"version": made.version + 1}).status_code == 302
    assert "1 yang berakhir disembunyikan" in page(client, KEEPING)
    assert "Pakai lagi" in page(client, KEEPING + "?berakhir=1")
    assert client.post(KEEPING + "kematangan/pakai-lagi/", {"version": made.version + 2}).status_code == 302
    assert signed_in(office.reviewer).get(KEEPING).status_code == 403


def test_the_registry_is_never_kept_beyond_a_request(office, five):
    client = signed_in(office.reviewer)
    page(client, "/aplikasi/")
    CustomAttribute.objects.filter(key="kode_aset").update(label="Nomor aset")
    assert "Nomor aset" in page(client, "/aplikasi/")


@pytest.mark.parametrize("asked", ["", "?government={code}"])
def test_the_whole_catalogue_is_exported_with_what_is_public_of_them(office, administrator, client, asked):
    added(administrator, "Kode aset", visibility="public")
    added(administrator, "Catatan")
    values = {"attributes.kode_aset": "A-17", "attributes.catatan": "RAHASIA"}
    record = edited(office, office.registered(), **values)
    asked = asked.format(code=office.government.code)
    lines = body_of(client.get(f"/api/v1/exports/applications.csv{asked}")).removeprefix("\ufeff")
    assert [row["attributes.kode_aset"] for row in csv.DictReader(io.StringIO(lines))] == ["A-17"]
    told = json.loads(body_of(client.get(f"/api/v1/exports/applications.ndjson{asked}")))
    assert (told["code"], told["attributes"]) == (record.code, {"kode_aset": "A-17"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(f"/api/v1/exports/applications.xlsx{asked}"))))
    assert "Kode aset" in [cell.value for cell in book.active[1]] and "RAHASIA" not in lines


def test_governments_beside_each_other_lend_no_column(office, administrator, client):
    added(administrator, "Kode aset", visibility="public")
    edited(office, office.registered(), **{"attributes.kode_aset": "A-17"})
    other = Office(make_government("Kabupaten Lain"))
    services.add_attribute(by=make_actor("administrator", other.government), label="Kode aset", kind="text")
    edited(other, other.registered("Lain"), **{"attributes.kode_aset": "RAHASIA"})
    assert "RAHASIA" not in body_of(client.get("/api/v1/exports/applications.csv"))
    alone = body_of(client.get(f"/api/v1/exports/applications.csv?government={office.government.code}"))
    assert "A-17" in alone and "RAHASIA" not in alone
