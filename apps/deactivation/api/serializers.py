"""What the API says about cases, letters, sessions and decisions; people are named by office only."""

from rest_framework import serializers

from apps.accounts.models import Organization
from apps.core.examples import example
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

CASE = {
    "code": "KSS-2026-0007",
    "kind": "deactivation",
    "status": "decided",
    "ground": "idle",
    "reason": "",
    "application": "APL-2026-000042",
    "owner": {"code": "dinkes", "name": "Dinas Kesehatan"},
    "caretaker": None,
    "finding": "TMN-2026-0003",
    "nominated_at": "2026-04-17T00:01:12+07:00",
    "outcome": "deactivate",
    "target": None,
    "decision": "KPT-2026-0002",
    "decree_number": "188/45/2026",
    "decided_on": "2026-05-20",
    "objection_ends_on": "2026-06-04",
    "effective_on": "2026-07-01",
    "retired_at": None,
    "ended_at": None,
    "end_reason": "",
    "version": 9,
}


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

    letter = Coded(allow_null=True)
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
    target = Coded(allow_null=True)

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


@example(CASE)
class CaseSerializer(serializers.ModelSerializer):
    """A case as lists show it."""

    application = Coded()
    owner = OfficeSerializer(source="application.owner", read_only=True)
    caretaker = Coded(allow_null=True)
    finding = Coded(allow_null=True)
    target = Coded(allow_null=True)
    decision = Coded(allow_null=True)

    class Meta:
        model = Case
        fields = (
            "code", "kind", "status", "ground", "reason", "application", "owner", "caretaker", "finding",
            "nominated_at",
            "outcome", "target", "decision", "decree_number", "decided_on", "objection_ends_on", "effective_on",
            "retired_at", "ended_at", "end_reason", "version",
        )  # fmt: skip


@example(
    {
        **CASE,
        "answers": [],
        "opinions": [],
        "recommendation": None,
        "checklist": [],
        "datasets": [],
        "savings": [],
        "suggestion": {},
    }
)
class CaseDetailSerializer(CaseSerializer):
    """A case with everything said and done in it."""

    answers = AnswerSerializer(source="letter_items", many=True, read_only=True)
    opinions = OpinionSerializer(many=True, read_only=True)
    recommendation = RecommendationSerializer(read_only=True, allow_null=True)
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


@example(
    {
        "code": "SRT-2026-0004",
        "addressee": {"code": "dinkes", "name": "Dinas Kesehatan"},
        "status": "sent",
        "sent_on": "2026-04-20",
        "answer_working_days": 5,
        "delivery": "receipt",
        "delivered_on": "2026-04-21",
        "due_on": "2026-04-28",
        "extended_days": 0,
        "extension_reason": "",
        "replaces": None,
        "items": [],
        "version": 2,
    }
)
class LetterSerializer(serializers.ModelSerializer):
    """A confirmation letter with the question and answer for each case."""

    addressee = OfficeSerializer(read_only=True)
    replaces = Coded(allow_null=True)
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


@example(
    {
        "code": "DSK-2026-0003",
        "title": "Rapat tinjauan Mei 2026",
        "place": "Aula Bappeda",
        "held_at": "2026-05-12T09:00:00+07:00",
        "status": "scheduled",
        "items": [{"position": 1, "case": "KSS-2026-0007", "result": "pending", "in_absentia": False, "reason": ""}],
        "present": [],
        "draft": "",
        "remarks": [],
        "minutes": [],
        "version": 2,
    }
)
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
    target = Coded(allow_null=True)

    class Meta:
        model = DecisionItem
        fields = ("case", "outcome", "target", "retain_from", "conditions", "reason", "effective_on", "acknowledged")


@example(
    {
        "code": "KPT-2026-0002",
        "decree_number": "188/45/2026",
        "decided_on": "2026-05-20",
        "legal_basis": "Peraturan Wali Kota Nomor 12 Tahun 2025",
        "signatory_office": "Sekretariat Daerah",
        "acting": "",
        "issued": {
            "paper": "decision",
            "number": "188/45/2026",
            "issued_on": "2026-05-20",
            "office_name": "Sekretariat Daerah",
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "verification": "/verifikasi/7m2k-4q9x/",
            "signed_copies": [],
        },
        "items": [
            {
                "case": "KSS-2026-0007",
                "outcome": "deactivate",
                "target": None,
                "retain_from": "",
                "conditions": [],
                "reason": "",
                "effective_on": "2026-07-01",
                "acknowledged": False,
            }
        ],
    }
)
class DecisionSerializer(serializers.ModelSerializer):
    """A numbered act."""

    items = DecisionItemSerializer(many=True, read_only=True)
    issued = IssuedSerializer(read_only=True)

    class Meta:
        model = Decision
        fields = ("code", "decree_number", "decided_on", "legal_basis", "signatory_office", "acting", "issued", "items")
