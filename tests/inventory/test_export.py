"""The list as a file: what is on the screen, in its order, harmless, and kept in the trail."""

import csv
import io
from contextlib import contextmanager

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse

from apps.audit.models import Event
from apps.inventory import fields
from tests.catalogue.test_catalogue import body_of, make_application
from tests.factories import make_agency, make_membership

pytestmark = pytest.mark.django_db


def exported(client, query="", form="csv"):
    return client.get(reverse("inventory:export", args=[form]) + query)


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(body_of(answer).removeprefix("\ufeff"))))


@pytest.fixture
def reviewer(client, government):
    client.force_login(make_membership("reviewer", government).user)
    return client


def test_the_file_holds_the_rows_columns_and_order_of_the_screen(reviewer, government):
    make_application(government, "Zeta", number=1, vendor="=1+1", yearly_cost=5)
    make_application(government, "Alfa", number=2, yearly_cost=9)
    make_application(government, "Usai", number=3, status="retired")
    rows = rows_of(exported(reviewer, "?kolom=vendor&kolom=yearly_cost"))
    assert [row["name"] for row in rows] == ["Alfa", "Zeta"]
    assert list(rows[0]) == ["code", "name", "owner", "yearly_cost", "vendor", "version"]
    assert rows[1]["vendor"] == "'=1+1" and rows[0]["yearly_cost"] == "9"
    assert [row["name"] for row in rows_of(exported(reviewer, "?status=retired"))] == ["Usai"]
    assert [row["name"] for row in rows_of(exported(reviewer, "?q=zeta"))] == ["Zeta"]
    assert [row["name"] for row in rows_of(exported(reviewer, "?urut=terbaru"))] == ["Alfa", "Zeta"]


def test_the_workbook_says_the_same(reviewer, government):
    make_application(government, "-2+3", number=1)
    content = b"".join(exported(reviewer, form="xlsx").streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [sheet.cell(2, 1).value, sheet.cell(2, 2).value, sheet.cell(2, 2).data_type] == [
        "APL-2026-000001",
        "'-2+3",
        "s",
    ]


@contextmanager
def others_downloading(places):
    """Another connection that holds this many places of the signed-in."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            sql = "SELECT pg_advisory_lock(hashtext('register'), number) FROM generate_series(1, %s) AS number"
            cursor.execute(sql, [places])
            yield
    finally:
        other.close()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_while_many_download_one_is_asked_to_come_again(reviewer, government, settings, form):
    make_application(government, "Antrean", number=1)
    address = reverse("inventory:export", args=[form]) + "?q=antrean"
    settings.EXPORTS_AT_ONCE = 2
    with others_downloading(2):
        refused = reviewer.get(address)
        assert (refused.status_code, refused["Location"]) == (302, "/aplikasi/?q=antrean")
        assert "Sedang banyak unduhan berjalan" in reviewer.get(refused["Location"]).content.decode()
        assert not Event.objects.filter(verb="applications.exported").exists()
        settings.EXPORTS_AT_ONCE = 3
        answer = reviewer.get(address)
        assert answer.status_code == 200 and "Antrean" in body_of(answer)


def test_every_column_the_list_offers_can_be_exported(reviewer, government):
    make_application(government, "Semua", number=1)
    names = [a.name for a in fields.ATTRIBUTES if a.listed and a.name not in ("name", "code")]
    rows = rows_of(exported(reviewer, "?" + "&".join(f"kolom={name}" for name in names)))
    assert set(names) <= set(rows[0])


def test_an_operator_takes_only_the_own_office(client, government):
    own = make_agency(government)
    make_application(government, "Punya Sendiri", number=1, owner=own)
    make_application(government, "Punya Lain", number=2)
    client.force_login(make_membership("operator", government, own).user)
    assert [row["name"] for row in rows_of(exported(client))] == ["Punya Sendiri"]


def test_an_executive_takes_everything(client, government):
    make_application(government, "Satu", number=1, servers="server-7", business_contact="Seksi Data")
    client.force_login(make_membership("executive", government).user)
    taken = body_of(exported(client, "?kolom=servers&kolom=business_contact&kolom=hosting"))
    assert "server-7" in taken and "Seksi Data" in taken


def test_the_trail_keeps_who_took_what(reviewer, government):
    exported(reviewer, "?q=zeta&kolom=vendor")
    event = Event.objects.get(verb="applications.exported")
    assert event.details["parameters"] == "q=zeta&kolom=vendor" and "vendor" in event.details["columns"]


def test_bad_questions_and_strangers(client, reviewer):
    assert exported(reviewer, form="pdf").status_code == 404
    assert exported(reviewer, "?stage=entah").status_code == 302
    client.logout()
    assert "/masuk/" in exported(client).url
