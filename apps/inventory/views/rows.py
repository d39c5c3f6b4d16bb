"""The pages of a record's rows: relations with their impact, costs with contracts, documents; and their acts."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.core import clock
from apps.core.submit import attempt, status_of
from apps.core.web import version_of
from apps.documents.responses import file_response
from apps.inventory import past, rules, services
from apps.inventory.impact import Impact, impact_of
from apps.inventory.models import Application, Cost, Relation
from apps.inventory.rows import forms as row_forms
from apps.inventory.rows import words as row_words
from apps.inventory.views.looking import looks_back
from apps.inventory.views.record import read


@dataclass(frozen=True)
class Page:
    """How one kind of row is asked for, where it is shown, and in which words."""

    noun: services.Noun
    form: type[row_forms.RowForm]
    back: str
    add: Any
    change: Any
    remove: Any
    kept: Any
    gone: Any


PAGES = {
    "relation": Page(services.RELATION, row_forms.RelationForm, "relations", _("Tambah hubungan"), _("Ubah hubungan"), _("Hapus hubungan"), _("Hubungan disimpan."), _("Hubungan dihapus.")),
    "cost": Page(services.COST, row_forms.CostForm, "costs", _("Tambah biaya"), _("Ubah biaya"), _("Hapus biaya"), _("Biaya disimpan."), _("Biaya dihapus.")),
    "contract": Page(services.CONTRACT, row_forms.ContractForm, "costs", _("Tambah kontrak"), _("Ubah kontrak"), _("Hapus kontrak"), _("Kontrak disimpan."), _("Kontrak dihapus.")),
    "document": Page(services.DOCUMENT, row_forms.DocumentForm, "documents", _("Tambah dokumen"), _("Ubah dokumen"), _("Hapus dokumen"), _("Dokumen disimpan."), _("Dokumen dihapus.")),
}  # fmt: skip


@signed_in
@require_GET
@looks_back
def relations(request: HttpRequest, key: str) -> HttpResponse:
    application = read(request.actor, key)
    context = {"rows": ties(request.actor, application), "parts": _parts(request.actor, application)}
    return render(request, "inventory/relations.html", context | _shared(request, application))


@signed_in
@require_GET
@looks_back
def impact(request: HttpRequest, key: str) -> HttpResponse:
    """Who is hurt when this one stops, now or then: a drawing, and the same as a list."""
    application = read(request.actor, key)
    found = impact_of(application, past.day_shown(application.government.zone))
    context = {"impact": found, "graph": graph_of(found)}
    return render(request, "inventory/impact.html", context | _shared(request, application))


@signed_in
@require_GET
@looks_back
def costs(request: HttpRequest, key: str) -> HttpResponse:
    application = read(request.actor, key)
    context = {
        "years": by_year(application.costs.select_related("contract")),
        "contracts": application.contracts.all(),
    }
    return render(request, "inventory/costs.html", context | _shared(request, application))


@signed_in
@require_GET
@looks_back
def documents(request: HttpRequest, key: str) -> HttpResponse:
    application = read(request.actor, key)
    rows = application.documents.readable_by(request.actor).select_related("document")
    context = {"rows": rows} | _shared(request, application)
    return render(request, "inventory/documents.html", context)


@signed_in
@require_GET
def document_file(request: HttpRequest, key: str, pk: int) -> FileResponse:
    application = read(request.actor, key)
    row = get_object_or_404(application.documents.readable_by(request.actor), pk=pk)
    if row.document is None:
        raise Http404
    return file_response(row.document)


@signed_in
def add_row(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    page = PAGES[kind]
    application, _none = _opened(request, page, key)
    return _edited(request, page, application, None)


@signed_in
def change_row(request: HttpRequest, key: str, pk: int, kind: str) -> HttpResponse:
    page = PAGES[kind]
    return _edited(request, page, *_opened(request, page, key, pk))


@signed_in
def remove_row(request: HttpRequest, key: str, pk: int, kind: str) -> HttpResponse:
    page = PAGES[kind]
    application, row = _opened(request, page, key, pk)
    form = row_forms.RemoveForm(request.POST if request.method == "POST" else None, application=application)
    if request.method == "POST" and attempt(lambda typed: _removed(request, page, application, row, typed), form):
        messages.success(request, page.gone)
        return redirect(f"inventory:{page.back}", application.key)
    context = {"title": page.remove, "text": row_words.in_words(row), "action": page.remove, "form": form}
    return render(request, "inventory/row_remove.html", _asked(application, page) | context, status=status_of([form]))


def ties(by: Any, application: Application) -> list[dict[str, Any]]:
    """Both directions, each named from this record's side; what others state cannot be changed here."""
    rows = Relation.objects.of(application).seen_by(by).select_related("source__owner", "target__owner")
    today = clock.today(application.government.zone)
    made = []
    for row in rows:
        own = row.source_id == application.pk
        made.append(
            {
                "row": row,
                "own": own,
                "other": row.target if own else row.source,
                "words": row_words.direction_words(row, mirrored=not own),
                "direction": row.direction if own else row_words.INVERSE[row.direction],
                "moved": row.migrated_on is not None and row.migrated_on <= today,
            }
        )
    return made


