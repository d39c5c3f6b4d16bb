"""Which applications live from which: exchanged data, shared solutions."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy

from apps.audit.history import tracked
from apps.inventory.models.applications import Application


def _known(by: Any, end: str) -> Q:
    visible = Application.objects.visible_to(by).filter(pk=OuterRef(f"{end}_id"))
    return Q(**{f"{end}__status__in": Application.PUBLIC_STATUSES}) | Q(Exists(visible))


class RelationQuerySet(models.QuerySet):
    """Relations as readers and retirements need them."""

    def seen_by(self, by: Any) -> Self:
        """Those whose both ends this reader may know: whatever the catalogue names anyway, and visible ones.

        In this order: what is visible is then looked up only for an end that is not public.
        """
        return self.filter(_known(by, "source"), _known(by, "target"))

    def of(self, application: Application) -> Self:
        """Both directions."""
        return self.filter(Q(source=application) | Q(target=application))

    def live(self, day: date) -> Self:
        """Whose consumer has not moved to another source by that day."""
        return self.filter(Q(migrated_on=None) | Q(migrated_on__gt=day))


@tracked()
class Relation(models.Model):
    """What `source` states of its tie to `target`; who takes data or uses the solution is hurt when the other stops."""

    class Kind(models.TextChoices):
        INTEGRATION = "integration", gettext_lazy("pertukaran data")
        SHARED = "shared", gettext_lazy("memakai aplikasi berbagi pakai")

    class Direction(models.TextChoices):
        SENDS = "sends", gettext_lazy("mengirim ke")
        RECEIVES = "receives", gettext_lazy("menerima dari")
        BOTH = "both", gettext_lazy("bertukar dengan")

    class Method(models.TextChoices):
        API = "api", gettext_lazy("API")
        DATABASE = "database", gettext_lazy("basis data langsung")
        FILE = "file", gettext_lazy("berkas")
        BUS = "bus", gettext_lazy("sistem penghubung layanan (SPLP)")
        MANUAL = "manual", gettext_lazy("salin manual")

    source = models.ForeignKey(Application, models.PROTECT, related_name="relations_out")
    target = models.ForeignKey(
        Application, models.PROTECT, related_name="relations_in", verbose_name=gettext_lazy("aplikasi lain")
    )
    kind = models.CharField(
        gettext_lazy("jenis hubungan"), max_length=12, choices=Kind.choices, default=Kind.INTEGRATION
    )
    direction = models.CharField(gettext_lazy("arah"), max_length=8, choices=Direction.choices, default=Direction.SENDS)
    description = models.CharField(gettext_lazy("data yang dipertukarkan"), max_length=300, blank=True)
    method = models.CharField(gettext_lazy("cara"), max_length=10, choices=Method.choices, blank=True)
    migrated_on = models.DateField(gettext_lazy("penerima pindah tanggal"), null=True, blank=True)

    objects = RelationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "target", "kind", "direction", "description"],
                name="relation_once",
                violation_error_message=gettext_lazy(
                    "Hubungan ini sudah dicatat. Ubah barisnya, atau sebutkan data yang lain."
                ),
            ),
            models.CheckConstraint(
                name="relation_not_itself",
                condition=~Q(source=F("target")),
                violation_error_message=gettext_lazy("Sebuah aplikasi tidak berhubungan dengan dirinya sendiri."),
            ),
            models.CheckConstraint(
                name="relation_shared_is_used_by_source",
                condition=Q(kind="integration") | Q(direction="receives"),
                violation_error_message=gettext_lazy(
                    "Pemakai aplikasi berbagi pakai selalu menerima dari aplikasi itu."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.direction} {self.target_id}"
