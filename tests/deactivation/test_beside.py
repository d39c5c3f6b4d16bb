"""What the register knows beside the quarters: on the page of the case, and frozen with its decision."""

from decimal import Decimal

import pytest

from apps.deactivation.models import DecisionItem
from apps.deactivation.queries.beside import beside
from apps.inventory.models import Cost, RecordDocument, Relation
from tests import factories_deactivation as made
from tests.deactivation.web import page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(db):
    cast = made.make_cast()
    application = made.make_registered(cast.owner, "Arsip Surat Masuk")
    other = made.make_registered(cast.owner, "Arsip Surat Keluar Masuk")
    reader = made.make_registered(cast.owner, "Dasbor Pimpinan")
    Relation.objects.create(source=application, target=reader, direction="sends", description="Jumlah surat")
    Relation.objects.create(source=application, target=other, direction="receives")
    for year, kind, amount in ((2025, "hosting", 10), (2025, "maintain", 5), (2024, "hosting", 8)):
        Cost.objects.create(application=application, year=year, kind=kind, amount=Decimal(amount))
    RecordDocument.objects.create(
        application=application, kind="manual", title="Buku panduan", location="https://contoh.example/buku"
    )
    return cast, made.make_case(at="recommended", cast=cast, application=application), other, reader


def test_costs_ties_documents_and_similar_ones_by_hand(known):
    cast, case, other, reader = known
    found = beside(case, cast.reviewer)
    assert found.costs == [(2025, Decimal(15)), (2024, Decimal(8))]
    assert {(tie.other.pk, tie.takes) for tie in found.ties} == {(reader.pk, True), (other.pk, False)}
    assert [row.title for row in found.documents] == ["Buku panduan"]
    assert [row.application.pk for row in found.similar] == [other.pk]


def test_the_page_shows_it_and_says_when_there_is_nothing(known):
    cast, case, other, reader = known
    body = page(signed_in(cast.approver), case.get_absolute_url())
    for words in ("Rp15", "Buku panduan", other.name, reader.name, "mengambil data darinya"):
        assert words in body
    bare = made.make_case(at="nominated", cast=cast, application=made.make_registered(cast.owner, "Xyzzy Plugh"))
    assert "Register belum mencatat biaya" in page(signed_in(cast.reviewer), bare.get_absolute_url())


def test_without_costs_by_year_the_yearly_cost_of_the_record_is_said(known):
    cast, _case, _other, _reader = known
    paid = made.make_registered(cast.owner, "Xyzzy Plugh", yearly_cost=Decimal(180_000_000))
    case = made.make_case(at="nominated", cast=cast, application=paid)
    body = page(signed_in(cast.reviewer), case.get_absolute_url())
    assert "Rp180.000.000 setahun" in body and "Register belum mencatat biaya" not in body
    Cost.objects.create(application=paid, year=2025, kind="hosting", amount=Decimal(7))
    body = page(signed_in(cast.reviewer), case.get_absolute_url())
    assert "2025: Rp7" in body and "Rp180.000.000 setahun" not in body


def test_the_decision_freezes_it(known):
    cast, case, other, reader = known
    made.decide(case, cast)
    kept = DecisionItem.objects.get(case=case).evidence
    assert kept["policy"] == "Masa keberatan 10 hari kerja, tidak termasuk cuti bersama"
    assert kept["documents"] == [{"kind": "manual", "title": "Buku panduan"}]
    assert [row["code"] for row in kept["similar"]] == [other.code]
    assert {row["code"]: row["takes"] for row in kept["ties"]} == {reader.code: True, other.code: False}


def test_the_page_asks_as_much_for_one_tie_as_for_many(known, django_assert_max_num_queries):
    cast, case, _other, _reader = known
    with django_assert_max_num_queries(8):
        beside(case, cast.reviewer)
