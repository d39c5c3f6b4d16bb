"""The public catalogue: find a service, read what it is, open it."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.catalogue import queries
from apps.inventory import filters
from apps.inventory import queries as register

PAGE_SIZE = 24
FACETS = ("service_kind", "owner", "status")
FACET_ROWS = 10


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """Search and facets; the retired are left out and said so."""
    offered = queries.governments()
    government = queries.chosen_government(offered, request.GET.get("pemda", ""))
    rows = queries.published(government)
    found = _filter(request, rows)
    valid = found.form.is_valid()
    matching = found.qs if valid else rows.none()
    asked_for_status = bool(request.GET.getlist("status"))
    shown = matching if asked_for_status else matching.exclude(status__in=queries.ENDED)
    page = Paginator(_ordered(shown, request.GET.get("q", "").strip()), PAGE_SIZE).get_page(request.GET.get("halaman"))
    context = {
        "page": page,
        "hidden": 0 if asked_for_status else matching.filter(status__in=queries.ENDED).count(),
        "all_url": _everything(request),
        "facets": [_facet(request, rows, name) for name in FACETS],
        "figures": queries.figures(government),
        "governments": offered,
        "government": government,
        "filter": found,
        "asked": any(request.GET.getlist(name) for name in ("q", *FACETS)),
    }
    with timezone.override(_zone(government)):
        return render(request, "catalogue/list.html", context, status=200 if valid else 400)


@require_GET
def application(request: HttpRequest, code: str) -> HttpResponse:
    """One service: where to open it, whose it is; a retired one points to its successor."""
    rows = queries.published(None).select_related("successor", "super_application")
    found = get_object_or_404(rows.prefetch_related("references__reference_code"), code=code)
    found.super_application = queries.public_relative(found.super_application)
    context = {
        "application": found,
        "government": found.government,
        "facts": [attribute for attribute in queries.facts() if register.is_filled(found, attribute.name)],
        "successor": queries.public_relative(found.successor),
        "replaces": queries.replaced_by(found),
    }
    with timezone.override(found.government.zone):
        return render(request, "catalogue/detail.html", context)


def _filter(request: HttpRequest, rows: Any, data: Any = None) -> Any:
    """The public's filters, for the signed-in too: the catalogue answers everybody alike."""
    return filters.PublicApplicationFilter(data or request.GET, queryset=rows, request=_Anybody())


class _Anybody:
    """A request of nobody in particular; offices are those with a public record."""

    actor = Actor.anonymous()


def _facet(request: HttpRequest, rows: Any, name: str) -> dict[str, Any]:
    others = request.GET.copy()
    chosen = others.pop(name, [])
    left = _filter(request, rows, others).qs if others else rows
    if name != "status" and not others.getlist("status"):
        left = left.exclude(status__in=queries.ENDED)
    counts = register.facet_counts(left, name)
    values = [
        {"value": value, "label": label, "n": counts.get(value, 0), "chosen": value in chosen}
        for value, label in _words(name, {*counts, *chosen}).items()
    ]
    values.sort(key=lambda one: (not one["chosen"], -one["n"], str(one["label"])))
    label = filters.PublicApplicationFilter.base_filters[name].label
    return {"name": name, "label": label, "values": values[:FACET_ROWS], "more": values[FACET_ROWS:]}


def _words(name: str, values: set[str]) -> dict[str, Any]:
    if name == "owner":
        return dict(Organization.objects.filter(code__in=values).values_list("code", "name"))
    choices = filters.PublicApplicationFilter.base_filters[name].extra["choices"]
    return {value: label for value, label in choices if value in values}


def _ordered(rows: Any, words: str) -> Any:
    return register.ranked(rows, words) if words else rows.order_by("name", "pk")


def _everything(request: HttpRequest) -> str:
    everything = request.GET.copy()
    everything.pop("halaman", None)
    everything.setlist("status", ["registered", "retiring", "retired"])
    return "?" + everything.urlencode()


def _zone(government: Organization | None) -> ZoneInfo | None:
    """The government's; with several the installation's own."""
    return government.zone if government else None
