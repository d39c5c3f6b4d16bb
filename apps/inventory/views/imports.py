"""A list on its way into the register: upload, every row's fate, then all of it or nothing."""

import csv
import io
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import only_roles
from apps.accounts.models import Organization
from apps.core.submit import attempt, status_of
from apps.core.web import act, version_of
from apps.inventory import fields, rules, services
from apps.inventory.exporting import harmless
from apps.inventory.importing import plan
from apps.inventory.models import Address, Application, ImportJob

ROWS_BESIDE, PAGE_SIZE, JOBS_SHOWN = 5, 50, 20
FATES = (
    (plan.REFUSED, gettext_lazy("Salah"), "alert-triangle", "f-conflict-c"),
    (plan.CHANGED, gettext_lazy("Berubah"), "pencil", "f-bar-c"),
    (plan.NEW, gettext_lazy("Baru"), "plus", "f-active-c"),
    (plan.SAME, gettext_lazy("Tidak berubah"), "equal", ""),
)
TEMPLATE_HEADS = (
    "Nama Aplikasi", "Perangkat Daerah", "Nama Singkat", "Uraian", "Fungsi", "Jenis Layanan", "Kepemilikan", "Kelas RAA",
    "Platform", "URL", "Tahap", "Tahun Pembuatan", "Unit Pengembang", "Unit Operasional", "Dasar Hukum", "Luaran",
    "Penyedia", "Sumber Dana",
)  # fmt: skip
importers = only_roles(rules.OPERATOR, rules.REVIEWER)


class UploadForm(forms.Form):
    """The file of a list."""

    file = forms.FileField(
        label=gettext_lazy("Berkas daftar aplikasi"),
        help_text=gettext_lazy(
            "XLSX atau CSV, paling besar 20 MB. Judul kolom di baris pertama, lembar pertama yang dibaca."
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
    jobs = ImportJob.objects.visible_to(request.actor).select_related("document").defer("rows")
    page = Paginator(jobs, JOBS_SHOWN).get_page(request.GET.get("halaman"))
    context = {"form": form, "page": page, "registers": request.actor.has_role(rules.REVIEWER)}
    return render(request, "inventory/import_upload.html", context, status=status_of([form]))


@importers
@require_GET
def import_job(request: HttpRequest, pk: int) -> HttpResponse:
    """What each row of the list would do, or did."""
    job = get_object_or_404(ImportJob.objects.visible_to(request.actor).select_related("document"), pk=pk)
    chosen = request.GET.get("nasib", "")
    sections = [section(job, fate, label, chosen) for fate, label, _icon, _tone in FATES if chosen in ("", fate)]
    context = {
        "job": job,
        "heading": heading(job),
        "ready": _ready(job),
        "refused": job.summary[plan.REFUSED],
        "tabs": [(fate, label, icon, tone, job.summary[fate]) for fate, label, icon, tone in FATES],
        "chosen": chosen,
        "sections": [one for one in sections if one["count"]],
        "page": _page(request, sections) if chosen else None,
        "registers": request.actor.has_role(rules.REVIEWER),
    }
    return render(request, "inventory/import_job.html", context)


@importers
@require_POST
@act
def import_commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the ready rows in."""
    get_object_or_404(ImportJob.objects.visible_to(request.actor), pk=pk)
    job = services.commit_import(pk, by=request.actor, version=version_of(request))
    done = _("%(new)s aplikasi baru masuk, %(changed)s diubah, %(refused)s baris tidak diimpor.") % job.summary
    messages.success(request, done)
    return redirect("inventory:import_job", pk)


@importers
@require_POST
@act
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the list aside."""
    get_object_or_404(ImportJob.objects.visible_to(request.actor), pk=pk)
    services.drop_import(pk, by=request.actor, version=version_of(request))
    messages.success(request, _("Impor dibatalkan. Register tidak berubah."))
    return redirect("inventory:imports")


@importers
@require_GET
def import_refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows with what is wrong with each, to mend in a spreadsheet."""
    job = get_object_or_404(ImportJob.objects.visible_to(request.actor), pk=pk)
    heads = [_("Baris"), _("Nama Aplikasi"), _("Perangkat Daerah"), _("Kolom"), _("Cara membetulkan")]
    lines = [
        [row["number"], row["name"], row["owner"], error["column"], error["message"]]
        for row in job.rows
        for error in row["errors"]
    ]
    return _csv(f"impor-{pk}-salah.csv", [heads, *lines])


@importers
@require_GET
def import_template(request: HttpRequest) -> HttpResponse:
    """An empty list with every column the import knows."""
    return _csv("templat-impor-aplikasi.csv", [list(TEMPLATE_HEADS)])


def heading(job: ImportJob) -> str:
    """The answer in one sentence."""
    counts = {"ready": _ready(job), "refused": job.summary[plan.REFUSED]}
    if job.status == ImportJob.Status.COMMITTED:
        return _("%(ready)s baris sudah diimpor, %(refused)s tidak") % counts
    if job.status == ImportJob.Status.DROPPED:
        return _("Impor ini dibatalkan, tidak ada yang disimpan")
    if not counts["ready"]:
        return _("Tidak ada baris untuk diimpor, %(refused)s perlu dibetulkan") % counts
    if not counts["refused"]:
        return _("%(ready)s baris siap diimpor") % counts
    return _("%(ready)s baris siap diimpor, %(refused)s perlu dibetulkan") % counts


def section(job: ImportJob, fate: str, label: Any, chosen: str) -> dict[str, Any]:
    """The rows of one fate; the first few unless it is the chosen one."""
    rows = [row for row in job.rows if row["fate"] == fate]
    return {
        "fate": fate,
        "label": label,
        "count": len(rows),
        "rows": rows if chosen == fate else [_worded(row) for row in _with_applications(rows[:ROWS_BESIDE])],
        "cut": not chosen and len(rows) > ROWS_BESIDE,
    }


def _checked(request: HttpRequest, given: dict[str, Any]) -> ImportJob:
    government = Organization.objects.get(pk=request.actor.government_id)
    return services.check_import(given["file"], by=request.actor, government=government)


def _ready(job: ImportJob) -> int:
    return job.summary[plan.NEW] + job.summary[plan.CHANGED]


def _page(request: HttpRequest, sections: list[dict[str, Any]]) -> Any:
    rows = sections[0]["rows"] if sections else []
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("halaman"))
    if sections:
        sections[0]["rows"] = [_worded(row) for row in _with_applications(list(page.object_list))]
    return page


def _with_applications(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = Application.objects.in_bulk([row["application_id"] for row in rows if row["application_id"]])
    return [{**row, "application": known.get(row["application_id"])} for row in rows]


def _worded(row: dict[str, Any]) -> dict[str, Any]:
    changes = [
        {"label": fields.BY_NAME[name].label, "before": in_words(name, before), "after": in_words(name, after)}
        for name, (before, after) in row["changes"].items()
    ]
    return {**row, "changes": changes}


def in_words(name: str, value: Any) -> str:
    """A value of the plan as the page says it."""
    if value in (None, "", []):
        return _("kosong")
    if name == "addresses":
        kinds = dict(Address.Kind.choices)
        return ", ".join(f"{url} ({kinds[kind]})" if kind == Address.Kind.INTERNAL else url for url, kind in value)
    words = dict(fields.BY_NAME[name].choices)
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(words.get(one, one)) for one in values)


def _csv(name: str, lines: list[list[Any]]) -> HttpResponse:
    text = io.StringIO()
    csv.writer(text).writerows([[harmless(cell) for cell in line] for line in lines])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
