"""Shapes that every app builds on, and the few rows that belong to no domain."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.clock import CoreNow
from apps.core.errors import RuleViolation, StaleVersion


class StatefulQuerySet(models.QuerySet):
    """Rows found by primary key or by code, locked for an act."""

    code_field: ClassVar[str] = "code"

    def named(self, key: int | str) -> Self:
        """Rows with this primary key (int) or code (str)."""
        return self.filter(pk=key) if isinstance(key, int) else self.filter(**{self.code_field: key})

    def locked(self, key: int | str, version: int | None = None) -> Any:
        """The row, locked FOR UPDATE; 404 when not in this queryset, 412 when `version` is no longer the row's."""
        found = self.named(key).order_by("pk").values("pk")[:1]
        # Of the row alone: whoever waited for it gets it as it is now, whatever else this queryset looks at.
        row = (
            self.model._default_manager.select_for_update(of=("self",))
            .order_by()
            .filter(pk=models.Subquery(found))
            .first()
        )
        if row is None:
            raise Http404
        if version is not None and row.version != version:
            raise StaleVersion
        return row


class StatefulModel(models.Model):
    """A row with a `status` that moves only as `MOVES` says, and a `version` that grows with each save."""

    MOVES: ClassVar[dict[str, set[str]]] = {}

    status: Any
    version = models.IntegerField(gettext_lazy("versi"), default=0, editable=False)
    created_at = models.DateTimeField(gettext_lazy("dibuat"), db_default=CoreNow(), editable=False)

    objects = StatefulQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:  # the one override: a version nobody can forget to raise
        self.version += 1
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "version"}
        super().save(*args, **kwargs)

    def move_to(self, status: str) -> None:
        """Change the status in memory; RuleViolation (409) when the table of moves lacks the step."""
        if status not in self.MOVES.get(self.status, set()):
            raise RuleViolation(
                _(
                    "Langkah ini tidak berlaku: keadaannya sekarang “%(now)s”. Muat ulang halaman untuk melihat keadaan terbaru."
                )
                % {"now": self.get_status_display()},
                code="wrong_state",
            )
        self.status = status


class ImmutableModel(models.Model):
    """Rows that are written once: a plain trigger refuses changes and the application role lacks the privilege."""

    created_at = models.DateTimeField(gettext_lazy("dibuat"), db_default=CoreNow(), editable=False)

    class Meta:
        abstract = True


class DerivedModel(models.Model):
    """Rows the triggers of the database write from other rows; the application role reads them."""

    class Meta:
        abstract = True


class Counter(models.Model):
    """The last number given out per key; taken under a row lock, so numbers have no gaps."""

    key = models.CharField(max_length=80, primary_key=True)
    value = models.PositiveIntegerField(default=0)


class HolidayYear(models.Model):
    """A year whose days off are known: the joint decree (SKB tiga menteri) and who confirmed it, when."""

    year = models.PositiveSmallIntegerField(gettext_lazy("tahun"), primary_key=True)
    decree = models.CharField(gettext_lazy("nomor keputusan bersama"), max_length=200, blank=True)
    confirmed_at = models.DateTimeField(gettext_lazy("dikonfirmasi"), null=True, blank=True)
    confirmed_by = models.CharField(gettext_lazy("dikonfirmasi oleh"), max_length=150, blank=True)

    class Meta:
        ordering: ClassVar = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


class Holiday(models.Model):
    """One day off of the joint decree."""

    class Kind(models.TextChoices):
        NATIONAL = "national_holiday", gettext_lazy("libur nasional")
        JOINT_LEAVE = "joint_leave", gettext_lazy("cuti bersama")

    year = models.ForeignKey(HolidayYear, models.CASCADE, related_name="days")
    date = models.DateField(gettext_lazy("tanggal"), unique=True)
    kind = models.CharField(gettext_lazy("jenis"), max_length=20, choices=Kind.choices)
    name = models.CharField(gettext_lazy("nama"), max_length=150)

    class Meta:
        ordering: ClassVar = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Heartbeat(models.Model):
    """When the clock's worker last ticked; shows that beat, broker and worker run."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()


class IdempotentAnswer(models.Model):
    """The answer once given to a creating request, kept 24 hours under the client's Idempotency-Key."""

    client = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=CoreNow())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["client", "key"], name="idempotent_once")]


def several(choices: list, **kwargs: Any) -> ArrayField:
    """An array column of choices, for attributes with several values."""
    return ArrayField(models.CharField(max_length=40, choices=choices), default=list, blank=True, **kwargs)
