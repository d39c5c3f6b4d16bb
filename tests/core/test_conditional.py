"""What a client has already is not sent again, and pages of other origins read what is public."""

import pytest
from django.test import Client

from apps.accounts.models import Organization
from tests.deactivation.web import api, signed_in
from tests.inventory.doing import Office, fresh

pytestmark = pytest.mark.django_db
ALL = "/api/v1/applications/"
ORIGIN = {"Origin": "https://data.example"}


@pytest.fixture
def office(government):
    return Office(government)


def again(client, path, first, **more):
    return client.get(path, headers={"If-None-Match": first["ETag"]}, **more)


@pytest.mark.parametrize("path", [ALL, f"{ALL}?page_size=2&ordering=name", "/api/v1/changes/"])
def test_the_public_is_told_once(office, path):
    made, client = office.registered(), Client()
    first = client.get(path)
    assert first["ETag"].startswith('W/"') and "no-cache" in first["Cache-Control"]
    same = again(client, path, first)
    assert same.status_code == 304 and not same.content and same["ETag"] == first["ETag"]
    Organization.objects.filter(pk=made.owner_id).update(name="Dinas Bernama Baru")
    changed = again(client, path, first)
    assert changed.status_code == 200 and "Dinas Bernama Baru" in changed.content.decode()


def test_a_detail_changes_with_the_name_of_its_office(office):
    made, client = office.registered(), Client()
    path = f"{ALL}{made.code}/"
    first = client.get(path)
    assert again(client, path, first).status_code == 304
    Organization.objects.filter(pk=made.owner_id).update(name="Dinas Bernama Baru")
    assert again(client, path, first).json()["owner_name"] == "Dinas Bernama Baru"


def test_another_question_has_another_tag(office):
    office.registered()
    tags = {Client().get(f"{ALL}?{query}")["ETag"] for query in ("", "page_size=2", "fields=name", "q=antrean")}
    assert len(tags) == 4


def test_people_are_told_once_too_and_each_what_is_theirs(office):
    made = office.registered()
    reviewer = api(office.reviewer)
    first = reviewer.get(ALL)
    assert again(reviewer, ALL, first).status_code == 304
    assert again(api(office.stranger), ALL, first).status_code == 200
    assert "Cookie" in first["Vary"] and "Authorization" in first["Vary"]
    assert reviewer.get(f"{ALL}{made.code}/")["ETag"] == f'"{fresh(made).version}"'


def test_pages_have_no_tag(office):
    assert "ETag" not in signed_in(office.reviewer).get("/aplikasi/")


def test_other_origins_read_and_no_more(office):
    office.registered()
    answer = Client().get(ALL, headers=ORIGIN)
    assert answer["Access-Control-Allow-Origin"] == "*" and "Access-Control-Allow-Credentials" not in answer
    asked = {**ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    allowed = Client().options(ALL, headers=asked)
    assert "POST" not in allowed["Access-Control-Allow-Methods"]
    assert "authorization" not in allowed["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Origin" not in Client().get("/katalog/", headers=ORIGIN)


def test_changed_since_a_moment(office):
    office.registered("Lama")
    later = office.registered("Baru")
    moment = fresh(later).updated_at.isoformat().replace("+00:00", "Z")
    found = Client().get(ALL, {"updated_since": moment}).json()["results"]
    assert [row["name"] for row in found] == ["Baru"]
    assert Client().get(f"{ALL}?updated_since=kemarin").status_code == 400
