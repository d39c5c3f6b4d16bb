"""The list as a file: exactly the rows, columns and order on the screen."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.accounts.models import Organization
from apps.audit.past import present
from apps.audit.services import record
from apps.core.places import BUSY, NoPlace, Place, Sending, with_a_place
from apps.inventory import cells, columns, exporting, fields, past, sheets
from apps.inventory.views import listing
from apps.inventory.views.looking import looks_back

FORMS = ("csv", "xlsx")


@signed_in
@require_GET
@looks_back
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """What the list shows with the same parameters; the trail keeps who took it."""
    if form not in FORMS:
        raise Http404
    found = listing.found_for(request.actor, request.GET, request)
    if not found.form.is_valid():
        return redirect(f"{reverse('inventory:list')}?{request.GET.urlencode()}")
    shown = columns.exported(request.actor, request.GET)

    def answer(place: Place) -> HttpResponseBase:
        with present():
            government = Organization.objects.get(pk=request.actor.government_id)
            record(
                request.actor, "applications.exported", government, organization=government,
                form=form, parameters=request.GET.urlencode(), columns=[column.name for column in shown],
            )  # fmt: skip
        return _answer(form, listing.shown_rows(request.GET, found), shown, government, place)

    return _in_turn(request, answer)


def _in_turn(request: HttpRequest, answer: Callable[[Place], HttpResponseBase]) -> HttpResponseBase:
    """The file when few enough others are under way, else the list again and why; the public's pulls do not count."""
    try:
        return with_a_place("register", settings.EXPORTS_AT_ONCE, answer)
    except NoPlace:
        messages.error(request, BUSY)
        return redirect(f"{reverse('inventory:list')}?{request.GET.urlencode()}")


def _answer(form: str, rows, shown: list[exporting.Column], government: Organization, place: Place) -> HttpResponseBase:
    kind, write = exporting.WRITERS[form]
    name = f"aplikasi-{past.day_shown(government.zone)}.{form}"
    if form == "xlsx":
        file = write(rows, shown, internal=True)
        place.give_back()  # a workbook is finished before its first byte goes out
        return FileResponse(file, as_attachment=True, filename=name, content_type=kind)
    lines = past.lasting(write(rows, shown, internal=True))
    response = StreamingHttpResponse(Sending(lines, place), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@signed_in
@require_GET
@looks_back
def national_sheet(request: HttpRequest) -> HttpResponseBase:
    """What the list shows as the national metadata sheet, column by column as the layout in force says."""
    found, layout = listing.found_for(request.actor, request.GET, request), sheets.in_force()
    if not found.form.is_valid() or layout is None:
        return redirect(f"{reverse('inventory:list')}?{request.GET.urlencode()}")
    shown = [fields.BY_NAME[name] for _head, name in layout.columns]
    with present():
        government = Organization.objects.get(pk=request.actor.government_id)
    name = f"metadata-aplikasi-v{layout.number}-{past.day_shown(government.zone)}.xlsx"

    def answer(place: Place) -> HttpResponseBase:
        with present():
            record(
                request.actor, "applications.exported", government, organization=government, form="national",
                layout=layout.number, parameters=request.GET.urlencode(), columns=[one.name for one in shown],
            )  # fmt: skip
        lines = cells.lines(listing.shown_rows(request.GET, found), shown, internal=True)
        file = exporting.sheet_of([head for head, _name in layout.columns], lines)
        place.give_back()
        return FileResponse(file, as_attachment=True, filename=name, content_type=exporting.WRITERS["xlsx"][0])

    return _in_turn(request, answer)
