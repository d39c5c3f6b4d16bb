"""What the API says about all cases together and about what they save: codes, ISO dates, days and whole rupiah."""

from typing import Any

from rest_framework import serializers

from apps.deactivation.models import OPEN_STATUSES, Case, Outcome


class MedianDays(serializers.DictField):
    """Median days of the finished stays by state; states nobody has left yet are missing."""

    child = serializers.FloatField()


class StationSerializer(serializers.Serializer):
    """One state of the board; `ages` counts cases of up to 7, 30 and 90 days and of more."""

    status = serializers.ChoiceField(choices=[(status.value, status.label) for status in OPEN_STATUSES])
    ages = serializers.ListField(child=serializers.IntegerField(), min_length=4, max_length=4)
    total = serializers.IntegerField()
    late = serializers.IntegerField()
    worst = serializers.IntegerField(help_text="hari kerja terlambat, terbanyak")


class LateCaseSerializer(serializers.Serializer):
    """A case past its day; no number of working days while a year on the way is not confirmed."""

    case = serializers.CharField(source="case.code")
    application = serializers.CharField(source="case.application.key")
    owner = serializers.CharField(source="case.application.owner.code")
    status = serializers.ChoiceField(source="case.status", choices=Case.Status.choices)
    since = serializers.DateField()
    due_on = serializers.DateField()
    working_days_late = serializers.IntegerField(source="late", allow_null=True)


class OfficeCasesSerializer(serializers.Serializer):
    """An office's cases, those still open and those late, with its own medians."""

    code = serializers.CharField()
    cases = serializers.IntegerField()
    open = serializers.IntegerField()
    late = serializers.IntegerField()
    median_days = MedianDays(source="medians")


class RetirementSerializer(serializers.Serializer):
    """An application that ends; quarter and date are missing while the decision is awaited."""

    quarter = serializers.SerializerMethodField()
    case = serializers.CharField(source="case.code")
    application = serializers.CharField(source="case.application.key")
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    successor = serializers.CharField(source="target.key", default=None, allow_null=True)
    effective_on = serializers.DateField(source="on", allow_null=True)
    retired = serializers.BooleanField(source="is_over")

    def get_quarter(self, row: Any) -> str | None:
        return str(row.quarter) if row.quarter else None


class OverviewSerializer(serializers.Serializer):
    """Board, medians, what is late, offices and the roadmap."""

    board = StationSerializer(many=True)
    median_days = MedianDays(source="medians")
    late = LateCaseSerializer(many=True)
    offices = OfficeCasesSerializer(many=True)
    roadmap = RetirementSerializer(many=True, source="retirements")


class ByYear(serializers.DictField):
    """Whole rupiah by calendar year."""

    child = serializers.IntegerField()


class SumsSerializer(serializers.Serializer):
    """Yearly amounts as planned, as verified by the finance office, and with planned ones where none is verified."""

    planned = serializers.IntegerField()
    verified = serializers.IntegerField()
    with_unverified = serializers.IntegerField(source="counted")
    expected = ByYear()
    realised = ByYear()


class OfficeSumsSerializer(serializers.Serializer):
    """The sums of one office."""

    code = serializers.CharField(source="office.code")
    planned = serializers.IntegerField(source="sums.planned")
    verified = serializers.IntegerField(source="sums.verified")
    with_unverified = serializers.IntegerField(source="sums.counted")
    expected = ByYear(source="sums.expected")
    realised = ByYear(source="sums.realised")


class YearSumsSerializer(serializers.Serializer):
    """What decisions in force by the end of a year save, and what is expected and realised in it."""

    year = serializers.IntegerField()
    planned = serializers.IntegerField(source="sums.planned")
    verified = serializers.IntegerField(source="sums.verified")
    expected = serializers.IntegerField()
    realised = serializers.IntegerField()


class SavingLineSerializer(serializers.Serializer):
    """One saving that stands."""

    case = serializers.CharField(source="saving.case.code")
    application = serializers.CharField(source="saving.case.application.key")
    owner = serializers.CharField(source="office.code")
    decision = serializers.CharField(source="saving.decision.code")
    contract = serializers.CharField(source="saving.contract", allow_blank=True)
    first_year = serializers.IntegerField(source="saving.first_year")
    planned = serializers.IntegerField()
    verified = serializers.IntegerField(allow_null=True)
    expected = ByYear()
    realised = ByYear(help_text="Yang dicatat BKAD.")


class LedgerSerializer(serializers.Serializer):
    """The ledger of savings; `void` counts the lines of cases whose decision was taken back."""

    total = SumsSerializer()
    offices = OfficeSumsSerializer(many=True)
    years = YearSumsSerializer(many=True)
    lines = SavingLineSerializer(many=True)
    void = serializers.IntegerField()
