"""Sweeps that belong to no domain."""

from celery import shared_task

from apps.core import services


@shared_task
def heartbeat() -> None:
    """Leave a sign that beat, broker and worker run, and forget old idempotent answers."""
    services.beat("worker")
    services.forget_old_answers()
