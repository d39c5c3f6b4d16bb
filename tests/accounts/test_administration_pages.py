"""The administration pages: who gets in, and that refusals stay on the form with everything typed."""

import pytest

from apps.accounts.models import ApiToken, Membership, Organization, Role, User
from apps.core import services as core_services
from tests import factories

PAGES = (
    "",
    "orang/",
    "orang/undang/",
    "organisasi/",
    "organisasi/tambah/",
    "ketentuan/",
    "hari-libur/",
    "hari-libur/2031/",
    "token/",
    "token/buat/",
)


@pytest.fixture
def government(db):
    core_services.set_holidays(2031, [(factories.date(2031, 1, 1), "national_holiday", "Tahun Baru")], decree="")
    return factories.make_government()


@pytest.fixture
def signed_in(client, government):
    def go(role, seat=None):
        membership = factories.make_membership(role, government, seat)
        client.force_login(membership.user, backend="apps.accounts.backends.AccountBackend")
        return membership

    return go


@pytest.mark.parametrize("page", PAGES)
def test_administrators_read_and_others_do_not(client, government, signed_in, page):
    path = f"/pengelolaan/{page}"
    assert client.get(path).status_code == 302
    signed_in(Role.ADMINISTRATOR)
    assert client.get(path).status_code == 200
    signed_in(Role.REVIEWER)
    assert client.get(path).status_code == 403


def test_people_of_other_governments_are_not_there(client, signed_in):
    stranger = factories.make_membership(Role.REVIEWER, factories.make_government("Kota Lain"))
    signed_in(Role.ADMINISTRATOR)
    assert client.get(f"/pengelolaan/orang/{stranger.user_id}/").status_code == 404
    assert stranger.user.name not in client.get("/pengelolaan/orang/").content.decode()


def test_inviting_shows_the_link_once(client, government, signed_in):
    signed_in(Role.ADMINISTRATOR)
    agency = factories.make_agency(government)
    body = {
        "name": "Sari",
        "username": "sari@contoh.example",
        "role": "operator",
        "seat": agency.pk,
        "starts_on": "2026-01-01",
    }
    page = client.post("/pengelolaan/orang/undang/", body).content.decode()
    assert "/undangan/" in page
    person = User.objects.get(username="sari@contoh.example")
    assert "/undangan/" not in client.get(f"/pengelolaan/orang/{person.pk}/").content.decode()


def test_a_refused_form_keeps_what_was_typed_and_says_how_to_mend_it(client, government, signed_in):
    signed_in(Role.ADMINISTRATOR)
    body = {
        "name": "Sari Dewi",
        "username": "sari dewi",
        "nip": "123",
        "role": "operator",
        "seat": "",
        "starts_on": "kemarin",
    }
    page = client.post("/pengelolaan/orang/undang/", body).content.decode()
    assert "4 isian perlu dibetulkan" in page
    assert "NIP terdiri dari 18 angka" in page
    assert 'value="Sari Dewi"' in page
    assert 'aria-invalid="true"' in page


def test_a_rule_of_the_service_shows_on_the_form(client, government, signed_in):
    signed_in(Role.ADMINISTRATOR)
    agency = factories.make_agency(government)
    head = factories.make_membership(Role.AGENCY_HEAD, government, agency)
    other = factories.make_membership(Role.OPERATOR, government, agency)
    body = {"role": "agency_head", "seat": agency.pk, "starts_on": "2026-01-01"}
    page = client.post(f"/pengelolaan/orang/{other.user_id}/peran/", body)
    assert page.status_code == 409
    assert "sudah mempunyai kepala definitif" in page.content.decode()
    assert Membership.objects.filter(role="agency_head").get() == head


def test_ending_a_role_in_the_browser(client, government, signed_in):
    signed_in(Role.ADMINISTRATOR)
    row = factories.make_membership(Role.OPERATOR, government, factories.make_agency(government))
    path = f"/pengelolaan/orang/{row.user_id}/peran/{row.pk}/akhiri/"
    assert "Akhiri peran" in client.get(path).content.decode()
    assert client.post(path, {"reason": ""}).status_code == 400
    assert client.post(path, {"reason": "Mutasi"}).status_code == 302
    row.refresh_from_db()
    assert row.ended_at


def test_offices_are_founded_changed_and_dissolved(client, signed_in):
    signed_in(Role.ADMINISTRATOR)
    client.post("/pengelolaan/organisasi/tambah/", {"name": "Dinas Uji", "kind": "agency"})
    office = Organization.objects.get(name="Dinas Uji")
    edit = f"/pengelolaan/organisasi/{office.code}/ubah/"
    body = {"name": "Dinas Uji Baru", "kind": "agency", "parent": office.parent_id, "version": 1, "reason": "Perda"}
    assert client.post(edit, body).status_code == 302
    stale = client.post(edit, {**body, "name": "Lain"})
    assert stale.status_code == 412 and "sudah diubah orang lain" in stale.content.decode()
    assert (
        client.post(
            f"/pengelolaan/organisasi/{office.code}/nonaktifkan/", {"version": 2, "reason": "Digabung"}
        ).status_code
        == 302
    )
    assert "1 yang sudah tidak aktif" in client.get("/pengelolaan/organisasi/").content.decode()


def test_terms_and_calendar_are_saved(client, government, signed_in):
    signed_in(Role.ADMINISTRATOR)
    body = {
        "answer_working_days": 7,
        "extension_working_days": 5,
        "objection_working_days": 10,
        "stale_quarters": 4,
        "reappearance_days": "14, 60",
        "letter_classification": "555",
        "reason": "Perwal",
    }
    assert client.post("/pengelolaan/ketentuan/", body).status_code == 302
    government.policy.refresh_from_db()
    assert government.policy.answer_working_days == 7 and government.policy.reappearance_days == [14, 60]
    unordered = client.post("/pengelolaan/ketentuan/", {**body, "reappearance_days": "90, 30"})
    assert "dari yang terkecil" in unordered.content.decode()
    assert client.post("/pengelolaan/hari-libur/2031/", {"decree": "SKB 1", "compared": "on"}).status_code == 302
    assert "sudah dikonfirmasi" in client.get("/pengelolaan/hari-libur/2031/").content.decode()


def test_a_key_is_shown_once_and_revoked(client, government, signed_in):
    signed_in(Role.ADMINISTRATOR)
    body = {"name": "Satu data", "organization": government.pk, "scopes": ["catalogue"], "expires_on": "2026-01-01"}
    assert (
        "paling lama satu tahun"
        in client.post("/pengelolaan/token/buat/", {**body, "expires_on": "2199-01-01"}).content.decode()
    )
    soon = factories.core_services.clock.now().date() + factories.core_services.timedelta(days=30)
    page = client.post("/pengelolaan/token/buat/", {**body, "expires_on": soon.isoformat()}).content.decode()
    token = ApiToken.objects.get()
    assert "spbe_" in page
    assert token.prefix in client.get("/pengelolaan/token/").content.decode()
    assert client.post(f"/pengelolaan/token/{token.pk}/cabut/", {"reason": "Selesai"}).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at
