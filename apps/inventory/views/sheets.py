"""The layout of the national metadata sheet, looked after by the administrator."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.access import only_roles
from apps.core.submit import attempt, status_of
from apps.core.web import version_of
from apps.inventory import rules, services, sheets
from apps.inventory.models import SheetLayout

SPARE_ROWS = 3


class LayoutForm(forms.Form):
    """What the sheet is called and where its heads come from."""

    title = forms.CharField(label=gettext_lazy("Nama lembar"), max_length=200)
    source = forms.CharField(
        label=gettext_lazy("Sumber"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Peraturan atau berkas resmi yang menetapkan judul dan urutan kolomnya."),
    )
    reason = forms.CharField(label=gettext_lazy("Alasan perubahan"), widget=forms.Textarea(attrs={"rows": 2}))


@only_roles(rules.ADMINISTRATOR)
def sheet_layout(request: HttpRequest) -> HttpResponse:
    """The layout in force and its versions; saving adds one."""
    layout = sheets.in_force()
    posted = request.method == "POST"
    initial = {"title": layout.title, "source": layout.source} if layout else {}
    form = LayoutForm(request.POST if posted else None, initial=initial, label_suffix="")
    columns = _typed(request) if posted else (layout.columns if layout else [])
    if posted and attempt(lambda given: _laid_out(request, given, columns), form):
        messages.success(request, _("Versi baru lembar disimpan dan berlaku sekarang."))
        return redirect("inventory:sheet_layout")
    context = {
        "form": form,
        "layout": layout,
        "columns": [*columns, *[("", "")] * SPARE_ROWS],
        "attributes": sheets.attributes(),
        "versions": SheetLayout.objects.all(),
    }
    return render(request, "inventory/sheet_layout.html", context, status=status_of([form]))


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The rows of the table that say anything, in the order of their places."""
    heads, names = request.POST.getlist("judul"), request.POST.getlist("isian")
    places = [int(place) if place.isdigit() else 0 for place in request.POST.getlist("urutan")]
    rows = sorted(zip(places, heads, names, strict=False), key=lambda row: row[0])
    return [(head.strip(), name) for _place, head, name in rows if head.strip() or name]


def _laid_out(request: HttpRequest, given: dict[str, Any], columns: list[tuple[str, str]]) -> SheetLayout:
    return services.lay_out_sheet(by=request.actor, number=version_of(request), columns=columns, **given)
