"""The REST doors of the register: what each reader gets, each act once, and the order of refusals."""

import pytest
from rest_framework.test import APIClient

from apps.inventory.models import Application
from tests.deactivation.web import api
from tests.inventory.doing import COMPLETE, fresh

pytestmark = pytest.mark.django_db
ALL = "/api/v1/applications/"
SECRET = {
    "servers": "10.1.2.3",
    "business_contact": "Kepala Seksi",
    "yearly_cost": 64_200_000,
    "databases": ["PostgreSQL"],
}


def post(client, application, path, body=None, version=None):
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client.post(f"{ALL}{application.key}/{path}/", body or {}, format="json", headers=headers)


def refusal(response):
    assert response["Content-Type"].startswith("application/problem+json"), response.content
    return response.status_code


def test_without_a_token_only_public_attributes_of_registered_ones(office):
    made = office.registered(
        addresses=[("https://a.contoh.example", "public"), ("http://10.0.0.9", "internal")], **SECRET
    )
    office.submitted("Belum Terdaftar")
    listed = APIClient().get(ALL + "?count=true").json()
    assert listed["count"] == 1
    row = listed["results"][0]
    assert row["key"] == made.code and row["addresses"] == [{"url": "https://a.contoh.example", "kind": "public"}]
    assert not {"servers", "business_contact", "yearly_cost", "databases", "security_category"} & set(row)
    assert refusal(APIClient().get(ALL + "?servers=10")) == 400


def test_with_a_role_everything_and_the_version(office):
    made = office.registered(**SECRET)
    answer = api(office.operator).get(f"{ALL}{made.code}/")
    assert answer["ETag"] == f'"{fresh(made).version}"'
    assert answer.json()["servers"] == "10.1.2.3" and answer.json()["owner"] == office.agency.code


def test_fields_ordering_and_q(office):
    office.registered("Antrean Puskesmas")
    office.registered("Sistem Gaji")
    client = api(office.reviewer)
    listed = client.get(ALL + "?fields=name&ordering=-name").json()["results"]
    assert [row["name"] for row in listed] == ["Sistem Gaji", "Antrean Puskesmas"]
    assert set(listed[0]) == {"key", "version", "name"}
    assert [row["name"] for row in client.get(ALL + "?q=antrean").json()["results"]] == ["Antrean Puskesmas"]


@pytest.mark.parametrize("query", ["warna=merah", "fields=warna", "ordering=warna", "ownership=bulan", "q=a&q=b"])
def test_what_is_not_known_is_refused(office, query):
    assert refusal(api(office.reviewer).get(f"{ALL}?{query}")) == 400


def test_pages_follow_the_cursor(office):
    for number in range(3):
        office.registered(f"Aplikasi {number}")
    client = api(office.reviewer)
    first = client.get(ALL + "?page_size=2").json()
    assert len(first["results"]) == 2 and len(client.get(first["next"]).json()["results"]) == 1


def test_from_draft_to_code(office):
    client = api(office.operator)
    body = {
        **COMPLETE,
        "name": "Baru",
        "owner": office.agency.code,
        "addresses": [{"url": "https://baru.contoh.example"}],
    }
    made = client.post(ALL, body, format="json")
    assert made.status_code == 201, made.content
    draft = Application.objects.get(reference=made.json()["key"])
    changed = client.patch(
        f"{ALL}{draft.key}/", {"year_built": 2023}, format="json", headers={"If-Match": made["ETag"]}
    )
    assert changed.json()["year_built"] == 2023
    sent = post(client, draft, "submit", version=changed.json()["version"])
    assert sent.json()["status"] == "submitted"
    done = post(api(office.reviewer), draft, "register", version=sent.json()["version"])
    assert done.status_code == 200 and done.json()["code"].startswith("APL-")


@pytest.mark.parametrize(
    "state,who,path,body,expected",
    [
        ("submitted", "reviewer", "return", {"reason": "Uraian kurang"}, "returned"),
        ("submitted", "reviewer", "refuse", {"reason": "Bukan aplikasi"}, "refused"),
        ("submitted", "operator", "withdraw", {"reason": "Salah OPD"}, "withdrawn"),
        ("registered", "reviewer", "confirm-facts", {}, "registered"),
        (
            "registered",
            "reviewer",
            "grant-suspension",
            {"reason": "Pindah", "starts_on": "2026-07-01", "ends_on": "2026-09-30"},
            "registered",
        ),
    ],
)
def test_each_act(office, state, who, path, body, expected):
    made = getattr(office, state)()
    answer = post(api(getattr(office, who)), made, path, body, made.version)
    assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == expected


