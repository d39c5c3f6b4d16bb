"""Costs, contracts and relations go out on sheets of their own, and an import reads past them."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from apps.inventory import fields
from apps.inventory.models import Contract, Cost, Relation
from tests.catalogue.test_catalogue import make_application
from tests.factories import make_actor, make_membership
from tests.inventory.lists import COLUMNS, exported, fates, judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def records(government):
    return [make_application(government, name, number=number) for number, name in enumerate(("Satu", "Dua"), start=1)]


@pytest.fixture
def rows(records):
    one, two = records
    contract = Contract.objects.create(
        application=one,
        number="K-1",
        vendor="=PT Maju",
        amount=5,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
    )
    Cost.objects.create(application=one, year=2026, kind="hosting", amount=7, contract=contract, budget_reference="5.1")
    Cost.objects.create(application=two, year=2025, kind="build", amount=9)
    Relation.objects.create(source=one, target=two, direction="sends", method="api", description="data warga")


def sheets_of(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.values] for sheet in book}


def taken(client, government, query):
    client.force_login(make_membership("reviewer", government).user)
    answer = client.get(reverse("inventory:export", args=["xlsx"]) + query)
    return sheets_of(b"".join(answer.streaming_content))


def test_each_kind_of_row_shown_has_a_sheet_with_a_line_per_row(client, government, rows):
    sheets = taken(client, government, "?kolom=costs&kolom=contracts&kolom=relations")
    assert list(sheets) == ["Aplikasi", "Biaya", "Kontrak", "Hubungan"]
    assert sheets["Biaya"] == [
        ["kode", "nama aplikasi", "tahun anggaran", "jenis biaya", "jumlah (Rp)", "kode anggaran", "sumber dana", "nomor kontrak"],
        ["APL-2026-000002", "Dua", 2025, "pembangunan", 9, None, None, None],
        ["APL-2026-000001", "Satu", 2026, "penempatan", 7, "5.1", None, "K-1"],
    ]  # fmt: skip
    assert sheets["Kontrak"][1] == [
        "APL-2026-000001", "Satu", "K-1", "'=PT Maju", None, 5, "2026-01-01", "2026-12-31",
    ]  # fmt: skip
    assert sheets["Hubungan"][1] == [
        "APL-2026-000001", "Satu", "pertukaran data", "mengirim ke", "APL-2026-000002", "Dua", "data warga", "API", None,
    ]  # fmt: skip


def test_only_rows_of_the_records_shown_and_only_kinds_shown_go_out(client, government, rows):
    sheets = taken(client, government, "?kolom=costs&q=Dua")
    assert list(sheets) == ["Aplikasi", "Biaya"]
    assert [line[0] for line in sheets["Biaya"][1:]] == ["APL-2026-000002"]


def test_a_relation_to_what_is_not_public_is_not_told(client, government, rows, records):
    hidden = make_application(government, "Rencana", number=3, status="draft")
    Relation.objects.create(source=hidden, target=records[0], direction="receives")
    sheets = taken(client, government, "?kolom=relations&q=Satu")
    assert [line[4] for line in sheets["Hubungan"][1:]] == ["APL-2026-000002"]


def test_a_sheet_without_rows_keeps_its_heads(client, government, records):
    assert [len(lines) for lines in taken(client, government, "?kolom=costs").values()] == [3, 1]


def test_an_export_with_sheets_of_rows_comes_back_unchanged(government, rows):
    columns = [*COLUMNS[:-1], *(fields.BY_NAME[name] for name in ("costs", "contracts", "relations")), COLUMNS[-1]]
    job = judged(exported(columns=columns), by=make_actor("reviewer", government), government=government)
    assert fates(job) == {"same": 2}
    assert set(job.summary["house_columns"]) >= {"biaya per tahun", "kontrak", "hubungan"}


def test_sheets_of_rows_take_a_statement_each(government, rows, django_assert_max_num_queries):
    columns = [fields.BY_NAME[name] for name in ("code", "costs", "contracts", "relations")]
    for number in range(3, 40):
        made = make_application(government, f"Lain {number}", number=number)
        Cost.objects.create(application=made, year=2025, kind="build", amount=number)
    with django_assert_max_num_queries(25):
        assert len(sheets_of(exported(columns=columns))["Biaya"]) == 40
