"""Whom to chase: offices with reports missing, reminders sent and held, and the coverage as a file."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import signed_in
from apps.accounts.models import Organization
from apps.core.submit import attempt, status_of
from apps.core.web import act, version_of
from apps.inventory.tables import table_response
from apps.monitoring import queries, rules, services
from apps.monitoring.forms import ReasonForm
from apps.monitoring.models import Period, ReminderBatch
from apps.monitoring.views.periods import deadline_of, period_of

READERS = (rules.REVIEWER, "approver", "executive", "auditor")
COLUMNS = (
    ("owner__name", gettext_lazy("Perangkat daerah")),
    ("due", gettext_lazy("Wajib")),
    ("draft", gettext_lazy("Konsep")),
    ("submitted", gettext_lazy("Menunggu diperiksa")),
    ("accepted", gettext_lazy("Diterima")),
    ("returned", gettext_lazy("Dikembalikan")),
    ("missing", gettext_lazy("Belum")),
    ("exempt", gettext_lazy("Dikecualikan")),
)


@signed_in
@require_GET
def chase(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, period_of(request.actor, code, *READERS))


@signed_in
@require_POST
@act
def remind(request: HttpRequest, code: str, office: str) -> HttpResponse:
    period = period_of(request.actor, code, rules.REVIEWER)
    row = get_object_or_404(Organization.objects.visible_to(request.actor), code=office)
    number = services.remind_office(period.pk, row.pk, by=request.actor)
    words = ngettext("%(n)s orang di %(office)s diingatkan.", "%(n)s orang di %(office)s diingatkan.", number)
    messages.success(request, words % {"n": number, "office": row.name})
    return redirect("monitoring:chase", code=period.code)


@signed_in
@require_POST
@act
def confirm_batch(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _batch(request, pk)
    services.confirm_batch(batch.pk, by=request.actor, version=version_of(request))
    messages.success(request, _("Pengingat dikirim."))
    return redirect("monitoring:chase", code=batch.period.code)


@signed_in
@require_POST
def discard_batch(request: HttpRequest, pk: int) -> HttpResponse:
    batch, form = _batch(request, pk), ReasonForm(request.POST, prefix=f"b{pk}")
    by, version = request.actor, version_of
    if attempt(lambda said: services.discard_batch(batch.pk, by=by, version=version(request), **said), form):
        messages.success(request, _("Pengingat dibatalkan."))
        return redirect("monitoring:chase", code=batch.period.code)
    return _page(request, batch.period, {batch.pk: form})


@signed_in
@require_GET
def coverage(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The board as a sheet, as the person sees it."""
    period = period_of(request.actor, code)
    rows = [[row[name] for name, _label in COLUMNS] for row in queries.coverage_seen(request.actor, period)]
    return table_response(form, f"cakupan-{period.code}", [str(label) for _name, label in COLUMNS], rows)


def _batch(request: HttpRequest, pk: int) -> ReminderBatch:
    seen = ReminderBatch.objects.visible_to(request.actor).select_related("period__government")
    batch = get_object_or_404(seen, pk=pk)
    if not rules.may_run_reminders(request.actor, batch):
        raise PermissionDenied
    return batch


def _page(request: HttpRequest, period: Period, bound: dict[int, ReasonForm] | None = None) -> HttpResponse:
    if period.status == Period.Status.SCHEDULED:
        raise Http404
    offices, bound = _offices(period), bound or {}
    batches = list(period.reminder_batches.all())
    held = [batch for batch in batches if batch.status == ReminderBatch.Status.HELD]
    for batch in held:
        batch.form = bound.get(batch.pk) or ReasonForm(prefix=f"b{batch.pk}")
    number = sum(len(office["rows"]) for office in offices)
    words = ngettext("%(n)s laporan belum masuk", "%(n)s laporan belum masuk", number) % {"n": number}
    context = {
        "period": period,
        "offices": offices,
        "held": held,
        "sent": [batch for batch in batches if batch.status != ReminderBatch.Status.HELD],
        "deadline": deadline_of(period),
        "headline": f"{period}: {words}" if number else _("%(quarter)s: semua sudah melapor") % {"quarter": period},
        "may_remind": request.actor.has_role(rules.REVIEWER) and not deadline_of(period)["over"],
        "may_confirm": request.actor.has_role(rules.REVIEWER),
    }
    return render(request, "monitoring/chase.html", context, status=status_of(bound.values()))


def _offices(period: Period) -> list[dict[str, Any]]:
    """Offices with something missing, with their people and when they were last reminded."""
    rows: dict[Organization, list[Any]] = defaultdict(list)
    for row in queries.unreported(period):
        rows[row.application.owner].append(row.application)
    people, reminded = queries.people_of(period, [office.pk for office in rows]), queries.last_reminders(period)
    return [
        {"office": office, "rows": missing, "people": people.get(office.pk, []), "reminded": reminded.get(office.pk)}
        for office, missing in rows.items()
    ]
