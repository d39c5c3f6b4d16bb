"""What the register did since the window opened, brought into the running quarter; closed quarters stay as they were."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core import clock
from apps.inventory.models import Application
from apps.monitoring import queries
from apps.monitoring.models import DueApplication, Finding, Period, UsageSample, UsageToken
from apps.monitoring.services.findings import resolve
from apps.monitoring.services.usage import COUNTED, at_least_as_known, hold_periods

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


@transaction.atomic
def follow_counters(*, by: Any) -> int:
    """The keys of a merged record, and the days that are nobody's evidence yet, go to the survivor; how many went.

    A day both have keeps the greater numbers. Days of quarters whose window is over stay where they were judged.
    """
    _only_the_system(by)
    keyed = Exists(UsageToken.objects.usable().filter(application=OuterRef("pk")))
    changed = 0
    for government in Organization.objects.filter(kind=Organization.Kind.GOVERNMENT).order_by("pk"):
        hold_periods(government.pk)
        ended = queries.last_ended(government.pk, clock.now())
        since = ended.quarter_value.ends_on if ended else date.min
        counted = Exists(UsageSample.objects.filter(application=OuterRef("pk"), day__gt=since))
        merged = Application.objects.merged().filter(keyed | counted, government=government).order_by("pk")
        changed += sum(_hand_over_counters(duplicate, since, by) for duplicate in merged)
    return changed


def _hand_over_counters(duplicate: Application, since: date, by: Any) -> int:
    survivor = Application.objects.locked(duplicate.merged_into_id or 0)
    keys = UsageToken.objects.usable().filter(application=duplicate).update(application=survivor)
    rows = UsageSample.objects.filter(application=duplicate, day__gt=since)
    said = list(rows.values("day", "source", "received_at", *COUNTED))
    UsageSample.objects.bulk_create(
        [UsageSample(application=survivor, **day) for day in at_least_as_known(survivor, said)],
        update_conflicts=True, unique_fields=["application", "day"], update_fields=COUNTED,
    )  # fmt: skip
    rows.delete()
    record(by, "usage.followed", survivor, organization=survivor.owner, former=duplicate.code, keys=keys,
           days=len(said))  # fmt: skip
    return keys + len(said)


def _running() -> QuerySet[DueApplication]:
    """Rows of quarters whose window is not over; a close that has begun judges what it froze."""
    return DueApplication.objects.filter(period__status__in=RUNNING)


def _only_the_system(by: Any) -> None:
    if not by.is_system:
        raise PermissionDenied
