"""A list on its way into the register: upload, every row's fate, then all of it or nothing."""

import csv
import io
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import only_roles
from apps.accounts.models import Organization
from apps.core.submit import attempt, status_of
from apps.core.templatetags.spbe import angka
from apps.core.web import act, version_of
from apps.documents.rules import XLSX
from apps.documents.services import open_file
from apps.inventory import fields, rules, services
from apps.inventory.cells import harmless
from apps.inventory.forms import ReasonForm, owners_for
from apps.inventory.importing import columns, plan, reading, template
from apps.inventory.models import Application, ImportJob, ImportLine

ROWS_BESIDE, PAGE_SIZE, JOBS_SHOWN = 5, 50, 20
FATES = (
    (plan.REFUSED, gettext_lazy("Salah"), "alert-triangle", "f-conflict-c"),
    (plan.ASKED, gettext_lazy("Perlu keputusan"), "help-circle", "f-bar-c"),
    (plan.CHANGED, gettext_lazy("Berubah"), "pencil", "f-bar-c"),
    (plan.NEW, gettext_lazy("Baru"), "plus", "f-active-c"),
    (plan.SAME, gettext_lazy("Tidak berubah"), "equal", ""),
)
SAMPLES = 3
importers = only_roles(rules.OPERATOR, rules.REVIEWER)


