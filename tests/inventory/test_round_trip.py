"""Export, edit, import: nothing moves by itself, and exactly the edited cells move."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.inventory import cells, fields, services
from apps.inventory.models import Address, Application, CustomAttribute, ReferenceCode
from tests.factories import make_actor, make_agency
from tests.inventory.lists import edited, exported, fates, judged

pytestmark = pytest.mark.django_db
MODEL = {field.name: field for field in Application._meta.get_fields() if hasattr(field, "choices")}
TEXTS = ("description", "functions", "services_supported", "servers", "legal_basis", "related_objects")
WORDS = ("short_name", "developing_unit", "funding_source", "vendor", "pse_number", "business_contact")
CHOSEN = (
    "stage",
    "ownership",
    "raa_class",
    "service_kind",
    "hosting",
    "license",
    "security_category",
    "single_sign_on",
)
SEVERAL = ("audience", "platforms", "personal_data")
# Whatever a person or another system may have put there: blanks, lines, formulas, marks, what no workbook can hold.
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40) | st.sampled_from(
    ["=1+1", "+62 361", "-", "@x", "'=1", "'", " tepi ", "a\r\nb", "a\tb", "_x0041_", "n/a", "007", "1e5", "TRUE", "\x0b",
     "2026-01-05", "tidak ada", "satu; dua", "\ufeff", "a\u00a0b", "NULL", "#N/A"]
)  # fmt: skip
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2090, 1, 1))
MONEY = st.none() | st.integers(0, 10**15 - 1).map(Decimal)


def values_of(name):
    """Values of one attribute as the register may hold them."""
    field = MODEL[name]
    codes = [value for value, _label in getattr(field, "base_field", field).choices]
    if name in SEVERAL:
        return st.lists(st.sampled_from(codes), unique=True)
    return st.sampled_from([*codes, *([""] if field.blank else [])])


RECORDS = st.fixed_dictionaries(
    {
        "name": ANY.filter(lambda text: text.strip()),
        **dict.fromkeys(TEXTS, ANY),
        **{name: ANY.map(lambda text: text[:40]) for name in WORDS},
        **{name: values_of(name) for name in (*CHOSEN, *SEVERAL)},
        "programming_languages": st.lists(ANY, max_size=3),
        "season_months": st.lists(st.integers(1, 12), unique=True),
        "year_built": st.none() | st.integers(1980, 2100),
        "operating_since": DAYS,
        "contract_value": MONEY,
    }
)
REGISTERS = st.lists(RECORDS, min_size=1, max_size=5)
# Cells as a person writes them, with what the register then holds.
EDITS = st.sampled_from(
    [
        ("description", "Baris satu\nBaris dua", "Baris satu\nBaris dua"), ("vendor", "PT Maju", "PT Maju"),
        ("vendor", "'=2+2", "=2+2"), ("stage", "Direncanakan", "planned"), ("year_built", "1999", 1999),
        ("operating_since", "31/01/2024", date(2024, 1, 31)), ("contract_value", "Rp1.250.000", Decimal(1250000)),
        ("platforms", "web; ponsel", ["web", "mobile"]), ("programming_languages", "Go, Rust", ["Go", "Rust"]),
        ("season_months", "Juli; 8", [7, 8]), ("hosting", "", ""), ("year_built", "", None), ("functions", "", ""),
        ("short_name", "SINGKAT", "SINGKAT"), ("description", "'=SUM(A1)", "=SUM(A1)"),
    ]
)  # fmt: skip
SLOW = settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def office(government):
    return make_agency(government, "Dinas Kesehatan")


@pytest.fixture
def reviewer(government):
    return make_actor("reviewer", government)


def register_of(records, government, office):
    return [
        Application.objects.create(
            **record, owner=office, government=government, status="registered", code=f"APL-2020-{number:06d}",
            registered_at="2026-01-01T00:00Z", version=number,
        )
        for number, record in enumerate(records, start=1)
    ]  # fmt: skip


def state():
    return list(Application.objects.order_by("pk").values())


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_untouched_export_changes_nothing(government, office, reviewer, form):
    @SLOW
    @given(REGISTERS)
    def fixed_point(records):
        with transaction.atomic():
            register_of(records, government, office)
            job = judged(exported(form), by=reviewer, government=government, form=form)
            assert fates(job) == {"same": len(records)}
            transaction.set_rollback(True)

    fixed_point()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_exactly_the_edited_cells_change(government, office, reviewer, form):
    @SLOW
    @given(REGISTERS, st.data())
    def only_these(records, data):
        with transaction.atomic():
            rows = register_of(records, government, office)
            before = state()
            chosen = data.draw(st.dictionaries(st.integers(0, len(rows) - 1), EDITS, min_size=1))
            real = {(n, name): held for n, (name, _text, held) in chosen.items() if before[n][name] != held}
            texts = {(n, name): text for n, (name, text, _held) in chosen.items()}
            job = judged(edited(exported(form), texts, form), by=reviewer, government=government, form=form)
            told = {(line.number - 2, name) for line in job.lines.all() for name in line.changes}
            assert told == set(real)
            services.commit_import(job.pk, by=reviewer, version=job.version)
            assert state() == expected(before, real)
            transaction.set_rollback(True)

    only_these()


def expected(before, real):
    """The rows as they were, with the edited values, and a version more where one changed."""
    rows = [dict(row) for row in before]
    after = state()
    for (number, name), held in real.items():
        rows[number][name] = held
    for number in {number for number, _name in real}:
        rows[number]["version"] += 1
        for written in ("updated_at", "search", "name_key", "name_core", "purpose_key"):
            rows[number][written] = after[number][written]
    return rows


def test_addresses_and_places_go_round(government, office, reviewer):
    (record,) = register_of([{"name": "Satu"}], government, office)
    Address.objects.create(application=record, url="https://satu.go.id", kind="internal")
    Address.objects.create(application=record, url="https://dua.go.id")
    code = ReferenceCode.objects.create(kind="RAA", code="RAA.01", name="x", level=1, edition="uji")
    other = ReferenceCode.objects.create(kind="RAB", code="RAB.01", name="y", level=1, edition="uji")
    record.references.create(reference_code=code)
    assert fates(judged(exported(), by=reviewer, government=government)) == {"same": 1}
    edits = {(0, "addresses"): "https://satu.go.id; https://tiga.go.id", (0, "reference_codes"): "RAB.01"}
    job = judged(edited(exported(), edits), by=reviewer, government=government)
    assert set(job.lines.get().changes) == {"addresses", "reference_codes"}
    services.commit_import(job.pk, by=reviewer, version=job.version)
    found = set(record.addresses.values_list("url", "kind"))
    assert found == {("https://satu.go.id", "internal"), ("https://tiga.go.id", "public")}
    assert list(record.references.values_list("reference_code", flat=True)) == [other.pk]


def test_what_changed_since_the_export_is_asked_not_overwritten(government, office, reviewer):
    (record,) = register_of([{"name": "Satu", "vendor": "Lama"}], government, office)
    file = edited(exported(), {(0, "vendor"): "Dari berkas"})
    services.edit(record.code, by=reviewer, version=record.version, values={"vendor": "Dari orang"}, reason="x")
    job = judged(file, by=reviewer, government=government)
    line = job.lines.get()
    assert fates(job) == {"asked": 1}
    assert line.changes == {"vendor": ["Dari orang", "Dari berkas"]} and "versi 2, sekarang 3" in line.warnings[0]
    job = services.answer_rows(job.pk, by=reviewer, version=job.version, answers={"2": "take"})
    assert fates(job) == {"changed": 1}
    services.commit_import(job.pk, by=reviewer, version=job.version)
    record.refresh_from_db()
    assert (record.vendor, record.version) == ("Dari berkas", 4)


def test_an_export_that_is_only_old_is_no_conflict(government, office, reviewer):
    (record,) = register_of([{"name": "Satu", "vendor": "Lama"}], government, office)
    file = exported()
    Application.objects.filter(pk=record.pk).update(version=9)
    assert fates(judged(file, by=reviewer, government=government)) == {"same": 1}


@pytest.mark.parametrize(
    ("edits", "column", "words"),
    [
        ({(0, "name"): ""}, "nama aplikasi", "tidak boleh kosong"),
        ({(0, "owner"): "Dinas Lain"}, "OPD pemilik", "tidak dapat diganti"),
        ({(0, "code"): "APL-2026-999999"}, "kode", "tidak ada di register"),
        ({(0, "version"): "dua"}, "versi", "Versi harus angka"),
        ({(0, "super_application"): "APL-2020-000001"}, "bagian dari", "dirinya sendiri"),
        ({(0, "contract_value"): "mahal"}, "nilai kontrak (Rp)", "bukan jumlah rupiah"),
        ({(0, "operating_since"): "kemarin"}, "beroperasi sejak", "bukan tanggal"),
        ({(0, "addresses"): "bukan alamat"}, "alamat", "bukan alamat"),
        ({(0, "reference_codes"): "RAX.1"}, "kode arsitektur", "Kode tidak dikenal: RAX.1"),
        ({(1, "code"): "APL-2020-000001"}, "nama aplikasi", "Sama dengan baris 2"),
    ],
)
def test_a_refused_cell_names_row_column_and_remedy(government, office, reviewer, edits, column, words):
    make_agency(government, "Dinas Lain")
    register_of([{"name": "Satu"}, {"name": "Dua"}], government, office)
    job = judged(edited(exported(), edits), by=reviewer, government=government)
    (line,) = job.lines.filter(fate="refused")
    assert line.number == next(iter(edits))[0] + 2
    assert [error["column"] for error in line.errors] == [column]
    assert words in line.errors[0]["message"]


def test_a_retired_record_is_not_changed_by_a_list(government, office, reviewer):
    (record,) = register_of([{"name": "Satu"}], government, office)
    Application.objects.filter(pk=record.pk).update(status="retired", retired_at="2026-02-01T00:00Z")
    job = judged(edited(exported(), {(0, "vendor"): "Baru"}), by=reviewer, government=government)
    assert "Pensiun" in job.lines.get().errors[0]["message"]


def test_the_rows_are_written_by_a_constant_number_of_statements(
    government, office, reviewer, django_assert_max_num_queries
):
    register_of([{"name": f"Aplikasi {n}"} for n in range(120)], government, office)
    file = edited(exported(), {(n, "vendor"): f"PT {n}" for n in range(120)})
    with django_assert_max_num_queries(40):
        job = judged(file, by=reviewer, government=government)
    with django_assert_max_num_queries(40):
        services.commit_import(job.pk, by=reviewer, version=job.version)
    assert Application.objects.filter(vendor="PT 119", version=122).exists()


OWN_KINDS = {"text": [], "number": [], "date": [], "choice": ["Utama", "Cadangan"], "choices": ["Data", "Jaringan"]}


def test_a_governments_own_attributes_go_round(government, office, reviewer):
    for kind, options in OWN_KINDS.items():
        CustomAttribute.objects.create(
            government=government, key=f"k-{kind}", label=f"Isian {kind}", kind=kind, choices=options
        )
    held = {"k-text": "=1", "k-number": 12.5, "k-date": "2026-01-05", "k-choice": "Utama", "k-choices": ["Data"]}
    (record,) = register_of([{"name": "Satu", "attributes": held}], government, office)
    own = fields.own(government.pk)
    columns = [fields.BY_NAME["code"], fields.BY_NAME["name"], *own, cells.VERSION]
    file = exported("csv", columns)
    assert fates(judged(file, by=reviewer, government=government, form="csv")) == {"same": 1}
    lines = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    for name, text in (("text", ""), ("number", "7"), ("choice", "cadangan"), ("choices", "Data; Jaringan")):
        lines[1][lines[0].index(f"attributes.k-{name}")] = text
    changed = io.StringIO()
    csv.writer(changed).writerows(lines)
    job = judged(changed.getvalue().encode(), by=reviewer, government=government, form="csv")
    services.commit_import(job.pk, by=reviewer, version=job.version)
    record.refresh_from_db()
    assert record.attributes == {
        "k-number": 7, "k-date": "2026-01-05", "k-choice": "Cadangan", "k-choices": ["Data", "Jaringan"],
    }  # fmt: skip
    new = f'nama,opd,isian number,isian choice\nBaru,{office.name},"3,5",utama'.encode()
    job = judged(new, by=reviewer, government=government, form="csv")
    services.commit_import(job.pk, by=reviewer, version=job.version)
    assert Application.objects.get(name="Baru").attributes == {"k-number": 3.5, "k-choice": "Utama"}


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("", ""),
        ("Antrean Puskesmas", "Antrean Puskesmas"),
        (" Antrean", "Antrean"),
        ("Antrean ", "Antrean"),
        ("Antrean  Puskesmas", "Antrean Puskesmas"),
        ("Antrean\nPuskesmas", "Antrean Puskesmas"),
        ("Antrean\u00a0Puskesmas", "Antrean Puskesmas"),
        ("Antrean\u3000Puskesmas\u200a", "Antrean Puskesmas"),
        ("Antrean\x07 Puskesmas", "Antrean Puskesmas"),
        ("'=1+1", "=1+1"),
        ("'Aisyiyah", "'Aisyiyah"),
        ("a" * 40_000, "a" * 32_767),
    ],
)
def test_a_cell_is_compared_bare_of_blanks_and_of_what_no_workbook_holds(cell, said):
    assert cells.bare(cell) == said
