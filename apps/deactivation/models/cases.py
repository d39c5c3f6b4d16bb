"""The case itself, who acted in it, and the conditions of an optimise outcome."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.audit.history import tracked
from apps.core import clock
from apps.core.clock import CoreNow
from apps.core.models import ImmutableModel, StatefulModel, StatefulQuerySet


class Kind(models.TextChoices):
    """Whether the case takes an application out of service or back into it."""

    DEACTIVATION = "deactivation", _("Penonaktifan")
    REACTIVATION = "reactivation", _("Pengaktifan kembali")


class Ground(models.TextChoices):
    """Why an application is put up for a case."""

    IDLE = "idle", _("Tidak dipakai")
    REPLACED_BY_CENTRAL = "replaced_by_central", _("Digantikan aplikasi pusat")
    REPLACED_BY_LOCAL = "replaced_by_local", _("Digantikan aplikasi daerah")
    DUPLICATE = "duplicate", _("Ganda")
    NEED_ENDED = "need_ended", _("Kebutuhan berakhir")
    TECHNICAL = "technical", _("Alasan teknis")
    SECURITY = "security", _("Alasan keamanan")
    OWNER_REQUEST = "owner_request", _("Permintaan pemilik")


class Outcome(models.TextChoices):
    """What becomes of the application; the last two belong to reactivation cases."""

    RETAIN = "retain", _("Pertahankan")
    OPTIMISE = "optimise", _("Optimalkan")
    INTEGRATE = "integrate", _("Integrasikan")
    REPLACE = "replace", _("Gantikan")
    DEACTIVATE = "deactivate", _("Nonaktifkan")
    REACTIVATE = "reactivate", _("Aktifkan kembali")
    DECLINE = "decline", _("Tetap pensiun")


class CaseStatus(models.TextChoices):
    """Where a case stands."""

    NOMINATED = "nominated", _("Diusulkan")
    AWAITING_ANSWER = "awaiting_answer", _("Menunggu jawaban OPD")
    ANSWERED = "answered", _("Dijawab")
    ON_DESK = "on_desk", _("Di desk reviu")
    RECOMMENDED = "recommended", _("Direkomendasikan")
    DECIDED = "decided", _("Diputuskan")
    EXECUTING = "executing", _("Dilaksanakan")
    EXECUTED = "executed", _("Terlaksana")
    CLOSED = "closed", _("Selesai")
    WITHDRAWN = "withdrawn", _("Ditarik")
    ANNULLED = "annulled", _("Dibatalkan")


TERMINAL_STATUSES = (CaseStatus.CLOSED, CaseStatus.WITHDRAWN, CaseStatus.ANNULLED)
OPEN_STATUSES = tuple(status for status in CaseStatus if status not in TERMINAL_STATUSES)
DECIDED_STATUSES = (CaseStatus.DECIDED, CaseStatus.EXECUTING, CaseStatus.EXECUTED, CaseStatus.CLOSED)


class CaseQuerySet(StatefulQuerySet):
    """Cases as the people of a government see them."""

    def visible_to(self, by):
        """OPD people see cases of their offices, companions those on an agenda, government roles all of theirs."""
        if by.is_system:
            return self
        if by.has_role("reviewer", "approver", "executive", "auditor"):
            return self.filter(government_id=by.government_id)
        if by.has_role("operator", "agency_head"):
            scope = by.organization_ids
            return self.filter(Q(application__owner_id__in=scope) | Q(caretaker_id__in=scope))
        if by.has_role("companion"):
            return self.filter(government_id=by.government_id, pk__in=_agenda_case_ids())
        return self.none()

    def open(self):
        """Cases that are still on their way."""
        return self.filter(status__in=OPEN_STATUSES)

    def with_application(self):
        """With the rows every page shows beside the case."""
        return self.select_related("application__owner", "government", "caretaker", "target", "decision")


def _agenda_case_ids():
    return Case.agenda_items.rel.related_model.objects.values("case_id")


@tracked()
class Case(StatefulModel):
    """One application's way from nomination to the end; at most one is open per application."""

    Status = CaseStatus
    MOVES: ClassVar = {
        CaseStatus.NOMINATED: {CaseStatus.AWAITING_ANSWER, CaseStatus.ANSWERED, CaseStatus.WITHDRAWN},
        CaseStatus.AWAITING_ANSWER: {CaseStatus.ANSWERED, CaseStatus.WITHDRAWN},
        CaseStatus.ANSWERED: {CaseStatus.ON_DESK, CaseStatus.WITHDRAWN},
        CaseStatus.ON_DESK: {CaseStatus.RECOMMENDED, CaseStatus.WITHDRAWN},
        CaseStatus.RECOMMENDED: {CaseStatus.DECIDED, CaseStatus.ON_DESK, CaseStatus.WITHDRAWN},
        CaseStatus.DECIDED: {
            CaseStatus.EXECUTING,
            CaseStatus.CLOSED,
            CaseStatus.RECOMMENDED,
            CaseStatus.ANNULLED,
        },
        CaseStatus.EXECUTING: {CaseStatus.EXECUTED, CaseStatus.ANNULLED},
        CaseStatus.EXECUTED: {CaseStatus.CLOSED},
        CaseStatus.CLOSED: set(),
        CaseStatus.WITHDRAWN: set(),
        CaseStatus.ANNULLED: set(),
    }

    code = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.DEACTIVATION)
    government = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    application = models.ForeignKey("inventory.Application", models.PROTECT, related_name="+")
    finding = models.ForeignKey("monitoring.Finding", models.PROTECT, null=True, blank=True, related_name="+")
    caretaker = models.ForeignKey("accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+")
    ground = models.CharField(max_length=24, choices=Ground)
    reason = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=CaseStatus, default=CaseStatus.NOMINATED)
    nominated_at = models.DateTimeField(db_default=CoreNow())
    recommendation = models.ForeignKey(
        "deactivation.Recommendation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.ForeignKey("deactivation.Decision", models.PROTECT, null=True, blank=True, related_name="cases")
    decree_number = models.CharField(max_length=120, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    target = models.ForeignKey("inventory.Application", models.PROTECT, null=True, blank=True, related_name="+")
    objection_ends_on = models.DateField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    blocked_by = models.JSONField(default=list, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application"],
                condition=~Q(status__in=[str(status) for status in TERMINAL_STATUSES]),
                name="case_one_open_per_application",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[str(status) for status in DECIDED_STATUSES])
                | (~Q(decree_number="") & ~Q(outcome="") & Q(decided_on__isnull=False) & Q(decision__isnull=False)),
                name="case_decided_has_decree_and_date",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["executing", "executed"])
                | (Q(effective_on__isnull=False) & Q(objection_ends_on__isnull=False)),
                name="case_executing_has_effective_date",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["integrate", "replace"]) | Q(target__isnull=False),
                name="case_outcome_names_target",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | ~Q(target=models.F("application")),
                name="case_target_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[str(status) for status in TERMINAL_STATUSES]) | Q(ended_at__isnull=False),
                name="case_ended_has_instant",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["government", "status"], name="case_government_status")]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("deactivation:case_detail", args=[self.code])

    @property
    def is_open(self):
        return self.status not in TERMINAL_STATUSES

    @property
    def is_ownerless(self):
        """Whether the owner was dissolved or is a collective name that cannot answer."""
        owner = self.application.owner
        ended = owner.active_until is not None and owner.active_until < clock.today(owner.zone)
        return owner.kind == "collective" or ended

    @property
    def respondent(self):
        """The OPD that answers for the application: its owner, or the caretaker the ICT office named."""
        return self.caretaker if self.is_ownerless else self.application.owner


