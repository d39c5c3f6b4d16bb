"""Founding, renaming and dissolving offices; the government's terms; the calendar."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from apps.accounts import services
from apps.accounts.models import Organization, Role
from apps.audit.models import Event
from apps.core import services as core_services
from apps.core.errors import RuleViolation, StaleVersion
from tests import factories

AGENCY = Organization.Kind.AGENCY


@pytest.fixture
def administrator(government):
    return factories.make_actor(Role.ADMINISTRATOR, government)


def found(by, government, name="Dinas Perikanan", **fields):
    return services.create_organization(by=by, government=government, name=name, kind=AGENCY, **fields)


def test_an_office_gets_a_code_a_parent_and_a_trail(administrator, government):
    first, second = found(administrator, government), found(administrator, government)
    assert (first.code, second.code) == ("dinas-perikanan", "dinas-perikanan-2")
    assert first.parent == government
    assert Event.objects.filter(verb="organization.created", organization_id=first.pk).count() == 1


def test_renaming_keeps_the_former_name_in_the_history(administrator, government):
    office = found(administrator, government)
    services.edit_organization(
        office.code, by=administrator, version=office.version, name="Dinas Kelautan", reason="Perda 3/2026"
    )
    names = list(office.history.order_by("pgh_id").values_list("name", flat=True))
    assert names == ["Dinas Perikanan", "Dinas Kelautan"]
    assert Event.objects.get(verb="organization.edited").details["changed"] == {
        "name": ["Dinas Perikanan", "Dinas Kelautan"]
    }


def test_a_stale_edit_is_refused(administrator, government):
    office = found(administrator, government)
    services.edit_organization(office.code, by=administrator, version=1, name="A")
    with pytest.raises(StaleVersion):
        services.edit_organization(office.code, by=administrator, version=1, name="B")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"function": "ict_office"}, "function"),
        ({"parent": "child"}, "parent"),
        ({"parent": "foreign"}, "parent"),
        ({"time_zone": "Asia/Makassar"}, "time_zone"),
    ],
)
def test_wrong_places_in_the_tree_are_named(administrator, government, change, field):
    office = found(administrator, government)
    places = {
        "child": lambda: factories.make_agency(government, "Unit", parent=office),
        "foreign": lambda: factories.make_agency(factories.make_government("Kota Lain")),
    }
    change = {name: places[value]() if value in places else value for name, value in change.items()}
    with pytest.raises(ValidationError) as refusal:
        services.edit_organization(office.code, by=administrator, version=1, **change)
    assert list(refusal.value.message_dict) == [field]


def test_an_office_with_people_or_units_is_not_dissolved(administrator, government):
    office = found(administrator, government)
    factories.make_membership(Role.OPERATOR, government, office)
    with pytest.raises(RuleViolation) as refusal:
        services.deactivate_organization(office.code, by=administrator, version=1, reason="Perda")
    assert refusal.value.code == "has_members"
    parent = found(administrator, government, "Dinas Induk")
    factories.make_agency(government, "Unit", parent=parent)
    with pytest.raises(RuleViolation) as refusal:
        services.deactivate_organization(parent.code, by=administrator, version=1, reason="Perda")
    assert refusal.value.code == "has_children"


def test_dissolving_and_taking_it_back(administrator, government):
    office = found(administrator, government)
    ended = services.deactivate_organization(office.code, by=administrator, version=1, reason="Digabung")
    assert ended.active_until
    assert office not in Organization.objects.able_to_own()
    with pytest.raises(RuleViolation):
        services.deactivate_organization(office.code, by=administrator, version=2, reason="Lagi")
    assert (
        services.reactivate_organization(office.code, by=administrator, version=2, reason="Keliru").active_until is None
    )


@pytest.mark.parametrize("role", ["reviewer", "approver", "executive", "auditor"])
def test_others_change_no_office(role, government):
    by = factories.make_actor(role, government)
    office = factories.make_agency(government)
    with pytest.raises(PermissionDenied):
        found(by, government)
    with pytest.raises(PermissionDenied):
        services.edit_organization(office.code, by=by, version=1, name="X")
    with pytest.raises(PermissionDenied):
        services.edit_policy(government, by=by, reason="x", plh_may_decide=True)
    with pytest.raises(PermissionDenied):
        services.confirm_holidays(2026, by=by, decree="SKB")


def test_a_foreign_office_is_not_there(administrator):
    stranger = factories.make_agency(factories.make_government("Kota Lain"))
    with pytest.raises(Http404):
        services.edit_organization(stranger.code, by=administrator, version=1, name="X")


def test_the_terms_of_a_government_change_with_reason(administrator, government):
    policy = services.edit_policy(government, by=administrator, reason="Perwal 9/2026", answer_working_days=7)
    assert policy.answer_working_days == 7
    event = Event.objects.get(verb="policy.edited")
    assert (event.reason, event.details["changed"]) == ("Perwal 9/2026", {"answer_working_days": [10, 7]})
    with pytest.raises(ValidationError):
        services.edit_policy(government, by=administrator, reason="x", government_id=3)


def test_a_year_of_holidays_is_confirmed_once(administrator):
    core_services.set_holidays(2031, [(date(2031, 1, 1), "national_holiday", "Tahun Baru")], decree="")
    row = services.confirm_holidays(2031, by=administrator, decree="SKB 1/2030")
    assert (row.confirmed_by, row.decree) == (administrator.name, "SKB 1/2030")
    with pytest.raises(RuleViolation):
        services.confirm_holidays(2031, by=administrator, decree="SKB 1/2030")
    with pytest.raises(Http404):
        services.confirm_holidays(2032, by=administrator, decree="SKB")
