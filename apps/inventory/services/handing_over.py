"""Who leaves hands over: the role goes to a successor, and what only that person saw becomes the successor's."""

from typing import Any

from django.db import transaction

from apps.accounts import services as accounts
from apps.accounts.models import Membership
from apps.inventory.models import Application, Draft, ImportJob


@transaction.atomic
def hand_over(membership_id: int, *, by: Any, successor_id: int, reason: str) -> Membership:
    """End the role and give it to the successor with its drafts and unfinished imports; answers with the new membership.

    Reports, letters and steps belong to the office and need no hand. What was submitted stays submitted by who did it.
    """
    left, heir = accounts.hand_over(membership_id, by=by, successor_id=successor_id, reason=reason)
    begun = Application.objects.filter(
        government=left.seat.government_or_self, status=Application.Status.DRAFT, created_by_id=left.user_id
    )
    Draft.objects.filter(application__in=begun, saved_by_id=left.user_id).update(saved_by_id=heir.user_id)
    begun.update(created_by_id=heir.user_id)
    unfinished = ImportJob.objects.filter(started_by_id=left.user_id, status=ImportJob.Status.CHECKED)
    unfinished.update(started_by_id=heir.user_id, started_by_name=heir.user.name)
    return heir
