"""Verbs over subscriptions and over what they are told."""

from apps.webhooks.services.announcing import announce_some, replay, try_out
from apps.webhooks.services.sending import forget_old, keep_attempt, lease_delivery, send_due
from apps.webhooks.services.subscriptions import edit_subscription, pause, remove, resume, rotate_secret, subscribe

__all__ = [
    "announce_some",
    "edit_subscription",
    "forget_old",
    "keep_attempt",
    "lease_delivery",
    "pause",
    "remove",
    "replay",
    "resume",
    "rotate_secret",
    "send_due",
    "subscribe",
    "try_out",
]
