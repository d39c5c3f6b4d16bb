"""Relations, costs, contracts and documents: who may write them, in which state, and what the trail keeps."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from apps.accounts.actor import Actor
from apps.core.errors import RuleViolation, StaleVersion
from apps.inventory import services
from apps.inventory.models import Contract, Cost, RecordDocument, Relation
from apps.inventory.services import CONTRACT, COST, DOCUMENT, RELATION
from tests.deactivation.web import signed_in
from tests.factories import make_actor, make_agency, make_government
from tests.inventory.doing import Office, fresh, last_event

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 contoh"
READERS = ["agency_head", "companion", "approver", "executive", "auditor", "administrator"]


def add(noun, application, by, **values):
    """The act with the record's present version and a reason."""
    options = {name: values.pop(name) for name in ("version", "reason") if name in values}
    options = {"version": fresh(application).version, "reason": "Hasil pendataan", **options}
    return services.add_row(noun, application.key, by=by, values=values, **options)


def change(noun, application, row, by, **values):
    options = {"version": fresh(application).version, "reason": "Diperbaiki"}
    return services.change_row(noun, application.key, row.pk, by=by, values=values, **options)


def remove(noun, application, row, by, reason="Salah catat"):
    return services.remove_row(noun, application.key, row.pk, by=by, version=fresh(application).version, reason=reason)


