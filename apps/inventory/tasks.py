"""Sweeps of the register, run each minute."""

import logging

from celery import shared_task
from django.core.exceptions import ValidationError

from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.core import clock
from apps.core.errors import RuleViolation, StaleVersion
from apps.inventory import services
from apps.inventory.models import ImportJob, Reorganization

logger = logging.getLogger(__name__)


@shared_task
def execute_due_reorganizations() -> None:
    """Carry out the planned changes of offices whose day has come; what does not fit any more is shown and tried again."""
    by = Actor.system()
    for government in Organization.objects.filter(kind=Organization.Kind.GOVERNMENT, active_until__isnull=True):
        due = Reorganization.objects.filter(government=government).due(clock.today(government.zone))
        for code in due.order_by("effective_on", "pk").values_list("code", flat=True):
            try:
                services.execute_reorganization(code, by=by)
            except RuleViolation as refusal:
                services.note_blocked(code, by=by, why=refusal.message)
            except ValidationError as refusal:
                services.note_blocked(code, by=by, why=" ".join(refusal.messages))
            except StaleVersion:
                logger.info("reorganisation %s met another change of its office; tried again at the next tick", code)


@shared_task
def remind_of_expiry() -> None:
    """Announce contracts and documents that run out soon."""
    for government in Organization.objects.filter(kind=Organization.Kind.GOVERNMENT, active_until__isnull=True):
        services.remind_of_ends(government, by=Actor.system())


@shared_task
def work_on_waiting_imports() -> None:
    """Judge and take in the long lists, oldest first; one that another worker holds is left to it."""
    waiting = ImportJob.objects.filter(status__in=ImportJob.WORKING).order_by("pk")
    for pk in list(waiting.values_list("pk", flat=True)):
        services.work_on_import(pk)
