"""From a draft to a code: each act, the states and roles it is refused in, and its trail."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from apps.core.errors import RuleViolation, StaleVersion
from apps.inventory import services
from apps.inventory.models import Application, ConfirmedFacts, Draft
from tests.factories import make_actor, make_agency
from tests.inventory.doing import COMPLETE, fresh, last_event

pytestmark = pytest.mark.django_db
STATES = ("draft", "submitted", "returned", "withdrawn", "refused", "registered", "retiring", "retired")
WHY = {"reason": "Uraian kurang"}
# act: (who, further words, states it starts from, verb of the trail)
ACTS = {
    "submit": ("operator", {}, {"draft", "returned"}, "application.submitted"),
    "withdraw": ("operator", WHY, {"submitted", "returned"}, "application.withdrawn"),
    "register": ("reviewer", {}, {"submitted"}, "application.registered"),
    "return_submission": ("reviewer", WHY, {"submitted"}, "application.returned"),
    "refuse": ("reviewer", WHY, {"submitted"}, "application.refused"),
}
ROLES = ("operator", "agency_head", "reviewer", "companion", "approver", "executive", "auditor", "administrator")


def do(act, application, by, version=None, **words):
    return getattr(services, act)(application.key, by=by, version=version or fresh(application).version, **words)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_in_each_state(office, act, state):
    who, words, starts, verb = ACTS[act]
    made = getattr(office, state)()
    by = getattr(office, who)
    if state in starts:
        do(act, made, by, **words)
        event = last_event(made)
        assert (event.verb, event.actor_name, event.organization_id) == (verb, by.name, office.agency.pk)
        return
    before = fresh(made).status
    with pytest.raises((RuleViolation, Http404)):  # a reviewer does not see another's draft at all
        do(act, made, by, **words)
    assert fresh(made).status == before


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("act", ACTS)
def test_each_act_by_each_role(office, act, role):
    who, words, _starts, _verb = ACTS[act]
    made = office.submitted()
    may = {who, "reviewer"} if act == "submit" else {who}
    if role in may and act != "submit":
        assert do(act, made, office.person(role), **words).status != "submitted"
        return
    with pytest.raises((PermissionDenied, RuleViolation)):
        do(act, made, office.person(role), **words)
    assert fresh(made).status == Application.Status.SUBMITTED


@pytest.mark.parametrize("act", ACTS)
def test_another_office_and_another_government_see_nothing(office, act, django_db_blocker):
    _who, words, _starts, _verb = ACTS[act]
    made = office.submitted()
    with pytest.raises(Http404):
        do(act, made, office.stranger, **words)


def test_a_stale_version_changes_nothing(office):
    made = office.submitted()
    with pytest.raises(StaleVersion):
        services.register(made.key, by=office.reviewer, version=made.version + 1)
    assert fresh(made).status == Application.Status.SUBMITTED


def test_registration_gives_the_code_and_confirms_the_facts(office):
    made = office.registered(ownership="central", season_months=[1, 2])
    assert made.code.startswith("APL-") and made.registered_at and made.reference.startswith("DRF-")
    facts = ConfirmedFacts.objects.get(application=made)
    assert (facts.ownership, facts.season_months, facts.confirmed_by_name) == ("central", [1, 2], office.reviewer.name)


def test_codes_follow_each_other(office):
    first, second = (office.registered(name).code for name in ("Satu", "Dua"))
    assert int(second[-6:]) == int(first[-6:]) + 1


def test_nobody_registers_what_they_submitted(office):
    made = services.start_draft(by=office.reviewer, owner=office.agency, name="Buatan Diskominfo")
    services.save_draft(made.reference, by=office.reviewer, typed={}, values=COMPLETE)
    services.submit(made.reference, by=office.reviewer, version=fresh(made).version)
    with pytest.raises(PermissionDenied):
        services.register(made.reference, by=office.reviewer, version=fresh(made).version)
    assert services.register(made.reference, by=office.person("reviewer"), version=fresh(made).version).code


def test_everything_missing_is_named_at_once(office):
    made = services.start_draft(by=office.operator, owner=office.agency, name="Kosong")
    with pytest.raises(ValidationError) as refused:
        services.submit(made.reference, by=office.operator, version=made.version)
    assert set(refused.value.message_dict) == {"functions", "platforms", "service_kind"}


@pytest.mark.parametrize("act", ["return_submission", "refuse"])
def test_an_answer_needs_its_reason(office, act):
    made = office.submitted()
    with pytest.raises(ValidationError):
        do(act, made, office.reviewer, reason="  ")
    assert fresh(made).status == Application.Status.SUBMITTED


def test_a_draft_keeps_what_is_not_valid(office):
    made = office.draft()
    services.save_draft(made.reference, by=office.operator, typed={"year_built": "20233"}, values={}, step=2)
    kept = Draft.objects.get(application=made)
    assert kept.values["year_built"] == "20233" and kept.step == 2 and fresh(made).year_built is None


@pytest.mark.parametrize("state", ["submitted", "registered", "retired", "refused"])
def test_what_was_sent_is_not_typed_on(office, state):
    made = getattr(office, state)()
    with pytest.raises(RuleViolation):
        services.save_draft(made.key, by=office.operator, typed={}, values={"name": "Diganti"})
    assert fresh(made).name == "Antrean Puskesmas"


@pytest.mark.parametrize("state", STATES)
def test_only_a_draft_is_ever_deleted(office, state):
    made = getattr(office, state)()
    if state == "draft":
        services.delete_draft(made.key, by=office.operator, version=fresh(made).version)
        assert not Application.objects.filter(pk=made.pk).exists()
        return
    with pytest.raises(RuleViolation):
        services.delete_draft(made.key, by=office.operator, version=fresh(made).version)


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("operator", "reviewer")])
def test_who_does_not_begin_a_record(office, role):
    with pytest.raises(PermissionDenied):
        services.start_draft(by=office.person(role), owner=office.agency, name="Baru")


def test_a_collective_name_owns_nothing(office):
    everyone = make_agency(office.government, "Seluruh Perangkat Daerah", kind="collective")
    with pytest.raises(RuleViolation) as refused:
        services.start_draft(by=make_actor("reviewer", office.government), owner=everyone, name="Sijuna")
    assert refused.value.code == "cannot_own"
