"""The numbers of the rule as data, with the quarter they count from."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from apps.accounts.models import Organization
from apps.core.models import ImmutableModel
from apps.core.quarter import Quarter


class AdoptedThresholdsQuerySet(models.QuerySet):
    """Thresholds of the governments a person may see."""

    def visible_to(self, by: Any) -> Self:
        if by.is_system:
            return self
        return self.filter(government=by.government_id) if by.is_government_wide else self.none()

    def in_force(self, quarter: Quarter) -> Self:
        """Those that count in `quarter`, the one that counts first."""
        begun = Q(year__lt=quarter.year) | Q(year=quarter.year, quarter__lte=quarter.number)
        return self.filter(begun).order_by("-year", "-quarter", "-pk")


class AdoptedThresholds(ImmutableModel):
    """Thresholds a reviewer adopted for a government, in force from a quarter on until others are."""

    government = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(gettext_lazy("tahun"))
    quarter = models.PositiveSmallIntegerField(gettext_lazy("triwulan"))
    thresholds = models.JSONField()
    reason = models.TextField(gettext_lazy("alasan"))
    adopted_by_id = models.BigIntegerField(null=True)
    adopted_by_name = models.CharField(max_length=150)

    objects = AdoptedThresholdsQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(name="thresholds_quarter_1_to_4", condition=Q(quarter__range=(1, 4)))
        ]

    @property
    def starts_in(self) -> Quarter:
        return Quarter(self.year, self.quarter)
