"""Lists somebody asked for once and wants to open again by name."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from apps.accounts.models import Organization
from apps.audit.history import tracked
from apps.core.clock import CoreNow
from apps.core.models import StatefulQuerySet


class SavedViewQuerySet(StatefulQuerySet):
    """Saved views: everybody's own, those of the own office, those of the whole government."""

    code_field = "slug"

    def visible_to(self, by: Any) -> Self:
        """What this person may open in the present role."""
        if by.person_id is None:
            return self.none()
        offices = {*by.organization_ids, by.seat_id}
        office = Q(shared=SavedView.Shared.ORGANIZATION, organization__in=offices)
        return self.filter(government=by.government_id).filter(
            Q(author_id=by.person_id) | office | Q(shared=SavedView.Shared.GOVERNMENT)
        )


@tracked()
class SavedView(models.Model):
    """A question to the register under a name: filters, words, columns and order as the list's address has them."""

    class Shared(models.TextChoices):
        PRIVATE = "private", gettext_lazy("hanya saya")
        ORGANIZATION = "organization", gettext_lazy("satu OPD")
        GOVERNMENT = "government", gettext_lazy("semua OPD")

    government = models.ForeignKey(Organization, models.PROTECT, related_name="+", editable=False)
    slug = models.SlugField(gettext_lazy("alamat"), max_length=80, editable=False)
    name = models.CharField(gettext_lazy("nama tampilan"), max_length=60)
    query = models.TextField(gettext_lazy("pertanyaan"), blank=True)
    shared = models.CharField(
        gettext_lazy("dibagikan kepada"), max_length=12, choices=Shared.choices, default=Shared.PRIVATE
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=gettext_lazy("OPD")
    )
    author_id = models.BigIntegerField(editable=False)
    author_name = models.CharField(gettext_lazy("dibuat oleh"), max_length=150, editable=False)
    version = models.IntegerField(gettext_lazy("versi"), default=1, editable=False)
    created_at = models.DateTimeField(gettext_lazy("dibuat"), db_default=CoreNow(), editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government", "slug"], name="saved_view_address_once"),
            models.CheckConstraint(
                name="saved_view_office_named",
                condition=Q(shared="organization", organization__isnull=False)
                | (~Q(shared="organization") & Q(organization__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.name
