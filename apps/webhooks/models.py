"""Addresses of other systems that want to know, and the outbox of what they are told."""

import uuid
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy

from apps.accounts.models import Organization
from apps.audit.history import tracked
from apps.audit.models import Event, EventReading
from apps.core.clock import CoreNow
from apps.core.models import StatefulModel, StatefulQuerySet

LONGEST_URL = 500


class SubscriptionQuerySet(StatefulQuerySet):
    def visible_to(self, by: Any) -> Self:
        """An administrator sees those of the own government, as with keys; what was removed is gone."""
        living = self.exclude(status=Subscription.Status.REMOVED)
        if by.is_system:
            return living
        if not by.has_role("administrator"):
            return self.none()
        return living.filter(organization__in=Organization.objects.visible_to(by))


@tracked(exclude=["secret", "former_secret"])
class Subscription(StatefulModel):
    """An address to which chosen kinds of events are sent for an office or the government."""

    class Status(models.TextChoices):
        ACTIVE = "active", gettext_lazy("aktif")
        PAUSED = "paused", gettext_lazy("dijeda")
        REMOVED = "removed", gettext_lazy("dihapus")

    MOVES: ClassVar = {"active": {"paused", "removed"}, "paused": {"active", "removed"}}

    code = models.CharField(gettext_lazy("kode"), max_length=20, unique=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=gettext_lazy("pemilik")
    )
    name = models.CharField(gettext_lazy("nama"), max_length=100)
    url = models.CharField(gettext_lazy("alamat"), max_length=LONGEST_URL)
    types = ArrayField(models.CharField(max_length=60), verbose_name=gettext_lazy("peristiwa"))
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ACTIVE)
    # Sealed with a key derived from SECRET_KEY; the former one signs beside the new one for a while.
    secret = models.TextField()
    former_secret = models.TextField(blank=True)
    former_until = models.DateTimeField(null=True)
    created_by_id = models.BigIntegerField(null=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.code


class Health(models.Model):
    """How an address has answered lately; the sender writes it, so it stands beside what people edit."""

    subscription = models.OneToOneField(Subscription, models.CASCADE, primary_key=True, related_name="health")
    failing_since = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)


class Reading(EventReading):
    """Announced to other systems."""


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, by: Any) -> Self:
        """Those of the subscriptions one sees."""
        return self.filter(subscription__in=Subscription.objects.visible_to(by))


class Delivery(models.Model):
    """One event for one address: sent until it is taken, or set aside as dead. `pk` is the id the receiver sees, for ever."""

    class Status(models.TextChoices):
        PENDING = "pending", gettext_lazy("menunggu")
        SENT = "sent", gettext_lazy("diterima")
        DEAD = "dead", gettext_lazy("gagal tetap")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", null=True)
    type = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, blank=True)
    body = models.TextField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=CoreNow())
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=CoreNow())
    sent_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscription", "event"], name="webhook_event_once"),
            models.UniqueConstraint(
                fields=["subscription"], condition=models.Q(leased_until__isnull=False), name="webhook_one_at_a_time"
            ),
            models.CheckConstraint(
                name="webhook_sent_has_instant", condition=~models.Q(status="sent") | models.Q(sent_at__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(status="pending"), name="webhook_due"),
            models.Index(fields=["subscription", "-created_at", "-id"], name="webhook_log"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Attempt(models.Model):
    """One try of a delivery: the status code that came back, or why none did; nothing else of the answer is kept."""

    class Why(models.TextChoices):
        STATUS = "status", gettext_lazy("dijawab bukan 2xx")
        CONNECT = "connect", gettext_lazy("tidak tersambung")
        TIMEOUT = "timeout", gettext_lazy("tidak menjawab dalam 10 detik")
        TLS = "tls", gettext_lazy("sambungan terenkripsi gagal")
        CERTIFICATE = "certificate", gettext_lazy("sertifikatnya tidak sah")
        PROTOCOL = "protocol", gettext_lazy("jawabannya bukan HTTP")
        NAME = "name", gettext_lazy("nama host tidak ditemukan")
        REFUSED = "refused", gettext_lazy("alamatnya tidak boleh dihubungi")
        SECRET = "secret", gettext_lazy("kunci penanda tangan tidak terbaca; ganti kuncinya")

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tries")
    at = models.DateTimeField(db_default=CoreNow())
    status_code = models.PositiveSmallIntegerField(null=True)
    why = models.CharField(max_length=12, choices=Why.choices, blank=True)
    milliseconds = models.PositiveIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
