"""One office's quarter on one page: start from last quarter, change what differs, state it, send what is ready."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.access import signed_in
from apps.core import clock
from apps.core.errors import RuleViolation, StaleVersion, VersionMissing
from apps.core.templatetags.spbe import angka, waktu
from apps.core.web import explain
from apps.inventory.models import Application
from apps.monitoring import queries, rules, services
from apps.monitoring.forms import FURTHER, NUMBERS, RowForm
from apps.monitoring.models import Period, UsageReport
from apps.monitoring.pasting import pasted
from apps.monitoring.views.periods import deadline_of, period_of

Status = UsageReport.Status
SENT = (Status.SUBMITTED, Status.ACCEPTED)
AUTOSAVE = "autosave"


@dataclass
class Row:
    """One application in the grid."""

    application: Application
    report: UsageReport
    last: UsageReport | None
    known: rules.Against
    form: RowForm
    files: int = 0

    @property
    def against(self) -> str:
        """What speaks against the answers kept so far."""
        return rules.contradiction(self.report, self.known) if self.report.used is not None else ""

    @property
    def asks(self) -> bool:
        """Whether an explanation stands between this row and sending it."""
        return bool(self.against or self.report.explanation or self.form.errors.get("explanation"))

    @property
    def is_ready(self) -> bool:
        return self.report.pk is not None and not rules.unready(self.report, self.known)

    @property
    def is_unchanged(self) -> bool:
        """Whether the row still says what was said last quarter, and nobody has kept it yet."""
        names = rules.PREFILLED
        same = self.last and all(getattr(self.last, name) == getattr(self.report, name) for name in names)
        return bool(same and self.report.pk is None)

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The four numbers, each with what was said last quarter."""
        return [{"field": self.form[name], "was": self._was(name)} for name in NUMBERS]

    @property
    def further(self) -> list[Any]:
        return [self.form[name] for name in FURTHER]

    @property
    def hidden(self) -> list[str]:
        """What the page showed, so that only what somebody changed is written."""
        return [field.as_hidden(only_initial=True) for field in self.form]

    @property
    def has_further_errors(self) -> bool:
        return any(self.form[name].errors for name in FURTHER)

    def _was(self, name: str) -> list[str]:
        """What was said last quarter and what the counters have measured in this one, where they differ."""
        before, now, measured = (
            getattr(self.last, name, None),
            getattr(self.report, name),
            (self.known.counters or {}).get(name),
        )
        words = []
        if before is not None:
            past = {"roman": self.last.period.quarter_value.roman, "value": angka(before)} if self.last else {}
            words.append(_("sama") if before == now else _("TW %(roman)s %(value)s") % past)
        if measured is not None:
            words.append(_("pencacah %(value)s") % {"value": angka(measured)})
        return words


@signed_in
def grid(request: HttpRequest, code: str) -> HttpResponse:
    period = period_of(request.actor, code, rules.OPERATOR, rules.HEAD)
    if request.method != "POST":
        return _page(request, period, rows_of(request, period))
    rows = rows_of(request, period)
    try:
        return _answer(request, period, rows)
    except (RuleViolation, StaleVersion, VersionMissing) as refusal:
        return _refused(request, period, rows, refusal)


def rows_of(request: HttpRequest, period: Period, typed: QueryDict | None = None) -> list[Row]:
    """Every due application of the office that has not been sent yet, with what was typed on it."""
    typed = request.POST if typed is None else typed
    due = [row for row in queries.due_applications(period, request.actor.organization_ids) if not row.exemption]
    ids = [row.application_id for row in due]
    reports, last = queries.reports_of(period, ids), queries.last_reports(period, ids)
    known, files = queries.against_by_application(period, ids), queries.files_by_application(period, ids)
    rows = []
    for row in due:
        pk = row.application_id
        against = known.get(pk, rules.Against())
        report = reports.get(pk) or UsageReport(
            period=period, application=row.application, **rules.first_answers(last.get(pk), against.counters)
        )
        if report.status in SENT:
            continue
        report.application, report.period = row.application, period
        form = RowForm(_typed(typed, pk), prefix=f"a{pk}", initial={name: getattr(report, name) for name in ANSWERED})
        rows.append(Row(row.application, report, last.get(pk), against, form, files.get(pk, 0)))
    return rows


ANSWERED = tuple(RowForm.base_fields)


def _typed(typed: QueryDict, pk: int) -> QueryDict | None:
    """The row's part of the post; none when the page it came from did not show the row."""
    return typed if f"initial-a{pk}-explanation" in typed else None


def _answer(request: HttpRequest, period: Period, rows: list[Row]) -> HttpResponse:
    """Keep what was typed, whatever was pressed; then do what was pressed."""
    verb, _separator, key = request.POST.get("act", "save").partition("-")
    if verb == "paste":
        return _paste(request, period, rows)
    kept = _keep(request, period, rows)
    wrong = [row for row in rows if row.form.errors]
    if request.headers.get("X-Requested-With") == AUTOSAVE:
        return _kept(rows, len(wrong))
    if verb == "send":
        return _send(request, period, rows)
    if wrong:
        return _page(request, period, rows, status=400)
    if verb == "reopen":
        return _reopen(request, period, key)
    if verb == "files":
        return redirect("monitoring:files", code=period.code, key=key)
    messages.success(request, ngettext("%(n)s isian tersimpan.", "%(n)s isian tersimpan.", kept) % {"n": kept})
    return redirect("monitoring:grid", code=period.code)


