"""Sweeps of the register, run each minute."""

from celery import shared_task

from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.inventory.services import remind_of_ends


@shared_task
def remind_of_expiry() -> None:
    """Announce contracts and documents that run out soon."""
    for government in Organization.objects.filter(kind=Organization.Kind.GOVERNMENT, active_until__isnull=True):
        remind_of_ends(government, by=Actor.system())
