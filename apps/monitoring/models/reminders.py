"""Who was reminded of which quarter, at which rung of the ladder."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Organization, Role, User
from apps.core.clock import CoreNow
from apps.core.models import StatefulModel, StatefulQuerySet
from apps.monitoring.models.quarter import Period


class ReminderBatchQuerySet(StatefulQuerySet):
    """Batches as the reviewers of a government see them."""

    def visible_to(self, by: Any) -> Self:
        if by.is_system:
            return self
        wide = by.is_authenticated and by.is_government_wide
        return self.filter(period__government=by.government_id) if wide else self.none()


class ReminderBatch(StatefulModel):
    """Reminders that went out together; one with many new recipients is held until a reviewer confirms it."""

    class Status(models.TextChoices):
        HELD = "held", gettext_lazy("Ditahan")
        SENT = "sent", gettext_lazy("Terkirim")
        DISCARDED = "discarded", gettext_lazy("Dibatalkan")

    MOVES: ClassVar = {Status.HELD: {Status.SENT, Status.DISCARDED}}

    period = models.ForeignKey(Period, models.PROTECT, related_name="reminder_batches")
    rung = models.CharField(gettext_lazy("anak tangga"), max_length=12)
    status = models.CharField(max_length=10, choices=Status.choices)
    recipients = models.PositiveIntegerField(gettext_lazy("penerima"), default=0)

    objects = ReminderBatchQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]

    @property
    def code(self) -> str:
        return f"{self.period.code}/{self.rung}"

    @property
    def rung_words(self) -> str:
        """The rung as people say it."""
        if self.rung.startswith("T-"):
            days = self.rung.removeprefix("T-")
            return _("%(n)s hari sebelum tutup") % {"n": days} if days != "0" else _("Hari terakhir")
        return _("Ringkasan bagi pimpinan") if self.rung == "digest" else _("Diingatkan pemeriksa")


class Reminder(models.Model):
    """One person reminded once at one rung; the row is the claim, so two sweeps never remind twice."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="reminders")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    rung = models.CharField(max_length=12)
    role = models.CharField(gettext_lazy("peran"), max_length=15, choices=Role.choices)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    # Applications without a report that counts, when the reminder was made.
    missing = models.PositiveIntegerField(gettext_lazy("belum dilaporkan"))
    batch = models.ForeignKey(ReminderBatch, models.PROTECT, null=True, related_name="reminders")
    created_at = models.DateTimeField(db_default=CoreNow())
    sent_at = models.DateTimeField(gettext_lazy("dikirim"), null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "person", "rung"], name="reminder_once_per_rung")
        ]

    @property
    def code(self) -> str:
        return self.period.code
