"""The public catalogue: find a service, read what it is, open it."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.catalogue import queries, structured
from apps.inventory import filters, searching
from apps.inventory import queries as register
from apps.inventory.models import Application

PAGE_SIZE = 24
FACETS = ("service_kind", "owner", "status")
FACET_ROWS = 10
SNAPSHOTS_SHOWN = 8


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """Search and facets; the retired are left out and said so."""
    offered = queries.governments()
    government = queries.chosen_government(offered, request.GET.get("pemda", ""))
    rows = queries.published(government)
    found = _filter(request, rows)
    valid = found.form.is_valid()
    shown = _shown(request, found) if valid else rows.none()
    counts = searching.counts(found.before_facets if valid else rows.none(), _asked(found))
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("halaman"))
    figures = queries.figures(government)
    context = {
        "page": page,
        "hidden": counts.hidden,
        "all_url": _everything(request),
        "facets": [_facet(request, counts, name) for name in FACETS],
        "figures": figures,
        "governments": offered,
        "downloads": _downloads(government, offered, figures["updated_at"]),
        "government": government,
        "filter": found,
        "asked": any(request.GET.getlist(name) for name in ("q", *FACETS)),
    }
    with timezone.override(_zone(government)):
        return render(request, "catalogue/list.html", context, status=200 if valid else 400)


@require_GET
def application(request: HttpRequest, code: str) -> HttpResponse:
    """One service: where to open it, whose it is; a retired one points to its successor."""
    old = Application.objects.merged().named(code).select_related("merged_into").first()
    if old:
        return redirect("catalogue:detail", old.merged_into.code, permanent=True)
    rows = queries.published(None).select_related("successor", "super_application", "sunset__successor")
    found = get_object_or_404(rows.prefetch_related("references__reference_code"), code=code)
    found.super_application = queries.public_relative(found.super_application)
    context = {
        "application": found,
        "government": found.government,
        "facts": [
            attribute for attribute in queries.facts(found.government_id) if register.is_filled(found, attribute.name)
        ],
        "successor": queries.public_relative(found.successor),
        "replaces": queries.replaced_by(found),
        "structured": structured.block(structured.application(found)),
    }
    with timezone.override(found.government.zone):
        return render(request, "catalogue/detail.html", context)


def _filter(request: HttpRequest, rows: Any) -> Any:
    """The public's filters, for the signed-in too: the catalogue answers everybody alike."""
    return filters.PublicApplicationFilter(request.GET, queryset=rows, request=_Anybody())


class _Anybody:
    """A request of nobody in particular; offices are those with a public record."""

    actor = Actor.anonymous()


def _asked(found: Any) -> list[searching.Facet]:
    """The facets of the catalogue, and any other filter of theirs somebody put into the address."""
    return [facet for facet in found.facets if facet.name in FACETS or facet.chosen is not None]


def _facet(request: HttpRequest, counts: searching.Counts, name: str) -> dict[str, Any]:
    chosen, counted = request.GET.getlist(name), counts.by_facet[name]
    values = [
        {"value": value, "label": label, "n": counted.get(value, 0), "chosen": value in chosen}
        for value, label in _words(name, {*counted, *chosen}).items()
    ]
    values.sort(key=lambda one: (not one["chosen"], -one["n"], str(one["label"])))
    label = filters.PublicApplicationFilter.base_filters[name].label
    return {"name": name, "label": label, "values": values[:FACET_ROWS], "more": values[FACET_ROWS:]}


def _words(name: str, values: set[str]) -> dict[str, Any]:
    if name == "owner":
        return dict(Organization.objects.filter(code__in=values).values_list("code", "name"))
    choices = filters.PublicApplicationFilter.base_filters[name].extra["choices"]
    return {value: label for value, label in choices if value in values}


def _shown(request: HttpRequest, found: Any) -> Any:
    """The rows in their order: without the ended ones unless asked for."""
    rows = found.qs if request.GET.getlist("status") else found.qs.exclude(status__in=queries.ENDED)
    return found.best_first(rows)


def _everything(request: HttpRequest) -> str:
    everything = request.GET.copy()
    everything.pop("halaman", None)
    everything.setlist("status", ["registered", "retiring", "retired"])
    return "?" + everything.urlencode()


def _downloads(government: Organization | None, offered: list[Organization], updated_at: Any) -> dict[str, Any]:
    """The whole as a file, with its moment where the clock wrote one, the newest frozen ones, and their description."""
    asked = government if len(offered) > 1 else None
    frozen = list(queries.snapshots(government)[: SNAPSHOTS_SHOWN + 1])
    return {
        "query": f"?government={asked.code}" if asked else "",
        "file": None if asked else queries.whole_file("csv"),
        "snapshots": frozen[:SNAPSHOTS_SHOWN],
        "more": len(frozen) > SNAPSHOTS_SHOWN,
        "structured": structured.block(structured.catalogue(government, asked, updated_at)),
    }


def _zone(government: Organization | None) -> ZoneInfo | None:
    """The government's; with several the installation's own."""
    return government.zone if government else None
