"""What every page knows of the person."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.accounts.models import Organization
from apps.audit.past import present


def actor(request: HttpRequest) -> dict[str, Any]:
    """The actor, membership and government in force for this request, and the other roles to switch to."""
    membership = getattr(request, "membership", None)
    return {
        "actor": getattr(request, "actor", None),
        "membership": membership,
        "memberships": getattr(request, "memberships", ()),
        "government": SimpleLazyObject(lambda: _government(membership)),
    }


def _government(membership: Any) -> Organization | None:
    """The government of the person; for the public the only one there is, when there is one."""
    if membership:
        return membership.seat.government_or_self
    with present():
        governments = list(Organization.objects.filter(kind=Organization.Kind.GOVERNMENT)[:2])
    return governments[0] if len(governments) == 1 else None
