"""The quarter: its window, what was said and counted, what the close concluded, and what it raised."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy

from apps.accounts.models import Organization
from apps.audit.history import tracked
from apps.core.models import ImmutableModel, StatefulModel, StatefulQuerySet
from apps.core.quarter import Quarter
from apps.inventory.models import Application


class PeriodQuerySet(StatefulQuerySet):
    """Periods of the governments a person may see."""

    def visible_to(self, by: Any) -> Self:
        if by.is_system:
            return self
        return self.filter(government=by.government_id) if by.is_authenticated else self.none()


@tracked()
class Period(StatefulModel):
    """A calendar quarter in one government with its reporting window [opens_at, closes_at)."""

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", gettext_lazy("Terjadwal")
        OPEN = "open", gettext_lazy("Dibuka")
        CLOSING = "closing", gettext_lazy("Sedang ditutup")
        CLOSED = "closed", gettext_lazy("Ditutup")

    MOVES: ClassVar = {
        Status.SCHEDULED: {Status.OPEN},
        Status.OPEN: {Status.CLOSING},
        Status.CLOSING: {Status.CLOSED},
    }

    government = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(gettext_lazy("tahun"))
    quarter = models.PositiveSmallIntegerField(gettext_lazy("triwulan"))
    opens_at = models.DateTimeField(gettext_lazy("dibuka"))
    closes_at = models.DateTimeField(gettext_lazy("ditutup"))
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SCHEDULED)
    closed_at = models.DateTimeField(null=True, editable=False)
    # The period's own copy of the rule's numbers, see rules.THRESHOLDS.
    thresholds = models.JSONField(default=dict)
    rule_version = models.PositiveSmallIntegerField(default=1)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-year", "-quarter"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government", "year", "quarter"], name="period_once"),
            models.CheckConstraint(name="period_closes_after_opening", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(name="period_quarter_1_to_4", condition=Q(quarter__range=(1, 4))),
        ]

    def __str__(self) -> str:
        return self.quarter_value.label

    @property
    def quarter_value(self) -> Quarter:
        return Quarter(self.year, self.quarter)

    @property
    def code(self) -> str:
        return str(self.quarter_value)


class DueApplication(models.Model):
    """An application's place in a period, frozen when the window opened: due, and exempt or not, with the reason."""

    class Exemption(models.TextChoices):
        NONE = "", gettext_lazy("tidak dikecualikan")
        NOT_OPERATING = "not_operating", gettext_lazy("belum beroperasi sepanjang triwulan")
        CENTRAL = "central", gettext_lazy("milik pusat")
        RETIRING = "retiring", gettext_lazy("dalam penonaktifan atau pensiun")
        OUT_OF_SEASON = "out_of_season", gettext_lazy("di luar musim pemakaian")
        SUSPENDED = "suspended", gettext_lazy("penangguhan yang diberikan Diskominfo")
        MERGED = "merged", gettext_lazy("digabung ke aplikasi lain")

    period = models.ForeignKey(Period, models.PROTECT, related_name="due")
    application = models.ForeignKey(Application, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    exemption = models.CharField(gettext_lazy("pengecualian"), max_length=15, choices=Exemption.choices, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["period", "application"], name="due_once")]
        indexes: ClassVar = [models.Index(fields=["period", "owner"], name="due_by_owner")]


class UsageReportQuerySet(StatefulQuerySet):
    """Reports as people may see them; drafts belong to the agency alone."""

    def visible_to(self, by: Any) -> Self:
        if by.is_system:
            return self
        if not by.is_authenticated:
            return self.none()
        if by.is_government_wide:
            return self.filter(application__government=by.government_id).exclude(status=UsageReport.Status.DRAFT)
        return self.filter(application__owner__in=by.organization_ids)


