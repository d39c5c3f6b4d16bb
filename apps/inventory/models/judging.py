"""What a reviewer confirmed or granted; it exempts from the quarter's judgement."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from apps.audit.history import tracked
from apps.core.clock import CoreNow
from apps.core.models import ImmutableModel
from apps.inventory.models.applications import Application


class ConfirmedFacts(ImmutableModel):
    """The exemption facts a reviewer confirmed, each time anew; the last one before a window opens counts in it.

    The judged party does not exempt itself: what the register says counts only as confirmed here.
    """

    WRITTEN_AT: ClassVar = "confirmed_at"  # the column that tells since when a row is known

    application = models.ForeignKey(Application, models.PROTECT, related_name="confirmed_facts", db_index=False)
    ownership = models.CharField(max_length=8, choices=Application.Ownership.choices)
    operating_since = models.DateField(null=True)
    season_months = ArrayField(models.PositiveSmallIntegerField(), default=list)
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed_by_name = models.CharField(max_length=150)
    confirmed_at = models.DateTimeField(db_default=CoreNow())
    created_at = None

    class Meta:
        ordering: ClassVar = ["-confirmed_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["application", "-confirmed_at"], name="confirmed_facts_latest")]


@tracked()
class Suspension(models.Model):
    """A reviewer's leave not to be judged, with a reason and an end; at most two quarters in a row."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="suspensions")
    starts_on = models.DateField(gettext_lazy("mulai"))
    ends_on = models.DateField(gettext_lazy("sampai dengan"))
    reason = models.TextField(gettext_lazy("alasan"))
    granted_by_id = models.BigIntegerField(null=True)
    granted_by_name = models.CharField(max_length=150)
    granted_at = models.DateTimeField(db_default=CoreNow())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="suspension_ends_after_start", condition=Q(ends_on__gte=F("starts_on")))
        ]
