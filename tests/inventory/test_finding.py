"""Finding things: words, counts and columns of the list."""

import copy

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.test.utils import CaptureQueriesContext

from apps.inventory import columns, searching
from apps.inventory.models import Address, Application
from tests.deactivation.web import page, signed_in
from tests.factories import make_government
from tests.inventory.doing import Office

pytestmark = pytest.mark.django_db
LIST = "/aplikasi/"


def names(words, rows=None):
    rows = Application.objects.all() if rows is None else rows
    fitting = searching.search(rows, words)
    return [row.name for row in fitting.ranked(fitting.of(rows))]


@pytest.fixture
def shelf(office):
    office.registered("Antrean Puskesmas", functions="Melayani pendaftaran pasien")
    office.registered("Perizinan Reklame", functions="Menerbitkan izin", short_name="SIPERI")
    office.registered("Gaji Pegawai", functions="Menghitung penghasilan")
    return office


@pytest.mark.parametrize(
    "words,found",
    [
        ("pelayanan", "Antrean Puskesmas"),
        ("layan", "Antrean Puskesmas"),
        ("antr", "Antrean Puskesmas"),
        ("menerbitkan izi", "Perizinan Reklame"),
        ("siper", "Perizinan Reklame"),
        ("pegawai gaji", "Gaji Pegawai"),
        ("hitung hasil", "Gaji Pegawai"),
        ("antrian puskesmas", "Antrean Puskesmas"),
    ],
)
def test_stems_unfinished_words_short_names_and_misspellings(shelf, words, found):
    assert names(words) == [found]


def test_codes_bare_numbers_references_offices_and_addresses(shelf):
    one = Application.objects.get(name="Gaji Pegawai")
    Address.objects.create(application=one, url="https://gaji.contoh.go.id/masuk", kind="public")
    Address.objects.create(application=one, url="http://10.1.2.3/rahasia", kind="internal")
    number = int(one.code.rsplit("-", 1)[1])
    for words in (one.code, one.code[:-1].lower(), str(number), f"{number:06d}", one.reference, "gaji.contoh.go"):
        assert "Gaji Pegawai" in names(words), words
    assert len(names("dinas kesehatan")) == 3
    assert names("rahasia") == []


def test_misspelt_names_come_where_nothing_fits_in_the_own_rows(shelf):
    other = Office(make_government("Kota Lain"))
    other.registered("Antrian Puskesmas")
    rows = Application.objects.filter(government=shelf.government)
    assert names("antrian puskesmas", rows) == ["Antrean Puskesmas"]
    assert names("antrian puskesmas") == ["Antrian Puskesmas"]


def test_written_questions_quotes_and_without(shelf):
    assert names('"gaji pegawai"') == ["Gaji Pegawai"]
    assert "Gaji Pegawai" not in names("layanan -gaji")


@pytest.mark.parametrize("words", ["'", "& | !", ":*", "(", "\\", "a:*b", "%", "_", "dan", "0", "   "])
def test_no_sign_breaks_the_search(shelf, words):
    assert isinstance(names(words), list)


def test_the_name_itself_comes_first(shelf):
    shelf.registered("Aplikasi Gaji Pegawai Honorer")
    assert names("gaji pegawai")[0] == "Gaji Pegawai"


def test_beyond_the_ranked_every_match_still_comes(shelf, monkeypatch):
    monkeypatch.setattr(searching, "RANKED", 1)
    shelf.registered("Antrean Samsat")
    assert sorted(names("antrean")) == ["Antrean Puskesmas", "Antrean Samsat"]


def test_beyond_the_collected_the_list_asks_again(shelf, monkeypatch):
    monkeypatch.setattr(searching, "COLLECTED", 1)
    shelf.registered("Antrean Samsat")
    assert sorted(names("antrean")) == ["Antrean Puskesmas", "Antrean Samsat"]


def test_several_words_are_sought_inside_a_name_only_when_few_have_them_whole(shelf, monkeypatch):
    """One word is always sought inside names too: many are called SIM-this or e-that."""
    shelf.registered("Simpajak Daerah")
    shelf.registered("Pajak Daerah Hotel")
    assert sorted(names("pajak daerah")) == ["Pajak Daerah Hotel", "Simpajak Daerah"]
    monkeypatch.setattr(searching, "FEW", 1)
    assert names("pajak daerah") == ["Pajak Daerah Hotel"]
    assert sorted(names("pajak")) == ["Pajak Daerah Hotel", "Simpajak Daerah"]


def test_what_is_written_together_is_found_as_written(shelf, monkeypatch):
    """PostgreSQL reads “e.musrenbang” as an address: its parts alone would not find it."""
    monkeypatch.setattr(searching, "FEW", 0)
    shelf.registered("e.Musrenbang Kota")

    def fitting(words):
        return Application.objects.filter(searching.Among(F("pk"), searching._fitting(words))).count()

    assert (fitting("e.musrenbang kota"), fitting("e musrenbang kota")) == (1, 0)