@tracked()
class UsageReport(StatefulModel):
    """What the agency says about one application in one period (laporan pemanfaatan)."""

    class Status(models.TextChoices):
        DRAFT = "draft", gettext_lazy("Konsep")
        SUBMITTED = "submitted", gettext_lazy("Terkirim")
        RETURNED = "returned", gettext_lazy("Dikembalikan")
        ACCEPTED = "accepted", gettext_lazy("Diterima")

    MOVES: ClassVar = {
        Status.DRAFT: {Status.SUBMITTED},
        Status.SUBMITTED: {Status.ACCEPTED, Status.RETURNED, Status.DRAFT},
        Status.RETURNED: {Status.SUBMITTED, Status.DRAFT},
    }

    class Next(models.TextChoices):
        CONTINUE = "continue", gettext_lazy("lanjutkan")
        IMPROVE = "improve", gettext_lazy("perbaiki")
        STOP = "stop", gettext_lazy("hentikan")

    period = models.ForeignKey(Period, models.PROTECT, related_name="reports")
    application = models.ForeignKey(Application, models.PROTECT, related_name="usage_reports")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    running = models.BooleanField(gettext_lazy("berjalan"), null=True)
    used = models.BooleanField(gettext_lazy("dipakai"), null=True)
    registered_users = models.PositiveIntegerField(gettext_lazy("pengguna terdaftar"), null=True, blank=True)
    active_users = models.PositiveIntegerField(gettext_lazy("pengguna aktif"), null=True, blank=True)
    transactions = models.PositiveBigIntegerField(gettext_lazy("transaksi"), null=True, blank=True)
    database_gb = models.DecimalField(
        gettext_lazy("basis data (GB)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    growth_gb = models.DecimalField(
        gettext_lazy("pertumbuhan data (GB)"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    sla_percent = models.DecimalField(
        gettext_lazy("ketersediaan (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    satisfaction = models.DecimalField(
        gettext_lazy("kepuasan (1–5)"), max_digits=3, decimal_places=2, null=True, blank=True
    )
    obstacles = models.TextField(gettext_lazy("kendala"), blank=True)
    explanation = models.TextField(gettext_lazy("penjelasan"), blank=True)
    next_step = models.CharField(gettext_lazy("rencana"), max_length=10, choices=Next.choices, blank=True)
    attested = models.BooleanField(gettext_lazy("dinyatakan benar"), default=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by_id = models.BigIntegerField(null=True, editable=False)
    submitted_by_name = models.CharField(max_length=150, blank=True, editable=False)
    late = models.BooleanField(gettext_lazy("terlambat"), default=False, editable=False)
    on_paper = models.BooleanField(gettext_lazy("dimasukkan dari surat"), default=False, editable=False)
    review_note = models.TextField(gettext_lazy("catatan pemeriksa"), blank=True, editable=False)
    reviewed_at = models.DateTimeField(null=True, editable=False)
    reviewed_by_id = models.BigIntegerField(null=True, editable=False)

    objects = UsageReportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "application"], name="report_once"),
            models.CheckConstraint(
                name="report_submitted_says_when",
                condition=Q(status="draft") | Q(submitted_at__isnull=False, used__isnull=False),
            ),
        ]

    @property
    def code(self) -> str:
        return f"{self.application.key}/{self.period.code}"


class Endorsement(ImmutableModel):
    """The agency head stands for the agency's set of reports in one period, naming their versions."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="endorsements")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    versions = models.JSONField(default=dict)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=150)

    class Meta:
        ordering: ClassVar = ["-pk"]


class Verdict(models.TextChoices):
    """What a quarter says about an application."""

    ACTIVE = "active", gettext_lazy("Dipakai")
    IDLE = "idle", gettext_lazy("Tidak dipakai")
    UNREPORTED = "unreported", gettext_lazy("Tidak lapor")
    EXEMPT = "exempt", gettext_lazy("Dikecualikan")
    CONFLICT = "conflict", gettext_lazy("Bertentangan")


class Duty(models.TextChoices):
    """Whether the duty to report was met."""

    REPORTED = "reported", gettext_lazy("melapor")
    LATE = "late", gettext_lazy("terlambat")
    MISSING = "missing", gettext_lazy("tidak melapor")


class AssessmentQuerySet(models.QuerySet):
    """What closes concluded; nobody sees half a close."""

    def published(self) -> Self:
        """Assessments of closed periods only: the one place that hides a close on its way."""
        return self.filter(period__status=Period.Status.CLOSED)

    def in_force(self) -> Self:
        """Without those a later correction replaced.

        Of an empty side of an outer join PostgreSQL expects one row, whatever there is, and goes through the rest in loops.
        """
        return self.exclude(Exists(self.model.objects.filter(corrects=OuterRef("pk"))))

    def visible_to(self, by: Any) -> Self:
        if by.is_system:
            return self.published()
        if not by.is_authenticated:
            return self.none()
        if by.is_government_wide:
            return self.published().filter(period__government=by.government_id)
        return self.published().filter(application__owner__in=by.organization_ids)


class Assessment(ImmutableModel):
    """The verdict on one application in one quarter with the evidence it rests on; corrections are further rows."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="assessments")
    application = models.ForeignKey(Application, models.PROTECT, related_name="assessments")
    owner = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    verdict = models.CharField(gettext_lazy("hasil"), max_length=10, choices=Verdict.choices)
    reason = models.CharField(gettext_lazy("alasan"), max_length=40, blank=True)
    low_use = models.BooleanField(gettext_lazy("pemakaian rendah"), default=False)
    duty = models.CharField(gettext_lazy("kewajiban lapor"), max_length=10, choices=Duty.choices)
    # The inputs the verdict follows from, see rules.Evidence; with their checksum.
    evidence = models.JSONField(default=dict)
    checksum = models.CharField(max_length=64)
    rule_version = models.PositiveSmallIntegerField()
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="correction")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-period__year", "-period__quarter", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "application"], condition=Q(corrects__isnull=True), name="assessment_once"
            )
        ]


