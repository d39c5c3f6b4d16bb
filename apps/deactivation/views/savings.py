"""The ledger of savings as a page and as files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.accounts.models import Organization
from apps.audit.services import record
from apps.deactivation.queries import ledger
from apps.inventory.tables import table_response


@signed_in
@require_GET
def savings(request: HttpRequest) -> HttpResponse:
    found = ledger.ledger(request.actor)
    context = {
        "ledger": found,
        "total": found.total,
        "realised": sum(found.total.realised.values()),
        "unverified": sum(line.verified is None for line in found.lines),
        "expected": sum(found.total.expected.values()),
        "years": [(row.year, row.sums, row.expected, row.realised) for row in found.years],
        "offices": [(office, sums, *_all_years(sums)) for office, sums in found.offices],
        "lines": [(line, *_all_years(line)) for line in found.lines],
    }
    return render(request, "deactivation/savings.html", context)


@signed_in
@require_GET
def savings_file(request: HttpRequest, form: str) -> HttpResponse:
    """The lines with one column a year; the trail keeps who took them."""
    found = ledger.ledger(request.actor)
    years = sorted({*found.total.expected, *found.total.realised})
    head = [_("Kasus"), _("Keputusan"), _("Kode aplikasi"), _("Aplikasi"), _("Kode OPD"), _("OPD"), _("Kontrak")]
    head += [_("Sejak"), _("Rencana setahun (Rp)"), _("Diperiksa BKAD setahun (Rp)")]
    for word in (_("Perkiraan %(year)s (Rp)"), _("Terealisasi %(year)s (Rp)")):
        head += [word % {"year": year} for year in years]
    rows = [_row(line, years) for line in found.lines]
    answer = table_response(form, "penghematan", head, rows)
    government = Organization.objects.get(pk=request.actor.government_id)
    record(request.actor, "savings.exported", government, organization=government, form=form, rows=len(rows))
    return answer


def _row(line: ledger.Line, years: list[int]) -> list:
    saving, application = line.saving, line.saving.case.application
    return [
        saving.case.code, saving.decision.decree_number, application.key, application.name, line.office.code,
        line.office.name, saving.contract, saving.first_year, line.planned, line.verified,
        *(line.expected.get(year, 0) for year in years), *(line.realised.get(year) for year in years),
    ]  # fmt: skip


def _all_years(found: ledger.Line | ledger.Sums) -> tuple[int, int]:
    """What is expected and what was realised, over all years."""
    return sum(found.expected.values()), sum(found.realised.values())
