"""Changes of the government's offices (SOTK), planned for a day."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from apps.accounts.models import Membership, Organization
from apps.audit.history import tracked
from apps.core.models import StatefulModel, StatefulQuerySet
from apps.inventory.models.applications import Application


class ReorganizationQuerySet(StatefulQuerySet):
    """Reorganisations: the administrator plans them, the auditor reads them."""

    def visible_to(self, by: Any) -> Self:
        if by.is_system:
            return self
        return self.filter(government=by.government_id) if by.has_role("administrator", "auditor") else self.none()

    def due(self, today: Any) -> Self:
        """Planned ones whose day has come."""
        return self.filter(status=Reorganization.Status.PLANNED, effective_on__lte=today)


@tracked()
class Reorganization(StatefulModel):
    """One office renamed, dissolved into another, or split, from a day on; what was before keeps the old name."""

    class Kind(models.TextChoices):
        RENAME = "rename", gettext_lazy("Ganti nama")
        MERGE = "merge", gettext_lazy("Dilebur ke kantor lain")
        SPLIT = "split", gettext_lazy("Dipecah")

    class Status(models.TextChoices):
        PLANNED = "planned", gettext_lazy("Direncanakan")
        EXECUTED = "executed", gettext_lazy("Berlaku")
        CANCELLED = "cancelled", gettext_lazy("Dibatalkan")

    MOVES: ClassVar = {Status.PLANNED: {Status.EXECUTED, Status.CANCELLED}}

    code = models.CharField(max_length=20, unique=True)
    government = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    kind = models.CharField(gettext_lazy("jenis"), max_length=6, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    office = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name=gettext_lazy("kantor"))
    office_name = models.CharField(gettext_lazy("nama kantor saat direncanakan"), max_length=200)
    # Who takes over all that is not placed elsewhere; a split office that goes on keeps it itself.
    into = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name=gettext_lazy("penerus")
    )
    dissolves = models.BooleanField(gettext_lazy("kantor lama berakhir"), default=False)
    new_name = models.CharField(gettext_lazy("nama baru"), max_length=200, blank=True)
    new_short_name = models.CharField(gettext_lazy("singkatan baru"), max_length=60, blank=True)
    effective_on = models.DateField(gettext_lazy("berlaku mulai"))
    decree = models.CharField(gettext_lazy("nomor peraturan"), max_length=120)
    reason = models.TextField(gettext_lazy("alasan"), blank=True)
    planned_by_name = models.CharField(max_length=150)
    executed_at = models.DateTimeField(null=True)
    moved = models.JSONField(default=dict)
    blocked_because = models.TextField(blank=True)

    objects = ReorganizationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-effective_on", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["office"], condition=Q(status="planned"), name="reorganization_one_planned_per_office"
            ),
            models.CheckConstraint(name="reorganization_rename_names", condition=~Q(kind="rename") | ~Q(new_name="")),
            models.CheckConstraint(
                name="reorganization_end_has_heir", condition=Q(dissolves=False) | Q(into__isnull=False)
            ),
            models.CheckConstraint(
                name="reorganization_executed_says_when", condition=~Q(status="executed") | Q(executed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Placement(models.Model):
    """One application, role or unit of a split office and the office it goes to."""

    reorganization = models.ForeignKey(Reorganization, models.CASCADE, related_name="placements")
    application = models.ForeignKey(Application, models.CASCADE, null=True, related_name="+")
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(Organization, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="placement_of_one_thing",
                condition=Q(application__isnull=False, membership__isnull=True, unit__isnull=True)
                | Q(application__isnull=True, membership__isnull=False, unit__isnull=True)
                | Q(application__isnull=True, membership__isnull=True, unit__isnull=False),
            ),
            models.UniqueConstraint(fields=["reorganization", "application"], name="placement_once_per_application"),
            models.UniqueConstraint(fields=["reorganization", "membership"], name="placement_once_per_membership"),
            models.UniqueConstraint(fields=["reorganization", "unit"], name="placement_once_per_unit"),
        ]
