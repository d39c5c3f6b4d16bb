"""What stands beside a report: its files, and what a reviewer asked and the agency explained."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from apps.audit.history import tracked
from apps.core.clock import CoreNow
from apps.core.models import StatefulModel, StatefulQuerySet
from apps.documents.models import Document
from apps.inventory.models import Application
from apps.monitoring.models.quarter import Finding, UsageReport


@tracked()
class ReportFile(models.Model):
    """A file that shows what a report says, or the scan of the signed paper it was entered from."""

    report = models.ForeignKey(UsageReport, models.PROTECT, related_name="files")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=CoreNow())

    class Meta:
        ordering: ClassVar = ["pk"]


class ExplanationRequestQuerySet(StatefulQuerySet):
    """Requests as the two sides may see them."""

    def visible_to(self, by: Any) -> Self:
        if by.is_system:
            return self
        if not by.is_authenticated:
            return self.none()
        if by.is_government_wide:
            return self.filter(application__government=by.government_id)
        return self.filter(application__owner__in=by.organization_ids)

    def answered(self) -> Self:
        return self.filter(status=ExplanationRequest.Status.ANSWERED)


@tracked()
class ExplanationRequest(StatefulModel):
    """A reviewer asks the agency to explain a report or a finding; the answer becomes part of the evidence."""

    class Status(models.TextChoices):
        ASKED = "asked", gettext_lazy("Menunggu penjelasan")
        ANSWERED = "answered", gettext_lazy("Dijelaskan")

    MOVES: ClassVar = {Status.ASKED: {Status.ANSWERED}}

    code = models.CharField(gettext_lazy("kode"), max_length=20, unique=True)
    application = models.ForeignKey(Application, models.PROTECT, related_name="explanations")
    report = models.ForeignKey(UsageReport, models.PROTECT, null=True, related_name="explanations")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="explanations")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    question = models.TextField(gettext_lazy("pertanyaan"))
    due_on = models.DateField(gettext_lazy("dijawab paling lambat"))
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(gettext_lazy("ditanyakan oleh"), max_length=150)
    answer = models.TextField(gettext_lazy("penjelasan"), blank=True)
    answered_at = models.DateTimeField(gettext_lazy("dijelaskan"), null=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_name = models.CharField(gettext_lazy("dijelaskan oleh"), max_length=150, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    objects = ExplanationRequestQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="explanation_about_one", condition=Q(report__isnull=False) ^ Q(finding__isnull=False)
            ),
            models.CheckConstraint(
                name="explanation_answered_says_when",
                condition=Q(status="asked", answered_at__isnull=True) | Q(status="answered", answered_at__isnull=False),
            ),
            models.UniqueConstraint(fields=["report"], condition=Q(status="asked"), name="explanation_one_per_report"),
            models.UniqueConstraint(
                fields=["finding"], condition=Q(status="asked"), name="explanation_one_per_finding"
            ),
        ]

    def __str__(self) -> str:
        return self.code
