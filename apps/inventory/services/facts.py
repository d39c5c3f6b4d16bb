"""Facts that exempt from judgement, confirmed by a reviewer; they count from the next period on."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core.errors import RuleViolation
from apps.inventory import rules
from apps.inventory.models import Application, ConfirmedFacts, Suspension

LONGEST_SUSPENSION_DAYS = 184  # two quarters in a row


@transaction.atomic
def confirm_facts(key: int | str, *, by: Any, version: int) -> ConfirmedFacts:
    """A reviewer stands for ownership, first day of operation and seasons as the record says them now."""
    application = _judged(key, by, version)
    facts = write_facts(application, by=by)
    record(by, "application.facts_confirmed", application, organization=application.owner)
    return facts


@transaction.atomic
def grant_suspension(
    key: int | str, *, by: Any, version: int, starts_on: date, ends_on: date, reason: str
) -> Suspension:
    """Exempt the application from judgement for a time, at most two quarters in a row."""
    application = _judged(key, by, version)
    if not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan alasan penangguhan.")]})
    if ends_on < starts_on:
        raise ValidationError({"ends_on": [_("Tanggal akhir tidak boleh sebelum tanggal mulai.")]})
    if continues_too_long(application, starts_on, ends_on):
        raise RuleViolation(_("Penangguhan paling lama dua triwulan berturut-turut."), code="suspension_too_long")
    suspension = Suspension.objects.create(
        application=application,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
        granted_by_id=by.person_id,
        granted_by_name=by.name,
    )
    record(
        by,
        "application.suspension_granted",
        application,
        organization=application.owner,
        reason=reason,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return suspension


def write_facts(application: Application, *, by: Any) -> ConfirmedFacts:
    """The confirmed facts as the record says them now."""
    return ConfirmedFacts.objects.create(
        application=application,
        ownership=application.ownership,
        operating_since=application.operating_since,
        season_months=application.season_months,
        confirmed_by_id=by.person_id,
        confirmed_by_name=by.name,
    )


def _judged(key: int | str, by: Any, version: int) -> Application:
    application = Application.objects.visible_to(by).locked(key)
    if not rules.may_confirm_facts(by, application):
        raise PermissionDenied
    return Application.objects.locked(application.pk, version)


def continues_too_long(application: Application, starts_on: date, ends_on: date) -> bool:
    """Whether a suspension, with those it adjoins, would last longer than two quarters in a row."""
    first, last = starts_on, ends_on
    for other in application.suspensions.order_by("-ends_on"):
        if (first - other.ends_on).days <= 1 and (other.starts_on - last).days <= 1:
            first, last = min(first, other.starts_on), max(last, other.ends_on)
    return (last - first).days + 1 > LONGEST_SUSPENSION_DAYS
