"""One set of filters for the list pages and the API."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organization
from apps.deactivation import queries
from apps.deactivation.models import (
    OPEN_STATUSES,
    Answer,
    Case,
    Decision,
    DeskSession,
    Ground,
    Kind,
    Letter,
    Outcome,
)

OPEN = "open"


class CaseFilter(django_filters.FilterSet):
    """Cases by state, ground, owner and name; `status=open` means every state on the way."""

    q = django_filters.CharFilter(label=_("Nama atau kode"), method="search")
    status = django_filters.ChoiceFilter(
        label=_("Keadaan"),
        method="stand",
        empty_label=_("Semua"),
        choices=[(OPEN, _("Masih berjalan")), *Case.Status.choices],
    )
    ground = django_filters.ChoiceFilter(label=_("Dasar"), choices=Ground.choices, empty_label=_("Semua"))
    kind = django_filters.ChoiceFilter(label=_("Jenis"), choices=Kind.choices, empty_label=_("Semua"))
    outcome = django_filters.ChoiceFilter(label=_("Hasil"), choices=Outcome.choices, empty_label=_("Semua"))
    owner = django_filters.CharFilter(label=_("Kode OPD"), field_name="application__owner__code")
    application = django_filters.CharFilter(label=_("Kode aplikasi"), field_name="application__code")
    overdue = django_filters.BooleanFilter(label=_("Terlambat"), method="late")

    class Meta:
        model = Case
        fields: list[str] = []

    def search(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        named = Q(application__name__icontains=value) | Q(application__code__iexact=value)
        return queryset.filter(named | Q(code__iexact=value))

    def stand(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return queryset.filter(status__in=OPEN_STATUSES) if value == OPEN else queryset.filter(status=value)

    def late(self, queryset: QuerySet, _name: str, value: bool) -> QuerySet:
        behind = queries.late_cases(queryset).values("pk")
        return queryset.filter(pk__in=behind) if value else queryset.exclude(pk__in=behind)


class ReadyFilter(CaseFilter):
    """Cases that may be put on an agenda, narrowed by what a chair asks for: ground, agency, answer."""

    owner = django_filters.ModelChoiceFilter(
        label=_("OPD"), field_name="application__owner", queryset=None, to_field_name="code", empty_label=_("Semua")
    )
    answer = django_filters.ChoiceFilter(
        label=_("Jawaban OPD"), choices=Answer.choices, method="answered", empty_label=_("Semua")
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["owner"].queryset = Organization.objects.visible_to(by).filter(kind__in=["agency", "unit"])
        for name in ("status", "kind", "outcome", "application", "overdue"):
            del self.filters[name]

    def answered(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return queryset.filter(letter_items__answer=value, letter_items__is_superseded=False).distinct()


class LetterFilter(django_filters.FilterSet):
    """Letters by state and addressee."""

    status = django_filters.ChoiceFilter(label=_("Keadaan"), choices=Letter.Status.choices, empty_label=_("Semua"))
    addressee = django_filters.CharFilter(label=_("Kode OPD"), field_name="addressee__code")

    class Meta:
        model = Letter
        fields: list[str] = []


class SessionFilter(django_filters.FilterSet):
    """Desk sessions by state."""

    status = django_filters.ChoiceFilter(label=_("Keadaan"), choices=DeskSession.Status.choices, empty_label=_("Semua"))

    class Meta:
        model = DeskSession
        fields: list[str] = []


class DecisionFilter(django_filters.FilterSet):
    """Decisions by number and by case."""

    decree_number = django_filters.CharFilter(label=_("Nomor"))
    case = django_filters.CharFilter(label=_("Kode kasus"), field_name="items__case__code")

    class Meta:
        model = Decision
        fields: list[str] = []