class UploadForm(forms.Form):
    """The file of a list."""

    file = forms.FileField(
        label=gettext_lazy("Berkas daftar aplikasi"),
        help_text=gettext_lazy(
            "XLSX atau CSV, paling besar 20 MB, judul kolom di baris pertama. Hanya lembar pertama yang dibaca; biaya, kontrak, "
            "dan hubungan diubah di halaman aplikasinya."
        ),
        error_messages={"required": gettext_lazy("Pilih berkas XLSX atau CSV terlebih dahulu.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


@importers
def imports(request: HttpRequest) -> HttpResponse:
    """Upload a list, or come back to one that was checked."""
    posted = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if posted else UploadForm()
    if posted:
        job = attempt(lambda given: _checked(request, given), form)
        if job:
            return redirect("inventory:import_job", job.pk)
    jobs = ImportJob.objects.visible_to(request.actor).select_related("document")
    page = Paginator(jobs, JOBS_SHOWN).get_page(request.GET.get("halaman"))
    context = {"form": form, "page": page, "registers": request.actor.has_role(rules.REVIEWER)}
    return render(request, "inventory/import_upload.html", context, status=status_of([form]))


@importers
@require_GET
def import_job(request: HttpRequest, pk: int) -> HttpResponse:
    """The columns to match, how far a long list is, or what each row would do or did."""
    job, asks_on = _job(request, pk), bool(request.headers.get("HX-Request"))
    if asks_on and not job.working:
        return HttpResponse(headers={"HX-Refresh": "true"})  # never a whole page inside the progress it replaces
    if job.status == ImportJob.Status.MATCHING:
        return redirect("inventory:import_columns", job.pk)
    if job.working or job.status == ImportJob.Status.FAILED or not job.summary:
        page = "inventory/_import_progress.html" if asks_on else "inventory/import_progress.html"
        return render(request, page, {"job": job, "percent": _percent(job)})
    return render(request, "inventory/import_job.html", _dry_run(request, job))


@importers
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what each column means; asked again only for heads this sender never matched."""
    job = _job(request, pk)
    if job.status != ImportJob.Status.MATCHING:
        return redirect("inventory:import_job", job.pk)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        meanings = {index: request.POST.get(f"kolom-{index}", "") for index in range(len(job.columns))}
        done = attempt(lambda _given: _matched(request, pk, meanings), form)
        if done:
            return redirect("inventory:import_job", pk)
    context = {
        "job": job,
        "form": form,
        "columns": _columns(request, job),
        "meanings": columns.readable(job.government_id).items(),
    }
    return render(request, "inventory/import_columns.html", context, status=status_of([form]))


@importers
@require_POST
@act
def import_rematch(request: HttpRequest, pk: int) -> HttpResponse:
    """Back from the dry run to the columns."""
    _job(request, pk)
    services.rematch_columns(pk, by=request.actor, version=version_of(request))
    return redirect("inventory:import_columns", pk)


@importers
@require_POST
@act
def import_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the rows in doubt mean."""
    _job(request, pk)
    answers = {name.removeprefix("baris-"): value for name, value in request.POST.items() if name.startswith("baris-")}
    services.answer_rows(pk, by=request.actor, version=version_of(request), answers=answers)
    messages.success(request, _("Jawaban disimpan; daftar diperiksa ulang."))
    return redirect("inventory:import_job", pk)


@importers
@require_POST
@act
def import_commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in the ready rows, all or none."""
    _job(request, pk)
    job = services.commit_import(pk, by=request.actor, version=version_of(request))
    if job.status == ImportJob.Status.COMMITTED:
        counts = {name: angka(job.summary[name]) for name in (plan.NEW, plan.CHANGED)}
        left = angka(job.summary[plan.REFUSED] + job.summary[plan.ASKED])
        said = _("%(new)s aplikasi baru masuk, %(changed)s diubah, %(left)s baris tidak diimpor.")
        messages.success(request, said % {**counts, "left": left})
    return redirect("inventory:import_job", job.pk)


@importers
@require_POST
@act
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the list aside."""
    _job(request, pk)
    services.drop_import(pk, by=request.actor, version=version_of(request))
    messages.success(request, _("Impor dibatalkan. Register tidak berubah."))
    return redirect("inventory:imports")


@importers
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Why what a list changed is to be put back; then the rows that would go back."""
    job = _job(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        back = attempt(
            lambda given: services.undo_import(pk, by=request.actor, version=version_of(request), **given), form
        )
        if back:
            return redirect("inventory:import_job", back.pk)
    return render(request, "inventory/import_undo.html", {"job": job, "form": form}, status=status_of([form]))


@importers
@require_GET
def import_refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows with what is wrong with each, to mend in a spreadsheet."""
    job = _job(request, pk)
    heads = [_("Baris"), _("Nama Aplikasi"), _("Perangkat Daerah"), _("Kolom"), _("Cara membetulkan")]
    lines = [
        [line.number, line.name, line.owner, error["column"], error["message"]]
        for line in job.lines.filter(fate=plan.REFUSED)
        for error in line.errors
    ]
    return _csv(f"impor-{pk}-salah.csv", [heads, *lines])


@importers
@require_GET
def import_template(request: HttpRequest, form: str) -> HttpResponseBase:
    """An empty list with every column the import knows; as a workbook with lists to choose from and explanations."""
    if form == "csv":
        return _csv(
            "templat-impor-aplikasi.csv",
            [[template.capital(label) for label in template.heads(request.actor.government_id).values()]],
        )
    if form != "xlsx":
        raise Http404
    offices = [office.name for office in owners_for(request.actor).order_by("name")]
    file = template.workbook(offices, request.actor.government_id)
    return FileResponse(file, as_attachment=True, filename="templat-impor-aplikasi.xlsx", content_type=XLSX)


def heading(job: ImportJob) -> str:
    """The answer in one sentence."""
    refused, asked = job.summary[plan.REFUSED], job.summary.get(plan.ASKED, 0)
    ready = {"ready": angka(_ready(job))}
    if job.status == ImportJob.Status.COMMITTED:
        return _("%(ready)s baris sudah diimpor, %(refused)s tidak") % {**ready, "refused": angka(refused + asked)}
    if job.status == ImportJob.Status.DROPPED:
        return _("Impor ini dibatalkan, tidak ada yang disimpan")
    if not (_ready(job) or refused or asked):
        return _("Semua baris sama dengan register")
    said = [_("%(ready)s baris siap diimpor") % ready if _ready(job) else _("Tidak ada baris untuk diimpor")]
    said += [_("%(count)s perlu dibetulkan") % {"count": angka(refused)}] if refused else []
    said += [_("%(count)s menunggu keputusan") % {"count": angka(asked)}] if asked else []
    return ", ".join(said)


def _job(request: HttpRequest, pk: int) -> ImportJob:
    return get_object_or_404(ImportJob.objects.visible_to(request.actor).select_related("document"), pk=pk)


def _dry_run(request: HttpRequest, job: ImportJob) -> dict[str, Any]:
    chosen = request.GET.get("nasib", "")
    sections = [
        _section(request, job, fate, label, chosen) for fate, label, _icon, _tone in FATES if chosen in ("", fate)
    ]
    return {
        "job": job,
        "heading": heading(job),
        "ready": _ready(job),
        "refused": job.summary[plan.REFUSED],
        "tabs": [(fate, label, icon, tone, job.summary.get(fate, 0)) for fate, label, icon, tone in FATES],
        "chosen": chosen,
        "sections": [one for one in sections if one["count"]],
        "page": sections[0]["page"] if chosen and sections and sections[0]["count"] else None,
        "registers": request.actor.has_role(rules.REVIEWER),
    }


def _section(request: HttpRequest, job: ImportJob, fate: str, label: Any, chosen: str) -> dict[str, Any]:
    """The rows of one fate; the first few unless it is the chosen one."""
    lines = job.lines.filter(fate=fate)
    size = PAGE_SIZE if chosen else ROWS_BESIDE
    page = Paginator(lines, size).get_page(request.GET.get("halaman") if chosen else 1)
    count = job.summary.get(fate, 0)
    rows = _with_applications(list(page.object_list))
    return {
        "fate": fate,
        "label": label,
        "count": count,
        "rows": rows,
        "page": page,
        "cut": not chosen and count > size,
    }


def _checked(request: HttpRequest, given: dict[str, Any]) -> ImportJob:
    government = Organization.objects.get(pk=request.actor.government_id)
    return services.check_import(given["file"], by=request.actor, government=government)


def _matched(request: HttpRequest, pk: int, meanings: dict[int, str]) -> ImportJob:
    return services.match_columns(pk, by=request.actor, version=version_of(request), meanings=meanings)


def _columns(request: HttpRequest, job: ImportJob) -> list[dict[str, Any]]:
    """Each column with a few of its values and what it is taken for."""
    with open_file(job.document) as file:
        rows = reading.read(file.read()).rows
    return [
        {
            "index": index,
            "head": head,
            "samples": list(dict.fromkeys(row[index][:60] for row in rows[:200] if row[index]))[:SAMPLES],
            "meaning": request.POST.get(f"kolom-{index}", meaning),
        }
        for index, (head, meaning) in enumerate(job.columns)
    ]


def _percent(job: ImportJob) -> int:
    return min(99, 100 * job.rows_done // max(job.rows_total, 1))


def _ready(job: ImportJob) -> int:
    return job.summary[plan.NEW] + job.summary[plan.CHANGED]


def _with_applications(lines: list[ImportLine]) -> list[dict[str, Any]]:
    known = Application.objects.in_bulk([line.application_id for line in lines if line.application_id])
    labels = {name: attribute.label for name, attribute in fields.BY_NAME.items()}
    if lines:
        labels |= {attribute.name: attribute.label for attribute in fields.own(lines[0].job.government_id)}
    return [
        {"line": line, "application": known.get(line.application_id), "changes": _worded(line, labels)}
        for line in lines
    ]


def _worded(line: ImportLine, labels: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": labels.get(name, name), "before": before or _("kosong"), "after": after or _("kosong")}
        for name, (before, after) in line.changes.items()
    ]


def _csv(name: str, lines: list[list[Any]]) -> HttpResponse:
    text = io.StringIO()
    csv.writer(text).writerows([[harmless(cell) for cell in line] for line in lines])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
