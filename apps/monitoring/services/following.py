"""What the register did since the window opened, brought into the running quarter; closed quarters stay as they were."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from apps.inventory.models import Application
from apps.monitoring.models import DueApplication, Finding, Period
from apps.monitoring.services.findings import resolve

RUNNING = (Period.Status.SCHEDULED, Period.Status.OPEN)


@transaction.atomic
def follow_owners(*, by: Any) -> int:
    """An application that went to another office is due there: the new owner reports it. The number of rows changed."""
    _only_the_system(by)
    owner = Application.objects.filter(pk=OuterRef("application")).values("owner")
    return _running().exclude(owner=Subquery(owner)).update(owner=Subquery(owner))


@transaction.atomic
def follow_mergers(*, by: Any) -> int:
    """A record merged into another is asked no more: it is not judged, and what was found of it falls away."""
    _only_the_system(by)
    merged = Application.objects.merged()
    asked = _running().filter(application__in=merged, exemption="")
    changed = asked.update(exemption=DueApplication.Exemption.MERGED)
    standing = Finding.objects.published().standing().filter(application__in=merged).order_by("pk")
    for pk, code in standing.values_list("pk", "application__merged_into__code"):
        resolve(pk, by=by, reason=_("Digabung ke %(code)s") % {"code": code})
        changed += 1
    return changed


def _running() -> QuerySet[DueApplication]:
    """Rows of quarters whose window is not over; a close that has begun judges what it froze."""
    return DueApplication.objects.filter(period__status__in=RUNNING)


def _only_the_system(by: Any) -> None:
    if not by.is_system:
        raise PermissionDenied
