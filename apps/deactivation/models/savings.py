"""What a decision saves: planned, verified, and realised year by year."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.audit.history import tracked
from apps.core.clock import CoreNow
from apps.core.models import ImmutableModel, StatefulModel


@tracked()
class Saving(StatefulModel):
    """What a decision saves each year; planned by the approver, verified by BKAD, one contract counted once."""

    case = models.ForeignKey("deactivation.Case", models.PROTECT, related_name="savings")
    decision = models.ForeignKey("deactivation.Decision", models.PROTECT, related_name="savings")
    contract = models.CharField(max_length=120, blank=True)
    planned_yearly = models.DecimalField(max_digits=18, decimal_places=2)
    verified_yearly = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    first_year = models.PositiveSmallIntegerField()
    verified_by_id = models.BigIntegerField(null=True, blank=True)
    verified_by_name = models.CharField(max_length=200, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    is_void = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract"], condition=~Q(contract="") & Q(is_void=False), name="saving_contract_counted_once"
            ),
            models.CheckConstraint(condition=Q(planned_yearly__gte=0), name="saving_planned_not_negative"),
            models.CheckConstraint(
                condition=Q(verified_yearly__isnull=True) | Q(verified_by_id__isnull=False),
                name="saving_verified_has_verifier",
            ),
        ]

    def __str__(self):
        return f"{self.case_id} {self.planned_yearly}"


class RealisedQuerySet(models.QuerySet):
    def in_force(self):
        """Without those a later correction replaced."""
        return self.exclude(models.Exists(self.model.objects.filter(corrects=models.OuterRef("pk"))))


class Realised(ImmutableModel):
    """What BKAD found really saved in one calendar year; a correction stands beside what it corrects."""

    saving = models.ForeignKey(Saving, models.PROTECT, related_name="realised")
    year = models.PositiveSmallIntegerField(_("tahun"))
    amount = models.DecimalField(_("jumlah (Rp)"), max_digits=18, decimal_places=2)
    basis = models.TextField(_("dasar angka"))
    evidence = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="correction")
    person_id = models.BigIntegerField()
    person_name = models.CharField(max_length=200)
    recorded_at = models.DateTimeField(db_default=CoreNow())

    objects = RealisedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["year", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["saving", "year"], condition=Q(corrects__isnull=True), name="realised_year_once_per_saving"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="realised_not_negative"),
            models.CheckConstraint(condition=~Q(basis=""), name="realised_has_basis"),
        ]

    def __str__(self):
        return f"{self.saving_id} {self.year}"
