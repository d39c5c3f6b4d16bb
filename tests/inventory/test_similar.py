"""Similar applications: found by name and purpose, with the reason, whatever became of them, and only what may be known."""

import pytest
from django.db import connection
from django.db.models import TextField, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.models import Counter
from apps.inventory import services
from apps.inventory.models import Application
from apps.inventory.models.likeness import Without
from apps.inventory.similar import similar
from tests.deactivation.web import api, page, signed_in
from tests.factories import make_actor, make_agency, make_government
from tests.inventory.doing import fresh

pytestmark = pytest.mark.django_db


def found(office, name, by=None, **more):
    return {one.application.name: one for one in similar(name, by=by or office.operator, **more)}


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("Antrean Puskesmas", "nama sama"),
        ("Aplikasi Antrean Puskesmas Berbasis Web", "nama sama"),
        ("antrian puskesmas", "nama hampir sama"),
        ("Antrean Puskes", "nama hampir sama"),
        ("Puskesmas", "nama memuat kata yang sama"),
    ],
)
def test_a_name_is_found_again_however_it_is_written(office, typed, reason):
    office.registered("Sistem Informasi Antrean Puskesmas")
    office.registered("Retribusi Pasar")
    assert [one.reasons[0] for one in found(office, typed).values()] == [reason]


def test_words_that_all_names_share_make_nothing_alike(office):
    office.registered("Sistem Informasi Manajemen Parkir")
    assert not found(office, "Sistem Informasi Manajemen Perpustakaan")
    assert not found(office, "Si")


def test_the_same_purpose_under_another_name_is_found(office):
    office.registered("SIPEJA", functions="Memanggil antrean pasien puskesmas di ruang tunggu")
    assert not found(office, "Nomor Urut Kita")
    asked = found(
        office, "Nomor Urut Kita", functions="memanggil antrean pasien di puskesmas", owner_id=office.agency.pk
    )
    assert asked["SIPEJA"].reasons == ("fungsi serupa", "OPD sama")


def test_a_retired_one_says_from_when_to_when_and_why_it_went(office):
    made = office.retired("Antrean Puskesmas", year_built=2019)
    retired_in = fresh(made).retired_at.year
    fate = found(office, "Antrean Puskesmas")["Antrean Puskesmas"].fate
    assert fate == f"dipakai 2019–{retired_in}, lalu pensiun: KSS-2026-0001"


def test_a_national_one_of_another_government_is_offered_once_and_a_local_one_is_not(office):
    for _turn in range(2):
        there = make_government("Kabupaten Lain")
        clerk, reviewer = make_actor("operator", there, make_agency(there)), make_actor("reviewer", there)
        for name, ownership in (("SRIKANDI Kearsipan", "central"), ("Srikandi Kearsipan Lokal", "local")):
            made = services.start_draft(by=reviewer, owner=clerk_office(clerk), name=name)
            said = {
                "functions": "Arsip",
                "platforms": ["web"],
                "service_kind": "administration",
                "ownership": ownership,
            }
            sent = services.save_draft(made.reference, by=reviewer, typed={}, values=said)
            sent = services.submit(sent.reference, by=clerk, version=sent.version)
            services.register(sent.reference, by=reviewer, version=sent.version)
    asked = similar("Srikandi Kearsipan", by=office.operator)
    assert [one.application.name for one in asked] == ["SRIKANDI Kearsipan"]
    assert "aplikasi nasional" in asked[0].fate


def clerk_office(clerk):
    return Application.owner.field.related_model.objects.get(pk=clerk.seat_id)


@pytest.mark.parametrize("state", ["draft", "returned", "withdrawn", "refused"])
def test_what_is_not_in_the_register_is_not_told(office, state):
    getattr(office, state)()
    assert not found(office, "Antrean Puskesmas", by=office.stranger)


