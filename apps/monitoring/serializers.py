"""What the API says and takes about quarters; people are named by nothing but their office's answers."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.core.api import StrictSerializer
from apps.monitoring.models import Assessment, ExplanationRequest, Finding, Period, ReminderBatch, UsageReport

LARGEST_BATCH = 400


class PeriodSerializer(serializers.ModelSerializer):
    """A quarter by its code."""

    code = serializers.CharField(read_only=True)

    class Meta:
        model = Period
        fields = ("code", "year", "quarter", "status", "opens_at", "closes_at", "closed_at", "thresholds",
                  "rule_version", "version")  # fmt: skip


class ReportSerializer(serializers.ModelSerializer):
    """What the agency said."""

    period = serializers.CharField(source="period.code", read_only=True)
    application = serializers.CharField(source="application.key", read_only=True)
    owner = serializers.CharField(source="application.owner.code", read_only=True)

    class Meta:
        model = UsageReport
        fields = (
            "period", "application", "owner", "status", "running", "used", "registered_users", "active_users", "transactions",
            "database_gb", "growth_gb", "sla_percent", "satisfaction", "obstacles", "explanation", "next_step", "attested",
            "submitted_at", "late", "on_paper", "review_note", "reviewed_at", "version",
        )  # fmt: skip


class AssessmentSerializer(serializers.ModelSerializer):
    """A verdict with what it rests on."""

    id = serializers.IntegerField(read_only=True)
    period = serializers.CharField(source="period.code", read_only=True)
    application = serializers.CharField(source="application.key", read_only=True)
    owner = serializers.CharField(source="owner.code", read_only=True)

    class Meta:
        model = Assessment
        fields = ("id", "period", "application", "owner", "verdict", "reason", "low_use", "duty", "evidence", "checksum",
                  "rule_version", "corrects", "created_at")  # fmt: skip


class FindingSerializer(serializers.ModelSerializer):
    """A finding and the quarters that speak for it."""

    application = serializers.CharField(source="application.key", read_only=True)
    owner = serializers.CharField(source="application.owner.code", read_only=True)
    opened_in = serializers.CharField(source="opened_in.code", read_only=True)

    class Meta:
        model = Finding
        fields = ("code", "application", "owner", "kind", "status", "opened_in", "quarters", "case_code", "reason",
                  "ended_at", "version")  # fmt: skip


class ExplanationSerializer(serializers.ModelSerializer):
    """A question and its answer; about a report (with its quarter) or a finding."""

    application = serializers.CharField(source="application.key", read_only=True)
    period = serializers.CharField(source="report.period.code", read_only=True, default=None, allow_null=True)
    finding = serializers.CharField(source="finding.code", read_only=True, default=None, allow_null=True)

    class Meta:
        model = ExplanationRequest
        fields = ("code", "application", "period", "finding", "status", "question", "due_on", "created_at", "answer",
                  "answered_at", "version")  # fmt: skip


class ReminderBatchSerializer(serializers.ModelSerializer):
    """Reminders that went out together, or wait."""

    period = serializers.CharField(source="period.code", read_only=True)

    class Meta:
        model = ReminderBatch
        fields = ("id", "period", "rung", "status", "recipients", "created_at", "version")


class Office(StrictSerializer):
    """An office by its code."""

    organization = serializers.SlugField()


class Reminded(serializers.Serializer):
    """How many people were reminded."""

    reminded = serializers.IntegerField()


class Nothing(StrictSerializer):
    """An act without a body."""


class Note(StrictSerializer):
    """What the agency has to mend."""

    note = serializers.CharField(max_length=2000)


class Extend(StrictSerializer):
    """A later closing instant."""

    closes_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=2000)


class Read(StrictSerializer):
    """A draft in the version that was read; without one it is not sent (428)."""

    application = serializers.CharField(max_length=24)
    version = serializers.IntegerField(min_value=1, required=False)


class Sent(StrictSerializer):
    """The drafts that are sent."""

    reports = Read(many=True, min_length=1, max_length=500)

    def validate_reports(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({row["application"] for row in rows}) < len(rows):
            raise serializers.ValidationError(_("Sebutkan setiap aplikasi satu kali."))
        return rows


class Counts(serializers.Serializer):
    """How many applications are due, and how far their reports are; exempt ones are not due."""

    due = serializers.IntegerField()
    exempt = serializers.IntegerField()
    draft = serializers.IntegerField()
    submitted = serializers.IntegerField()
    accepted = serializers.IntegerField()
    returned = serializers.IntegerField()
    answered = serializers.IntegerField()
    missing = serializers.IntegerField()
    unendorsed = serializers.IntegerField()


class OfficeCounts(Counts):
    """The counts of one office, and whether its head has endorsed."""

    organization = serializers.CharField(source="owner__code")
    name = serializers.CharField(source="owner__name")
    endorsed = serializers.SerializerMethodField()

    def get_endorsed(self, row: dict[str, Any]) -> bool:
        return row["endorsed"] is not None


class Coverage(serializers.Serializer):
    """Who has reported in a quarter; of an open quarter the figures are partial."""

    period = serializers.CharField()
    status = serializers.ChoiceField(Period.Status.choices)
    partial = serializers.BooleanField()
    covered_percent = serializers.SerializerMethodField()
    total = Counts()
    offices = OfficeCounts(many=True)

    def get_covered_percent(self, said: dict[str, Any]) -> int | None:
        due = said["total"]["due"]
        return 100 * said["total"]["answered"] // due if due else None


class Trend(serializers.Serializer):
    """How the duty to report was met in one closed quarter."""

    period = serializers.CharField(source="quarter")
    due = serializers.IntegerField()
    reported = serializers.IntegerField()
    late = serializers.IntegerField()
    missing = serializers.IntegerField()


class Answers(serializers.ModelSerializer):
    """What the agency fills in; a field left out stays as it is."""

    class Meta:
        model = UsageReport
        fields = (
            "running", "used", "registered_users", "active_users", "transactions", "database_gb", "growth_gb",
            "sla_percent", "satisfaction", "obstacles", "explanation", "next_step", "attested",
        )  # fmt: skip
        extra_kwargs = {
            "sla_percent": {"min_value": 0, "max_value": 100},
            "satisfaction": {"min_value": 0, "max_value": 5},
            "database_gb": {"min_value": 0},
            "growth_gb": {"min_value": 0},
        }

    def to_internal_value(self, data: Any) -> Any:
        given = super().to_internal_value(data)
        unknown = set(data) - set(self.fields)
        if unknown:
            raise serializers.ValidationError({name: ["Isian tidak dikenal."] for name in sorted(unknown)})
        return {name: value for name, value in given.items() if name in data}


class Paper(Answers):
    """What a signed paper says, and its scan."""

    used = serializers.BooleanField()
    scan = serializers.FileField()

    class Meta(Answers.Meta):
        fields = (*Answers.Meta.fields, "scan")


class File(StrictSerializer):
    """A file beside a report."""

    file = serializers.FileField()


class Ask(StrictSerializer):
    """What the agency has to explain, and until when."""

    question = serializers.CharField(max_length=2000)
    due_on = serializers.DateField()


class Explain(StrictSerializer):
    """The agency's explanation, with a file when there is one."""

    answer = serializers.CharField(max_length=5000)
    document = serializers.FileField(required=False)


class Sample(StrictSerializer):
    """One day's counters."""

    day = serializers.DateField()
    active_users = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)
    transactions = serializers.IntegerField(min_value=0, max_value=2**63 - 1, default=0)
    data_bytes = serializers.IntegerField(min_value=0, max_value=2**63 - 1, required=False, allow_null=True)


class Usage(StrictSerializer):
    """A batch of days, each once."""

    samples = Sample(many=True, min_length=1, max_length=LARGEST_BATCH)


class Kept(serializers.Serializer):
    """How many days were kept, and which came after their quarter's window was over."""

    application = serializers.CharField()
    kept = serializers.IntegerField()
    too_late = serializers.ListField(child=serializers.DateField())
