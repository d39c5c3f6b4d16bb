"""Reads of the pages and the API: a constant number of statements."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from apps.webhooks.models import Delivery, Subscription


def subscriptions(by: Any) -> QuerySet[Subscription]:
    """Those one sees, each with its health and how much waits or is dead."""
    waiting = Count("deliveries", filter=Q(deliveries__status=Delivery.Status.PENDING))
    dead = Count("deliveries", filter=Q(deliveries__status=Delivery.Status.DEAD))
    seen = Subscription.objects.visible_to(by).select_related("organization__government", "health")
    return seen.annotate(waiting=waiting, dead=dead).order_by("-pk")


def deliveries(row: Subscription) -> QuerySet[Delivery]:
    """The newest first, each with its tries."""
    return row.deliveries.prefetch_related("tries").order_by("-created_at", "-id")
