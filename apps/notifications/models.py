"""Who was told of which event, and the outbox of mail."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.audit.models import Event, EventReading
from apps.core.clock import CoreNow


class Reading(EventReading):
    """Told to people."""


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, by: Any) -> Self:
        """Each person's own."""
        return self.filter(person_id=by.person_id)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(models.Model):
    """One event told to one person."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    subject = models.CharField(gettext_lazy("perihal"), max_length=200)
    text = models.TextField(gettext_lazy("isi"))
    path = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(gettext_lazy("waktu"), db_default=CoreNow())
    read_at = models.DateTimeField(gettext_lazy("dibaca"), null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "person"], name="notification_once")]
        indexes: ClassVar = [
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="notification_unread")
        ]

    def __str__(self) -> str:
        return self.subject


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, by: Any) -> Self:
        """The mail of the administrator's government."""
        if by.is_system:
            return self
        if not by.has_role("administrator"):
            return self.none()
        return self.filter(notification__event__government_id=by.government_id)


class Delivery(models.Model):
    """A mail to send: tried until the server takes it, or set aside as dead."""

    class Status(models.TextChoices):
        PENDING = "pending", gettext_lazy("menunggu")
        SENT = "sent", gettext_lazy("terkirim")
        DEAD = "dead", gettext_lazy("gagal tetap")

    key = models.CharField(max_length=80, unique=True)
    notification = models.ForeignKey(Notification, models.PROTECT, related_name="deliveries")
    address = models.EmailField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=CoreNow())
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=80, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="delivery_sent_has_instant", condition=~models.Q(status="sent") | models.Q(sent_at__isnull=False)
            )
        ]
        indexes: ClassVar = [models.Index(fields=["due_at"], condition=models.Q(status="pending"), name="delivery_due")]

    def __str__(self) -> str:
        return self.key


class CalendarFeed(models.Model):
    """A secret address under which a person's calendar reads the deadlines; only its SHA-256 is stored."""

    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=CoreNow())
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(revoked_at__isnull=True), name="calendar_feed_one_living"
            )
        ]
