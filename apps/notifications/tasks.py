"""Sweeps: read the trail, send the outbox."""

from celery import shared_task

from apps.notifications import services


@shared_task
def tell_unread_events() -> None:
    """Tell of every event nobody has been told of yet."""
    while services.tell_some():
        pass


@shared_task
def send_due_mail() -> None:
    """Send what is due, one mail per transaction."""
    while services.send_one():
        pass
