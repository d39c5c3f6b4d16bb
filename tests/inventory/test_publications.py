"""The stored public document: the same as the record says, moved by everything it shows, written by nobody else."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.accounts import services as accounts
from apps.core import clock
from apps.inventory import publishing, services
from apps.inventory.models import Application, CustomAttribute, Publication
from tests import factories
from tests.inventory.doing import fresh
from tests.waiting import publish_what_waits

pytestmark = pytest.mark.django_db
ALL = "/api/v1/applications/"
SECRETS = {
    "servers": "10.99.1.1",
    "business_contact": "RAHASIA kepala",
    "yearly_cost": 64_200_001,
    "vendor": "RAHASIA PT",
}


def published(application):
    publish_what_waits()
    return Publication.objects.filter(pk=application.pk).first()


def document(application):
    return json.loads(published(application).body)


def said_by_the_rows(made):
    """The public document of the record below, written out by hand."""
    row = fresh(made)
    return {
        "key": row.code, "version": row.version, "code": row.code, "name": "Antrean \"Puskesmas\" </script> ñ",
        "short_name": "", "description": "", "functions": "Mencatat layanan", "service_kind": "public_service",
        "year_built": 2019, "owner": row.owner.code, "owner_name": "Dinas Kesehatan", "ownership": "local",
        "addresses": [{"url": "https://b.contoh.example", "kind": "public"}, {"url": "https://a.example", "kind": "public"}],
        "stage": "operation", "audience": ["g2c", "g2b"], "operating_since": "2019-02-03", "developing_unit": "",
        "operating_unit": "", "legal_basis": "", "platforms": ["web"], "license": "", "pse_number": "", "raa_class": "",
        "reference_codes": [], "services_supported": "", "data_used": "", "output": "", "super_application": None,
        "successor": row.successor.code, "status": "registered", "retired_at": None, "retired_because": "",
        "merged_into": None, "government": row.government.code, "attributes": {"terbuka": "ya"},
        "registered_at": rfc3339(row.registered_at), "updated_at": rfc3339(row.updated_at),
    }  # fmt: skip


def rfc3339(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def own_attribute(government, key, visibility):
    return CustomAttribute.objects.create(
        government=government, key=key, label=key, kind="text", visibility=visibility, step=1
    )


def full(office):
    """A record that says something of everything shown."""
    own_attribute(office.government, "terbuka", "public")
    own_attribute(office.government, "tertutup", "internal")
    target = office.registered("Pengganti")
    made = office.registered(
        "Antrean \"Puskesmas\" </script> ñ",
        addresses=[("https://b.contoh.example", "public"), ("http://10.0.0.9", "internal"), ("https://a.example", "public")],
        successor=target, year_built=2019, operating_since="2019-02-03", audience=["g2c", "g2b"], **SECRETS,
    )  # fmt: skip
    row = fresh(made)
    row.attributes = {"terbuka": "ya", "tertutup": "RAHASIA"}
    row.save()
    return row


def test_the_document_says_what_the_record_says(office):
    made = full(office)
    assert document(made) == said_by_the_rows(made)


def test_list_details_and_feed_send_it_as_it_is(office):
    made = full(office)
    body = published(made).body
    assert APIClient().get(f"{ALL}{made.code}/").content.decode() == body
    assert body in APIClient().get(ALL).content.decode()
    assert body in APIClient().get("/api/v1/changes/").content.decode()


def walked(path, **headers):
    """Every page from the first to the last and back, each as (document, ETag)."""
    seen, client = [], Client()
    for way in ("next", "previous"):
        while path:
            answer = client.get(path, headers=headers)
            seen.append((answer.json(), answer["ETag"]))
            path = answer.json()[way]
        path = seen[-1][0]["previous"]
    return seen


@pytest.mark.parametrize("asked", ["?page_size=2", "?page_size=3&fields=name,owner", "?page_size=1&format=json"])
def test_a_page_of_all_is_the_page_of_a_conditional_request(office, asked):
    """The one is a written statement over the documents, the other asks the records and looks theirs up."""
    for number in range(5):
        office.registered(f"Aplikasi {number}")
    office.retired("Yang lama")
    office.draft("Yang belum")
    _merge(office)
    publish_what_waits()
    whole = walked(ALL + asked)
    assert whole == walked(ALL + asked, if_none_match='"lain"')
    assert len(whole) > 3


def test_a_page_of_a_search_is_the_page_of_the_same_search_sorted(office):
    """Sorted by when they were registered, which is the order of their numbers here."""
    for number in range(5):
        office.registered(f"Antrean {number}")
    office.registered("Perizinan")
    office.retired("Antrean lama")
    office.draft("Antrean yang belum")
    publish_what_waits()
    asked = ALL + "?q=antrean&page_size=2"
    names = [[one["name"] for one in page["results"]] for page, _tag in walked(asked)]
    assert names == [
        [one["name"] for one in page["results"]] for page, _tag in walked(asked + "&ordering=registered_at")
    ]
    assert names[0] == ["Antrean 0", "Antrean 1"] and {len(page) for page in names} == {2}
    assert Client().get(ALL + "?q=tidakadasamasekali").json()["results"] == []
    assert len(Client().get(ALL + "?q=").json()["results"]) == 7
    assert Client().get(ALL + "?q=a&q=b").status_code == 400


def test_nothing_but_what_is_public_is_in_it(office):
    body = published(full(office)).body
    assert not [word for word in ("RAHASIA", "10.99.1.1", "10.0.0.9", "64200001", "tertutup") if word in body]


def test_what_is_not_registered_has_none(office):
    for made in (office.draft("Satu"), office.submitted("Dua"), office.returned("Tiga"), office.refused("Empat")):
        assert published(made) is None


def _rename_office(made, _office):
    type(made.owner).objects.filter(pk=made.owner_id).update(name="Dinas Baru")


def _address(made, _office):
    made.addresses.create(url="https://baru.example", kind="public")


def _no_address(made, _office):
    made.addresses.all().delete()


def _hide(made, _office):
    CustomAttribute.objects.filter(key="terbuka").update(visibility="internal")


def _retire(made, office):
    services.begin_retiring(made.pk, by=office.reviewer, reason="KSS-2026-0001")


def _edit(made, office):
    services.edit(made.code, by=office.operator, version=made.version, reason="Perlu", values={"output": "Baru"})


@pytest.mark.parametrize("change", [_rename_office, _address, _no_address, _hide, _retire, _edit])
def test_whatever_it_shows_moves_it(office, change):
    made = full(office)
    before = published(made)
    change(fresh(made), office)
    after = published(made)
    assert after.position > before.position and after.body != before.body
    assert document(made)["owner_name"] == fresh(made).owner.name


def test_what_it_does_not_show_leaves_it(office):
    made = full(office)
    before = published(made)
    made.addresses.filter(kind="internal").delete()
    assert published(made).position == before.position


def _merge(office):
    duplicate, survivor = office.registered("Kembar Satu"), office.registered("Kembar Dua")
    published(duplicate)
    services.merge(
        duplicate.code, by=office.reviewer, version=duplicate.version, survivor=survivor.code,
        survivor_version=survivor.version, reason="Sama",
    )  # fmt: skip
    return duplicate, survivor


def test_a_merged_record_leaves_a_tombstone(office):
    duplicate, survivor = _merge(office)
    left = published(duplicate)
    assert left.body is None and left.merged_into == survivor.code
    feed = Client().get("/api/v1/changes/").json()["results"]
    gone = next(one for one in feed if one["code"] == duplicate.code)
    assert (gone["change"], gone["merged_into"], gone["application"]) == ("gone", survivor.code, None)
    assert duplicate.code not in Client().get(ALL).content.decode()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE inventory_publication SET body = '{}'",
        "DELETE FROM inventory_publication",
        "INSERT INTO inventory_publication (application_id, government_id, code, merged_into, position, changed_at)"
        " VALUES (9, 9, 'x', '', 9, now())",
        "INSERT INTO publishing.noted (application_id) VALUES (1)",
    ],
)
def test_the_application_role_writes_none(office, sql):
    published(office.registered())
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {factories.APPLICATION_ROLE}")
        cursor.execute(sql)


def test_the_application_role_publishes_by_what_it_changes(office):
    """The control of the refusals above: the same role, through the triggers."""
    made = office.registered()
    before = published(made)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {factories.APPLICATION_ROLE}")
        cursor.execute("UPDATE inventory_application SET name = 'Nama lain' WHERE id = %s", [made.pk])
        cursor.execute("RESET ROLE")
    assert published(made).position > before.position and document(made)["name"] == "Nama lain"


def test_a_registry_that_says_more_publishes_everything_anew(office):
    made = office.registered()
    before = published(made)
    publishing.install()
    assert published(made).position == before.position
    with connection.cursor() as cursor:
        older = publishing.said().replace('a.stage AS "stage"', "'lama' AS \"stage\"")
        cursor.execute(publishing.FUNCTION.format(said=older))
    publishing.install()
    Application.objects.filter(pk=made.pk).update(stage="suspended")
    assert document(made)["stage"] == "suspended"


def test_whoever_asks_with_a_key_waits_for_two_statements(office):
    office.registered()
    by = factories.make_actor("administrator", office.government)
    until = clock.now() + timedelta(days=30)
    _token, key = accounts.create_token(
        by=by, name="Cermin", organization=office.government, scopes=["catalogue"], expires_at=until
    )
    with CaptureQueriesContext(connection) as asked:
        assert len(Client().get(ALL, headers={"authorization": f"Bearer {key}"}).json()["results"]) == 1
    assert len([one for one in asked if one["sql"].startswith("SELECT")]) == 2