def _paste(request: HttpRequest, period: Period, rows: list[Row]) -> HttpResponse:
    """Fill the rows from a spreadsheet's lines and keep them; what was not understood stays on the page."""
    text = request.POST.get("paste", "")
    typed, unknown = pasted(request.POST, text, [row.application for row in rows])
    rows = rows_of(request, period, typed)
    kept = _keep(request, period, rows)
    messages.info(request, ngettext("%(n)s isian tersimpan.", "%(n)s isian tersimpan.", kept) % {"n": kept})
    if unknown:
        messages.warning(request, _("Tidak dikenal di halaman ini: %(names)s.") % {"names": ", ".join(unknown)})
    if unknown or any(row.form.errors for row in rows):
        return _page(request, period, rows, status=400)
    return redirect("monitoring:grid", code=period.code)


@transaction.atomic
def _keep(request: HttpRequest, period: Period, rows: list[Row]) -> int:
    """Save every row somebody touched; a wrong row keeps what was typed on the page and waits."""
    kept = 0
    for row in rows:
        if not row.form.is_bound or not row.form.has_changed() or not row.form.is_valid():
            continue
        names = row.form.changed_data if row.report.pk else ANSWERED
        values = {name: row.form.cleaned_data[name] for name in names}
        if row.report.pk and all(getattr(row.report, name) == value for name, value in values.items()):
            continue
        saved = services.save_report(period.pk, row.application.pk, by=request.actor, values=values)
        saved.application, saved.period = row.application, period
        row.report, kept = saved, kept + 1
    return kept


def _send(request: HttpRequest, period: Period, rows: list[Row]) -> HttpResponse:
    """Send what is ready; rows that were stated to be right but are not ready say why."""
    for row in rows:
        if row.report.attested and not row.form.errors and row.form.is_bound:
            for name, words in rules.unready(row.report, row.known).items():
                row.form.add_error(name, words)
    ready = [row for row in rows if row.is_ready and not row.form.errors]
    sent = services.submit_reports(period.pk, by=request.actor, applications=[row.application.pk for row in ready])
    if sent:
        words = ngettext("%(n)s laporan terkirim.", "%(n)s laporan terkirim.", len(sent)) % {"n": len(sent)}
        messages.success(request, words)
    left = [row for row in rows if row not in ready]
    if any(row.form.errors for row in left):
        return _page(request, period, left, status=400)
    if not sent:
        messages.warning(request, _("Belum ada yang siap. Nyatakan benar sedikitnya satu baris, lalu kirim."))
    return redirect("monitoring:grid", code=period.code)


def _reopen(request: HttpRequest, period: Period, key: str) -> HttpResponse:
    """Back to draft while the window is open, in the version whose warning was read."""
    seen = UsageReport.objects.visible_to(request.actor).filter(period=period, pk=key if key.isdigit() else None)
    report = get_object_or_404(seen.select_related("application"))
    version = request.POST.get(f"version-{report.pk}", "")
    if not version.isdigit():
        raise VersionMissing
    services.reopen_report(report.pk, by=request.actor, version=int(version))
    words = _("%(name)s kembali menjadi konsep dan dihitung belum melapor sampai dikirim lagi.")
    messages.warning(request, words % {"name": report.application.name})
    return redirect("monitoring:grid", code=period.code)


def _refused(request: HttpRequest, period: Period, rows: list[Row], refusal: Exception) -> HttpResponse:
    """The page again with what was typed and why it was not taken."""
    status = 409 if isinstance(refusal, RuleViolation) else 412
    words = explain(refusal)
    if request.headers.get("X-Requested-With") == AUTOSAVE:
        return HttpResponse(" ".join(words), status=status, content_type="text/plain; charset=utf-8")
    for text in words:
        messages.error(request, text)
    return _page(request, period, rows, status=status)


def _kept(rows: list[Row], wrong: int) -> HttpResponse:
    """The answer to a draft that keeps itself: in words, with how many rows are ready for the button."""
    words = _("Tersimpan pukul %(time)s") % {"time": waktu(clock.now(), "jam")}
    words = f"{words} · " + _("%(n)s baris perlu dibetulkan") % {"n": wrong} if wrong else words
    response = HttpResponse(words, content_type="text/plain; charset=utf-8")
    response["X-Ready"] = str(sum(row.is_ready and not row.form.errors for row in rows))
    return response


def _page(request: HttpRequest, period: Period, rows: list[Row], status: int = 200) -> HttpResponse:
    due = queries.due_applications(period, request.actor.organization_ids)
    exempt = [row for row in due if row.exemption]
    seen = UsageReport.objects.visible_to(request.actor)
    sent = list(
        queries.sent_reports(period)
        .filter(pk__in=seen.values("pk"))
        .select_related("application")
        .order_by("application__name")
    )
    ready = sum(row.is_ready for row in rows)
    deadline = deadline_of(period)
    context = {
        "period": period,
        "rows": rows,
        "sent": sent,
        "exempt": exempt,
        "total": len(due) - len(exempt),
        "ready": ready,
        "begun": len(rows) - ready,
        "deadline": deadline,
        "may_reopen": period.status == Period.Status.OPEN and not deadline["over"],
        "writable": period.status != Period.Status.SCHEDULED and not _is_over(period),
        "pasted": request.POST.get("paste", "") if status != 200 else "",
        "errors": [(row, error) for row in rows for error in row.form.errors.values()],
    }
    return render(request, "monitoring/grid.html", context, status=status)


def _is_over(period: Period) -> bool:
    closed = period.status in (Period.Status.CLOSING, Period.Status.CLOSED)
    return period.status == Period.Status.CLOSING or (closed and queries.next_is_closed(period))
