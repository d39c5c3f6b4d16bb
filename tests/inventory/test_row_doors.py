"""Rows of a record by page and by API: each act once, the order of refusals, what each reader gets."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from apps.accounts.actor import Actor
from apps.inventory import fields, filters
from apps.inventory.models import Application, Contract, Cost, RecordDocument, Relation
from tests.deactivation.web import api, page, signed_in
from tests.inventory.doing import fresh
from tests.inventory.test_rows import PDF

pytestmark = pytest.mark.django_db
COST = {"year": "2026", "kind": "maintain", "amount": "48.000.000", "reason": "DPA terbit"}
CONTRACT = {"number": "027/1", "vendor": "PT Contoh", "amount": "48000000", "starts_on": "2026-01-01",
            "ends_on": "2026-12-31", "reason": "Kontrak ditandatangani"}  # fmt: skip


def post(actor, application, part, **sent):
    version = sent.pop("version", fresh(application).version)
    return signed_in(actor).post(f"/aplikasi/{application.key}/{part}", {"version": version} | sent)


def call(actor, application, part, body, version=None):
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    client = api(actor) if actor else APIClient()
    return client.post(f"/api/v1/applications/{application.key}/{part}/", body, format="json", headers=headers)


@pytest.fixture
def two(office):
    return office.registered("Antrean Puskesmas"), office.registered("Manajemen Puskesmas")


def test_a_tie_is_written_mirrored_changed_and_removed_by_pages(office, two):
    made, other = two
    sent = {"target": other.code, "kind": "integration", "direction": "receives", "description": "Jadwal poli",
            "reason": "Pendataan"}  # fmt: skip
    assert post(office.operator, made, "hubungan/tambah/", **sent).url == f"/aplikasi/{made.key}/hubungan/"
    row = Relation.objects.get()
    client = signed_in(office.operator)
    assert "Menerima dari" in page(client, f"/aplikasi/{made.key}/hubungan/")
    assert "Mengirim ke" in page(client, f"/aplikasi/{other.key}/hubungan/")
    assert made.name in page(client, f"/aplikasi/{other.key}/hubungan/dampak/")
    assert "Tidak ada aplikasi yang tercatat bergantung" in page(client, f"/aplikasi/{made.key}/hubungan/dampak/")
    assert 'value="Jadwal poli"' in page(client, f"/aplikasi/{made.key}/hubungan/{row.pk}/ubah/")
    post(office.operator, made, f"hubungan/{row.pk}/ubah/", **{**sent, "direction": "both"})
    assert Relation.objects.get().direction == "both"
    assert "Hubungan diubah" in page(client, f"/aplikasi/{made.key}/riwayat/")
    assert "bertukar dengan" in page(client, f"/aplikasi/{made.key}/hubungan/{row.pk}/hapus/")
    assert post(office.operator, made, f"hubungan/{row.pk}/hapus/", reason="Berakhir").status_code == 302
    assert not Relation.objects.exists()


def test_costs_and_contracts_by_pages(office):
    made = office.registered()
    assert post(office.operator, made, "kontrak/tambah/", **CONTRACT).status_code == 302
    contract = Contract.objects.get()
    post(office.operator, made, "biaya/tambah/", **COST, contract=contract.pk)
    text = page(signed_in(office.operator), f"/aplikasi/{made.key}/biaya/")
    assert "Rp48.000.000 pada 2026" in text and "027/1" in text
    assert fresh(made).yearly_cost == 48_000_000
    edit = page(signed_in(office.operator), f"/aplikasi/{made.key}/ubah/")
    assert "Mengikuti rincian di tab Biaya" in edit
    refused = post(office.operator, made, f"kontrak/{contract.pk}/hapus/", reason="Batal")
    assert refused.status_code == 409 and "Masih ada biaya" in refused.content.decode()


def test_a_file_is_uploaded_and_served_to_who_may_read_it(office):
    made = office.registered()
    sent = {"kind": "security_test", "title": "Uji 2026", "visibility": "restricted", "reason": "Selesai diuji"}
    post(office.operator, made, "dokumen/tambah/", **sent, upload=SimpleUploadedFile("uji.pdf", PDF))
    row = RecordDocument.objects.get()
    path = f"/aplikasi/{made.key}/dokumen/{row.pk}/unduh/"
    answer = signed_in(office.operator).get(path)
    assert b"".join(answer.streaming_content) == PDF and "attachment" in answer["Content-Disposition"]
    leader, auditor = office.person("executive"), office.person("auditor")
    for reader in (leader, auditor):
        assert signed_in(reader).get(path).status_code == 200
        assert "Uji 2026" in page(signed_in(reader), f"/aplikasi/{made.key}/dokumen/")
    assert signed_in(office.stranger).get(path).status_code == 404
    by_api = f"/api/v1/applications/{made.key}/documents/{row.pk}/file/"
    assert api(auditor).get(by_api).status_code == api(leader).get(by_api).status_code == 200
    assert APIClient().get(by_api).status_code == 401


def test_what_was_typed_stays_when_it_is_refused(office):
    made = office.registered()
    answer = post(office.operator, made, "biaya/tambah/", **{**COST, "amount": "banyak", "reason": ""})
    text = answer.content.decode()
    assert answer.status_code == 400 and 'value="banyak"' in text and "2 isian perlu dibetulkan" in text
    assert not Cost.objects.exists()


def test_pages_ask_for_the_record_then_the_right_then_the_rest(office):
    made = office.registered()
    assert post(office.stranger, made, "biaya/tambah/").status_code == 404
    assert post(office.person("auditor"), made, "biaya/tambah/").status_code == 403
    assert post(office.operator, made, "biaya/tambah/", **COST, version=made.version - 1).status_code == 412
    assert post(office.operator, made, "biaya/tambah/").status_code == 400
    assert post(office.operator, made, "biaya/999/ubah/").status_code == 404
    assert post(office.operator, office.retired("Usai"), "biaya/tambah/", **COST).status_code == 409


def test_every_act_by_the_api(office, two):
    made, other = two
    acts = (
        ("add-contract", {**CONTRACT}),
        ("add-cost", {**COST, "amount": 48_000_000, "contract": "027/1"}),
        ("add-relation", {"target": other.code, "direction": "sends", "description": "Kunjungan", "reason": "Baru"}),
        ("add-document", {"kind": "source_code", "title": "Kode", "location": "https://kode.contoh.example", "reason": "Baru"}),
    )  # fmt: skip
    for part, body in acts:
        answer = call(office.operator, made, part, body, fresh(made).version)
        assert answer.status_code == 200, answer.content
    said = answer.json()
    assert said["costs"][0]["contract"] == "027/1" and said["yearly_cost"] is not None
    assert said["relations"][0]["other"] == other.code and said["relations"][0]["stated_here"]
    assert said["documents"][0]["location"] == "https://kode.contoh.example"
    changes = {"relation": {"direction": "both"}, "cost": {"amount": 1}, "contract": {"vendor": "CV Lain"},
               "document": {"title": "Kode sumber"}}  # fmt: skip
    for noun, body in changes.items():
        body |= {"id": said[f"{noun}s"][0]["id"], "reason": "Diperbaiki"}
        answer = call(office.operator, made, f"change-{noun}", body, fresh(made).version)
        assert answer.status_code == 200, answer.content
    mirrored = api(office.reviewer).get(f"/api/v1/applications/{other.code}/").json()["relations"][0]
    assert mirrored["other"] == made.code and mirrored["direction"] == "both" and not mirrored["stated_here"]
    for noun in ("cost", "contract", "relation", "document"):
        body = {"id": said[f"{noun}s"][0]["id"], "reason": "Salah catat"}
        answer = call(office.operator, made, f"remove-{noun}", body, fresh(made).version)
        assert answer.status_code == 200 and not answer.json()[f"{noun}s"], answer.content


def test_the_api_refuses_in_order(office):
    made = office.registered()
    body = {"year": 2026, "kind": "hosting", "amount": 5, "reason": "DPA"}
    assert call(None, made, "add-cost", body).status_code == 401
    assert call(office.stranger, made, "add-cost", body).status_code == 404
    assert call(office.person("auditor"), made, "add-cost", {}).status_code == 403
    assert call(office.operator, made, "add-cost", body).status_code == 428
    assert call(office.operator, made, "add-cost", body, made.version + 9).status_code == 412
    retired = office.retired("Usai")
    assert call(office.operator, retired, "add-cost", body, retired.version).status_code == 409
    for wrong in ({"year": 1}, {"warna": "merah"}, {"contract": "tidak ada"}):
        assert call(office.operator, made, "add-cost", {**body, **wrong}, made.version).status_code == 400


def test_the_impact_is_for_people_of_the_government(office, two):
    made, other = two
    Relation.objects.create(source=made, target=other)
    path = f"/api/v1/applications/{made.code}/impact/"
    said = api(office.operator).get(path).json()
    assert [(row["key"], row["depth"], row["path"]) for row in said["hurt"]] == [
        (other.code, 1, [made.code, other.code])
    ]
    assert APIClient().get(path).status_code == 401
    assert "relations" not in APIClient().get(f"/api/v1/applications/{made.code}/").json()


def filtered(by, **query):
    found = filters.filter_for(by)(query, queryset=Application.objects.visible_to(by))
    assert found.form.is_valid(), found.form.errors
    return {row.name for row in found.qs}


def test_filters_by_ties_costs_contracts_and_documents(office, two):
    made, other = two
    Relation.objects.create(source=made, target=other)
    Cost.objects.create(application=made, year=2025, kind="hosting", amount=6)
    Cost.objects.create(application=made, year=2025, kind="license", amount=5)
    Cost.objects.create(application=other, year=2026, kind="build", amount=10)
    Contract.objects.create(
        application=made, number="1", vendor="A", amount=1, starts_on="2026-01-01", ends_on="2026-03-31"
    )
    Contract.objects.create(
        application=made, number="2", vendor="A", amount=1, starts_on="2026-01-01", ends_on="2026-12-31"
    )
    RecordDocument.objects.create(application=other, kind="manual", title="Panduan", location="https://a.example", valid_until="2026-06-30")  # fmt: skip
    by = office.reviewer
    assert filtered(by, related_to=other.code.lower()) == {made.name}
    assert filtered(by, cost_year="2026") == {other.name}
    assert filtered(by, cost_min="11") == {made.name} and filtered(by, cost_min="10") == {made.name, other.name}
    assert filtered(by, cost_min="10", cost_year="2025") == {made.name} and not filtered(by, cost_min="12")
    assert filtered(by, contract_ends_before="2026-03-31") == {made.name} and not filtered(by, contract_ends_before="2026-03-30")  # fmt: skip
    assert not filtered(by, contract_ends_after="2026-04-01", contract_ends_before="2026-12-30")
    assert filtered(by, document_kind="manual", document_expires_before="2026-07-01") == {other.name}
    assert "document_kind" in filters.filter_for(office.person("executive")).base_filters
    assert not {"related_to", "cost_min", "document_kind"} & set(filters.filter_for(Actor.anonymous()).base_filters)


def test_rows_are_columns_of_the_list_and_its_file(office, two, django_assert_max_num_queries):
    made, other = two
    Relation.objects.create(source=made, target=other, description="Kunjungan")
    Cost.objects.create(application=made, year=2026, kind="hosting", amount=6)
    client = signed_in(office.reviewer)
    query = "?kolom=relations&kolom=costs&kolom=contracts&kolom=documents"
    assert f"menerima dari {made.code} (Kunjungan)" in page(client, f"/aplikasi/{query}")
    lines = b"".join(client.get(f"/aplikasi/ekspor.csv{query}").streaming_content).decode()
    assert f"mengirim ke {other.code} (Kunjungan)" in lines and "2026 penempatan Rp6" in lines
    assert {"relations", "costs", "contracts", "documents"} <= {
        a.name for a in fields.readable_by(office.person("executive"))
    }
