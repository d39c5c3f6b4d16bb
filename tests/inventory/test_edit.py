"""Editing with a reason, confirming facts, granting leave; completeness follows."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from apps.core.errors import RuleViolation, StaleVersion
from apps.inventory import services
from apps.inventory.models import Standing
from tests.inventory.doing import fresh, last_event

pytestmark = pytest.mark.django_db
CHANGE = {"year_built": 2023, "addresses": [("https://baru.contoh.example", "public")]}


def edit(application, by, version=None, **options):
    words = {"values": CHANGE, "reason": "Baru diketahui", **options}
    return services.edit(application.key, by=by, version=version or fresh(application).version, **words)


def test_an_edit_keeps_old_and_new_and_why(office):
    made = office.registered(year_built=2020)
    assert edit(made, office.operator).year_built == 2023
    event = last_event(made)
    assert event.verb == "application.edited" and event.reason == "Baru diketahui"
    assert event.details["changes"]["year_built"] == ["2020", "2023"]
    assert event.details["changes"]["addresses"][1] == "https://baru.contoh.example public"


def test_the_same_values_change_nothing(office):
    made = office.registered(year_built=2020)
    before = fresh(made).version
    edit(made, office.operator, values={"year_built": 2020})
    assert fresh(made).version == before and last_event(made).verb == "application.registered"


def test_a_registered_record_is_not_changed_without_a_reason(office):
    with pytest.raises(ValidationError):
        edit(office.registered(), office.operator, reason=" ")


def test_a_stale_version_changes_nothing(office):
    made = office.registered()
    with pytest.raises(StaleVersion):
        edit(made, office.operator, version=made.version + 1)


@pytest.mark.parametrize("state", ["submitted", "withdrawn", "refused", "retired"])
def test_states_without_edit(office, state):
    with pytest.raises(RuleViolation):
        edit(getattr(office, state)(), office.operator)


@pytest.mark.parametrize("role", ["agency_head", "companion", "approver", "executive", "auditor", "administrator"])
def test_roles_without_edit(office, role):
    with pytest.raises(PermissionDenied):
        edit(office.registered(), office.person(role))


def test_completeness_follows_what_is_said(office):
    made = office.registered()
    before = Standing.objects.get(application=made).completeness
    edit(made, office.operator, values={"description": "Antrean", "hosting": "own", "license": "own"})
    assert Standing.objects.get(application=made).completeness > before


def test_facts_count_anew_each_time_they_are_confirmed(office):
    made = office.registered()
    edit(made, office.operator, values={"operating_since": date(2026, 1, 5)})
    assert made.confirmed_facts.first().operating_since is None
    services.confirm_facts(made.code, by=office.reviewer, version=fresh(made).version)
    assert made.confirmed_facts.first().operating_since == date(2026, 1, 5)
    assert last_event(made).verb == "application.facts_confirmed"


@pytest.mark.parametrize("role", ["operator", "agency_head", "companion", "approver", "executive", "auditor"])
def test_the_judged_do_not_exempt_themselves(office, role):
    made = office.registered()
    person = office.person(role)
    with pytest.raises(PermissionDenied):
        services.confirm_facts(made.code, by=person, version=made.version)
    with pytest.raises(PermissionDenied):
        leave(made, person, date(2026, 1, 1), date(2026, 3, 31))


def leave(application, by, first, last, reason="Pindah pusat data"):
    version = fresh(application).version
    return services.grant_suspension(
        application.code, by=by, version=version, starts_on=first, ends_on=last, reason=reason
    )


def test_leave_is_two_quarters_at_most_also_in_two_pieces(office):
    made = office.registered()
    leave(made, office.reviewer, date(2026, 1, 1), date(2026, 3, 31))
    assert last_event(made).verb == "application.suspension_granted"
    leave(made, office.reviewer, date(2026, 4, 1), date(2026, 6, 30))
    with pytest.raises(RuleViolation):
        leave(made, office.reviewer, date(2026, 7, 1), date(2026, 9, 30))
    assert made.suspensions.count() == 2


@pytest.mark.parametrize(
    "first,last,reason", [(date(2026, 3, 1), date(2026, 2, 1), "ada"), (date(2026, 3, 1), date(2026, 3, 2), " ")]
)
def test_leave_is_refused_when_it_makes_no_sense(office, first, last, reason):
    with pytest.raises(ValidationError):
        leave(office.registered(), office.reviewer, first, last, reason)
