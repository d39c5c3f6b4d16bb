"""Sweeps: read the trail, send the outbox, forget what is old."""

from celery import shared_task

from apps.webhooks import services

# A tick sends this long, so that the other sweeps of the minute have their turn.
SENDING_SECONDS = 20


@shared_task
def announce_events() -> None:
    """Announce every event nobody was told of yet."""
    while services.announce_some():
        pass


@shared_task
def send_due_deliveries() -> None:
    """Send what is due."""
    services.send_due(seconds=SENDING_SECONDS)


@shared_task
def forget_old_deliveries() -> None:
    """Drop what was settled long ago."""
    services.forget_old()