class FindingQuerySet(StatefulQuerySet):
    """Findings of closed periods."""

    def published(self) -> Self:
        return self.filter(opened_in__status=Period.Status.CLOSED)

    def visible_to(self, by: Any) -> Self:
        if by.is_system:
            return self.published()
        if not by.is_authenticated:
            return self.none()
        if by.is_government_wide:
            return self.published().filter(application__government=by.government_id)
        return self.published().filter(application__owner__in=by.organization_ids)

    def standing(self) -> Self:
        """Those not yet ended."""
        return self.filter(status__in=[Finding.Status.OPEN, Finding.Status.TAKEN_UP])


@tracked()
class Finding(StatefulModel):
    """Something the findings table raised about an application (temuan)."""

    class Kind(models.TextChoices):
        IDLE = "idle", gettext_lazy("Tidak dipakai dua triwulan")
        NON_REPORTING = "non_reporting", gettext_lazy("Tidak lapor dua triwulan")
        CONFLICT = "conflict", gettext_lazy("Bukti bertentangan")
        OWNERLESS = "ownerless", gettext_lazy("Tanpa pemilik")
        STALE = "stale", gettext_lazy("Data usang")
        REAPPEARED = "reappeared", gettext_lazy("Muncul kembali")

    class Status(models.TextChoices):
        OPEN = "open", gettext_lazy("Terbuka")
        TAKEN_UP = "taken_up", gettext_lazy("Ditangani dalam kasus")
        CLOSED = "closed", gettext_lazy("Selesai")
        DISMISSED = "dismissed", gettext_lazy("Dikesampingkan")
        RESOLVED = "resolved", gettext_lazy("Teratasi")
        CORRECTED = "corrected", gettext_lazy("Gugur karena koreksi")

    MOVES: ClassVar = {
        Status.OPEN: {Status.TAKEN_UP, Status.DISMISSED, Status.RESOLVED, Status.CORRECTED},
        Status.TAKEN_UP: {Status.CLOSED, Status.DISMISSED, Status.CORRECTED, Status.RESOLVED},
    }

    code = models.CharField(gettext_lazy("kode"), max_length=20, unique=True)
    application = models.ForeignKey(Application, models.PROTECT, related_name="findings")
    kind = models.CharField(gettext_lazy("jenis"), max_length=15, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    opened_in = models.ForeignKey(Period, models.PROTECT, related_name="findings")
    # Quarters that speak for it, oldest first: ["2026-Q1", "2026-Q2"].
    quarters = ArrayField(models.CharField(max_length=7), default=list)
    case_code = models.CharField(gettext_lazy("kasus"), max_length=20, blank=True)
    reason = models.TextField(gettext_lazy("alasan"), blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "kind"], condition=Q(status__in=["open", "taken_up"]), name="finding_one_open"
            )
        ]

    def __str__(self) -> str:
        return self.code


class CountRestart(ImmutableModel):
    """From which quarter on verdicts count anew: what came before is no longer held against the application."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="+")
    kinds = ArrayField(models.CharField(max_length=15), default=list)
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200)
