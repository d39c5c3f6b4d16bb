"""What the apps above say of an application, and what keeps it where it is."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy

from apps.core.clock import CoreNow
from apps.inventory.models.applications import Application


class Standing(models.Model):
    """What the apps above know of an application, for lists and exports; written set-based, not tracked."""

    application = models.OneToOneField(Application, models.CASCADE, primary_key=True, related_name="standing")
    last_verdict = models.CharField(gettext_lazy("hasil terakhir"), max_length=12, blank=True)
    last_period = models.CharField(gettext_lazy("triwulan terakhir"), max_length=7, blank=True)
    low_use = models.BooleanField(gettext_lazy("pemakaian rendah"), default=False)
    # Idle for the first time: one more such quarter raises a finding.
    watched = models.BooleanField(gettext_lazy("daftar pantau"), default=False, db_default=False)
    active_users = models.PositiveIntegerField(gettext_lazy("pengguna aktif"), null=True)
    # The last eight closed quarters, oldest first: [["2026-Q1", "idle"], …]
    verdicts = models.JSONField(default=list)
    # Kinds of the open findings: ["idle", …]
    open_findings = ArrayField(models.CharField(max_length=20), default=list)
    open_case = models.CharField(gettext_lazy("kasus terbuka"), max_length=20, blank=True)
    completeness = models.PositiveSmallIntegerField(gettext_lazy("kelengkapan (%)"), default=0)


class Sunset(models.Model):
    """That an application stops on a day, as an upper app announced it; public like the application itself."""

    application = models.OneToOneField(Application, models.CASCADE, primary_key=True, related_name="sunset")
    announced_on = models.DateField(gettext_lazy("diumumkan"))
    ends_on = models.DateField(gettext_lazy("berhenti pada"))
    successor = models.ForeignKey(Application, models.PROTECT, null=True, blank=True, related_name="+")
    notice = models.TextField(gettext_lazy("pemberitahuan"), blank=True)

    def __str__(self) -> str:
        return f"{self.application_id} {self.ends_on}"


class Hold(models.Model):
    """A reason why a record may not be retired, merged or reassigned now; placed and released by an upper app."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    placed_at = models.DateTimeField(db_default=CoreNow())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["application", "kind"], name="hold_once")]
