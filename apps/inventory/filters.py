"""One set of filters for the list page, the export and the API, made from the registry of attributes.

Nobody filters by what they may not read: a filter would tell the value.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import django_filters
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organization
from apps.core.instants import InstantFilter
from apps.core.narrowing import narrowed
from apps.inventory import fields, past, queries, seals, searching
from apps.inventory.models import Application, ApplicationReference
from apps.inventory.own import filters as own_filters
from apps.inventory.rows import filters as row_filters

VERDICTS = (
    ("active", _("Dipakai")),
    ("idle", _("Tidak dipakai")),
    ("conflict", _("Bertentangan")),
    ("unreported", _("Tidak lapor")),
    ("exempt", _("Dikecualikan")),
)
MONTHS = (
    (1, _("Januari")),
    (2, _("Februari")),
    (3, _("Maret")),
    (4, _("April")),
    (5, _("Mei")),
    (6, _("Juni")),
    (7, _("Juli")),
    (8, _("Agustus")),
    (9, _("September")),
    (10, _("Oktober")),
    (11, _("November")),
    (12, _("Desember")),
)

# Parameters shown beside the list with their counts, and the column each reads; the quarters' verdict first.
FACETS = {
    "verdict": "standing__last_verdict",
    "owner": "owner__code",
    "ownership": "ownership",
    "status": "status",
    "raa_class": "raa_class",
    "platforms": "platforms",
    "stage": "stage",
    "service_kind": "service_kind",
    "audience": "audience",
    "hosting": "hosting",
}
SEVERAL = ("platforms", "audience")


class OwnersFilter(django_filters.ModelMultipleChoiceFilter):
    """Offices by code, of those the person may see."""

    def get_queryset(self, request: Any) -> QuerySet:
        return Organization.objects.visible_to(request.actor) if request else Organization.objects.none()


class BaseApplicationFilter(django_filters.FilterSet):
    """What every reader may search by."""

    chosen_from: tuple[fields.OwnAttribute, ...] = ()  # the government's own attributes with values to choose

    q = django_filters.CharFilter(label=_("Nama, kode, OPD, alamat, atau uraian"), method="with_words")
    updated_since = InstantFilter(label=_("Diubah sejak saat (ISO 8601)"), field_name="updated_at", lookup_expr="gte")

    class Meta:
        model = Application
        fields: tuple = ()

    @property
    def before_facets(self) -> QuerySet:
        """The rows by all that was asked but the facets."""
        rows = self.queryset.all()
        asked_beside = {facet.name for facet in self.facets}
        for name, value in self.form.cleaned_data.items():
            rows = rows if name in asked_beside else self.filters[name].filter(rows, value)
        return rows

    @property
    def facets(self) -> list[searching.Facet]:
        """The questions beside the list with what was chosen; those this reader may ask."""
        common = [self._facet(name, path) for name, path in FACETS.items() if name in self.filters]
        return common + [own_filters.facet(one, self.form.cleaned_data.get(one.name) or []) for one in self.chosen_from]

    def _facet(self, name: str, path: str) -> searching.Facet:
        several = name in SEVERAL
        chosen = list(self.form.cleaned_data.get(name) or [])
        asked = [office.code for office in chosen] if name == "owner" else chosen
        condition = Q(**{f"{path}__{'overlap' if several else 'in'}": asked}) if asked else None
        return searching.Facet(name, F(path), "unnest" if several else "", condition)

    @cached_property
    def fitting(self) -> searching.Fitting | None:
        """What fits the words among all this reader may see, whatever else is asked; None without words."""
        words = " ".join(self.form.cleaned_data["q"].split())
        return searching.search(self.queryset.all(), words) if words else None

    def best_first(self, rows: QuerySet) -> QuerySet:
        """In the order of the words, else by name."""
        return self.fitting.ranked(rows) if self.fitting else rows.order_by("name", "pk")

    def with_words(self, rows: QuerySet, _name: str, _value: str) -> QuerySet:
        return self.fitting.of(rows) if self.fitting else rows

    def any_of(self, rows: QuerySet, name: str, value: list) -> QuerySet:
        return rows.filter(**{f"{name}__overlap": value}) if value else rows

    def holds(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(**{f"{name}__contains": [value]})

    def with_address(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(
            Exists(
                queries.readable_addresses(self.request.actor).filter(application=OuterRef("pk"), url__icontains=value)
            )
        )

    def with_reference(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        codes = ApplicationReference.objects.filter(application=OuterRef("pk"), reference_code__code__istartswith=value)
        return rows.filter(Exists(codes))


class StandingFilter(django_filters.FilterSet):
    """By what the quarters and cases say; not for the public."""

    verdict = django_filters.MultipleChoiceFilter(
        label=_("Hasil terakhir"), field_name="standing__last_verdict", choices=VERDICTS
    )
    low_use = django_filters.BooleanFilter(label=_("Pemakaian rendah"), field_name="standing__low_use")
    watched = django_filters.BooleanFilter(label=_("Daftar pantau"), field_name="standing__watched")
    finding = django_filters.CharFilter(label=_("Temuan terbuka"), method="with_finding")
    in_case = django_filters.BooleanFilter(label=_("Dalam kasus"), method="under_case")
    seal = django_filters.ChoiceFilter(label=_("Segel pernyataan benar"), choices=seals.STATES, method="with_seal")
    attested_in = django_filters.CharFilter(label=_("Dinyatakan benar pada triwulan"), method="in_quarter")
    completeness_max = django_filters.NumberFilter(
        label=_("Kelengkapan paling tinggi (%)"), field_name="standing__completeness", lookup_expr="lte"
    )

    def with_finding(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(standing__open_findings__contains=[value])

    def with_seal(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return seals.having(rows, value)

    def in_quarter(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return seals.attested_in(rows, value)

    def under_case(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        return rows.filter(standing__open_case__gt="") if value else rows.exclude(standing__open_case__gt="")


def filters_of(attribute: fields.Attribute) -> dict[str, django_filters.Filter]:
    """The filters of one attribute by parameter name."""
    name, label, field = attribute.name, attribute.label, attribute.model_field
    if name == "owner":
        return {name: OwnersFilter(label=label, field_name="owner__code", to_field_name="code", method=_owned)}
    if name == "addresses":
        return {name: django_filters.CharFilter(label=label, method="with_address")}
    if name == "reference_codes":
        return {name: django_filters.CharFilter(label=label, method="with_reference")}
    if name in row_filters.BY_ATTRIBUTE:
        return row_filters.BY_ATTRIBUTE[name]()
    if name == "season_months":
        return {
            name: django_filters.TypedMultipleChoiceFilter(label=label, choices=MONTHS, coerce=int, method="any_of")
        }
    if isinstance(field, ArrayField):
        return {name: _of_array(attribute)}
    if isinstance(field, models.ForeignKey):
        return {name: django_filters.CharFilter(label=label, method=_coded)}
    if attribute.choices:
        return {name: django_filters.MultipleChoiceFilter(label=label, choices=attribute.choices)}
    return _of_plain(attribute)


def _owned(rows: QuerySet, _name: str, value: Any) -> QuerySet:
    return rows.filter(owner__in=value) if value else rows


def _coded(rows: QuerySet, name: str, value: str) -> QuerySet:
    """By a record's code, the codes that were merged into it among them."""
    return rows.filter(**{"pk__in" if name == "code" else f"{name}__in": queries.ids_meant_by(value)})


