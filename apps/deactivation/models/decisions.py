"""Decisions: one numbered act over one or more cases, objections against it and its annulment."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.clock import CoreNow
from apps.core.models import ImmutableModel, StatefulModel
from apps.deactivation.models.cases import Outcome


class DecisionQuerySet(models.QuerySet):
    """Decisions as the people of a government see them."""

    def visible_to(self, by):
        """Government roles see all of theirs, an OPD those that name an application of its own."""
        if by.is_system:
            return self
        if by.has_role("reviewer", "approver", "executive", "auditor", "companion"):
            return self.filter(government_id=by.government_id)
        if by.has_role("operator", "agency_head"):
            scope = by.organization_ids
            concerned = Q(items__case__application__owner_id__in=scope) | Q(items__case__caretaker_id__in=scope)
            return self.filter(concerned).distinct()
        return self.none()


class Decision(ImmutableModel):
    """One numbered, dated act with signatory and legal basis, deciding one or more cases."""

    code = models.CharField(max_length=24, unique=True)
    government = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    decree_number = models.CharField(max_length=120)
    decided_on = models.DateField()
    decided_at = models.DateTimeField(db_default=CoreNow())
    legal_basis = models.TextField()
    signatory_id = models.BigIntegerField()
    signatory_name = models.CharField(max_length=200)
    signatory_office = models.CharField(max_length=250)
    acting = models.CharField(max_length=8, blank=True)
    issued = models.OneToOneField("deactivation.IssuedDocument", models.PROTECT, related_name="+")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government", "decree_number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=~Q(decree_number="") & ~Q(legal_basis=""), name="decision_has_number_basis"
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("deactivation:decision_detail", args=[self.code])


class DecisionItem(ImmutableModel):
    """What one decision says about one case, with the evidence as the approver saw it."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="items")
    case = models.ForeignKey("deactivation.Case", models.PROTECT, related_name="decision_items")
    recommendation = models.ForeignKey("deactivation.Recommendation", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome)
    target = models.ForeignKey("inventory.Application", models.PROTECT, null=True, blank=True, related_name="+")
    retain_from = models.CharField(max_length=8, blank=True)
    conditions = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    effective_on = models.DateField(null=True, blank=True)
    evidence = models.JSONField(default=dict)
    acknowledged = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["decision", "case"], name="decisionitem_case_once")]

    def __str__(self):
        return f"{self.decision_id} {self.case_id} {self.outcome}"


class Objection(StatefulModel):
    """The owner's objection against a decision inside its window."""

    class Status(models.TextChoices):
        RAISED = "raised", _("Diajukan")
        UPHELD = "upheld", _("Dikabulkan")
        DISMISSED = "dismissed", _("Ditolak")

    MOVES: ClassVar = {Status.RAISED: {Status.UPHELD, Status.DISMISSED}, Status.UPHELD: set(), Status.DISMISSED: set()}

    case = models.ForeignKey("deactivation.Case", models.PROTECT, related_name="objections")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="objections")
    status = models.CharField(max_length=12, choices=Status, default=Status.RAISED)
    reason = models.TextField()
    evidence = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    raised_at = models.DateTimeField(db_default=CoreNow())
    raised_by_id = models.BigIntegerField()
    raised_by_name = models.CharField(max_length=200)
    answer = models.TextField(blank=True)
    answered_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(status="raised"), name="objection_one_raised_per_case"
            ),
            models.CheckConstraint(condition=Q(status="raised") | ~Q(answer=""), name="objection_answered_has_answer"),
        ]

    def __str__(self):
        return f"{self.case_id} {self.status}"


class Annulment(ImmutableModel):
    """The numbered act that annuls the decision on one case."""

    case = models.OneToOneField("deactivation.Case", models.PROTECT, related_name="annulment")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="annulments")
    number = models.CharField(max_length=120)
    reason = models.TextField()
    annulled_on = models.DateField()
    person_id = models.BigIntegerField()
    person_name = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(number="") & ~Q(reason=""), name="annulment_has_number_and_reason")
        ]

    def __str__(self):
        return self.number
