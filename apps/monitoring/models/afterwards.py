"""What is still asked of an application that was retired: whether its addresses are gone."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from apps.core.clock import CoreNow
from apps.core.models import StatefulModel, StatefulQuerySet
from apps.inventory.models import Address, Application
from apps.monitoring.models.evidence import EvidenceQuerySet


class GoneCheckQuerySet(EvidenceQuerySet, StatefulQuerySet):
    """Looks at addresses of retired applications."""

    def unsettled(self) -> Self:
        """Those that still wait for an answer, or for silence."""
        return self.filter(status__in=[GoneCheck.Status.WAITING, GoneCheck.Status.ANSWERS])

    def due(self) -> Self:
        """Those the daily round asks now."""
        return self.unsettled().filter(due_at__lte=CoreNow(), application__status=Application.Status.RETIRED)


class GoneCheck(StatefulModel):
    """A look at one address some days after its application retired: it is expected gone, and asked daily until that is clear."""

    class Status(models.TextChoices):
        WAITING = "waiting", gettext_lazy("menunggu")
        ANSWERS = "answers", gettext_lazy("masih menjawab")
        GONE = "gone", gettext_lazy("tidak menjawab lagi")
        UNASKED = "unasked", gettext_lazy("tidak dapat diperiksa")
        REUSED = "reused", gettext_lazy("dipakai aplikasi lain")
        ENDED = "ended", gettext_lazy("tidak diperiksa lagi")

    MOVES: ClassVar = {
        Status.WAITING: {Status.ANSWERS, Status.GONE, Status.UNASKED, Status.REUSED, Status.ENDED},
        Status.ANSWERS: {Status.GONE, Status.REUSED, Status.ENDED},
    }

    application = models.ForeignKey(Application, models.PROTECT, related_name="+")
    url = models.URLField(gettext_lazy("alamat"), max_length=500)
    kind = models.CharField(max_length=8, choices=Address.Kind.choices)
    retired_at = models.DateTimeField(gettext_lazy("pensiun"))
    after_days = models.PositiveSmallIntegerField(gettext_lazy("hari sesudah pensiun"))
    due_at = models.DateTimeField(gettext_lazy("diperiksa mulai"))
    status = models.CharField(gettext_lazy("keadaan"), max_length=8, choices=Status.choices, default=Status.WAITING)
    asked_at = models.DateTimeField(gettext_lazy("terakhir diperiksa"), null=True)
    # Days in a row on which a completed probe got no answer, and the last of them.
    silent_days = models.PositiveSmallIntegerField(default=0)
    silent_on = models.DateField(null=True)

    objects = GoneCheckQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "url", "retired_at", "after_days"], name="gone_check_once_a_retirement"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(status__in=["waiting", "answers"]), name="gone_check_by_due")
        ]