def counted(client, query):
    context = client.get(LIST + query).context
    values = {
        facet["name"]: {value["value"]: value["n"] for value in (*facet["values"], *facet["more"])}
        for facet in context["facets"]
    }
    return values, context["counts"]


def test_a_facet_counts_what_each_value_would_leave(office):
    office.registered("Satu", platforms=["web", "mobile"], ownership="local")
    office.registered("Dua", platforms=["web"], ownership="central")
    office.registered("Tiga", platforms=["desktop"], ownership="central")
    office.retired("Usai", platforms=["web"])
    client = signed_in(office.reviewer)
    facets, counts = counted(client, "?platforms=web")
    assert facets["platforms"] == {"web": 2, "mobile": 1, "desktop": 1}
    assert facets["ownership"] == {"local": 1, "central": 1}
    assert facets["status"] == {"registered": 2, "retired": 1}
    assert (counts.total, counts.hidden) == (2, 1)
    facets, counts = counted(client, "?platforms=web&ownership=central&status=retired&status=registered")
    assert facets["platforms"] == {"web": 1, "desktop": 1}
    assert facets["ownership"] == {"local": 2, "central": 1}
    assert (counts.total, counts.hidden) == (1, 0)


def test_counts_agree_with_the_rows_for_every_value(shelf):
    shelf.retired("Arsip Gaji", platforms=["desktop"], ownership="central")
    client = signed_in(shelf.reviewer)
    for query in ("?q=gaji", "?platforms=web", "?ownership=central&status=retired"):
        facets, counts = counted(client, query)
        assert len(client.get(LIST + query).context["page"].object_list) == counts.total
        for name in ("platforms", "ownership", "status"):
            for value, number in facets.get(name, {}).items():
                if f"{name}=" not in query:
                    more = client.get(f"{LIST}{query}&{name}={value}").context
                    assert more["counts"].total == number, (query, name, value)


def test_counting_stops_at_the_cap_and_says_so(shelf, monkeypatch):
    monkeypatch.setattr(searching, "COUNTED", 2)
    assert "Lebih dari" in page(signed_in(shelf.reviewer), LIST)


def test_the_list_asks_few_statements_however_many_rows(shelf):
    client = signed_in(shelf.reviewer)
    address = LIST + "?verdict=idle&verdict=active&platforms=web&kolom=addresses&kolom=reference_codes&kolom=successor"
    page(client, address)
    for number in range(6):
        shelf.registered(f"Antrean {number}")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page(client, LIST)
    register = [query["sql"] for query in asked if '"inventory_application"' in query["sql"]]
    assert len(register) <= 4, register


def test_columns_are_those_asked_for_and_no_others(shelf):
    client = signed_in(shelf.reviewer)
    usual = client.get(LIST).context["columns"]
    assert [column.name for column in usual] == ["status", "verdicts", "active_users", "yearly_cost"]
    asked = client.get(LIST + "?kolom=vendor&kolom=completeness&kolom=entah").context["columns"]
    assert [column.name for column in asked] == ["completeness", "vendor"]
    leader = signed_in(shelf.person("executive")).get(LIST + "?kolom=servers&kolom=vendor")
    assert [column.name for column in leader.context["columns"]] == ["servers", "vendor"]


def test_every_column_on_offer_can_be_shown(shelf):
    Application.objects.filter(name="Gaji Pegawai").update(successor=Application.objects.get(name="Perizinan Reklame"))
    query = "&".join(f"kolom={column.name}" for column in columns.offered(shelf.reviewer))
    assert "Gaji Pegawai" in page(signed_in(shelf.reviewer), f"{LIST}?{query}")


def most_often_read(rows):
    """How often the register, in the part of the plan that reads it most often, is read."""
    statement, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
        plan = cursor.fetchone()[0][0]["Plan"]
    loops, left = [], [plan]
    while left:
        node = left.pop()
        if node.get("Relation Name") == Application._meta.db_table:
            loops.append(node["Actual Loops"])
        left += node.get("Plans", [])
    return max(loops)


def test_a_search_reads_the_register_once_before_its_statistics_know_of_a_large_import(shelf):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inventory_application")
    newcomer = Office(make_government("Kota Lain")).registered("Layanan Pertama")
    Application.objects.bulk_create(
        copied(newcomer, pk=None, name=f"Layanan {number}", reference=f"uji-{number}", code=f"APL-2019-{number:06d}")
        for number in range(400)
    )
    rows = Application.objects.filter(government=newcomer.government)
    candidates = searching._fitting("loket cepat")
    assert most_often_read(rows.filter(searching.Among(F("pk"), candidates))) == 1
    asked_for_each = RawSQL(candidates.sql.removeprefix("ARRAY"), candidates.params)
    assert most_often_read(rows.filter(pk__in=asked_for_each)) > 100  # the control: as it was asked before


def copied(row, **values):
    other = copy.copy(row)
    for name, value in values.items():
        setattr(other, name, value)
    return other
