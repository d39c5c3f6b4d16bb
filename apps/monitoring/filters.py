"""One set of filters for the list pages and the API."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.monitoring.models import (
    Assessment,
    Duty,
    ExplanationRequest,
    Finding,
    Period,
    ReminderBatch,
    UsageReport,
    Verdict,
)

STANDING = "standing"


class QuarterFilter(django_filters.CharFilter):
    """Rows of one quarter, written like 2026-Q3; an unreadable one matches nothing."""

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        if not value:
            return queryset
        try:
            quarter = Quarter.parse(value)
        except RuleViolation:
            return queryset.none()
        place = f"{self.field_name}__" if self.field_name else ""
        return queryset.filter(**{f"{place}year": quarter.year, f"{place}quarter": quarter.number})


class FindingFilter(django_filters.FilterSet):
    """Findings by state, kind and application; `status=standing` means not yet ended."""

    q = django_filters.CharFilter(label=_("Nama atau kode"), method="search")
    status = django_filters.ChoiceFilter(
        label=_("Keadaan"),
        method="stand",
        empty_label=_("Semua"),
        choices=[(STANDING, _("Belum berakhir")), *Finding.Status.choices],
    )
    kind = django_filters.ChoiceFilter(label=_("Jenis"), choices=Finding.Kind.choices, empty_label=_("Semua"))
    application = django_filters.CharFilter(label=_("Kode aplikasi"), field_name="application__code")
    owner = django_filters.CharFilter(label=_("Kode OPD"), field_name="application__owner__code")

    class Meta:
        model = Finding
        fields: list[str] = []

    def search(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        named = Q(application__name__icontains=value) | Q(application__code__iexact=value)
        return queryset.filter(named | Q(code__iexact=value))

    def stand(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return queryset.standing() if value == STANDING else queryset.filter(status=value)


class PeriodFilter(django_filters.FilterSet):
    """Periods by state and year."""

    status = django_filters.ChoiceFilter(choices=Period.Status.choices)
    year = django_filters.NumberFilter()

    class Meta:
        model = Period
        fields: list[str] = []


class AssessmentFilter(django_filters.FilterSet):
    """Assessments by quarter, application, owner, verdict and duty; `corrected` tells corrections apart."""

    period = QuarterFilter(field_name="period")
    application = django_filters.CharFilter(field_name="application__code")
    owner = django_filters.CharFilter(field_name="owner__code")
    verdict = django_filters.ChoiceFilter(choices=Verdict.choices)
    duty = django_filters.ChoiceFilter(choices=Duty.choices)
    corrected = django_filters.BooleanFilter(field_name="corrects", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Assessment
        fields: list[str] = []


class ReportFilter(django_filters.FilterSet):
    """Reports by quarter, application, owner and state."""

    period = QuarterFilter(field_name="period")
    application = django_filters.CharFilter(field_name="application__code")
    owner = django_filters.CharFilter(field_name="application__owner__code")
    status = django_filters.ChoiceFilter(choices=UsageReport.Status.choices)
    late = django_filters.BooleanFilter()

    class Meta:
        model = UsageReport
        fields: list[str] = []


class ExplanationFilter(django_filters.FilterSet):
    """Requests for explanation by state, application and owner."""

    status = django_filters.ChoiceFilter(
        label=_("Keadaan"), choices=ExplanationRequest.Status.choices, empty_label=_("Semua")
    )
    application = django_filters.CharFilter(label=_("Kode aplikasi"), field_name="application__code")
    owner = django_filters.CharFilter(label=_("Kode OPD"), field_name="application__owner__code")

    class Meta:
        model = ExplanationRequest
        fields: list[str] = []


class ReminderBatchFilter(django_filters.FilterSet):
    """Batches of reminders by quarter and state."""

    period = QuarterFilter(field_name="period")
    status = django_filters.ChoiceFilter(choices=ReminderBatch.Status.choices)

    class Meta:
        model = ReminderBatch
        fields: list[str] = []
