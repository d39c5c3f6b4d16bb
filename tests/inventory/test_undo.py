"""Taking one change back as a new change."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from apps.audit.models import Event
from apps.core.errors import RuleViolation, StaleVersion
from apps.inventory import forms, services
from apps.inventory.models import ReferenceCode
from apps.inventory.services import bulk
from tests.deactivation.web import api, page, signed_in
from tests.inventory.doing import fresh, last_event

pytestmark = pytest.mark.django_db
ADDRESSES = [("https://lama.example", "public"), ("http://10.0.0.7", "internal")]


def edit(made, by, **values):
    services.edit(made.key, by=by, version=fresh(made).version, values=values, reason="Salah ketik")
    return last_event(made)


def undo(made, by, event, **options):
    words = {"version": fresh(made).version, "reason": "Ternyata benar", **options}
    return services.undo(made.key, by=by, event=event.pk, **words)


def test_every_kind_of_value_comes_back(office):
    code = ReferenceCode.objects.create(
        kind="RAL", code="RAL.90", name="Layanan", level=1, verification="single_source", edition="uji"
    )
    other = office.registered("Pengganti")
    before = {
        "name": "Antrean Puskesmas", "addresses": ADDRESSES, "reference_codes": [code.pk], "successor": other,
        "operating_since": date(2024, 5, 1), "yearly_cost": 64_200_000, "platforms": ["web"], "season_months": [1, 6],
        "year_built": None, "hosting": "own",
    }  # fmt: skip
    made = office.registered(**before)
    event = edit(
        made, office.operator, name="Lain", addresses=[("https://baru.example", "public"), *ADDRESSES], reference_codes=[],
        successor=None, operating_since=None, yearly_cost=1, platforms=["web", "cloud"], season_months=[],
        year_built=2020, hosting="",
    )  # fmt: skip
    undo(made, office.operator, event)
    now = forms.values_of(fresh(made), before)
    assert {**now, "addresses": sorted(now["addresses"])} == {**before, "addresses": sorted(ADDRESSES)}
    told = last_event(made)
    assert (told.verb, told.reason, told.details["undone"]) == ("application.change_undone", "Ternyata benar", event.pk)
    assert told.details["changes"]["year_built"] == ["2020", ""]


def test_what_was_taken_back_can_be_put_back(office):
    made = office.registered(year_built=2019)
    first = edit(made, office.operator, year_built=2020)
    undo(made, office.operator, first)
    undo(made, office.reviewer, last_event(made))
    assert fresh(made).year_built == 2020


@pytest.mark.parametrize("later", [2021, 2019])
def test_a_later_change_of_the_field_stands_in_the_way(office, later):
    made = office.registered(year_built=2019)
    first = edit(made, office.operator, year_built=2020, hosting="own")
    edit(made, office.operator, year_built=later)
    with pytest.raises(RuleViolation, match="tahun pembuatan"):
        undo(made, office.operator, first)
    assert fresh(made).hosting == "own"


def test_a_change_back_and_forth_is_a_later_change_too(office):
    made = office.registered(year_built=2019)
    first = edit(made, office.operator, year_built=2020)
    edit(made, office.operator, year_built=2021)
    edit(made, office.operator, year_built=2020)
    with pytest.raises(RuleViolation):
        undo(made, office.operator, first)


def test_a_change_of_many_stands_in_the_way_too(office):
    made = office.registered(year_built=2019)
    first = edit(made, office.operator, year_built=2020)
    bulk.enrich({made.pk: {"year_built": 2022}}, by=office.reviewer, reason="Hasil pendataan")
    with pytest.raises(RuleViolation):
        undo(made, office.operator, first)


def test_a_later_change_of_another_field_does_not(office):
    made = office.registered(year_built=2019)
    first = edit(made, office.operator, year_built=2020)
    edit(made, office.operator, hosting="own")
    assert undo(made, office.operator, first).year_built == 2019


def test_refusals_in_their_order(office):
    made = office.registered(year_built=2019)
    event = edit(made, office.operator, year_built=2020)
    other = edit(office.registered("Lain"), office.operator, year_built=2020)
    with pytest.raises(Http404):
        undo(made, office.stranger, event)
    with pytest.raises(Http404):
        undo(made, office.operator, other)
    with pytest.raises(Http404):
        undo(made, office.operator, Event.objects.filter(verb="application.registered").first())
    with pytest.raises(StaleVersion):
        undo(made, office.operator, event, version=1, reason="")
    with pytest.raises(ValidationError):
        undo(made, office.operator, event, reason=" ")
    assert fresh(made).year_built == 2020


@pytest.mark.parametrize("role", ["agency_head", "companion", "approver", "executive", "auditor", "administrator"])
def test_roles_without_undo(office, role):
    made = office.registered()
    event = edit(made, office.operator, year_built=2020)
    with pytest.raises(PermissionDenied):
        undo(made, office.person(role), event, version=1)


def test_a_retired_record_keeps_what_it_says(office):
    made = office.registered()
    event = edit(made, office.operator, year_built=2020)
    services.begin_retiring(made.pk, by=office.reviewer, reason="KSS-2026-0001")
    services.retire(made.pk, by=office.reviewer, reason="KSS-2026-0001")
    with pytest.raises(RuleViolation):
        undo(made, office.operator, event)


def test_by_the_pages(office):
    made = office.registered(hosting="own")
    event = edit(made, office.operator, hosting="cloud")
    client = signed_in(office.operator)
    text = page(client, f"/aplikasi/{made.code}/riwayat/")
    address = f"/aplikasi/{made.code}/riwayat/{event.pk}/batalkan/"
    assert address in text and "awan komersial" in text and "Salah ketik" in text
    assert "pusat data pemda" in page(client, address)
    assert client.post(address, {"version": fresh(made).version}).status_code == 400
    assert client.post(address, {"version": 1, "reason": "Keliru"}).status_code == 412
    assert client.post(address, {"version": fresh(made).version, "reason": "Keliru"}).status_code == 302
    assert fresh(made).hosting == "own"
    assert client.post(address, {"version": fresh(made).version, "reason": "Keliru"}).status_code == 409
    assert "sudah dibatalkan" in page(client, f"/aplikasi/{made.code}/riwayat/")
    assert signed_in(office.person("auditor")).post(address, {}).status_code == 403
    assert signed_in(office.stranger).get(address).status_code == 404


def test_by_the_interface(office):
    made = office.registered(hosting="own", servers="srv-1")
    edit(made, office.operator, hosting="cloud", servers="srv-2")
    client, base = api(office.operator), f"/api/v1/applications/{made.code}/"
    entry = client.get(base + "history/").json()[0]
    assert entry["changes"] == {"hosting": ["own", "cloud"], "servers": ["srv-1", "srv-2"]}
    assert api(office.person("executive")).get(base + "history/").json()[0]["changes"] == entry["changes"]
    sent = {"event": entry["id"], "reason": "Keliru"}
    assert client.post(base + "undo/", sent, format="json").status_code == 428
    assert api(office.person("auditor")).post(base + "undo/", {}, format="json").status_code == 403
    version = {"HTTP_IF_MATCH": f'"{fresh(made).version}"'}
    assert client.post(base + "undo/", {"event": entry["id"]}, format="json", **version).status_code == 400
    assert client.post(base + "undo/", sent, format="json", **version).json()["hosting"] == "own"


def test_changes_of_many_are_told_with_their_act(office):
    made = office.registered(year_built=2019)
    edit(made, office.operator, hosting="own")
    bulk.enrich({made.pk: {"year_built": 2022}}, by=office.reviewer, reason="Hasil pendataan 2026")
    text = page(signed_in(office.operator), f"/aplikasi/{made.code}/riwayat/")
    assert text.count("Diubah bersama banyak aplikasi lain") == 1
    assert "Hasil pendataan 2026" in text and "<del>" in text and "2022" in text
