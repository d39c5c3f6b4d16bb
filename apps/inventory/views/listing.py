"""The list: search while typing, facets with counts, what it hides, rows with eight quarters."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.accounts.models import Organization
from apps.inventory import columns, exporting, fields, filters, past, queries, rules, searching
from apps.inventory.models import SavedView
from apps.inventory.views.looking import looks_back

PAGE_SIZE = 50
FACET_ROWS = 8
TABS = 6
ORDERINGS = {
    "nama": (("name", "pk"), gettext_lazy("nama")),
    "biaya": (("-yearly_cost", "name", "pk"), gettext_lazy("biaya setahun")),
    "pengguna": (("-standing__active_users", "name", "pk"), gettext_lazy("pengguna aktif")),
    "kelengkapan": (("standing__completeness", "name", "pk"), gettext_lazy("kelengkapan, dari yang paling kosong")),
    "terbaru": (("-pk",), gettext_lazy("terbaru")),
}
NULLABLE = ("biaya", "pengguna")


@signed_in
@require_GET
@looks_back
def application_list(request: HttpRequest) -> HttpResponse:
    found = found_for(request.actor, request.GET, request)
    valid = found.form.is_valid()
    counts = searching.counts(found.before_facets, found.facets) if valid else searching.Counts()
    shown_columns = columns.chosen(request.actor, request.GET)
    rows = shown_rows(request.GET, found) if valid else found.queryset.none()
    context = {
        "page": _page(request, columns.joined(rows, shown_columns), counts),
        "filter": found,
        "counts": counts,
        "facets": facets(request.GET, found, counts),
        "chips": chips(request.GET, found),
        "columns": shown_columns,
        "numeric": columns.NUMERIC,
        "column_choices": _column_choices(request.actor, shown_columns),
        **_asked(request, found),
        **_views(request),
    }
    response = render(request, "inventory/list.html", context, status=200 if valid else 400)
    if request.htmx and valid:
        response["HX-Push-Url"] = _short_address(request, context["question"])
    return response


def found_for(by: Any, query: QueryDict, request: Any) -> Any:
    """The filters of the list with what an address asks."""
    return filters.filter_for(by, only=query)(query, queryset=queries.seen(by), request=request)


def shown_rows(query: QueryDict, found: Any) -> Any:
    """The rows on the screen in its order: without the ended ones unless asked for."""
    shown = found.qs if query.getlist("status") else found.qs.exclude(status__in=searching.HIDDEN)
    chosen = ORDERINGS.get(query.get("urut", ""))
    if chosen:
        return shown.order_by(*_with_empty_last(query["urut"], chosen[0]))
    return found.best_first(shown)


def question(query: QueryDict, found: Any) -> str:
    """What an address asks, without the page and without what says nothing."""
    kept = QueryDict(mutable=True)
    for name in (*found.filters, "urut", "kolom"):
        values = [value for value in query.getlist(name) if value.strip()]
        if values and not (name == "kolom" and set(values) == set(columns.USUAL)):
            kept.setlist(name, values)
    return kept.urlencode()


def facets(query: QueryDict, found: Any, counts: searching.Counts) -> list[dict[str, Any]]:
    """Each facet's values with how many rows they would leave, the other filters staying."""
    made = []
    for name in (facet.name for facet in found.facets):
        values = _facet_values(name, found, counts.by_facet[name], query.getlist(name))
        if values:
            label = found.filters[name].label
            made.append({"name": name, "label": label, "values": values[:FACET_ROWS], "more": values[FACET_ROWS:]})
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


def _page(request: HttpRequest, rows: Any, counts: searching.Counts) -> Page:
    """A page of the rows already counted."""
    paginator = Paginator(rows, PAGE_SIZE)
    paginator.count = counts.total
    return paginator.get_page(request.GET.get("halaman"))


def _short_address(request: HttpRequest, question: str) -> str:
    """The address of what is shown while typing, without empty parts."""
    view = urlencode({"tampilan": request.GET["tampilan"]}) if request.GET.get("tampilan") else ""
    asked = "&".join(part for part in (question, view) if part)
    return f"{request.path}?{asked}" if asked else request.path


def _with_empty_last(name: str, ordering: tuple[str, ...]) -> list[Any]:
    """Nothing said is less than any number."""
    if name not in NULLABLE:
        return list(ordering)
    return [F(ordering[0].removeprefix("-")).desc(nulls_last=True), *ordering[1:]]


def _asked(request: HttpRequest, found: Any) -> dict[str, Any]:
    """What was asked, as links and the form need it."""
    asked = question(request.GET, found) if found.form.is_valid() else ""
    moment = past.looking()
    writes = moment is None and rules.writes(request.actor)
    return {
        "question": f"{asked}&{urlencode({'pada': moment.asked})}".lstrip("&") if moment else asked,
        "all_url": _everything(request.GET),
        "orderings": ORDERINGS,
        "ordering": request.GET.get("urut", ""),
        "may_start": writes,
        "may_edit_together": writes,
    }


def _views(request: HttpRequest) -> dict[str, Any]:
    """The saved views as tabs, the open one among them."""
    views = list(SavedView.objects.visible_to(request.actor))
    name = request.GET.get("tampilan", "")
    view = next((view for view in views if view.slug == name), None)
    tabs = [*([view] if view and view not in views[:TABS] else []), *views[:TABS]]
    return {
        "views": tabs,
        "more_views": len(views) > len(tabs),
        "view": view,
        "may_change_view": view is not None and rules.may_change_view(request.actor, view),
    }


def _facet_values(name: str, found: Any, counts: dict[str, int], chosen: list[str]) -> list[dict[str, Any]]:
    if name == "owner":
        words = dict(Organization.objects.filter(code__in={*counts, *chosen}).values_list("code", "name"))
        order = sorted(words, key=lambda code: (code not in chosen, -counts.get(code, 0), words[code]))
    else:
        words = dict(found.filters[name].extra["choices"])
        order = list(words)
    return [
        {"value": value, "label": words[value], "n": counts.get(value, 0), "chosen": value in chosen}
        for value in order
        if counts.get(value) or value in chosen
    ]


def _spoken(one: Any, value: str) -> str:
    choices = dict(one.extra.get("choices") or [])
    word = choices.get(value) or (choices.get(int(value)) if value.isdigit() else None)
    spoken = {"true": _("ya"), "false": _("tidak")}.get(value, value)
    return str(word) if word else f"{one.label}: {spoken}"


def _everything(query: QueryDict) -> str:
    everything = query.copy()
    everything.pop("halaman", None)
    everything.setlist("status", [status for status, _label in fields.BY_NAME["status"].choices])
    return "?" + everything.urlencode()


def _column_choices(by: Any, shown: list[exporting.Column]) -> list[dict[str, Any]]:
    return [{"name": column.name, "label": column.label, "chosen": column in shown} for column in columns.offered(by)]
