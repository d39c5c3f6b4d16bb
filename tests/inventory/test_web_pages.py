"""Each page of the register answers those who may see it, and shows what it should."""

import pytest
from django.test import Client

from apps.inventory.models import Application
from tests.deactivation.web import page, signed_in
from tests.inventory.doing import fresh

pytestmark = pytest.mark.django_db
LIST = "/aplikasi/"


def test_the_list_hides_the_retired_and_says_so(office):
    office.registered("Antrean Puskesmas")
    office.retired("Arsip Lama")
    client = signed_in(office.reviewer)
    text = page(client, LIST)
    assert "1 aplikasi" in text and "1 yang pensiun atau berakhir disembunyikan" in text and "Arsip Lama" not in text
    assert "Arsip Lama" in page(client, LIST + "?status=retired")


def test_facets_count_and_chips_clear(office):
    office.registered("Antrean Puskesmas", ownership="central")
    office.registered("Sistem Gaji", platforms=["desktop"])
    client = signed_in(office.reviewer)
    text = page(client, LIST + "?platforms=desktop")
    assert "Sistem Gaji" in text and "Antrean Puskesmas" not in text
    assert "Hapus saringan: desktop" in text


@pytest.mark.parametrize("words", ["antrean", "antrian puskesmas", "APL", "Dinas Kesehatan", "layanan"])
def test_search_finds_by_name_misspelling_office_and_function(office, words):
    made = office.registered("Antrean Puskesmas")
    asked = made.code if words == "APL" else words
    assert "Antrean Puskesmas" in page(signed_in(office.reviewer), f"{LIST}?q={asked}")


def test_an_unreadable_filter_value_is_said(office):
    answer = signed_in(office.reviewer).get(LIST + "?ownership=bulan")
    assert answer.status_code == 400


def test_the_list_costs_the_same_for_one_row_and_for_many(office, django_assert_max_num_queries):
    office.registered("Aplikasi 0")
    client = signed_in(office.reviewer)
    page(client, LIST)
    with django_assert_max_num_queries(60) as one:
        page(client, LIST + "?kolom=addresses&kolom=reference_codes&kolom=successor")
    for number in range(1, 6):
        office.registered(f"Aplikasi {number}")
    with django_assert_max_num_queries(len(one)):
        page(client, LIST + "?kolom=addresses&kolom=reference_codes&kolom=successor")


@pytest.mark.parametrize("part", ["", "arsitektur/", "riwayat/", "ubah/"])
def test_pages_of_a_registered_application(office, part):
    made = office.registered(addresses=[("https://antrean.contoh.example", "public")])
    text = page(signed_in(office.operator), f"{LIST}{made.code}/{part}")
    assert "Antrean Puskesmas" in text


def test_the_reference_keeps_redirecting_to_the_code(office):
    made = office.registered()
    answer = signed_in(office.operator).get(f"{LIST}{made.reference}/")
    assert answer.status_code == 302 and answer.url == f"{LIST}{made.code}/"


@pytest.mark.parametrize(
    "state,part", [("submitted", "periksa/"), ("registered", "konfirmasi-fakta/"), ("registered", "penangguhan/")]
)
def test_the_reviewers_pages(office, state, part):
    made = getattr(office, state)()
    assert "Antrean Puskesmas" in page(signed_in(office.reviewer), f"{LIST}{made.key}/{part}")
    assert signed_in(office.operator).get(f"{LIST}{made.key}/{part}").status_code == 403
    assert signed_in(office.stranger).get(f"{LIST}{made.key}/{part}").status_code == 404


@pytest.mark.parametrize("role", ["reviewer", "companion", "approver", "executive", "auditor"])
def test_a_draft_is_seen_by_its_own_office_alone(office, role):
    made = office.draft()
    assert signed_in(office.person(role)).get(f"{LIST}{made.key}/").status_code == 404
    assert "Antrean Puskesmas" in page(signed_in(office.operator), f"{LIST}{made.key}/")


def test_leaders_read_everything_and_the_public_no_contacts(office):
    made = office.registered(business_contact="Kepala Seksi 0812-0000", vendor="PT Contoh")
    for reader in (office.person("executive"), office.reviewer):
        assert "0812-0000" in page(signed_in(reader), f"{LIST}{made.code}/")
    assert "0812-0000" not in page(Client(), f"/katalog/{made.code}/")


def test_a_stranger_signs_in_first(client, office):
    assert client.get(LIST).status_code == 302
    assert fresh(office.registered()).status == Application.Status.REGISTERED
