"""Confirmation letters and what the OPD answers for each case in them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.audit.history import tracked
from apps.core.clock import CoreNow
from apps.core.models import StatefulModel, StatefulQuerySet


class LetterStatus(models.TextChoices):
    """How far a letter has come; the deadline runs only from recorded delivery."""

    SENT = "sent", _("Dikirim, belum terbukti sampai")
    DELIVERED = "delivered", _("Sampai")
    SETTLED = "settled", _("Terjawab")
    REPLACED = "replaced", _("Diganti")


class Delivery(models.TextChoices):
    """What proves that a letter has reached the OPD."""

    OPENED = "opened", _("Dibuka di aplikasi ini")
    RECEIPT = "receipt", _("Tanda terima")


class LetterQuerySet(StatefulQuerySet):
    """Letters as the people of a government see them."""

    def visible_to(self, by):
        """The addressee's people and the government's own roles."""
        if by.is_system:
            return self
        if by.has_role("reviewer", "approver", "executive", "auditor"):
            return self.filter(government_id=by.government_id)
        if by.has_role("operator", "agency_head"):
            return self.filter(addressee_id__in=by.organization_ids)
        return self.none()

    def waiting(self):
        """Delivered letters with a case in them that is still to be answered."""
        asked = LetterCase.objects.filter(is_superseded=False, answer="", case__status="awaiting_answer")
        return self.filter(status=LetterStatus.DELIVERED, pk__in=asked.values("letter"))

    def overdue(self, today):
        """Waiting letters whose last day to answer has passed."""
        return self.waiting().filter(due_on__lt=today)


@tracked()
class Letter(StatefulModel):
    """One letter to one OPD about one or more cases; its code is its number from a gap-free sequence."""

    Status = LetterStatus
    MOVES: ClassVar = {
        LetterStatus.SENT: {LetterStatus.DELIVERED, LetterStatus.SETTLED, LetterStatus.REPLACED},
        LetterStatus.DELIVERED: {LetterStatus.SETTLED, LetterStatus.REPLACED},
        LetterStatus.SETTLED: set(),
        LetterStatus.REPLACED: set(),
    }

    code = models.CharField(max_length=24, unique=True)
    government = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    addressee = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    addressee_name = models.CharField(max_length=250)
    note = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=LetterStatus, default=LetterStatus.SENT)
    sent_at = models.DateTimeField(db_default=CoreNow())
    sent_on = models.DateField()
    answer_working_days = models.PositiveSmallIntegerField()
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    delivery = models.CharField(max_length=8, choices=Delivery, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    delivery_recorded_by = models.CharField(max_length=200, blank=True)
    delivery_evidence = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    extended_days = models.PositiveSmallIntegerField(default=0)
    extension_reason = models.TextField(blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(status="delivered")
                | (Q(delivered_on__isnull=False) & Q(due_on__isnull=False) & ~Q(delivery="")),
                name="letter_delivered_has_proof_and_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(delivery="receipt") | Q(delivery_evidence__isnull=False),
                name="letter_receipt_has_evidence",
            ),
            models.CheckConstraint(
                condition=Q(extended_days=0) | ~Q(extension_reason=""), name="letter_extension_has_reason"
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("deactivation:letter_detail", args=[self.code])


class Answer(models.TextChoices):
    """What the OPD said; deemed agreement is never shown or counted as agreement."""

    AGREED = "agreed", _("Setuju")
    OBJECTED = "objected", _("Keberatan")
    DEEMED_AGREED = "deemed_agreed", _("Dianggap setuju")


@tracked()
class LetterCase(models.Model):
    """The question about one case in a letter, its answer, and a late answer kept beside it."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="items", null=True, blank=True)
    case = models.ForeignKey("deactivation.Case", models.PROTECT, related_name="letter_items")
    answer = models.CharField(max_length=16, choices=Answer, blank=True)
    reason = models.TextField(blank=True)
    is_superseded = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by_id = models.BigIntegerField(null=True, blank=True)
    answered_by_name = models.CharField(max_length=200, blank=True)
    entered_for = models.BooleanField(default=False)
    evidence = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    late_answer = models.CharField(max_length=16, choices=Answer, blank=True)
    late_reason = models.TextField(blank=True)
    late_at = models.DateTimeField(null=True, blank=True)
    late_by_name = models.CharField(max_length=200, blank=True)
    late_evidence = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["letter", "case"], name="lettercase_once_per_letter"),
            models.CheckConstraint(
                condition=Q(answer="") | Q(answered_at__isnull=False), name="lettercase_answer_has_instant"
            ),
            models.CheckConstraint(
                condition=~Q(answer="objected") | ~Q(reason=""), name="lettercase_objection_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(entered_for=False) | Q(evidence__isnull=False), name="lettercase_entered_has_scan"
            ),
        ]

    def __str__(self):
        return f"{self.letter_id} {self.case_id} {self.answer}"
