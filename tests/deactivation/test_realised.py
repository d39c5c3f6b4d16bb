"""What savings realised year by year: entered by BKAD, corrected beside what was said, one contract once."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation, StaleVersion
from apps.deactivation import services
from apps.deactivation.models import Case, Realised, Saving
from apps.deactivation.queries import ledger
from tests import factories_deactivation as made
from tests.deactivation.test_guards import IGNORE_ALL, _refused
from tests.deactivation.web import api, page, signed_in

pytestmark = pytest.mark.django_db
JAKARTA = ZoneInfo("Asia/Jakarta")
MILLION = 1_000_000


@pytest.fixture
def retired(db):
    """Retired on 15 April 2026, verified with 24 million a year; it is February 2028."""
    clock.travel_to(datetime(2026, 3, 2, 9, tzinfo=JAKARTA))
    cast = made.make_cast()
    case = made.decide(
        made.make_case(at="recommended", cast=cast),
        cast,
        planned_saving=Decimal(30 * MILLION),
        contract="K-1/2026",
        effective_on=date(2026, 4, 15),
    )
    saving = case.savings.get()
    services.verify_saving(saving.pk, by=cast.treasurer, version=saving.version, amount=Decimal(24 * MILLION))
    for state in ("executing", "executed"):
        case = made._STEPS[state](case, cast, None, None)
    clock.travel_to(datetime(2028, 2, 10, 9, tzinfo=JAKARTA))
    return cast, case, case.savings.get()


def enter(cast, saving, year, amount, by=None, **said):
    said = {"basis": f"DPA {year}", **said}
    version = Saving.objects.get(pk=saving.pk).version
    return services.record_realised(
        saving.pk, by=by or cast.treasurer, version=version, year=year, amount=Decimal(amount), **said
    )


def standing(saving):
    return {row.year: int(row.amount) for row in saving.realised.in_force()}


def test_each_year_is_entered_and_a_correction_stands_beside_the_first(retired):
    cast, case, saving = retired
    first = enter(cast, saving, 2026, 17 * MILLION)
    enter(cast, saving, 2027, 24 * MILLION)
    again = enter(cast, saving, 2026, 15 * MILLION, basis="Adendum kontrak")
    assert standing(saving) == {2026: 15 * MILLION, 2027: 24 * MILLION}
    assert again.corrects == first and Realised.objects.filter(saving=saving).count() == 3
    told = Event.objects.filter(verb="saving.realised", subject_id=case.pk).order_by("pk")
    assert [row.details["year"] for row in told] == [2026, 2027, 2026]
    assert (told.last().reason, int(float(told.last().details["former"]))) == ("Adendum kontrak", 17 * MILLION)


@pytest.mark.parametrize("year", [2025, 2029])
def test_only_years_from_retirement_to_now(retired, year):
    cast, _case, saving = retired
    with pytest.raises(ValidationError):
        enter(cast, saving, year, 1)


@pytest.mark.parametrize("said", [{"amount": -1}, {"basis": "  "}])
def test_an_amount_and_its_basis_are_needed(retired, said):
    cast, _case, saving = retired
    with pytest.raises(ValidationError):
        enter(cast, saving, **{"year": 2026, "amount": 1, **said})


def test_only_bkad_and_only_with_the_version_read(retired):
    cast, _case, saving = retired
    for person in (cast.planner, cast.reviewer, cast.approver, cast.head):
        with pytest.raises(PermissionDenied):
            enter(cast, saving, 2026, 1, by=person)
    with pytest.raises(StaleVersion):
        services.record_realised(
            saving.pk, by=cast.treasurer, version=saving.version - 1, year=2026, amount=Decimal(1), basis="DPA"
        )
    assert standing(saving) == {}


def test_before_verification_and_before_retirement_nothing_is_realised():
    cast = made.make_cast()
    case = made.decide(made.make_case(at="recommended", cast=cast), cast, planned_saving=Decimal(10))
    saving = case.savings.get()
    with pytest.raises(RuleViolation) as refused:
        enter(cast, saving, clock.now().year, 1)
    assert refused.value.code == "wrong_state"
    services.verify_saving(saving.pk, by=cast.treasurer, version=saving.version, amount=Decimal(9))
    with pytest.raises(RuleViolation) as refused:
        enter(cast, saving, clock.now().year, 1)
    assert refused.value.code == "not_retired"


def test_after_the_way_back_no_year_is_realised(retired):
    cast, case, saving = retired
    made._STEPS["closed"](case, cast, None, None)
    again = services.nominate(
        case.application_id, by=cast.head, ground="owner_request", reason="Perlu", kind="reactivation"
    )
    services.add_to_agenda(made.make_session(cast).pk, by=cast.reviewer, case_ids=[again.pk])
    again.refresh_from_db()
    services.recommend(
        again.pk, by=cast.reviewer, version=again.version, session_id=made.session_of(again).pk,
        outcome="reactivate", reason="Perlu",
    )  # fmt: skip
    made.decide(again, cast)
    clock.travel_to(datetime(2030, 1, 5, 9, tzinfo=JAKARTA))
    enter(cast, saving, 2028, MILLION)
    with pytest.raises(ValidationError):
        enter(cast, saving, 2029, MILLION)


def test_one_contract_is_realised_once_a_year(retired):
    """The contract cannot come twice, nor a year of it: neither by the services nor by SQL."""
    cast, _case, saving = retired
    enter(cast, saving, 2026, 17 * MILLION)
    with pytest.raises(RuleViolation, match="K-1/2026"):
        made.decide(made.make_case(at="recommended", cast=cast), cast, planned_saving=Decimal(1), contract="k-1/2026")
    twice = (
        "INSERT INTO deactivation_realised (saving_id, year, amount, basis, person_id, person_name, recorded_at, created_at)"
        " SELECT saving_id, year, amount, basis, person_id, person_name, recorded_at, created_at FROM deactivation_realised"
    )
    refused = pytest.raises(DatabaseError, match="realised_year_once_per_saving")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(twice)
    total = Realised.objects.in_force().filter(saving__contract="K-1/2026", year=2026).aggregate(sum=Sum("amount"))
    assert total["sum"] == 17 * MILLION


def test_the_ledger_counts_a_year_once_as_last_corrected(retired):
    """Entered 17, corrected to 15 million for 2026 and 24 for 2027; a void twin of the contract adds nothing."""
    cast, _case, saving = retired
    enter(cast, saving, 2026, 17 * MILLION)
    enter(cast, saving, 2027, 24 * MILLION)
    enter(cast, saving, 2026, 15 * MILLION)
    found = ledger.ledger(cast.reviewer)
    assert dict(found.total.realised) == {2026: 15 * MILLION, 2027: 24 * MILLION}
    assert [(row.year, row.realised) for row in found.years] == [
        (2028, 0), (2027, 24 * MILLION), (2026, 15 * MILLION),
    ]  # fmt: skip
    assert dict(found.offices[0].sums.realised) == dict(found.total.realised)


@pytest.mark.parametrize("variables", [(), (IGNORE_ALL,)], ids=["plain", "pgtrigger.ignore"])
def test_sql_changes_nothing_of_it(retired, variables):
    cast, _case, saving = retired
    enter(cast, saving, 2026, 17 * MILLION)
    statements = [
        "UPDATE deactivation_realised SET amount = 0 WHERE saving_id = %s",
        "DELETE FROM deactivation_realised WHERE saving_id = %s",
        "UPDATE deactivation_saving SET planned_yearly = 0 WHERE id = %s",
        "UPDATE deactivation_saving SET verified_yearly = 0 WHERE id = %s",
        "UPDATE deactivation_saving SET contract = 'lain' WHERE id = %s",
        "DELETE FROM deactivation_saving WHERE id = %s",
    ]
    assert [text for text in statements if not _refused(text, saving.pk, variables)] == []


def test_control_without_the_guard_the_plan_changes(retired):
    _cast, _case, saving = retired
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE deactivation_saving DISABLE TRIGGER deactivation_guard_saving")
        cursor.execute("ALTER TABLE deactivation_saving DISABLE TRIGGER deactivation_keep_saving")
    assert not _refused("UPDATE deactivation_saving SET planned_yearly = 0 WHERE id = %s", saving.pk)
    assert Saving.objects.get(pk=saving.pk).planned_yearly == 0


def test_page_and_endpoint_enter_it(retired):
    cast, case, saving = retired
    client = signed_in(cast.treasurer)
    body = page(client, case.get_absolute_url())
    assert "Belum ada realisasi" in body and "Catat realisasi" in body
    assert "Catat realisasi setahun" not in page(signed_in(cast.planner), case.get_absolute_url())
    address, prefix = f"/kasus/{case.code}/hemat/{saving.pk}/realisasi/", f"realised-{saving.pk}"
    typed = {f"{prefix}-year": "2026", f"{prefix}-amount": "17000000", f"{prefix}-basis": "", "version": saving.version}
    refused = client.post(address, typed)
    assert refused.status_code == 400 and "17000000" in refused.content.decode()
    scan = SimpleUploadedFile("dpa.pdf", b"%PDF-1.4 dpa", content_type="application/pdf")
    done = client.post(address, typed | {f"{prefix}-basis": "DPA 2026", f"{prefix}-evidence": scan})
    assert done.status_code == 302
    body = page(client, case.get_absolute_url())
    assert "Terealisasi 2026: Rp17.000.000" in body
    paper = Realised.objects.get(saving=saving).evidence_id
    assert client.get(f"/kasus/{case.code}/dokumen/{paper}/").status_code == 200
    machine = api(cast.treasurer)
    path = f"/api/v1/cases/{case.code}/savings/{saving.pk}/record-realised/"
    said = {"year": 2027, "amount": "24000000", "basis": "DPA 2027"}
    assert machine.post(path, said, format="json").status_code == 428
    version = Saving.objects.get(pk=saving.pk).version
    answer = machine.post(path, said, format="json", headers={"If-Match": f'"{version}"'})
    assert [row["year"] for row in answer.json()["savings"][0]["realised"]] == [2026, 2027]
    assert Case.objects.get(pk=case.pk).status == "executed"
