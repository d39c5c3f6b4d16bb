"""Quorum of the desk, per case and by office (product.md §6)."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

OWNER, ICT_OFFICE, A_COMPANION = "owner", "ict_office", "companion"
OFFICE_LABELS = {OWNER: _("OPD pemilik"), ICT_OFFICE: _("dinas kominfo"), A_COMPANION: _("Bappeda atau BKAD")}
INVITATIONS_FOR_ABSENTIA = 2
SESSION_AT_MOST_AWAY = timedelta(days=5 * 366)  # further off it is a slip of the pen; the product's own number


@dataclass(frozen=True)
class Presence:
    """One person present for one office; `office_id` is the agency, `function` its part in the process."""

    identity: str
    office_id: int
    function: str


def missing_offices(present, owner_office_id, *, owner_excused=False):
    """Which of owner, ICT office and companion nobody stands for; one person counts for one office only.

    The owner's people never count as the companion of their own case, and when the owner is the ICT office two
    persons of it must be there.
    """
    unused = list({person.identity: person for person in present}.values())
    missing = []
    seats = (
        (OWNER, lambda p: p.office_id == owner_office_id),
        (ICT_OFFICE, lambda p: p.function == "ict_office"),
        (A_COMPANION, lambda p: p.function in ("planning_office", "finance_office") and p.office_id != owner_office_id),
    )
    for office, stands_for in seats:
        person = next((p for p in unused if stands_for(p)), None)
        if person:
            unused.remove(person)
        elif office != OWNER or not owner_excused:
            missing.append(office)
    return missing


def was_invited_twice(invitations, owner_office_ids):
    """Whether the owner got two written invitations, so that its absence does not block."""
    return sum(1 for row in invitations if row.organization_id in owner_office_ids) >= INVITATIONS_FOR_ABSENTIA
