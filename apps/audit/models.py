"""The audit trail: who did what to what, when and why, chained by SHA-256."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy

from apps.core.clock import CoreNow
from apps.core.models import ImmutableModel


class Event(ImmutableModel):
    """One act. Actor and subject are values without foreign keys, so the trail outlives what it speaks of."""

    at = models.DateTimeField(gettext_lazy("waktu"), db_default=CoreNow())
    recorded_at = models.DateTimeField(gettext_lazy("dicatat"), db_default=models.Func(function="clock_timestamp"))
    verb = models.CharField(gettext_lazy("perbuatan"), max_length=80)
    actor_id = models.BigIntegerField(gettext_lazy("pelaku"), null=True)
    actor_name = models.CharField(gettext_lazy("nama pelaku"), max_length=150)
    actor_role = models.CharField(gettext_lazy("peran"), max_length=30)
    actor_membership_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(gettext_lazy("jenis objek"), max_length=60)
    subject_id = models.BigIntegerField(null=True)
    subject_code = models.CharField(gettext_lazy("kode objek"), max_length=80, blank=True)
    organization_id = models.BigIntegerField(null=True)
    government_id = models.BigIntegerField(null=True)
    reason = models.TextField(gettext_lazy("alasan"), blank=True)
    details = models.JSONField(gettext_lazy("rincian"), default=dict)
    request_id = models.CharField(max_length=32, blank=True)
    created_at = None

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="event_by_subject"),
            models.Index(fields=["government_id", "-id"], name="event_by_government"),
            models.Index(fields=["verb", "-id"], name="event_by_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_code}"


class Link(ImmutableModel):
    """An event's place in the chain, appended at COMMIT by the database; `hash` covers `prev` and the event."""

    seq = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="link")
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    created_at = None

    class Meta:
        ordering: ClassVar = ["seq"]


class EventReading(models.Model):
    """An event that a reader of the trail has read once; its row is the claim, so two sweeps never act on the same event."""

    event = models.OneToOneField(Event, models.PROTECT, related_name="+", primary_key=True)
    at = models.DateTimeField(db_default=CoreNow())

    class Meta:
        abstract = True
