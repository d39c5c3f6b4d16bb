"""What the API says and takes about quarters; people are named by nothing but their office's answers."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.core.api import StrictSerializer
from apps.core.examples import example
from apps.monitoring.models import Assessment, ExplanationRequest, Finding, Period, ReminderBatch, UsageReport

LARGEST_BATCH = 400


@example(
    {
        "code": "2026-Q1",
        "year": 2026,
        "quarter": 1,
        "status": "open",
        "opens_at": "2026-04-01T00:00:00+07:00",
        "closes_at": "2026-04-16T00:00:00+07:00",
        "closed_at": None,
        "thresholds": {"active_users": 5, "transactions": 1},
        "rule_version": 1,
        "version": 2,
    }
)
class PeriodSerializer(serializers.ModelSerializer):
    """A quarter by its code."""

    code = serializers.CharField(read_only=True)

    class Meta:
        model = Period
        fields = ("code", "year", "quarter", "status", "opens_at", "closes_at", "closed_at", "thresholds",
                  "rule_version", "version")  # fmt: skip


@example(
    {
        "period": "2026-Q1",
        "application": "APL-2026-000042",
        "owner": "dinkes",
        "status": "submitted",
        "running": True,
        "used": True,
        "registered_users": 1250,
        "active_users": 430,
        "transactions": 9800,
        "database_gb": "12.50",
        "growth_gb": "0.40",
        "sla_percent": "99.50",
        "satisfaction": "4.20",
        "obstacles": "",
        "explanation": "",
        "next_step": "",
        "attested": True,
        "submitted_at": "2026-04-09T10:12:45+07:00",
        "late": False,
        "on_paper": False,
        "review_note": "",
        "reviewed_at": None,
        "version": 4,
    }
)
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


@example(
    {
        "code": "TMN-2026-0003",
        "application": "APL-2026-000042",
        "owner": "dinkes",
        "kind": "idle",
        "status": "open",
        "opened_in": "2026-Q1",
        "quarters": ["2025-Q4", "2026-Q1"],
        "case_code": "",
        "reason": "",
        "ended_at": None,
        "version": 1,
    }
)
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


@example({"organization": "dinkes"})
class Office(StrictSerializer):
    """An office by its code."""

    organization = serializers.SlugField()


class Reminded(serializers.Serializer):
    """How many people were reminded."""

    reminded = serializers.IntegerField()


class Nothing(StrictSerializer):
    """An act without a body."""


@example({"note": "Jumlah pengguna aktif berbeda dari pencacah; mohon diperiksa."})
class Note(StrictSerializer):
    """What the agency has to mend."""

    note = serializers.CharField(max_length=2000)


@example({"closes_at": "2026-04-22T23:59:00+07:00", "reason": "Gangguan jaringan di tiga kecamatan."})
class Extend(StrictSerializer):
    """A later closing instant."""

    closes_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=2000)


class Read(StrictSerializer):
    """A draft in the version that was read; without one it is not sent (428)."""

    application = serializers.CharField(max_length=24)
    version = serializers.IntegerField(min_value=1, required=False)


@example({"reports": [{"application": "APL-2026-000042", "version": 3}]})
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


@example(
    {
        "running": True,
        "used": True,
        "registered_users": 1250,
        "active_users": 430,
        "transactions": 9800,
        "sla_percent": "99.50",
        "obstacles": "",
        "attested": True,
    }
)
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


@example(
    {
        "used": True,
        "running": True,
        "active_users": 430,
        "transactions": 9800,
        "attested": True,
        "scan": "pindaian-laporan.pdf",
    }
)
class Paper(Answers):
    """What a signed paper says, and its scan."""

    used = serializers.BooleanField()
    scan = serializers.FileField()

    class Meta(Answers.Meta):
        fields = (*Answers.Meta.fields, "scan")


@example({"file": "rekap-layanan.pdf"})
class File(StrictSerializer):
    """A file beside a report."""

    file = serializers.FileField()


@example({"question": "Mengapa tidak ada transaksi sejak Februari?", "due_on": "2026-05-29"})
class Ask(StrictSerializer):
    """What the agency has to explain, and until when."""

    question = serializers.CharField(max_length=2000)
    due_on = serializers.DateField()


@example({"answer": "Layanan dipindahkan ke loket selama perbaikan gedung."})
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


@example(
    {
        "samples": [
            {"day": "2026-03-30", "active_users": 41, "transactions": 187},
            {"day": "2026-03-31", "active_users": 38, "transactions": 164},
        ]
    }
)
class Usage(StrictSerializer):
    """A batch of days, each once."""

    samples = Sample(many=True, min_length=1, max_length=LARGEST_BATCH)


class Kept(serializers.Serializer):
    """How many days were kept, and which came after their quarter's window was over."""

    application = serializers.CharField()
    kept = serializers.IntegerField()
    too_late = serializers.ListField(child=serializers.DateField())
