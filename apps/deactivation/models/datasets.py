"""What becomes of each set of data an application leaves behind."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.audit.history import tracked
from apps.core.models import StatefulModel


class Fate(models.TextChoices):
    """What is done with a dataset."""

    MIGRATE = "migrate", _("Dipindahkan")
    ARCHIVE = "archive", _("Diarsipkan")
    DESTROY = "destroy", _("Dimusnahkan")


class DatasetStatus(models.TextChoices):
    """How far it has come; verified always by another person than who did it."""

    PLANNED = "planned", _("Ditetapkan")
    DONE = "done", _("Dilaksanakan, menunggu pemeriksaan")
    VERIFIED = "verified", _("Diperiksa")
    DROPPED = "dropped", _("Dibatalkan")


@tracked()
class Dataset(StatefulModel):
    """One set of data of a case's application: its fate, until when it is kept, and the paper that proves it."""

    Status = DatasetStatus
    MOVES: ClassVar = {
        DatasetStatus.PLANNED: {DatasetStatus.DONE, DatasetStatus.DROPPED},
        DatasetStatus.DONE: {DatasetStatus.VERIFIED, DatasetStatus.PLANNED},
        DatasetStatus.VERIFIED: set(),
        DatasetStatus.DROPPED: set(),
    }

    case = models.ForeignKey("deactivation.Case", models.PROTECT, related_name="datasets")
    name = models.CharField(_("himpunan data"), max_length=200)
    fate = models.CharField(_("nasib"), max_length=8, choices=Fate)
    destination = models.CharField(_("tujuan"), max_length=200, blank=True)
    retained_until = models.DateField(_("disimpan sampai"), null=True, blank=True)
    status = models.CharField(max_length=8, choices=DatasetStatus, default=DatasetStatus.PLANNED)
    certificate = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField(blank=True)
    done_by_id = models.BigIntegerField(null=True, blank=True)
    done_by_name = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    verified_by_id = models.BigIntegerField(null=True, blank=True)
    verified_by_name = models.CharField(max_length=200, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(fate="destroy") | ~Q(destination=""), name="dataset_kept_names_destination"
            ),
            models.CheckConstraint(
                condition=Q(fate="migrate") | Q(retained_until__isnull=False), name="dataset_ended_has_retention"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["done", "verified"])
                | (Q(certificate__isnull=False) & Q(done_by_id__isnull=False)),
                name="dataset_done_has_certificate",
            ),
            models.CheckConstraint(
                condition=~Q(status="verified")
                | (Q(verified_by_id__isnull=False) & ~Q(verified_by_id=models.F("done_by_id"))),
                name="dataset_verified_by_another",
            ),
        ]

    def __str__(self):
        return self.name
