"""Who may look after people, offices and settings, and which roles go together."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from apps.accounts.actor import GOVERNMENT_WIDE, Actor
from apps.accounts.models import Membership, Organization, Role, User

INVITATION_LIFETIME = timedelta(days=7)
TOKEN_LIFETIME_AT_MOST = timedelta(days=366)
# A reporter named by a head for a time stays so for two quarters at most.
DELEGATED_DAYS_AT_MOST = 184
# Peraturan BSSN 4/2021 Pasal 27 asks for length, classes and regular change; ASVS 5.0 V6.2 for length without expiry.
PASSWORD_LENGTH = {"bssn": 12, "asvs": 15}
PASSWORD_LIFETIME = {"bssn": timedelta(days=90), "asvs": None}


def may_administer(by: Actor, organization: Organization) -> bool:
    """An administrator looks after the own government; the system (command line) after all."""
    return by.is_system or (by.has_role(Role.ADMINISTRATOR) and by.covers(organization))


def may_change_person(by: Actor, person_id: int) -> bool:
    """Nobody changes the own account's standing or roles."""
    return by.is_system or (by.has_role(Role.ADMINISTRATOR) and by.person_id != person_id)


def may_hand_over(by: Actor, membership: Membership) -> bool:
    """An administrator any role but the own; the head of an office those of its operators."""
    if not by.is_system and by.person_id == membership.user_id:
        return False
    heads = by.has_role(Role.AGENCY_HEAD) and membership.role == Role.OPERATOR and by.covers(membership.seat)
    return heads or may_administer(by, membership.seat)


def may_succeed(by: Actor, membership: Membership, successor: User) -> bool:
    """Somebody of the same government; chosen by a head somebody who works in the head's own offices; never oneself."""
    if successor.pk == by.person_id:
        return False
    known = successor.memberships.all()
    if by.has_role(Role.AGENCY_HEAD):
        return known.filter(seat__in=by.organization_ids).exists()
    return known.filter(seat__in=Organization.objects.within(membership.seat.government_or_self.pk)).exists()


def may_delegate(by: Actor, seat: Organization) -> bool:
    """The head of an office names who reports for it for a time."""
    return by.has_role(Role.AGENCY_HEAD) and by.covers(seat)


def may_be_delegate(by: Actor, person: User) -> bool:
    """Somebody else who works or worked in the head's own offices."""
    return person.pk != by.person_id and person.memberships.filter(seat__in=by.organization_ids).exists()


def may_recall(by: Actor, membership: Membership) -> bool:
    """The head over an operator of the own offices."""
    return membership.role == Role.OPERATOR and may_delegate(by, membership.seat) and by.person_id != membership.user_id


def scope_of(role: str, seat: Organization) -> Organization:
    """An office's own people act for the office; the others for the whole government."""
    return seat.government_or_self if role in GOVERNMENT_WIDE else seat


def overlaps(held: Membership, starts_on: date, ends_on: date | None) -> bool:
    """Whether a membership still counts on any day of the given period."""
    if held.ended_at is not None:
        return False
    begins_before_end = ends_on is None or held.starts_on <= ends_on
    return begins_before_end and (held.ends_on is None or held.ends_on >= starts_on)


def keeps_administrator_apart(role: str, held: Iterable[Membership], starts_on: date, ends_on: date | None) -> bool:
    """An administrator holds no other role at the same time, whichever came first."""
    others = {row.role for row in held if overlaps(row, starts_on, ends_on)} - {role}
    return not others if role == Role.ADMINISTRATOR else Role.ADMINISTRATOR not in others


def password_expired(policy: str, changed_at: datetime | None, now: datetime) -> bool:
    """Whether the password is older than the policy allows; a policy without expiry never says so."""
    lifetime = PASSWORD_LIFETIME[policy]
    return lifetime is not None and changed_at is not None and changed_at + lifetime <= now
