"""The people of the demo, named by their part; no real persons."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import slugify

from apps.accounts import services as accounts
from apps.accounts.actor import Actor
from apps.accounts.models import Organization, Role

# Open to all who run the demo; accounts marked as demo open nowhere else.
PASSWORD = "Tirtaraya-Contoh-2026"
HOME = "Dinkes"
# sign-in name, name, role, office
ACCOUNTS = (
    ("operator", "Operator Dinas Kesehatan", Role.OPERATOR, HOME),
    ("kepala-opd", "Kepala Dinas Kesehatan", Role.AGENCY_HEAD, HOME),
    ("analis", "Analis Diskominfo", Role.REVIEWER, "Diskominfo"),
    ("analis-kedua", "Analis Diskominfo Kedua", Role.REVIEWER, "Diskominfo"),
    ("pendamping-bappeda", "Pendamping Bappeda", Role.COMPANION, "Bappeda"),
    ("pendamping-bkad", "Pendamping BKAD", Role.COMPANION, "BKAD"),
    ("kepala-diskominfo", "Kepala Diskominfo", Role.APPROVER, "Diskominfo"),
    ("sekda", "Sekretaris Daerah", Role.EXECUTIVE, "Setda"),
    ("auditor", "Auditor Inspektorat", Role.AUDITOR, "Inspektorat"),
    ("administrator", "Administrator Sistem", Role.ADMINISTRATOR, "Diskominfo"),
)
SINCE = date(2020, 1, 1)


@dataclass(frozen=True)
class People:
    """Who acts in the demo: the offices' own by the office's row id, the others by sign-in name."""

    operators: dict[int, Actor]
    heads: dict[int, Actor]
    named: dict[str, Actor]


def invite(offices: dict[str, Organization], *, by: Actor) -> People:
    """Make the demo accounts, and an operator and a head for every other office."""
    named = {name: _account(offices, by, *row) for row in ACCOUNTS for name in [row[0]]}
    people = People({offices[HOME].pk: named["operator"]}, {offices[HOME].pk: named["kepala-opd"]}, named)
    for short, office in offices.items():
        if short and short != HOME:
            people.operators[office.pk] = _member(by, office, Role.OPERATOR, f"operator-{slugify(short)}", "Operator")
            people.heads[office.pk] = _member(by, office, Role.AGENCY_HEAD, f"kepala-{slugify(short)}-opd", "Kepala")
    return people


def _account(offices: dict[str, Organization], by: Actor, username: str, name: str, role: str, seat: str) -> Actor:
    user, token = accounts.invite(
        by=by, name=name, username=username, role=role, seat=offices[seat], starts_on=SINCE,
        email=f"{username}@tirtaraya.example",
    )  # fmt: skip
    accounts.accept_invitation(token, password=PASSWORD)
    if username == "sekda":
        # An office is not its own judge: cases of the ICT office are decided here.
        accounts.grant(user.pk, by=by, role=Role.APPROVER, seat=offices[seat], starts_on=SINCE)
    return Actor.of(user.memberships.get(role=role))


def _member(by: Actor, office: Organization, role: str, username: str, title: str) -> Actor:
    user, _token = accounts.invite(
        by=by, name=f"{title} {office.short_name}", username=username, role=role, seat=office, starts_on=SINCE,
        email=f"{username}@tirtaraya.example",
    )  # fmt: skip
    return Actor.of(user.memberships.get())