def values_for(noun, office):
    """One good row of the noun."""
    return {
        RELATION: {"target": office.registered("Layanan NIK"), "direction": "receives", "description": "NIK"},
        COST: {"year": 2026, "kind": "hosting", "amount": Decimal(13_800_000)},
        CONTRACT: {"number": "027/15/2026", "vendor": "PT Contoh", "amount": Decimal(48_000_000),
                   "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)},
        DOCUMENT: {"kind": "source_code", "title": "Repositori", "location": "https://kode.contoh.example/antrean"},
    }[noun]  # fmt: skip


NOUNS = pytest.mark.parametrize("noun", [RELATION, COST, CONTRACT, DOCUMENT], ids=lambda noun: noun.attribute)


@NOUNS
@pytest.mark.parametrize("role", ["operator", "reviewer"])
def test_a_row_moves_the_version_and_the_trail_says_it(office, noun, role):
    made = office.registered()
    before = made.version
    row = add(noun, made, getattr(office, role), **values_for(noun, office))
    event = last_event(made)
    assert fresh(made).version == before + 1
    assert event.verb == noun.added and event.reason == "Hasil pendataan"
    old, new = event.details["changes"][noun.attribute]
    assert old == "" and new
    assert noun.model.objects.get() == row


@NOUNS
@pytest.mark.parametrize("role", READERS)
def test_readers_write_no_row(office, noun, role):
    made, values, person = office.registered(), values_for(noun, office), office.person(role)
    with pytest.raises(PermissionDenied):
        add(noun, made, person, **values)
    row = add(noun, made, office.operator, **values)
    with pytest.raises(PermissionDenied):
        change(noun, made, row, person)
    with pytest.raises(PermissionDenied):
        remove(noun, made, row, person)


@NOUNS
def test_another_office_finds_nothing(office, noun):
    made, values = office.registered(), values_for(noun, office)
    with pytest.raises(Http404):
        add(noun, made, office.stranger, **values)


@NOUNS
@pytest.mark.parametrize("state", ["submitted", "withdrawn", "refused", "retired"])
def test_states_without_rows(office, noun, state):
    values = values_for(noun, office)
    with pytest.raises(RuleViolation):
        add(noun, getattr(office, state)(), office.operator, **values)


@NOUNS
def test_a_stale_version_writes_nothing(office, noun):
    made = office.registered()
    with pytest.raises(StaleVersion):
        add(noun, made, office.operator, version=made.version - 1, **values_for(noun, office))
    assert not noun.model.objects.exists()


@NOUNS
def test_a_draft_asks_no_reason_and_a_registered_record_does(office, noun):
    values = values_for(noun, office)
    add(noun, office.draft("Konsep"), office.operator, reason="", **values)
    with pytest.raises(ValidationError):
        add(noun, office.registered(), office.operator, reason=" ", **values)


@NOUNS
def test_a_row_goes_with_its_reason_and_its_words_stay(office, noun):
    made = office.registered()
    row = add(noun, made, office.operator, **values_for(noun, office))
    with pytest.raises(ValidationError):
        remove(noun, made, row, office.operator, reason="")
    remove(noun, made, row, office.operator)
    event = last_event(made)
    assert event.verb == noun.removed and event.details["changes"][noun.attribute][1] == ""
    assert not noun.model.objects.exists()


@NOUNS
def test_a_row_of_another_record_is_not_found(office, noun):
    one, other = office.registered("Satu"), office.registered("Dua")
    row = add(noun, one, office.operator, **values_for(noun, office))
    with pytest.raises(Http404):
        change(noun, other, row, office.operator)
    with pytest.raises(Http404):
        remove(noun, other, row, office.operator)


def test_a_change_keeps_old_and_new_and_nothing_changes_nothing(office):
    made = office.registered()
    row = add(COST, made, office.operator, **values_for(COST, office))
    version = fresh(made).version
    change(COST, made, row, office.operator, amount=row.amount)
    assert fresh(made).version == version
    change(COST, made, row, office.operator, amount=Decimal(15_000_000))
    assert last_event(made).details["changes"]["costs"] == [
        "2026 penempatan Rp13.800.000",
        "2026 penempatan Rp15.000.000",
    ]


@pytest.mark.parametrize(
    "wrong,field",
    [
        ({"kind": "sewa"}, "kind"),
        ({"amount": Decimal(-1)}, "amount"),
        ({"year": 1899}, "year"),
    ],
)
def test_a_cost_that_makes_no_sense(office, wrong, field):
    with pytest.raises(ValidationError) as refused:
        add(COST, office.registered(), office.operator, **{**values_for(COST, office), **wrong})
    assert field in refused.value.message_dict


def test_the_same_cost_is_not_noted_twice(office):
    made = office.registered()
    add(COST, made, office.operator, **values_for(COST, office))
    with pytest.raises(ValidationError):
        add(COST, made, office.operator, **values_for(COST, office))
    assert Cost.objects.count() == 1


def test_a_contract_of_another_record_carries_no_cost(office):
    foreign = add(CONTRACT, office.registered("Lain"), office.operator, **values_for(CONTRACT, office))
    with pytest.raises(ValidationError):
        add(COST, office.registered(), office.operator, **values_for(COST, office), contract=foreign)


def test_a_contract_stays_while_a_cost_points_to_it(office):
    made = office.registered()
    contract = add(CONTRACT, made, office.operator, **values_for(CONTRACT, office))
    cost = add(COST, made, office.operator, **values_for(COST, office), contract=contract)
    with pytest.raises(RuleViolation):
        remove(CONTRACT, made, contract, office.operator)
    remove(COST, made, cost, office.operator)
    remove(CONTRACT, made, contract, office.operator)
    assert not Contract.objects.exists()


def test_a_contract_ends_after_it_starts(office):
    with pytest.raises(ValidationError):
        add(CONTRACT, office.registered(), office.operator,
            **{**values_for(CONTRACT, office), "ends_on": date(2025, 12, 31)})  # fmt: skip


def test_the_attributes_follow_contracts_and_costs(office):
    made = office.registered(contract_value=Decimal(1), yearly_cost=Decimal(1))
    first = add(CONTRACT, made, office.operator, **values_for(CONTRACT, office))
    later = {**values_for(CONTRACT, office), "number": "2", "amount": Decimal(9), "ends_on": date(2027, 6, 30)}
    second = add(CONTRACT, made, office.operator, **later)
    now = fresh(made)
    assert (now.contract_value, now.contract_ends_on) == (9, date(2027, 6, 30))
    remove(CONTRACT, made, second, office.operator)
    assert fresh(made).contract_value == 48_000_000 and first.ends_on == fresh(made).contract_ends_on
    for year, kind, amount in ((2025, "hosting", 5), (2026, "hosting", 7), (2026, "license", 4), (2027, "build", 99)):
        add(COST, made, office.operator, year=year, kind=kind, amount=Decimal(amount))
    assert fresh(made).yearly_cost == 11  # the newest year that comes back; building is paid once
    assert last_event(made).details["changes"].keys() == {"costs"}


def test_what_follows_rows_is_not_typed_any_more(office):
    made = office.registered()
    add(COST, made, office.operator, **values_for(COST, office))
    edit = {"by": office.operator, "version": fresh(made).version, "reason": "Coba"}
    with pytest.raises(ValidationError) as refused:
        services.edit(made.key, values={"yearly_cost": Decimal(1)}, **edit)
    assert "yearly_cost" in refused.value.message_dict
    assert services.edit(made.key, values={"contract_value": Decimal(5)}, **edit).contract_value == 5


def test_a_relation_names_a_registered_application_of_the_same_government(office):
    made = office.registered()
    elsewhere = Office(make_government("Kota Lain")).registered()
    for target in (made, elsewhere, office.draft("Konsep")):
        with pytest.raises(ValidationError):
            add(RELATION, made, office.operator, target=target, direction="sends")
    assert not Relation.objects.exists()


def test_a_tie_is_noted_once_from_either_end(office):
    made, other = office.registered("Satu"), office.registered("Dua")
    add(RELATION, made, office.operator, target=other, direction="sends", description="Kunjungan")
    with pytest.raises(ValidationError):
        add(RELATION, made, office.operator, target=other, direction="sends", description="Kunjungan")
    with pytest.raises(ValidationError):
        add(RELATION, other, office.operator, target=made, direction="receives", description="kunjungan")
    add(RELATION, other, office.operator, target=made, direction="receives", description="Tagihan")


def test_a_user_of_a_shared_solution_always_takes_from_it(office):
    made, shared = office.registered("Satu"), office.registered("Bersama")
    row = add(RELATION, made, office.operator, target=shared, kind="shared", direction="sends", method="api")
    assert (row.direction, row.method) == ("receives", "")


def test_ends_of_a_tie_are_seen_only_by_who_may_know_them(office):
    target = office.registered("Terdaftar")
    other = make_agency(office.government)
    stranger = make_actor("operator", office.government, other)
    hidden = add(RELATION, office.draft("Rahasia"), office.operator, target=target, direction="sends", reason="")
    assert list(Relation.objects.seen_by(office.operator)) == [hidden]
    assert not Relation.objects.seen_by(stranger).exists()


def upload(name="uji.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def test_a_file_is_checked_kept_and_replaced(office):
    made = office.registered()
    row = add(DOCUMENT, made, office.operator, kind="security_test", title="Uji 2026", upload=upload())
    assert row.document.content_type == "application/pdf" and row.visibility == "restricted"
    change(DOCUMENT, made, row, office.operator, title="Uji keamanan 2026")
    assert RecordDocument.objects.get().document == row.document
    change(DOCUMENT, made, row, office.operator, upload=upload(content=PDF + b"2"))
    assert RecordDocument.objects.get().document != row.document
    with pytest.raises(ValidationError):
        add(DOCUMENT, made, office.operator, kind="manual", title="Program", upload=upload("a.pdf", b"MZ\x00"))


@pytest.mark.parametrize("place", [{}, {"location": "https://a.contoh.example", "upload": True}])
def test_a_document_is_a_file_or_a_place(office, place):
    given = {name: upload() if value is True else value for name, value in place.items()}
    with pytest.raises(ValidationError) as refused:
        add(DOCUMENT, office.registered(), office.operator, kind="manual", title="Panduan", **given)
    assert "upload" in refused.value.message_dict


def test_a_place_takes_the_place_of_a_file(office):
    made = office.registered()
    row = add(DOCUMENT, made, office.operator, kind="manual", title="Panduan", upload=upload())
    change(DOCUMENT, made, row, office.operator, location="https://panduan.contoh.example")
    kept = RecordDocument.objects.get()
    assert kept.document is None and kept.location


def test_everybody_of_the_government_reads_every_document_and_the_public_none(office):
    made = office.registered()
    add(DOCUMENT, made, office.operator, **values_for(DOCUMENT, office))
    add(DOCUMENT, made, office.operator, kind="manual", title="Panduan", upload=upload(), visibility="internal")
    for role in READERS:
        assert {row.title for row in made.documents.readable_by(office.person(role))} == {"Panduan", "Repositori"}, role
    assert not made.documents.readable_by(Actor.anonymous())


def test_neither_a_bulk_edit_nor_a_list_contradicts_the_rows(office):
    made, other = office.registered("Satu"), office.registered("Dua")
    add(COST, made, office.operator, **values_for(COST, office))
    client = signed_in(office.reviewer)
    typed = {"pilih": f"{made.key},{other.key}", "atribut": "yearly_cost", "yearly_cost": "5", "dari": ""}
    preview = client.post("/aplikasi/ubah-sekaligus/", typed)
    assert preview.context["counts"] == {"refuses": 1, "changes": 1, "same": 0}
    assert "Mengikuti rincian di tab Biaya" in preview.content.decode()
    listed = f"Kode,Nama Aplikasi,Perangkat Daerah,Biaya setahun (Rp)\n{made.code},Satu,{office.agency.name},5\n"
    upload = SimpleUploadedFile("daftar.csv", listed.encode())
    job = services.check_import(upload, by=office.reviewer, government=office.government)
    assert "rincian biaya dan kontrak" in job.lines.get().errors[0]["message"]