def test_a_draft_is_thrown_away(office):
    made = office.draft()
    answer = api(office.operator).delete(f"{ALL}{made.key}/", headers={"If-Match": f'"{made.version}"'})
    assert answer.status_code == 204 and not Application.objects.filter(pk=made.pk).exists()


def test_the_order_of_refusals(office):
    made = office.submitted()
    body = {"reason": "Uraian kurang"}
    assert refusal(post(APIClient(), made, "return", body)) in (401, 404)
    assert refusal(post(api(office.stranger), made, "return", body)) == 404
    assert refusal(post(api(office.person("auditor")), made, "return", body)) == 403
    assert refusal(post(api(office.reviewer), made, "return", body)) == 428
    assert refusal(post(api(office.operator), made, "return", body, made.version)) == 403
    assert refusal(post(api(office.reviewer), made, "return", body, made.version + 7)) == 412
    assert refusal(
        post(
            api(office.reviewer), office.registered("Lain"), "return", body, fresh(office.registered("Lain 2")).version
        )
    ) in (409, 412)
    assert refusal(post(api(office.reviewer), made, "return", {"warna": "merah"}, made.version)) == 400


def test_a_wrong_state_answers_409(office):
    made = office.registered()
    assert refusal(post(api(office.reviewer), made, "return", {"reason": "Kurang"}, made.version)) == 409


def test_an_edit_of_a_registered_one_needs_its_reason(office):
    made = office.registered()
    client, headers = api(office.operator), {"If-Match": f'"{made.version}"'}
    assert refusal(client.patch(f"{ALL}{made.code}/", {"year_built": 2023}, format="json", headers=headers)) == 400
    done = client.patch(
        f"{ALL}{made.code}/", {"year_built": 2023, "reason": "Baru diketahui"}, format="json", headers=headers
    )
    assert done.status_code == 200 and fresh(made).year_built == 2023


def test_the_list_costs_the_same_for_one_row_and_for_many(office, django_assert_max_num_queries):
    office.registered("Aplikasi 0")
    client = api(office.reviewer)
    with django_assert_max_num_queries(23) as one:
        client.get(ALL)
    for number in range(1, 5):
        office.registered(f"Aplikasi {number}")
    with django_assert_max_num_queries(len(one)):
        client.get(ALL)


def test_money_is_text_of_whole_rupiah_as_in_the_rows_it_comes_from(office):
    made = office.registered()
    body = {"year": 2026, "kind": "hosting", "amount": "48000000", "reason": "Pendataan"}
    headers = {"If-Match": f'"{made.version}"'}
    said = api(office.operator).post(f"{ALL}{made.code}/add-cost/", body, format="json", headers=headers).json()
    assert said["yearly_cost"] == said["costs"][0]["amount"] == "48000000"


@pytest.mark.parametrize(
    "moment", ["0163-09-06T06:39:46-20:44", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_a_moment_no_calendar_has_never_breaks_the_list(office, moment):
    answer = api(office.reviewer).get(ALL, {"updated_since": moment})
    assert answer.status_code in (200, 400)


def test_a_moment_is_the_same_in_every_zone(office):
    made = office.registered()
    seen = [
        len(api(office.reviewer).get(ALL, {"updated_since": moment}).json()["results"])
        for moment in (
            "2000-01-01T00:00:00+07:00",
            "2000-01-01T00:00:00Z",
            made.updated_at.isoformat(),
            "2999-01-01T00:00Z",
        )
    ]
    assert seen == [1, 1, 1, 0]


def test_a_body_nested_beyond_reading_is_refused(office):
    made = office.registered()
    headers = {"If-Match": f'"{made.version}"'}
    body = "[" * 100_000
    answer = api(office.operator).generic("PATCH", f"{ALL}{made.code}/", body, "application/json", headers=headers)
    assert refusal(answer) == 400 and answer.json()["type"].endswith("parse_error")


@pytest.mark.parametrize("half", ["\\ud800", "\\udfff\\ud800", "\\u0000"])
def test_half_a_character_is_refused_and_a_whole_one_kept(office, half):
    client, made = api(office.operator), office.registered()
    body = '{"functions": "Antrean %s", "reason": "Uji"}'
    headers = {"If-Match": f'"{made.version}"'}
    for said, expected in ((half, 400), ("\\ud83d\\ude80 \\\\ud800", 200)):
        answer = client.generic("PATCH", f"{ALL}{made.code}/", body % said, "application/json", headers=headers)
        assert answer.status_code == expected
    assert fresh(made).functions == "Antrean \U0001f680 \\ud800"
