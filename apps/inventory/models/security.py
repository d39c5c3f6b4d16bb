"""The ten-question form of the national cyber agency, as data, and the answers given to it."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy

from apps.audit.history import tracked
from apps.core.clock import CoreNow
from apps.core.models import ImmutableModel
from apps.inventory.models.applications import Application
from apps.inventory.models.reference_codes import ReferenceCode


@tracked()
class SecurityForm(models.Model):
    """One edition of the form: points of the answers and the bands of the total; the newest is asked."""

    edition = models.CharField(gettext_lazy("versi"), max_length=120, unique=True)
    # {"A": 5, "B": 2, "C": 1}
    points = models.JSONField(gettext_lazy("nilai jawaban"))
    # [["low", 10, 15], …]: category, least and greatest total
    bands = models.JSONField(gettext_lazy("rentang kategori"))
    verification = models.CharField(
        gettext_lazy("verifikasi"), max_length=15, choices=ReferenceCode.Verification.choices
    )
    note = models.TextField(gettext_lazy("catatan"), blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.edition

    def total_of(self, answers: dict[str, str]) -> int:
        """The points of answers by question number."""
        return sum(self.points[letter] for letter in answers.values())

    def category_of(self, total: int) -> str:
        """The category whose band holds the total; "" when none does."""
        return next((name for name, least, most in self.bands if least <= total <= most), "")


@tracked()
class SecurityQuestion(models.Model):
    """One question with its three answers."""

    form = models.ForeignKey(SecurityForm, models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField(gettext_lazy("nomor"))
    text = models.TextField(gettext_lazy("pertanyaan"))
    a = models.CharField(max_length=200)
    b = models.CharField(max_length=200)
    c = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["form", "number"], name="security_question_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"

    @property
    def answers(self) -> list[tuple[str, Any]]:
        """Letter and words of each answer."""
        return [("A", self.a), ("B", self.b), ("C", self.c)]


class SecurityAssessment(ImmutableModel):
    """Answers somebody gave about one application, with the total and the category they make."""

    WRITTEN_AT: ClassVar = "answered_at"

    application = models.ForeignKey(Application, models.PROTECT, related_name="security_assessments")
    form = models.ForeignKey(SecurityForm, models.PROTECT, related_name="+")
    # {"1": "A", …} by the number of the question
    answers = models.JSONField()
    total = models.PositiveSmallIntegerField(gettext_lazy("jumlah nilai"))
    category = models.CharField(gettext_lazy("kategori keamanan"), max_length=10, choices=Application.Security.choices)
    answered_by_id = models.BigIntegerField(null=True)
    answered_by_name = models.CharField(max_length=150)
    answered_at = models.DateTimeField(db_default=CoreNow())
    created_at = None

    class Meta:
        ordering: ClassVar = ["-pk"]