def by_year(rows: QuerySet[Cost]) -> list[dict[str, Any]]:
    """Budget years, newest first, each with its rows, its sum and the difference to the year before."""
    years: dict[int, list[Cost]] = defaultdict(list)
    for row in rows:
        years[row.year].append(row)
    sums = {year: sum(row.amount for row in costs) for year, costs in years.items()}
    return [
        {"year": year, "rows": years[year], "total": sums[year], "more": sums[year] - sums[year - 1] if year - 1 in sums else None}
        for year in sorted(years, reverse=True)
    ]  # fmt: skip


def graph_of(found: Impact) -> dict[str, Any]:
    """Nodes by steps away and ties among them, as the drawing reads them."""
    nodes = [(found.start, 0), *((row.application, row.depth) for row in found.hurt)]
    return {
        "nodes": [
            {"id": str(one.pk), "name": one.short_name or one.name, "office": str(one.owner), "depth": depth, "key": one.key}
            for one, depth in nodes
        ],
        "links": [{"source": str(edge.supplier), "target": str(edge.consumer), "how": edge.how} for edge in found.edges if edge.consumer != found.start.pk],
    }  # fmt: skip


def _opened(request: HttpRequest, page: Page, key: str, pk: int | None = None) -> tuple[Application, Any]:
    """The record and its row: 404 before 403, and both before anything typed is judged."""
    application = read(request.actor, key)
    row = None if pk is None else get_object_or_404(page.noun.model, pk=pk, **{page.noun.owner: application})
    if not rules.may_change(request.actor, application):
        raise PermissionDenied
    return application, row


def _edited(request: HttpRequest, page: Page, application: Application, row: Any) -> HttpResponse:
    """The form of a row, empty or filled; saved by one post."""
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = page.form(*posted, application=application, row=row)
    if request.method == "POST" and attempt(lambda _typed: _saved(request, page, application, row, form), form):
        messages.success(request, page.kept)
        return redirect(f"inventory:{page.back}", application.key)
    context = {"form": form, "title": page.change if row else page.add, "row": row}
    return render(request, "inventory/row_edit.html", _asked(application, page) | context, status=status_of([form]))


def _saved(request: HttpRequest, page: Page, application: Application, row: Any, form: row_forms.RowForm) -> Any:
    how = {"by": request.actor, "version": version_of(request), "values": form.values()}
    how["reason"] = form.cleaned_data["reason"]
    if row is None:
        return services.add_row(page.noun, application.key, **how)
    return services.change_row(page.noun, application.key, row.pk, **how)


def _removed(request: HttpRequest, page: Page, application: Application, row: Any, typed: dict[str, Any]) -> Any:
    how = {"by": request.actor, "version": version_of(request), "reason": typed["reason"]}
    return services.remove_row(page.noun, application.key, row.pk, **how)


def _asked(application: Application, page: Page) -> dict[str, Any]:
    return {"application": application, "back": f"inventory:{page.back}"}


def _shared(request: HttpRequest, application: Application) -> dict[str, Any]:
    return {
        "application": application,
        "may_change": past.looking() is None and rules.may_edit(request.actor, application),
        "today": clock.today(application.government.zone),
    }


def _parts(by: Any, application: Application) -> dict[str, Any]:
    """What replaces what and what belongs to what, in both directions, of what this person may know."""
    known = (
        Application.objects.filter(pk__in=Application.objects.visible_to(by).values("pk"))
        | Application.objects.public()
    )
    return {
        "predecessors": known.filter(successor=application).select_related("owner"),
        "parts": known.filter(super_application=application).select_related("owner"),
    }
