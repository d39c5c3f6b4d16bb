"""The desk review: agenda, invitations, attendance, opinions, recommendations and its minutes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.audit.history import tracked
from apps.core.clock import CoreNow
from apps.core.models import ImmutableModel, StatefulModel, StatefulQuerySet
from apps.deactivation.models.cases import Outcome


class SessionStatus(models.TextChoices):
    """How far a desk session has come."""

    SCHEDULED = "scheduled", _("Dijadwalkan")
    IN_SESSION = "in_session", _("Berlangsung")
    MINUTED = "minuted", _("Berita acara terbit")
    CANCELLED = "cancelled", _("Dibatalkan")


class SessionQuerySet(StatefulQuerySet):
    """Sessions as the people of a government see them."""

    def visible_to(self, by):
        """Government roles and companions see all sessions of theirs; an OPD those that concern its cases."""
        if by.is_system:
            return self
        if by.has_role("reviewer", "approver", "executive", "auditor", "companion"):
            return self.filter(government_id=by.government_id)
        if by.has_role("operator", "agency_head"):
            scope = by.organization_ids
            concerned = Q(items__case__application__owner_id__in=scope) | Q(items__case__caretaker_id__in=scope)
            return self.filter(concerned | Q(invitations__organization_id__in=scope)).distinct()
        return self.none()

    def awaiting(self, by):
        """Sittings not yet over that this person goes to: those told of every one of them, and offices with an invitation."""
        seen = self.visible_to(by).filter(status__in=[SessionStatus.SCHEDULED, SessionStatus.IN_SESSION])
        if by.has_role("reviewer", "companion", "approver", "operator", "agency_head"):
            return seen
        return seen.filter(invitations__organization_id=by.seat_id).distinct()


@tracked()
class DeskSession(StatefulModel):
    """One sitting of the desk review."""

    Status = SessionStatus
    MOVES: ClassVar = {
        SessionStatus.SCHEDULED: {SessionStatus.IN_SESSION, SessionStatus.CANCELLED},
        SessionStatus.IN_SESSION: {SessionStatus.MINUTED},
        SessionStatus.MINUTED: set(),
        SessionStatus.CANCELLED: set(),
    }

    code = models.CharField(max_length=24, unique=True)
    government = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    held_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=SessionStatus, default=SessionStatus.SCHEDULED)
    chair_name = models.CharField(max_length=200, blank=True)
    # What the Berita Acara is going to say, for its readers to correct before it gets its number.
    draft = models.TextField(blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-held_at", "-pk"]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("deactivation:session_detail", args=[self.code])


@tracked()
class AgendaItem(models.Model):
    """One case on the agenda of one session, and how the session left it."""

    class Result(models.TextChoices):
        PENDING = "pending", _("Belum dibahas")
        RECOMMENDED = "recommended", _("Direkomendasikan")
        POSTPONED = "postponed", _("Ditunda")
        DROPPED = "dropped", _("Kasus ditarik")

    session = models.ForeignKey(DeskSession, models.PROTECT, related_name="items")
    case = models.ForeignKey("deactivation.Case", models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=12, choices=Result, default=Result.PENDING)
    in_absentia = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "case"], name="agenda_case_once_per_session"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(result="pending"), name="agenda_case_pending_in_one_session"
            ),
            models.CheckConstraint(
                condition=~Q(result="postponed") | ~Q(reason=""), name="agenda_postponed_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.session_id} {self.case_id}"


class Invitation(ImmutableModel):
    """A written invitation of one office to one session; two of them let an absent owner be judged in absentia."""

    session = models.ForeignKey(DeskSession, models.PROTECT, related_name="invitations")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    reference = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(db_default=CoreNow())
    sent_by_name = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self):
        return f"{self.session_id} {self.organization_id}"


class Attendance(ImmutableModel):
    """One person present for one office; `identity` keeps a person from standing for two."""

    session = models.ForeignKey(DeskSession, models.PROTECT, related_name="attendances")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    identity = models.CharField(max_length=220)
    person_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    position = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(db_default=CoreNow())
    recorded_by_name = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "identity"], name="attendance_one_office_per_person")
        ]

    def __str__(self):
        return f"{self.name} ({self.organization_id})"


class Opinion(ImmutableModel):
    """A companion office's view of one case; a later one stands beside the earlier."""

    class Stance(models.TextChoices):
        AGREE = "agree", _("Setuju")
        AGREE_WITH_NOTE = "agree_with_note", _("Setuju dengan catatan")
        DISAGREE = "disagree", _("Tidak setuju")

    case = models.ForeignKey("deactivation.Case", models.PROTECT, related_name="opinions")
    session = models.ForeignKey(DeskSession, models.PROTECT, related_name="opinions")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    stance = models.CharField(max_length=16, choices=Stance)
    text = models.TextField(blank=True)
    person_id = models.BigIntegerField()
    person_name = models.CharField(max_length=200)
    given_at = models.DateTimeField(db_default=CoreNow())

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stance="agree") | ~Q(text=""), name="opinion_other_than_agree_has_text")
        ]

    def __str__(self):
        return f"{self.case_id} {self.stance}"