def _of_array(attribute: fields.Attribute) -> django_filters.Filter:
    if attribute.choices:
        return django_filters.MultipleChoiceFilter(label=attribute.label, choices=attribute.choices, method="any_of")
    return django_filters.CharFilter(label=attribute.label, method="holds")


def _of_plain(attribute: fields.Attribute) -> dict[str, django_filters.Filter]:
    name, label, field = attribute.name, attribute.label, attribute.model_field
    if isinstance(field, models.DateTimeField | models.DateField):
        part = f"{name}__date" if isinstance(field, models.DateTimeField) else name
        return _between(name, django_filters.DateFilter, part, label, ("after", "before"))
    if isinstance(field, models.DecimalField | models.IntegerField):
        return _between(name, django_filters.NumberFilter, name, label, ("min", "max"))
    if name == "code":
        return {name: django_filters.CharFilter(label=label, method=_coded)}
    return {name: django_filters.CharFilter(label=label, field_name=name, lookup_expr="icontains")}


def _between(name: str, kind: type, part: str, label: Any, ends: tuple[str, str]) -> dict[str, django_filters.Filter]:
    lookups = zip(ends, ("gte", "lte"), strict=True)
    return {f"{name}_{end}": kind(label=label, field_name=part, lookup_expr=lookup) for end, lookup in lookups}


def _filterset(name: str, visible: frozenset, *bases: type) -> type[django_filters.FilterSet]:
    own: dict[str, Any] = {}
    for attribute in fields.ATTRIBUTES:
        if attribute.filtered and attribute.visibility in visible:
            own |= filters_of(attribute)
    return type(name, bases, {"__doc__": BaseApplicationFilter.__doc__, "__module__": __name__, **own})


PublicApplicationFilter = _filterset("PublicApplicationFilter", frozenset({fields.PUBLIC}), BaseApplicationFilter)
ApplicationFilter = _filterset("ApplicationFilter", fields.EVERYTHING, BaseApplicationFilter, StandingFilter)
# What the quarters said is not part of a record's past: no filter by it.
PastApplicationFilter = _filterset("PastApplicationFilter", fields.EVERYTHING, BaseApplicationFilter)


def filter_for(by: Any, *, own: bool = True, only: Iterable[str] | None = None) -> type[django_filters.FilterSet]:
    """The filters this reader may use, those of the government's `own` attributes among them unless nobody asks by one.

    Of those that every government has `only` the named, the words and the facets, where a page needs no other.
    """
    kind = _common_for(by)
    if only is not None:
        kind = narrowed(kind, frozenset(kind.base_filters).intersection({"q", *FACETS, *only}))
    added = fields.own_readable_by(by, by.government_id) if own else []
    if not added:
        return kind
    parts: dict[str, Any] = {"__doc__": kind.__doc__, "__module__": __name__}
    for attribute in added:
        parts |= own_filters.filters_of(attribute)
    parts["chosen_from"] = tuple(attribute for attribute in added if attribute.chosen_from)
    return type(kind.__name__, (kind,), parts)


def _common_for(by: Any) -> type[django_filters.FilterSet]:
    if by.is_outside:
        return PublicApplicationFilter
    return ApplicationFilter if past.looking() is None else PastApplicationFilter
