"""What speaks about use without anybody saying so: counters of the applications, and probes of their addresses."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from apps.core.clock import CoreNow
from apps.core.models import ImmutableModel
from apps.core.outbound import Reason
from apps.core.quarter import Quarter
from apps.inventory.models import Address, Application


class EvidenceQuerySet(models.QuerySet):
    """Evidence about the applications a person sees as an office does: never the public."""

    def visible_to(self, by: Any) -> Self:
        if by.is_system:
            return self
        if by.is_outside:
            return self.none()
        if by.is_government_wide:
            return self.filter(application__government=by.government_id)
        return self.filter(application__owner__in=by.organization_ids)


class UsageSample(models.Model):
    """One day's counters, pushed by the application itself or uploaded by its owner."""

    class Source(models.TextChoices):
        PUSHED = "pushed", gettext_lazy("dikirim aplikasi")
        UPLOADED = "uploaded", gettext_lazy("diunggah")

    application = models.ForeignKey(Application, models.PROTECT, related_name="+")
    day = models.DateField(gettext_lazy("tanggal"))
    active_users = models.PositiveIntegerField(gettext_lazy("pengguna aktif"), default=0)
    transactions = models.PositiveBigIntegerField(gettext_lazy("transaksi"), default=0)
    data_bytes = models.PositiveBigIntegerField(gettext_lazy("ukuran data (bita)"), null=True)
    source = models.CharField(
        gettext_lazy("asal"), max_length=8, choices=Source.choices, default=Source.PUSHED, db_default=Source.PUSHED
    )
    received_at = models.DateTimeField(db_default=CoreNow())

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["application", "day"], name="sample_once_a_day")]
        indexes: ClassVar = [models.Index(fields=["day"], name="sample_by_day")]


class UsageTokenQuerySet(EvidenceQuerySet):
    """Keys of counters."""

    def usable(self) -> Self:
        """Neither revoked nor expired."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=CoreNow()), revoked_at__isnull=True)


class UsageToken(models.Model):
    """The key with which one application pushes its counters; only its SHA-256 is stored."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="usage_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    created_at = models.DateTimeField(db_default=CoreNow())
    expires_at = models.DateTimeField(gettext_lazy("berlaku sampai"), null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = UsageTokenQuerySet.as_manager()


class Probe(models.Model):
    """One reachability check of a declared address; refused, skipped and own-outage ones are not completed."""

    class Outcome(models.TextChoices):
        REACHED = "reached", gettext_lazy("terbuka")
        UNREACHED = "unreached", gettext_lazy("tidak terbuka")
        REFUSED = "refused", gettext_lazy("tidak diperiksa")
        SKIPPED = "skipped", gettext_lazy("dilewati")

    class Why(models.TextChoices):
        """What stands behind an outcome that is not simply reached."""

        NAME_GONE = Reason.NAME_GONE.value, gettext_lazy("nama domain tidak ada lagi")
        CONNECT = "connect", gettext_lazy("server tidak menerima sambungan")
        TIMEOUT = "timeout", gettext_lazy("tidak ada jawaban dalam 10 detik")
        TLS = "tls", gettext_lazy("sambungan aman gagal")
        PROTOCOL = "protocol", gettext_lazy("jawaban bukan HTTP")
        STATUS = "status", gettext_lazy("server menjawab dengan kesalahan")
        CERTIFICATE = "certificate", gettext_lazy("sertifikat tidak sah")
        ADDRESS = Reason.ADDRESS.value, gettext_lazy("alamat jaringan dalam yang tidak diizinkan")
        PORT = Reason.PORT.value, gettext_lazy("porta tidak diizinkan")
        SYNTAX = Reason.SYNTAX.value, gettext_lazy("alamat tidak dapat dibaca")
        SCHEME = Reason.SCHEME.value, gettext_lazy("bukan http atau https")
        CREDENTIALS = Reason.CREDENTIALS.value, gettext_lazy("alamat memuat nama pengguna")
        HOST = Reason.HOST.value, gettext_lazy("nama host tidak sah")
        NAME_UNANSWERED = Reason.NAME_UNANSWERED.value, gettext_lazy("server nama tidak menjawab")
        OWN_OUTAGE = "own_outage", gettext_lazy("gangguan pada jaringan pemeriksa")

    COMPLETED: ClassVar = (Outcome.REACHED, Outcome.UNREACHED)

    application = models.ForeignKey(Application, models.PROTECT, related_name="+")
    url = models.URLField(gettext_lazy("alamat"), max_length=500)
    at = models.DateTimeField(gettext_lazy("waktu"), db_default=CoreNow())
    outcome = models.CharField(gettext_lazy("hasil"), max_length=10, choices=Outcome.choices)
    why = models.CharField(gettext_lazy("sebab"), max_length=16, choices=Why.choices, blank=True, db_default="")
    status_code = models.PositiveSmallIntegerField(null=True)
    latency_ms = models.PositiveIntegerField(null=True)
    redirected_to = models.CharField(gettext_lazy("dialihkan ke"), max_length=2000, blank=True, db_default="")
    certificate_ends = models.DateTimeField(gettext_lazy("sertifikat berakhir"), null=True)
    note = models.CharField(max_length=200, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["application", "at"], name="probe_by_application"),
            models.Index(fields=["at"], name="probe_by_instant"),
        ]


class ProbeTarget(models.Model):
    """A declared address in the daily round: when it is due, who is asking it now, and what it last said.

    Rows are the queue; a lease keeps a second worker from the same host until it is given back or has run out.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="+")
    url = models.URLField(max_length=500)
    kind = models.CharField(max_length=8, choices=Address.Kind.choices)
    host = models.CharField(max_length=255)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(null=True)
    etag = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "url"], name="target_once"),
            models.UniqueConstraint(
                fields=["host"], condition=Q(leased_until__isnull=False), name="target_one_at_a_time_per_host"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="target_by_due"),
            models.Index(fields=["host"], name="target_by_host"),
        ]


class Span(models.TextChoices):
    """How long a total reaches from its first day."""

    MONTH = "month", gettext_lazy("bulan")
    QUARTER = "quarter", gettext_lazy("triwulan")


class UsageTotal(ImmutableModel):
    """An application's counters of one month or quarter with the checksum of the days they come from; kept for good."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="+")
    span = models.CharField(max_length=7, choices=Span.choices)
    starts_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    active_users = models.PositiveIntegerField()  # of the highest day
    transactions = models.DecimalField(max_digits=30, decimal_places=0)  # the sum
    data_bytes = models.PositiveBigIntegerField(null=True)  # of the last day that named it
    checksum = models.CharField(max_length=64)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "span", "starts_on"], name="usage_total_once")
        ]
        indexes: ClassVar = [models.Index(fields=["span", "starts_on"], name="usage_total_by_span")]

    @property
    def quarter(self) -> Quarter:
        return Quarter.around(self.starts_on)


class ProbeTotal(ImmutableModel):
    """An application's probes of one month or quarter with the checksum of the rows they come from; kept for good."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="+")
    span = models.CharField(max_length=7, choices=Span.choices)
    starts_on = models.DateField()
    completed = models.PositiveIntegerField()
    days = models.PositiveSmallIntegerField()  # with a completed probe, in the government's zone
    reached = models.PositiveIntegerField()
    not_completed = models.PositiveIntegerField()
    latency_ms = models.PositiveIntegerField(null=True)  # the median of those reached
    checksum = models.CharField(max_length=64)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "span", "starts_on"], name="probe_total_once")
        ]
        indexes: ClassVar = [models.Index(fields=["span", "starts_on"], name="probe_total_by_span")]
