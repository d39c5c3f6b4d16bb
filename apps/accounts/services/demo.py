"""Marking what belongs to the demo, so that it never mixes with a real government."""

from django.db import transaction

from apps.accounts.actor import Actor
from apps.accounts.models import Organization, User
from apps.audit.services import record


@transaction.atomic
def mark_demo(government: Organization, *, by: Actor) -> None:
    """Mark a government's offices and people as invented: its accounts open only where the demo is switched on."""
    offices = Organization.objects.within(government.pk)
    offices.update(is_demo=True)
    people = User.objects.filter(memberships__seat__in=offices)
    people.update(is_demo=True)
    record(by, "demo.marked", government, organization=government, offices=offices.count())
