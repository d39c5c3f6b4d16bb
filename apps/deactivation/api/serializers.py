"""What the API says about cases, letters, sessions and decisions; people are named by office only."""

from rest_framework import serializers

from apps.accounts.models import Organization
from apps.deactivation.models import (
    AgendaItem,
    Case,
    ChecklistItem,
    Dataset,
    Decision,
    DecisionItem,
    DeskSession,
    IssuedDocument,
    Letter,
    LetterCase,
    Minutes,
    MinutesRemark,
    Opinion,
    Realised,
    Recommendation,
    Saving,
    SignedCopy,
)
from apps.deactivation.queries.suggestion import frozen, suggestion_of


class Coded(serializers.SlugRelatedField):
    """Another thing, named by its code."""

    def __init__(self, **kwargs):
        super().__init__(slug_field="code", read_only=True, **kwargs)


class OfficeSerializer(serializers.ModelSerializer):
    """An office by code and name."""

    class Meta:
        model = Organization
        fields = ("code", "name")


class SignedCopySerializer(serializers.ModelSerializer):
    """What came back signed, by its hash; `checked` says what was looked at and what was not."""

    checked = serializers.CharField(read_only=True)

    class Meta:
        model = SignedCopy
        fields = ("kind", "sha256", "attached_at", "checked")


class IssuedSerializer(serializers.ModelSerializer):
    """A numbered paper, where anyone can verify it, and its signed copies."""

    verification = serializers.CharField(source="get_absolute_url", read_only=True)
    signed_copies = SignedCopySerializer(many=True, read_only=True)

    class Meta:
        model = IssuedDocument
        fields = ("paper", "number", "issued_on", "office_name", "sha256", "verification", "signed_copies")


class AnswerSerializer(serializers.ModelSerializer):
    """What the OPD answered about one case; a late answer stands beside a deemed agreement."""

    letter = Coded()
    case = Coded()

    class Meta:
        model = LetterCase
        fields = (
            "letter",
            "case",
            "answer",
            "reason",
            "answered_on",
            "entered_for",
            "late_answer",
            "late_reason",
            "is_superseded",
        )


class OpinionSerializer(serializers.ModelSerializer):
    """A companion office's view."""

    organization = OfficeSerializer(read_only=True)
    session = Coded()

    class Meta:
        model = Opinion
        fields = ("organization", "session", "stance", "text", "given_at")


class RecommendationSerializer(serializers.ModelSerializer):
    """What a session recommended."""

    session = Coded()
    target = Coded()

    class Meta:
        model = Recommendation
        fields = (
            "session",
            "outcome",
            "target",
            "retain_from",
            "conditions",
            "reason",
            "suggested",
            "suggestion",
            "departure",
            "in_absentia",
            "recommended_at",
        )


class ItemSerializer(serializers.ModelSerializer):
    """One step of an execution; `version` goes into If-Match of its acts."""

    responsible = OfficeSerializer(read_only=True)

    class Meta:
        model = ChecklistItem
        fields = (
            "id", "key", "phase", "title", "mandatory", "responsible", "due_on",
            "status", "note", "done_at", "verified_at", "returned_reason", "version",
        )  # fmt: skip


class DatasetSerializer(serializers.ModelSerializer):
    """A set of data and what becomes of it; `version` goes into If-Match of its acts."""

    class Meta:
        model = Dataset
        fields = (
            "id", "name", "fate", "destination", "retained_until", "status", "note", "done_at", "verified_at", "version",
        )  # fmt: skip


class RealisedSerializer(serializers.ModelSerializer):
    """What one year saved; a row with `corrects` takes the place of that one."""

    class Meta:
        model = Realised
        fields = ("id", "year", "amount", "basis", "corrects", "recorded_at")


class SavingSerializer(serializers.ModelSerializer):
    """What a decision saves each year, planned, verified and realised; `version` goes into If-Match of its acts."""

    realised = RealisedSerializer(many=True, read_only=True)

    class Meta:
        model = Saving
        fields = (
            "id", "contract", "planned_yearly", "verified_yearly", "first_year", "is_void", "realised", "version",
        )  # fmt: skip


