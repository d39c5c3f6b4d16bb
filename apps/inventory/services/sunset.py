"""Announcing that an application stops; called by the app that decided it."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core.errors import RuleViolation
from apps.inventory.models import Application, Sunset


@transaction.atomic
def announce_sunset(
    application_id: int, *, by: Any, announced_on: date, ends_on: date, successor_id: int | None = None
) -> Sunset:
    """Say on its pages and in its API from when the application no longer serves, and what to use instead."""
    application = Application.objects.locked(application_id)
    said = {"announced_on": announced_on, "ends_on": ends_on, "successor_id": successor_id}
    sunset, _new = Sunset.objects.update_or_create(application=application, defaults=said)
    record(by, "application.sunset_announced", application, organization=application.owner, ends_on=ends_on)
    return sunset


@transaction.atomic
def write_notice(application_id: int, *, by: Any, notice: str) -> Sunset:
    """What its users are told beside the day; empty takes the words away."""
    application = Application.objects.locked(application_id)
    sunset = Sunset.objects.filter(application=application).first()
    if sunset is None:
        raise RuleViolation(_("Tanggal berhenti aplikasi ini belum diumumkan."), code="wrong_state")
    sunset.notice = notice.strip()
    sunset.save()
    record(by, "application.sunset_worded", application, organization=application.owner, reason=sunset.notice)
    return sunset


def take_sunset_back(application: Application) -> None:
    """The application goes on: nothing announces its end any more."""
    Sunset.objects.filter(application=application).delete()