def test_a_submission_is_told_to_those_who_see_it_only(office):
    office.submitted()
    assert not found(office, "Antrean Puskesmas", by=office.stranger)
    for by in (office.operator, office.reviewer):
        assert "sedang diajukan" in found(office, "Antrean Puskesmas", by=by)["Antrean Puskesmas"].fate


def test_the_page_works_without_javascript_and_links_what_may_be_read(office):
    made = office.registered()
    own = page(signed_in(office.operator), "/aplikasi/mirip/?name=Antrean+Puskesmas")
    other = page(signed_in(office.stranger), "/aplikasi/mirip/?name=Antrean+Puskesmas")
    assert f'href="/aplikasi/{made.code}/"' in own and f'href="/katalog/{made.code}/"' in other
    piece = signed_in(office.stranger).get("/aplikasi/mirip/?name=Antrean+Puskesmas", headers={"HX-Request": "true"})
    assert "<html" not in piece.content.decode() and "nama sama" in piece.content.decode()
    assert "Belum ada yang serupa" in page(signed_in(office.operator), "/aplikasi/mirip/?name=Perpustakaan")


def test_a_draft_and_its_examination_show_the_others_but_not_itself(office):
    twin, sent = office.registered("Antrean Puskesmas"), office.submitted("Antrean Puskesmas Kota")
    text = page(signed_in(office.reviewer), f"/aplikasi/{sent.key}/periksa/")
    assert "1 aplikasi mirip sudah ada" in text and twin.code in text
    draft = office.draft("Antrean Puskesmas Baru")
    assert "2 aplikasi mirip sudah ada" in page(signed_in(office.operator), f"/aplikasi/{draft.key}/isi/1/")


def test_it_takes_two_statements_whatever_is_found(office, django_assert_num_queries):
    for number in range(3):
        office.retired(f"Antrean Puskesmas {number}")
    with django_assert_num_queries(2):
        assert len(similar("Antrean Puskesmas", by=office.operator, functions="Mencatat layanan")) == 3


def test_the_api_answers_with_reasons_and_refuses_what_it_does_not_know(office):
    made = office.registered()
    client = api(office.operator)
    answer = client.get("/api/v1/applications/similar/", {"name": "Antrean Puskesmas", "functions": "Mencatat layanan"})
    (one,) = answer.json()
    assert (one["key"], one["status"], one["reasons"]) == (made.code, "registered", ["nama sama"])
    assert client.get("/api/v1/applications/similar/").status_code == 400
    assert client.get("/api/v1/applications/similar/?name=Antrean&nama=x").status_code == 400
    assert type(client)().get("/api/v1/applications/similar/?name=Antrean").status_code == 401


PATTERN = r"[^[:alnum:]]+|\m({})\M"
WRITTEN = st.lists(
    st.sampled_from(["aplikasi", "Sistem", "e", "si", "dan", "DATA", "mencatat", "antrean", "ßé", "web2", "", "_", "2", "Δ"]),
    max_size=8,
).flatmap(lambda words: st.lists(st.sampled_from([" ", "  ", "-", "_", "__", "/", "\n", ". ", "", "'", "%"]), min_size=len(words),
                                 max_size=len(words)).map(lambda gaps: "".join(map("".join, zip(words, gaps, strict=True)))))  # fmt: skip


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(WRITTEN)
def test_words_taken_out_one_by_one_leave_what_one_pattern_leaves(text):
    words = ("aplikasi", "sistem", "e", "si", "dan", "data", "mencatat")
    said = Without(Value(text, output_field=TextField()), *words)
    with connection.cursor() as cursor:
        cursor.execute("SELECT trim(regexp_replace(regexp_replace(lower(%s), %s, ' ', 'g'), ' +', ' ', 'g'))",
                       [text, PATTERN.format("|".join(words))])  # fmt: skip
        (expected,) = cursor.fetchone()
    Counter.objects.get_or_create(key="sebuah baris")
    assert Counter.objects.values_list(said, flat=True).first() == expected
