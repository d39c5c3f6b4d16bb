"""The list: search while typing, facets with counts, what it hides, rows with eight quarters."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.accounts.models import Organization
from apps.inventory import fields, filters, queries, rules

PAGE_SIZE = 50
FACET_ROWS = 8
ORDERINGS = {
    "nama": (("name", "pk"), gettext_lazy("nama")),
    "biaya": (("-yearly_cost", "name", "pk"), gettext_lazy("biaya setahun")),
    "kelengkapan": (("standing__completeness", "name", "pk"), gettext_lazy("kelengkapan, dari yang paling kosong")),
    "terbaru": (("-pk",), gettext_lazy("terbaru")),
}


@signed_in
@require_GET
def application_list(request: HttpRequest) -> HttpResponse:
    seen = queries.seen(request.actor)
    found = filters.filter_for(request.actor)(request.GET, queryset=seen, request=request)
    valid = found.form.is_valid()
    rows = found.qs if valid else seen.none()
    shown = shown_rows(request.GET, rows).prefetch_related(*_related(request))
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = {
        "page": page,
        "filter": found,
        "hidden": 0 if request.GET.getlist("status") else rows.filter(status__in=queries.HIDDEN).count(),
        "all_url": _everything(request.GET),
        "facets": facets(request, seen),
        "chips": chips(request.GET, found),
        "columns": chosen_columns(request),
        "column_choices": _column_choices(request),
        "orderings": ORDERINGS,
        "ordering": request.GET.get("urut", ""),
        "may_start": request.actor.has_role(rules.OPERATOR, rules.REVIEWER),
    }
    return render(request, "inventory/list.html", context, status=200 if valid else 400)


def shown_rows(query: QueryDict, rows: Any) -> Any:
    """The rows on the screen in its order: without the ended ones unless asked for."""
    shown = rows if query.getlist("status") else rows.exclude(status__in=queries.HIDDEN)
    return _ordered(shown, query)


def facets(request: HttpRequest, seen: Any) -> list[dict[str, Any]]:
    """Each facet's values with how many rows they would leave, the other filters staying."""
    kind = filters.filter_for(request.actor)
    made = []
    for name in filters.choice_facets(request.actor):
        others = request.GET.copy()
        chosen = others.pop(name, [])
        rows = kind(others, queryset=seen, request=request).qs
        if name != "status" and not others.getlist("status"):
            rows = rows.exclude(status__in=queries.HIDDEN)
        values = _facet_values(name, kind, queries.facet_counts(rows, name), chosen)
        if values:
            made.append(
                {
                    "name": name,
                    "label": kind.base_filters[name].label,
                    "values": values[:FACET_ROWS],
                    "more": values[FACET_ROWS:],
                }
            )
    return made


def chips(query: QueryDict, found: Any) -> list[dict[str, str]]:
    """The filters in force, each with the address of the list without it."""
    made = []
    for name in found.filters:
        for value in query.getlist(name):
            if not value or name == "q":
                continue
            rest = query.copy()
            rest.setlist(name, [other for other in query.getlist(name) if other != value])
            rest.pop("halaman", None)
            made.append({"label": _spoken(found.filters[name], value), "url": "?" + rest.urlencode()})
    return made


def _facet_values(name: str, kind: Any, counts: dict[str, int], chosen: list[str]) -> list[dict[str, Any]]:
    if name == "owner":
        words = dict(Organization.objects.filter(code__in={*counts, *chosen}).values_list("code", "name"))
        order = sorted(words, key=lambda code: (code not in chosen, -counts.get(code, 0), words[code]))
    else:
        words = dict(kind.base_filters[name].extra["choices"])
        order = list(words)
    return [
        {"value": value, "label": words[value], "n": counts.get(value, 0), "chosen": value in chosen}
        for value in order
        if counts.get(value) or value in chosen
    ]


def _spoken(one: Any, value: str) -> str:
    choices = dict(one.extra.get("choices") or [])
    word = choices.get(value) or (choices.get(int(value)) if value.isdigit() else None)
    return str(word) if word else f"{one.label}: {value}"


def _ordered(rows: Any, query: QueryDict) -> Any:
    chosen = ORDERINGS.get(query.get("urut", ""))
    if chosen:
        return rows.order_by(*chosen[0])
    words = query.get("q", "").strip()
    return queries.ranked(rows, words) if words else rows.order_by("name", "pk")


def _everything(query: QueryDict) -> str:
    everything = query.copy()
    everything.pop("halaman", None)
    everything.setlist("status", [status for status, _label in fields.BY_NAME["status"].choices])
    return "?" + everything.urlencode()


def _column_choices(request: HttpRequest) -> list[dict[str, Any]]:
    chosen = request.GET.getlist("kolom")
    offered = [
        attribute
        for attribute in fields.readable_by(request.actor)
        if attribute.listed and attribute.name not in ("name", "code")
    ]
    return [
        {"name": attribute.name, "label": attribute.label, "chosen": attribute.name in chosen} for attribute in offered
    ]


def chosen_columns(request: HttpRequest) -> list[fields.Attribute]:
    return [fields.BY_NAME[choice["name"]] for choice in _column_choices(request) if choice["chosen"]]


def _related(request: HttpRequest) -> list[str]:
    """Rows of their own that a chosen column needs."""
    chosen = request.GET.getlist("kolom")
    needed = {"addresses": "addresses", "reference_codes": "references__reference_code"}
    needed |= {name: name for name in ("successor", "super_application", "merged_into")}
    return [path for name, path in needed.items() if name in chosen]
