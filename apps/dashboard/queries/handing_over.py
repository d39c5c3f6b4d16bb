"""What a person who leaves has in hand, and who can take it over."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts import rules as account_rules
from apps.accounts.models import Membership, Organization, User
from apps.core import clock
from apps.deactivation.models import Case, ChecklistItem
from apps.inventory.models import Application, ImportJob
from apps.monitoring.models import DueApplication, Period, UsageReport


def roles_to_hand_over(by: Any, words: str = "") -> list[Membership]:
    """The roles in force this person may hand over, of people or offices with `words` in their name; by office and name."""
    named = Q(user__name__icontains=words) | Q(seat__name__icontains=words) | Q(seat__short_name__icontains=words)
    rows = Membership.objects.visible_in_office(by).filter(named, ended_at__isnull=True)
    rows = rows.select_related("user", "seat__government", "scope").order_by("seat__name", "user__name")
    instant = clock.now()
    return [
        row
        for row in rows
        if row.in_force(instant.astimezone(row.seat.zone).date()) and account_rules.may_hand_over(by, row)
    ]


def successors(by: Any, membership: Membership) -> list[tuple[int, str]]:
    """Ids and names of who may succeed; people of the same office first."""
    seats = Organization.objects.within(membership.seat.government_or_self.pk)
    if not by.is_government_wide:
        seats = seats.filter(pk__in=by.organization_ids)
    tenures = Membership.objects.filter(seat__in=seats, ended_at__isnull=True, user__is_active=True)
    known: dict[int, tuple[bool, str, str]] = {}
    for row in tenures.exclude(user__in=[membership.user_id, by.person_id or 0]).select_related("user", "seat"):
        near = row.seat_id == membership.seat_id
        if row.user_id not in known or near:
            known[row.user_id] = (not near, row.user.name, f"{row.user.name} – {row.get_role_display()}, {row.seat}")
    return [(pk, label) for pk, (_far, _name, label) in sorted(known.items(), key=lambda one: one[1])]


def in_hand(membership: Membership) -> dict[str, QuerySet]:
    """Drafts and imports of the person, and what waits for the office while the person is its hand."""
    person: User = membership.user
    office = Organization.objects.within(membership.seat_id).values("pk")
    due = DueApplication.objects.filter(owner__in=office, exemption="", period__status=Period.Status.OPEN)
    sent = UsageReport.objects.filter(
        application=OuterRef("application"), period=OuterRef("period"), status__in=["submitted", "accepted"]
    )
    return {
        "drafts": Application.objects.filter(
            status="draft", created_by_id=person.pk, owner__government=_home(membership)
        ),
        "imports": ImportJob.objects.filter(status="checked", started_by_id=person.pk),
        "reports": due.exclude(Exists(sent)).select_related("application", "period").order_by("application__name"),
        "steps": ChecklistItem.objects.filter(responsible__in=office, status="open", case__in=Case.objects.open())
        .select_related("case")
        .order_by("due_on", "pk"),
    }


def _home(membership: Membership) -> Organization:
    return membership.seat.government_or_self
