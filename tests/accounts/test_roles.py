"""Giving and ending roles: who may, what may stand beside what, and that an end holds at once."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404

from apps.accounts import services
from apps.accounts.actor import Actor
from apps.accounts.models import Membership, Role, User
from apps.accounts.queries import current_memberships
from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation
from tests import factories

START = date(2026, 1, 1)


@pytest.fixture
def administrator(government):
    return factories.make_actor(Role.ADMINISTRATOR, government)


@pytest.fixture
def agency(government):
    return factories.make_agency(government, "Dinas Kesehatan")


@pytest.fixture
def person(db):
    return User.objects.create_user("sari@contoh.example", name="Sari", password=factories.PASSWORD)


def give(person, by, seat, role=Role.OPERATOR, starts_on=START, **more):
    return services.grant(person.pk, by=by, role=role, seat=seat, starts_on=starts_on, **more)


def test_a_role_is_given_with_its_scope_and_its_trail(administrator, agency, person):
    membership = give(person, administrator, agency)
    assert (membership.seat, membership.scope) == (agency, agency)
    event = Event.objects.get(verb="membership.granted")
    assert (event.actor_id, event.details["person_id"], event.organization_id) == (
        administrator.person_id,
        person.pk,
        agency.pk,
    )


def test_a_government_wide_role_reaches_the_whole_government(administrator, government, person):
    membership = give(person, administrator, factories.office(government, "planning_office"), Role.COMPANION)
    assert membership.scope == government


@pytest.mark.parametrize("role", [role for role in Role.values if role != "administrator"])
def test_other_roles_give_none(role, government, agency, person):
    seat = agency if role in ("operator", "agency_head") else None
    by = factories.make_actor(role, government, seat)
    with pytest.raises(PermissionDenied):
        give(person, by, agency)
    assert not person.memberships.exists()


def test_the_administrator_of_another_government_gives_none(agency, person):
    stranger = factories.make_actor(Role.ADMINISTRATOR, factories.make_government("Kota Lain"))
    with pytest.raises(PermissionDenied):
        give(person, stranger, agency)


def test_nobody_gives_a_role_to_oneself(administrator, agency):
    with pytest.raises(PermissionDenied):
        services.grant(administrator.person_id, by=administrator, role=Role.OPERATOR, seat=agency, starts_on=START)


@pytest.mark.parametrize(("held", "wanted"), [(Role.OPERATOR, Role.ADMINISTRATOR), (Role.ADMINISTRATOR, Role.OPERATOR)])
def test_an_administrator_holds_no_other_role(administrator, agency, government, person, held, wanted):
    give(person, administrator, agency if held == Role.OPERATOR else government, held)
    with pytest.raises(RuleViolation) as refusal:
        give(person, administrator, agency if wanted == Role.OPERATOR else government, wanted)
    assert refusal.value.code == "administrator_apart"


def test_an_administrator_may_become_operator_after_the_end(administrator, agency, government, person):
    give(person, administrator, government, Role.ADMINISTRATOR, ends_on=date(2026, 3, 31))
    assert give(person, administrator, agency, starts_on=date(2026, 4, 1)).pk


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "refused"),
    [
        (date(2026, 6, 30), None, True),
        (date(2026, 7, 1), None, False),
        (date(2025, 1, 1), date(2025, 12, 31), False),
        (date(2025, 1, 1), date(2026, 1, 1), True),
    ],
)
def test_the_same_role_does_not_overlap(administrator, agency, person, starts_on, ends_on, refused):
    give(person, administrator, agency, ends_on=date(2026, 6, 30))
    if refused:
        with pytest.raises(RuleViolation) as refusal:
            give(person, administrator, agency, starts_on=starts_on, ends_on=ends_on)
        assert refusal.value.code == "membership_overlap"
    else:
        assert give(person, administrator, agency, starts_on=starts_on, ends_on=ends_on).pk


def test_the_database_itself_refuses_an_overlap(administrator, agency, person):
    give(person, administrator, agency)
    with pytest.raises(IntegrityError, match="membership_no_overlap"), transaction.atomic():
        Membership.objects.create(
            user=person, role=Role.OPERATOR, seat=agency, scope=agency, starts_on=date(2026, 5, 1)
        )


def test_one_definitive_head_and_an_acting_one_beside(administrator, agency, person):
    factories.make_membership(Role.AGENCY_HEAD, agency.government, agency)
    with pytest.raises(RuleViolation) as refusal:
        give(person, administrator, agency, Role.AGENCY_HEAD)
    assert refusal.value.code == "one_definitive_head"
    acting = give(
        person, administrator, agency, Role.AGENCY_HEAD, acting="plh", decree="800/7/2026", ends_on=date(2026, 2, 1)
    )
    assert acting.acting == "plh"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"acting": "plt", "ends_on": date(2026, 2, 1)}, "decree"),
        ({"acting": "plt", "decree": "800/7/2026"}, "ends_on"),
        ({"ends_on": date(2025, 12, 31)}, "ends_on"),
    ],
)
def test_incomplete_terms_are_named(administrator, agency, person, more, field):
    with pytest.raises(ValidationError) as refusal:
        give(person, administrator, agency, **more)
    assert field in refusal.value.message_dict


def test_an_end_holds_at_once_and_takes_the_keys_along(administrator, agency, person):
    membership = give(person, administrator, agency)
    token, _key = services.create_token(
        by=administrator,
        name="Skrip",
        organization=agency,
        scopes=["read"],
        membership=membership,
        expires_at=clock.now() + timedelta(days=30),
    )
    services.end_membership(membership.pk, by=administrator, reason="Mutasi")
    assert current_memberships(person) == []
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert Event.objects.get(verb="membership.ended").reason == "Mutasi"


def test_an_ended_role_is_not_ended_twice_and_may_be_given_anew(administrator, agency, person):
    membership = give(person, administrator, agency)
    services.end_membership(membership.pk, by=administrator, reason="Mutasi")
    with pytest.raises(RuleViolation):
        services.end_membership(membership.pk, by=administrator, reason="Lagi")
    assert give(person, administrator, agency).pk


def test_a_foreign_administrator_does_not_see_the_role(administrator, agency, person):
    membership = give(person, administrator, agency)
    stranger = factories.make_actor(Role.ADMINISTRATOR, factories.make_government("Kota Lain"))
    with pytest.raises(Http404):
        services.end_membership(membership.pk, by=stranger, reason="Mutasi")


def test_an_operator_reaches_the_own_office_and_beneath_only(government, agency):
    unit = factories.make_agency(government, "Puskesmas", parent=agency)
    other = factories.make_agency(government, "Dinas Lain")
    actor = factories.make_actor(Role.OPERATOR, government, agency)
    assert [actor.covers(office) for office in (agency, unit, other, government)] == [True, True, False, False]
    assert Actor.anonymous().covers(agency) is False
