"""The owner's word for a record, and what breaks it; completeness by one formula."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.utils import ProgrammingError
from django.http import Http404

from apps.core import clock
from apps.core.errors import RuleViolation, StaleVersion
from apps.inventory import completeness, seals, services
from apps.inventory.models import Application, Attestation, ReferenceCode, Standing
from tests.deactivation.web import api, page, signed_in
from tests.inventory.doing import fresh, last_event

pytestmark = pytest.mark.django_db
THIRD = datetime(2026, 8, 3, 3, tzinfo=UTC)


def attest(made, by, **options):
    return services.attest(made.key, by=by, **{"version": fresh(made).version, **options})


def stand(made):
    return seals.latest(fresh(made))


@pytest.mark.parametrize("role", ["operator", "agency_head"])
def test_the_owners_people_stand_for_it(office, role):
    clock.travel_to(THIRD)
    made = office.registered()
    by = office.person(role)
    attest(made, by)
    seal = stand(made)
    assert (seal.code, seal.attested_by_name, seal.intact) == ("2026-Q3", by.name, True)
    event = last_event(made)
    assert (event.verb, event.details["quarter"]) == ("application.attested", "2026-Q3")


def test_the_word_does_not_change_the_record(office):
    made = office.registered()
    before = fresh(made).version
    attest(made, office.operator)
    assert fresh(made).version == before


def test_an_edit_breaks_the_seal_and_a_new_word_mends_it(office):
    made = office.registered()
    attest(made, office.operator)
    services.edit(made.code, by=office.reviewer, version=fresh(made).version, values={"year_built": 2020}, reason="Uji")
    assert not stand(made).intact
    attest(made, office.operator)
    assert stand(made).intact and Attestation.objects.filter(application=made).count() == 2


def test_an_edit_that_changes_nothing_leaves_the_seal(office):
    made = office.registered(year_built=2020)
    attest(made, office.operator)
    services.edit(made.code, by=office.operator, version=fresh(made).version, values={"year_built": 2020}, reason="Uji")
    assert stand(made).intact


def test_once_a_quarter_is_enough(office):
    clock.travel_to(THIRD)
    made = office.registered()
    attest(made, office.operator)
    with pytest.raises(RuleViolation):
        attest(made, office.operator)
    clock.travel_to(THIRD + timedelta(days=92))
    attest(made, office.operator)
    assert [one.code for one in made.attestations.all()] == ["2026-Q4", "2026-Q3"]


@pytest.mark.parametrize("role", ["reviewer", "companion", "approver", "executive", "auditor", "administrator"])
def test_nobody_stands_for_another_office(office, role):
    with pytest.raises(PermissionDenied):
        attest(office.registered(), office.person(role), version=1)


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "withdrawn", "refused", "retired"])
def test_states_without_a_seal(office, state):
    with pytest.raises(RuleViolation):
        attest(getattr(office, state)(), office.operator)


def test_unseen_and_stale(office):
    made = office.registered()
    with pytest.raises(Http404):
        attest(made, office.stranger)
    with pytest.raises(StaleVersion):
        attest(made, office.operator, version=1)


def test_a_word_given_is_not_rewritten(office):
    attest(office.registered(), office.operator)
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute("UPDATE inventory_attestation SET version = 99")


def test_many_at_once_and_again(office):
    made = [office.registered(f"Aplikasi {n}") for n in range(3)]
    ids = [one.pk for one in made]
    assert services.attest_many(ids, by=office.operator) == 3
    services.attest_many(ids, by=office.operator)
    assert Attestation.objects.count() == 3 and all(stand(one).intact for one in made)
    with pytest.raises(PermissionDenied):
        services.attest_many(ids, by=office.reviewer)
    assert services.attest_many(ids, by=office.stranger) == 0


def test_lists_ask_for_the_seal(office):
    whole, broken, none = (office.registered(name) for name in ("Segel Utuh", "Segel Rusak", "Tanpa Segel"))
    attest(whole, office.operator)
    attest(broken, office.operator)
    services.edit(
        broken.code, by=office.operator, version=fresh(broken).version, values={"year_built": 2020}, reason="Uji"
    )
    client = api(office.operator)
    for state, made in (("intact", whole), ("broken", broken), ("none", none)):
        told = client.get(f"/api/v1/applications/?seal={state}").json()["results"]
        assert [row["code"] for row in told] == [made.code]
    assert len(client.get(f"/api/v1/applications/?attested_in={stand(whole).code}").json()["results"]) == 1
    assert client.get("/api/v1/applications/?attested_in=kapan").json()["results"] == []
    assert client.get(f"/api/v1/applications/{broken.code}/").json()["attestation"]["intact"] is False
    text = page(signed_in(office.operator), "/aplikasi/?seal=broken&kolom=attestation")
    assert "Segel Rusak" in text and "(rusak)" in text and "Segel Utuh" not in text.split("hasil", 1)[1]


def test_the_public_reads_no_seal(office, client):
    made = office.registered()
    attest(made, office.operator)
    assert "attestation" not in client.get(f"/api/v1/applications/{made.code}/").json()
    assert client.get("/api/v1/applications/?seal=intact").status_code == 400


def test_by_page_and_interface(office):
    made = office.registered()
    address = f"/aplikasi/{made.code}/nyatakan-benar/"
    client = signed_in(office.operator)
    assert address in page(client, f"/aplikasi/{made.code}/")
    assert client.post(address, {"version": fresh(made).version}).status_code == 302
    assert "Dinyatakan benar, Triwulan" in page(client, f"/aplikasi/{made.code}/")
    assert client.post(address, {"version": fresh(made).version}).status_code == 409
    assert signed_in(office.reviewer).post(address, {}).status_code == 403
    version = {"HTTP_IF_MATCH": f'"{fresh(made).version}"'}
    assert (
        api(office.operator).post(f"/api/v1/applications/{made.code}/attest/", {}, format="json", **version).status_code
        == 409
    )
    assert api(office.reviewer).post(f"/api/v1/applications/{made.code}/attest/", {}, format="json").status_code == 403


def test_the_seal_of_a_past_day(office):
    clock.travel_to(THIRD)
    made = office.registered()
    attest(made, office.operator)
    clock.travel_to(THIRD + timedelta(days=5))
    services.edit(made.code, by=office.operator, version=fresh(made).version, values={"year_built": 2020}, reason="Uji")
    client = signed_in(office.operator)
    assert "Segel rusak" in page(client, f"/aplikasi/{made.code}/")
    assert "Dinyatakan benar, Triwulan III 2026" in page(client, f"/aplikasi/{made.code}/?pada=2026-08-04")


# The formula by hand: nine names of weight 2 and eleven of weight 1, and the code.
DOUBLE = {"description": "x", "functions": "x", "services_supported": "x", "data_used": "x", "output": "x",
          "developing_unit": "x", "operating_unit": "x"}  # fmt: skip
SINGLE = {"platforms": ["web"], "hosting": "own", "license": "own", "programming_languages": ["PHP"], "frameworks": ["X"],
          "databases": ["Y"], "data_inputs": "x", "data_suppliers": "x", "data_outputs": "x", "data_customers": "x",
          "related_objects": "x"}  # fmt: skip


@pytest.mark.parametrize(
    "values,percent",
    [
        ({}, 13),  # code and name: 4 of 31
        (DOUBLE, 58),  # 18 of 31
        (SINGLE, 48),  # 15 of 31
        (DOUBLE | SINGLE, 94),  # 29 of 31
        (DOUBLE | SINGLE | {"reference_codes": True}, 100),
    ],
)
def test_the_formula_in_python_and_in_sql_agree_with_the_hand(office, values, percent):
    given = dict(values)
    if given.pop("reference_codes", None):
        code = ReferenceCode.objects.create(
            kind="RAL", code="RAL.90", name="Layanan", level=1, verification="single_source", edition="uji"
        )
        given["reference_codes"] = [code.pk]
    made = office.registered()
    Application.objects.filter(pk=made.pk).update(functions="", platforms=[])
    if given:
        services.edit(made.code, by=office.operator, version=fresh(made).version, values=given, reason="Uji")
    completeness.write([made.pk])
    assert completeness.percent(fresh(made)) == Standing.objects.get(application=made).completeness == percent


def test_the_page_tells_the_formula(office):
    made = office.registered()
    text = page(signed_in(office.operator), f"/aplikasi/{made.code}/kelengkapan/")
    assert "Bobot yang terisi" in text and "Siapa yang mengelola" in text and "#id_description" in text
    assert "#id_description" not in page(signed_in(office.person("auditor")), f"/aplikasi/{made.code}/kelengkapan/")
