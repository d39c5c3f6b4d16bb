"""The report of costs: sums by office and year, of the reader's own scope, as a page and as a file."""

import csv
import io

import openpyxl
import pytest

from apps.audit.models import Event
from apps.dashboard import queries
from apps.inventory.models import Cost
from tests.catalogue.test_catalogue import make_application
from tests.deactivation.web import page, signed_in
from tests.factories import make_actor, make_agency

pytestmark = pytest.mark.django_db
PATH = "/laporan/biaya/"


@pytest.fixture
def town(government):
    one, two = make_agency(government, "Dinas Satu"), make_agency(government, "=Dinas Dua")
    a, b, c = (make_application(government, name, number=n, owner=owner) for n, name, owner in
               ((1, "A", one), (2, "B", one), (3, "C", two)))  # fmt: skip
    ended = make_application(government, "Konsep", number=4, owner=one, status="draft")
    for application, year, kind, amount in (
        (a, 2026, "hosting", 5), (a, 2026, "maintain", 7), (b, 2026, "hosting", 11), (b, 2025, "build", 100),
        (c, 2026, "license", 40), (c, 2024, "hosting", 1), (ended, 2026, "hosting", 999),
    ):  # fmt: skip
        Cost.objects.create(application=application, year=year, kind=kind, amount=amount)
    return one, two


def report(by, **asked):
    return queries.cost_report(queries.cost_lines(by, **asked))


def test_sums_by_office_and_year(government, town):
    found = report(make_actor("executive", government))
    assert found.years == [2026, 2025, 2024] and found.sums == [63, 100, 1] and found.total == 164
    assert [(row.name, row.cells) for row in found.offices] == [
        ("=Dinas Dua", [40, 0, 1]),
        ("Dinas Satu", [23, 100, 0]),
    ]
    assert [(kind, amount) for kind, _label, amount in found.kinds] == [
        ("maintain", 7),
        ("hosting", 16),
        ("license", 40),
    ]


def test_a_year_and_a_kind(government, town):
    by = make_actor("auditor", government)
    assert report(by, year=2026, kind="hosting").sums == [16]
    assert report(by, year=1999).years == []


def test_an_office_sees_its_own(government, town):
    assert report(make_actor("operator", government, town[0])).total == 123


def test_two_statements_whatever_the_rows(government, town, django_assert_num_queries):
    by = make_actor("executive", government)
    with django_assert_num_queries(2):
        queries.cost_report(queries.cost_lines(by))
        queries.cost_years(by)


@pytest.mark.parametrize("role", ["reviewer", "companion", "approver", "executive", "auditor"])
def test_who_reads_the_page(government, town, role):
    text = page(signed_in(make_actor(role, government)), PATH + "?year=2026")
    assert "Rp63 pada 2026" in text and "Dinas Satu" in text


def test_who_does_not(client, government, town):
    assert signed_in(make_actor("administrator", government)).get(PATH).status_code == 403
    assert "/masuk/" in client.get(PATH).url
    assert signed_in(make_actor("executive", government)).get(PATH + "?kind=sewa").status_code == 400


def test_the_file_holds_the_lines_and_harms_no_spreadsheet(government, town):
    client = signed_in(make_actor("executive", government))
    lines = list(
        csv.reader(io.StringIO(client.get(PATH + "ekspor.csv?year=2026").content.decode().removeprefix("\ufeff")))
    )
    assert [line[1:] for line in lines[1:]] == [
        ["'=Dinas Dua", "2026", "lisensi", "40", "1"],
        ["Dinas Satu", "2026", "penempatan", "16", "2"],
        ["Dinas Satu", "2026", "pemeliharaan", "7", "1"],
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(PATH + "ekspor.xlsx").content)).active
    assert sheet.max_row == 6 and sheet.cell(2, 5).value == 40 and sheet.cell(2, 2).data_type == "s"
    assert client.get(PATH + "ekspor.pdf").status_code == 404
    assert Event.objects.filter(verb="costs.exported").count() == 2
