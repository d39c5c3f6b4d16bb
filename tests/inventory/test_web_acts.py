"""Each act by its page, and what a refusal leaves on it."""

import pytest

from apps.inventory.models import Application
from tests.deactivation.web import page, signed_in
from tests.inventory.doing import fresh

pytestmark = pytest.mark.django_db
STEP_1 = {
    "name": "Antrean Puskesmas",
    "functions": "Memanggil antrean",
    "service_kind": "public_service",
    "addresses": "",
}


def post(actor, application, part, **fields):
    sent = {"version": fresh(application).version} | fields
    return signed_in(actor).post(f"/aplikasi/{application.key}/{part}", sent)


def test_the_whole_way_by_pages(office):
    client = signed_in(office.operator)
    begun = client.post("/aplikasi/daftarkan/", {"name": "Antrean Puskesmas", "owner": office.agency.code})
    made = Application.objects.get()
    assert begun.url == f"/aplikasi/{made.reference}/isi/1/"
    base = f"/aplikasi/{made.reference}/"
    page(client, base + "isi/1/")
    assert client.post(base + "isi/1/", STEP_1).url == base + "isi/2/"
    assert client.post(base + "isi/2/", {"ownership": "local", "stage": "operation"}).url == base + "isi/3/"
    assert client.post(base + "isi/3/", {"platforms": ["web", "mobile"]}).url == base + "isi/4/"
    assert client.post(base + "isi/4/", {}).url == base + "isi/5/"
    assert client.post(base + "isi/5/", {"yearly_cost": "64.200.000"}).url == base + "ajukan/"
    assert "Siap diajukan" in page(client, base + "ajukan/")
    assert post(office.operator, made, "ajukan/").status_code == 302
    answer = post(office.reviewer, made, "periksa/", act="register")
    done = fresh(made)
    assert done.status == "registered" and answer.url == f"/aplikasi/{done.code}/"
    assert done.yearly_cost == 64_200_000 and done.platforms == ["web", "mobile"]


def test_a_wrong_word_stays_typed_and_is_kept(office):
    made = office.draft()
    answer = post(office.operator, made, "isi/1/", **{**STEP_1, "year_built": "20233"})
    assert answer.status_code == 400 and 'value="20233"' in answer.content.decode()
    assert 'value="20233"' in page(signed_in(office.operator), f"/aplikasi/{made.key}/isi/1/")


def test_a_draft_keeps_itself(office):
    made = office.draft()
    client = signed_in(office.operator)
    sent = {**STEP_1, "functions": "", "description": "Baru"}
    answer = client.post(f"/aplikasi/{made.key}/isi/1/", sent, headers={"X-Requested-With": "autosave"})
    assert answer.status_code == 200 and "tersimpan" in answer.content.decode()
    assert fresh(made).description == "Baru"


def test_what_is_missing_is_said_all_at_once(office):
    made = office.draft(functions="", platforms=[])
    text = page(signed_in(office.operator), f"/aplikasi/{made.key}/ajukan/")
    assert "2 keterangan masih kurang" in text and "Fungsi" in text and "Platform" in text
    post(office.operator, made, "ajukan/")
    assert fresh(made).status == "draft"


def test_look_alikes_are_shown_before_a_draft_is_made(office):
    office.registered("Antrean Puskesmas")
    client = signed_in(office.operator)
    sent = {"name": "Antrean Puskesmas 2", "owner": office.agency.code}
    assert "1 aplikasi mirip sudah ada" in client.post("/aplikasi/daftarkan/", sent).content.decode()
    assert Application.objects.count() == 1
    assert client.post("/aplikasi/daftarkan/", {**sent, "different": "on"}).status_code == 302
    assert "Antrean Puskesmas" in page(client, "/aplikasi/mirip/?name=antrean+puskesmas")


@pytest.mark.parametrize(
    "state,who,part,sent,after",
    [
        ("submitted", "reviewer", "periksa/", {"act": "return", "reason": "Uraian kurang"}, "returned"),
        ("submitted", "reviewer", "periksa/", {"act": "refuse", "reason": "Bukan aplikasi"}, "refused"),
        ("submitted", "operator", "tarik/", {"reason": "Salah OPD"}, "withdrawn"),
        ("registered", "reviewer", "konfirmasi-fakta/", {}, "registered"),
        (
            "registered",
            "reviewer",
            "penangguhan/",
            {"starts_on": "2026-07-01", "ends_on": "2026-09-30", "reason": "Pindah"},
            "registered",
        ),
    ],
)
def test_each_act(office, state, who, part, sent, after):
    made = getattr(office, state)()
    answer = post(getattr(office, who), made, part, **sent)
    assert answer.status_code == 302 and fresh(made).status == after


def test_a_draft_is_deleted(office):
    made = office.draft()
    assert post(office.operator, made, "hapus/").url == "/aplikasi/"
    assert not Application.objects.exists()


def test_an_edit_with_its_reason(office):
    made = office.registered()
    sent = {**STEP_1, "ownership": "local", "stage": "operation", "platforms": ["web"], "year_built": "2023"}
    refused = post(office.operator, made, "ubah/", **sent)
    assert refused.status_code == 400 and 'value="2023"' in refused.content.decode()
    assert post(office.operator, made, "ubah/", **sent, reason="Baru diketahui").status_code == 302
    assert fresh(made).year_built == 2023


def test_refusals_of_an_act(office):
    made = office.registered()
    sent = {**STEP_1, "ownership": "local", "stage": "operation", "platforms": ["web"], "reason": "Baru"}
    assert post(office.operator, made, "ubah/", **sent, version=1).status_code == 412
    assert post(office.person("executive"), made, "ubah/", **sent).status_code == 403
    assert post(office.reviewer, made, "periksa/", act="return", reason="Kurang").status_code == 409
    assert post(office.stranger, made, "ubah/", **sent).status_code == 404
