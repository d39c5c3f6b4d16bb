"""Bodies of the acts: shape only, the rules are the services'."""

from rest_framework import serializers

from apps.core.api import StrictSerializer
from apps.deactivation.models import Condition, Fate, Ground, Kind, Opinion, Outcome, SignedCopy

ANSWERS = ("agreed", "objected")


class Empty(StrictSerializer):
    """An act without a body."""


class CaseReason(StrictSerializer):
    """Why, at the length a case needs."""

    reason = serializers.CharField()


class Text(StrictSerializer):
    text = serializers.CharField()


class OptionalText(StrictSerializer):
    text = serializers.CharField(required=False, allow_blank=True, default="")


class Nominate(StrictSerializer):
    application = serializers.CharField(help_text="Kode aplikasi.")
    ground = serializers.ChoiceField(choices=Ground.choices)
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    finding = serializers.CharField(required=False, help_text="Kode temuan.")
    kind = serializers.ChoiceField(choices=Kind.choices, default=Kind.DEACTIVATION)


class NameCaretaker(StrictSerializer):
    organization = serializers.SlugField()
    reason = serializers.CharField()


class Answer(StrictSerializer):
    reply = serializers.ChoiceField(choices=ANSWERS)
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    evidence = serializers.FileField(required=False)
    answered_on = serializers.DateField(required=False)


class Terms(StrictSerializer):
    """A condition of an optimise outcome."""

    text = serializers.CharField()
    due_on = serializers.DateField()


class Recommend(StrictSerializer):
    session = serializers.CharField()
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    reason = serializers.CharField()
    target = serializers.CharField(required=False, help_text="Kode aplikasi tujuan.")
    retain_from = serializers.CharField(required=False, default="")
    conditions = Terms(many=True, required=False, default=list)
    departure = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="Alasan berbeda dari saran dua sumbu."
    )


class Postpone(StrictSerializer):
    session = serializers.CharField()
    reason = serializers.CharField()


class GiveOpinion(StrictSerializer):
    session = serializers.CharField()
    stance = serializers.ChoiceField(choices=Opinion.Stance.choices)
    text = serializers.CharField(required=False, allow_blank=True, default="")


class RaiseObjection(StrictSerializer):
    reason = serializers.CharField()
    evidence = serializers.FileField(required=False)


class ListDataset(StrictSerializer):
    """A set of data and what becomes of it."""

    name = serializers.CharField(max_length=200)
    fate = serializers.ChoiceField(choices=Fate.choices)
    destination = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    retained_until = serializers.DateField(required=False)


class SettleDataset(StrictSerializer):
    evidence = serializers.FileField()
    text = serializers.CharField(required=False, allow_blank=True, default="")


class WriteNotice(StrictSerializer):
    notice = serializers.CharField(allow_blank=True)


class Annul(StrictSerializer):
    number = serializers.CharField()
    reason = serializers.CharField()


class CompleteItem(StrictSerializer):
    evidence = serializers.FileField()
    text = serializers.CharField(required=False, allow_blank=True, default="")


class VerifySaving(StrictSerializer):
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)


class RecordRealised(StrictSerializer):
    """What one calendar year really saved, in whole rupiah."""

    year = serializers.IntegerField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    basis = serializers.CharField()
    evidence = serializers.FileField(required=False)


class SettleCondition(StrictSerializer):
    status = serializers.ChoiceField(choices=[Condition.Status.MET, Condition.Status.DROPPED])
    text = serializers.CharField()
    evidence = serializers.FileField(required=False)


class SendLetter(StrictSerializer):
    cases = serializers.DictField(child=serializers.IntegerField(), help_text="Kode kasus dan versi yang dibaca.")
    note = serializers.CharField(required=False, allow_blank=True, default="")


class RecordDelivery(StrictSerializer):
    delivered_on = serializers.DateField()
    evidence = serializers.FileField()


class ExtendDeadline(StrictSerializer):
    days = serializers.IntegerField()
    reason = serializers.CharField()


class ScheduleSession(StrictSerializer):
    title = serializers.CharField(max_length=200)
    held_at = serializers.DateTimeField()
    place = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    chair_name = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


class AttachSigned(StrictSerializer):
    """What came back signed: a scan, or a PDF with electronic signatures."""

    kind = serializers.ChoiceField(choices=SignedCopy.Kind.choices)
    evidence = serializers.FileField()


class AttachSignedMinutes(AttachSigned):
    number = serializers.CharField(help_text="Nomor Berita Acara atau perubahannya.")


class AddToAgenda(StrictSerializer):
    cases = serializers.ListField(child=serializers.CharField(), allow_empty=False)


class Invite(StrictSerializer):
    organizations = serializers.ListField(child=serializers.SlugField(), allow_empty=False)
    reference = serializers.CharField(required=False, allow_blank=True, default="")


class RecordAttendance(StrictSerializer):
    organization = serializers.SlugField()
    name = serializers.CharField()
    nip = serializers.CharField(required=False, allow_blank=True, default="")
    position = serializers.CharField(required=False, allow_blank=True, default="")


class CaseChoice(StrictSerializer):
    """What is decided about one case; an empty outcome follows the recommendation."""

    case = serializers.CharField()
    version = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=Outcome.choices, required=False, default="")
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    target = serializers.CharField(required=False)
    retain_from = serializers.CharField(required=False, default="")
    conditions = Terms(many=True, required=False, default=list)
    acknowledged = serializers.BooleanField(required=False, default=False)
    planned_saving = serializers.DecimalField(max_digits=18, decimal_places=2, required=False)
    contract = serializers.CharField(required=False, allow_blank=True, default="")
    effective_on = serializers.DateField(required=False)


class Decide(StrictSerializer):
    decree_number = serializers.CharField(max_length=120)
    legal_basis = serializers.CharField()
    decided_on = serializers.DateField(required=False)
    cases = CaseChoice(many=True, allow_empty=False)