class Recommendation(ImmutableModel):
    """What a session recommends for one case; a case sent back gets another one, the first stays."""

    case = models.ForeignKey("deactivation.Case", models.PROTECT, related_name="recommendations")
    session = models.ForeignKey(DeskSession, models.PROTECT, related_name="recommendations")
    outcome = models.CharField(max_length=16, choices=Outcome)
    target = models.ForeignKey("inventory.Application", models.PROTECT, null=True, blank=True, related_name="+")
    retain_from = models.CharField(max_length=8, blank=True)
    conditions = models.JSONField(default=list)
    reason = models.TextField()
    # What the two axes suggested at that moment with every input, and why the desk went another way.
    suggested = models.CharField(max_length=16, choices=Outcome, blank=True)
    suggestion = models.JSONField(default=dict, blank=True)
    departure = models.TextField(blank=True)
    in_absentia = models.BooleanField(default=False)
    person_id = models.BigIntegerField()
    person_name = models.CharField(max_length=200)
    recommended_at = models.DateTimeField(db_default=CoreNow())

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(outcome__in=["integrate", "replace"]) | Q(target__isnull=False),
                name="recommendation_names_target",
            ),
            models.CheckConstraint(
                condition=Q(suggested="") | Q(suggested=models.F("outcome")) | ~Q(departure=""),
                name="recommendation_departure_has_reason",
            ),
        ]

    def __str__(self):
        return f"{self.case_id} {self.outcome}"


class MinutesRemark(ImmutableModel):
    """What somebody at the table wants corrected in the draft of the Berita Acara."""

    session = models.ForeignKey(DeskSession, models.PROTECT, related_name="remarks")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    text = models.TextField()
    person_id = models.BigIntegerField()
    person_name = models.CharField(max_length=200)
    given_at = models.DateTimeField(db_default=CoreNow())

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="minutes_remark_has_text")]

    def __str__(self):
        return f"{self.session_id} {self.organization_id}"


class Minutes(ImmutableModel):
    """The Berita Acara of a session, or an amendment to it; the signed text is never replaced."""

    session = models.ForeignKey(DeskSession, models.PROTECT, related_name="minutes")
    issued = models.OneToOneField("deactivation.IssuedDocument", models.PROTECT, related_name="+")
    amends = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="amendments")
    text = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name_plural = "minutes"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(amends__isnull=True), name="minutes_one_original_per_session"
            ),
            models.CheckConstraint(condition=Q(amends__isnull=True) | ~Q(text=""), name="minutes_amendment_has_text"),
        ]

    def __str__(self):
        return f"{self.session_id} {self.issued_id}"
