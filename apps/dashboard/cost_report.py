"""The report of costs: by office and year, of the reader's own scope, and as a file."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from apps.accounts.access import only_roles
from apps.accounts.models import Organization
from apps.audit.services import record
from apps.dashboard import queries
from apps.dashboard.views import READERS
from apps.inventory.models import Cost
from apps.inventory.tables import table_response

FORMS = ("csv", "xlsx")


class CostFilterForm(forms.Form):
    """Which year and kind; none is all of them."""

    year = forms.TypedChoiceField(label=gettext_lazy("Tahun anggaran"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(
        label=gettext_lazy("Jenis biaya"),
        required=False,
        choices=[("", gettext_lazy("semua jenis")), *Cost.Kind.choices],
    )

    def __init__(self, *args, years: list[int], **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["year"].choices = [("", _("semua tahun")), *((year, year) for year in years)]


@only_roles(*READERS)
@require_GET
def costs(request: HttpRequest) -> HttpResponse:
    form = CostFilterForm(request.GET, years=queries.cost_years(request.actor))
    lines = queries.cost_lines(request.actor, **form.cleaned_data) if form.is_valid() else []
    context = {"form": form, "report": queries.cost_report(lines), "is_whole": request.actor.is_government_wide}
    return render(request, "dashboard/costs.html", context, status=200 if form.is_valid() else 400)


@only_roles(*READERS)
@require_GET
def costs_file(request: HttpRequest, form: str) -> HttpResponse:
    """The lines behind the page with the same parameters; the trail keeps who took them."""
    asked = CostFilterForm(request.GET, years=queries.cost_years(request.actor))
    if not asked.is_valid():
        return redirect("dashboard:costs")
    lines = queries.cost_lines(request.actor, **asked.cleaned_data)
    head = [_("Kode OPD"), _("OPD"), _("Tahun anggaran"), _("Jenis biaya"), _("Jumlah (Rp)"), _("Aplikasi")]
    rows = [(row.office, row.name, row.year, row.kind_label, row.amount, row.applications) for row in lines]
    answer = table_response(form, "biaya-aplikasi", head, rows)
    government = Organization.objects.get(pk=request.actor.government_id)
    record(request.actor, "costs.exported", government, organization=government, form=form, rows=len(rows))
    return answer
