"""Sweeps of the catalogue, run each minute."""

from celery import shared_task

from apps.accounts.actor import Actor
from apps.catalogue import services, wholes
from apps.catalogue.models import Snapshot
from apps.monitoring.models import Period


@shared_task
def write_catalogue_files() -> None:
    """The whole public catalogue in each form, when the last one is old and something happened since."""
    for form in wholes.CONTENT_TYPES:
        services.write_file(form, by=Actor.system())


@shared_task
def freeze_closed_quarters() -> None:
    """Closed quarters without a frozen catalogue, the oldest first."""
    frozen = Snapshot.objects.values("period")
    due = Period.objects.filter(status=Period.Status.CLOSED).exclude(pk__in=frozen)
    for pk in due.order_by("year", "quarter", "pk").values_list("pk", flat=True):
        services.freeze_quarter(pk, by=Actor.system())
