"""The steps of taking an application out of service."""

from typing import ClassVar

from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from apps.audit.history import tracked
from apps.core.models import StatefulModel, StatefulQuerySet


class Phase(models.TextChoices):
    """When a step has to be done, seen from the effective date."""

    BEFORE = "before", _("Sebelum dimatikan")
    SWITCH_OFF = "switch_off", _("Saat dimatikan")
    AFTER = "after", _("Sesudah dimatikan")


class Responsible(models.TextChoices):
    """Which office carries a step out; resolved to an organisation when the checklist is made."""

    OWNER = "owner", _("OPD pemilik")
    ICT_OFFICE = "ict_office", _("Dinas kominfo")
    FINANCE_OFFICE = "finance_office", _("Pengelola keuangan dan aset")


class ChecklistTemplate(models.Model):
    """A step an administrator keeps; hosting and personal data decide whether a case gets it."""

    key = models.SlugField(max_length=60, unique=True)
    phase = models.CharField(max_length=12, choices=Phase)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    guidance = models.TextField(blank=True)
    responsible = models.CharField(max_length=16, choices=Responsible, default=Responsible.OWNER)
    due_days = models.SmallIntegerField(
        default=0, help_text=_("Hari dari tanggal berlaku; negatif berarti sebelumnya.")
    )
    mandatory = models.BooleanField(default=True)
    hostings = models.JSONField(default=list, blank=True)
    personal_data_only = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["phase", "position", "pk"]

    def __str__(self):
        return self.title


class ItemStatus(models.TextChoices):
    """How far a step has come; verified always by another person than who did it."""

    OPEN = "open", _("Belum dikerjakan")
    DONE = "done", _("Dikerjakan, menunggu pemeriksaan")
    VERIFIED = "verified", _("Diperiksa")


class ItemQuerySet(StatefulQuerySet):
    """Checklist items as seen through their case."""

    def visible_to(self, by):
        """Whoever sees the case, and the people of the office responsible."""
        if by.is_system:
            return self
        seen = Q(case__in=ChecklistItem.case.field.related_model.objects.visible_to(by))
        if by.has_role("operator", "agency_head"):
            return self.filter(seen | Q(responsible_id__in=by.organization_ids))
        if by.has_role("companion"):
            return self.filter(seen | Q(responsible_id=by.seat_id))
        return self.filter(seen)

    def missing(self, phase):
        """Mandatory steps of a phase that are not verified."""
        return self.filter(phase=phase, mandatory=True).exclude(status=ItemStatus.VERIFIED)

    def in_order(self):
        """As the steps follow one another: before the effective date, on it, after it."""
        places = [When(phase=phase, then=place) for place, phase in enumerate(Phase.values)]
        return self.order_by(Case(*places, output_field=models.IntegerField()), "position", "pk")


@tracked()
class ChecklistItem(StatefulModel):
    """One step of one case: responsible office, due date, evidence, done by, verified by another."""

    Status = ItemStatus
    MOVES: ClassVar = {
        ItemStatus.OPEN: {ItemStatus.DONE},
        ItemStatus.DONE: {ItemStatus.VERIFIED, ItemStatus.OPEN},
        ItemStatus.VERIFIED: set(),
    }

    case = models.ForeignKey("deactivation.Case", models.PROTECT, related_name="checklist")
    key = models.CharField(max_length=60)
    phase = models.CharField(max_length=12, choices=Phase)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    guidance = models.TextField(blank=True)
    mandatory = models.BooleanField(default=True)
    responsible = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    due_on = models.DateField()
    status = models.CharField(max_length=12, choices=ItemStatus, default=ItemStatus.OPEN)
    note = models.TextField(blank=True)
    evidence = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    done_by_id = models.BigIntegerField(null=True, blank=True)
    done_by_name = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    verified_by_id = models.BigIntegerField(null=True, blank=True)
    verified_by_name = models.CharField(max_length=200, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.TextField(blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "key"], name="checklist_key_once_per_case"),
            models.CheckConstraint(
                condition=Q(status="open")
                | (Q(done_by_id__isnull=False) & Q(done_at__isnull=False) & Q(evidence__isnull=False)),
                name="checklist_done_has_doer_and_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(status="verified")
                | (Q(verified_by_id__isnull=False) & ~Q(verified_by_id=models.F("done_by_id"))),
                name="checklist_verified_by_another",
            ),
        ]

    def __str__(self):
        return self.title