class Act(models.TextChoices):
    """What a person can have done in a case; segregation of duties is judged over these rows."""

    NOMINATE = "nominate", _("mengusulkan")
    SIGN_REQUEST = "sign_request", _("menandatangani permintaan")
    NAME_CARETAKER = "name_caretaker", _("menunjuk OPD pengampu")
    SEND_LETTER = "send_letter", _("mengirim surat")
    ANSWER = "answer", _("menjawab untuk OPD")
    OPINION = "opinion", _("memberi pendapat")
    RECOMMEND = "recommend", _("mencatat rekomendasi")
    POSTPONE = "postpone", _("menunda")
    DECIDE = "decide", _("memutuskan")
    SEND_BACK = "send_back", _("mengembalikan ke desk")
    OBJECT = "object", _("mengajukan keberatan")
    UPHOLD_OBJECTION = "uphold_objection", _("mengabulkan keberatan")
    DISMISS_OBJECTION = "dismiss_objection", _("menolak keberatan")
    COMPLETE_ITEM = "complete_item", _("mengerjakan langkah")
    VERIFY_ITEM = "verify_item", _("memeriksa langkah")
    CLOSE = "close", _("menutup")
    WITHDRAW = "withdraw", _("menarik")
    ANNUL = "annul", _("membatalkan")


class CaseAct(ImmutableModel):
    """One recorded act of one person in one case, counted for the person also when acting as Plt. or for somebody."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="acts")
    act = models.CharField(max_length=24, choices=Act)
    person_id = models.BigIntegerField(null=True)
    person_name = models.CharField(max_length=200)
    role = models.CharField(max_length=24, blank=True)
    acting = models.CharField(max_length=8, blank=True)
    seat_id = models.BigIntegerField(null=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField(db_default=CoreNow())

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["case", "act"], name="caseact_case_act")]

    def __str__(self):
        return f"{self.case_id} {self.act} {self.person_name}"


class Condition(StatefulModel):
    """One condition of an optimise outcome with its due date; it outlives the case until it is met or dropped."""

    class Status(models.TextChoices):
        OPEN = "open", _("Berjalan")
        MET = "met", _("Dipenuhi")
        DROPPED = "dropped", _("Digugurkan")

    MOVES: ClassVar = {Status.OPEN: {Status.MET, Status.DROPPED}, Status.MET: set(), Status.DROPPED: set()}

    case = models.ForeignKey(Case, models.PROTECT, related_name="conditions")
    text = models.TextField()
    due_on = models.DateField()
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    note = models.TextField(blank=True)
    evidence = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    chased_on = models.DateField(null=True, blank=True)  # when its owner was last reminded that it is late

    class Meta:
        ordering: ClassVar = ["due_on", "pk"]

    def __str__(self):
        return self.text