class CaseSerializer(serializers.ModelSerializer):
    """A case as lists show it."""

    application = Coded()
    owner = OfficeSerializer(source="application.owner", read_only=True)
    caretaker = Coded()
    finding = Coded()
    target = Coded()
    decision = Coded()

    class Meta:
        model = Case
        fields = (
            "code", "kind", "status", "ground", "reason", "application", "owner", "caretaker", "finding",
            "nominated_at",
            "outcome", "target", "decision", "decree_number", "decided_on", "objection_ends_on", "effective_on",
            "retired_at", "ended_at", "end_reason", "version",
        )  # fmt: skip


class CaseDetailSerializer(CaseSerializer):
    """A case with everything said and done in it."""

    answers = AnswerSerializer(source="letter_items", many=True, read_only=True)
    opinions = OpinionSerializer(many=True, read_only=True)
    recommendation = RecommendationSerializer(read_only=True)
    checklist = ItemSerializer(many=True, read_only=True)
    datasets = DatasetSerializer(many=True, read_only=True)
    savings = SavingSerializer(many=True, read_only=True)
    suggestion = serializers.SerializerMethodField(help_text="Saran dua sumbu menurut bukti sekarang.")

    class Meta(CaseSerializer.Meta):
        fields = (
            *CaseSerializer.Meta.fields, "answers", "opinions", "recommendation", "checklist", "datasets", "savings", "suggestion",
        )  # fmt: skip

    def get_suggestion(self, case) -> dict:
        return frozen(suggestion_of(case))


class LetterSerializer(serializers.ModelSerializer):
    """A confirmation letter with the question and answer for each case."""

    addressee = OfficeSerializer(read_only=True)
    replaces = Coded()
    items = AnswerSerializer(many=True, read_only=True)

    class Meta:
        model = Letter
        fields = (
            "code", "addressee", "status", "sent_on", "answer_working_days", "delivery", "delivered_on", "due_on",
            "extended_days", "extension_reason", "replaces", "items", "version",
        )  # fmt: skip


class AgendaSerializer(serializers.ModelSerializer):
    """A case on the agenda and how the session left it."""

    case = Coded()

    class Meta:
        model = AgendaItem
        fields = ("position", "case", "result", "in_absentia", "reason")


class MinutesSerializer(serializers.ModelSerializer):
    """A Berita Acara or an amendment of it."""

    issued = IssuedSerializer(read_only=True)

    class Meta:
        model = Minutes
        fields = ("issued", "text")


class RemarkSerializer(serializers.ModelSerializer):
    """A correction asked for in the draft of the minutes."""

    organization = OfficeSerializer(read_only=True)

    class Meta:
        model = MinutesRemark
        fields = ("organization", "text", "given_at")


class SessionSerializer(serializers.ModelSerializer):
    """A desk session with agenda, offices present, and minutes."""

    items = AgendaSerializer(many=True, read_only=True)
    present = serializers.SerializerMethodField()
    minutes = MinutesSerializer(many=True, read_only=True)
    remarks = RemarkSerializer(many=True, read_only=True)

    class Meta:
        model = DeskSession
        fields = (
            "code", "title", "place", "held_at", "status", "items", "present", "draft", "remarks", "minutes", "version",
        )  # fmt: skip

    def get_present(self, session) -> list[str]:
        return sorted({row.organization.code for row in session.attendances.all()})


class DecisionItemSerializer(serializers.ModelSerializer):
    """What a decision says about one case."""

    case = Coded()
    target = Coded()

    class Meta:
        model = DecisionItem
        fields = ("case", "outcome", "target", "retain_from", "conditions", "reason", "effective_on", "acknowledged")


class DecisionSerializer(serializers.ModelSerializer):
    """A numbered act."""

    items = DecisionItemSerializer(many=True, read_only=True)
    issued = IssuedSerializer(read_only=True)

    class Meta:
        model = Decision
        fields = ("code", "decree_number", "decided_on", "legal_basis", "signatory_office", "acting", "issued", "items")
