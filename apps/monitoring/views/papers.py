"""What stands beside a report: a signed paper entered for the agency, and the files that show what it says."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.core.submit import attempt, status_of
from apps.core.web import act
from apps.documents.models import Document
from apps.documents.responses import file_response
from apps.documents.uploads import taken
from apps.inventory.models import Application
from apps.monitoring import queries, rules, services
from apps.monitoring.forms import FileForm, PaperForm
from apps.monitoring.models import Period, ReportFile, UsageReport
from apps.monitoring.views.periods import deadline_of, period_of

Status = UsageReport.Status
OPEN_TO_FILES = (Status.DRAFT, Status.RETURNED)


@signed_in
def enter_report_for(request: HttpRequest, code: str, key: str) -> HttpResponse:
    period, application = period_of(request.actor, code), _application(request, key)
    if not rules.may_report_on_paper(request.actor, application):
        raise PermissionDenied
    report, last = _seen(request, period, application), queries.last_reports(period, [application.pk])
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and attempt(lambda said: _entered(request, period, application, said), form):
        messages.success(request, _("Laporan %(name)s dimasukkan dari surat.") % {"name": application.name})
        return redirect("monitoring:review", code=period.code)
    context = {"period": period, "application": application, "report": report, "last": last.get(application.pk)}
    context |= {"form": form, "deadline": deadline_of(period), "sent": report and report.status not in OPEN_TO_FILES}
    return render(request, "monitoring/enter_report_for.html", context, status=status_of([form]))


def _entered(request: HttpRequest, period: Period, application: Application, said: dict[str, Any]) -> UsageReport:
    scan = taken(said["scan"], request.actor, Document.Kind.SCAN, "scan")
    values = {name: value for name, value in said.items() if name != "scan"}
    version = request.POST.get("version", "")
    return services.enter_report_for(
        period.pk,
        application.pk,
        by=request.actor,
        values=values,
        scan=scan,
        version=int(version) if version.isdigit() else None,
    )


@signed_in
@act
def files(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The files beside one report; the agency adds and takes away while it is a draft."""
    period, application = period_of(request.actor, code), _application(request, key)
    report, mine = _seen(request, period, application), rules.may_report(request.actor, application)
    if report is None and not mine:
        raise Http404
    if request.method == "POST" and not mine:
        raise PermissionDenied
    if request.POST.get("act", "").startswith("remove-"):
        return _remove(request, period, application)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and attempt(lambda said: _attached(request, period, application, said), form):
        messages.success(request, _("Berkas tersimpan."))
        return redirect("monitoring:files", code=period.code, key=application.key)
    context = {"period": period, "application": application, "report": report, "form": form, "mine": mine}
    context |= {"files": report.files.select_related("document") if report else []}
    context |= {"may_change": mine and (report is None or report.status in OPEN_TO_FILES)}
    return render(request, "monitoring/files.html", context, status=status_of([form]))


@signed_in
@require_GET
def file(request: HttpRequest, code: str, key: str, pk: int) -> FileResponse:
    """One file, for whoever sees the report."""
    seen = UsageReport.objects.visible_to(request.actor).filter(application=_application(request, key))
    report = get_object_or_404(seen, period=period_of(request.actor, code))
    return file_response(get_object_or_404(report.files.select_related("document"), pk=pk).document)


def _attached(request: HttpRequest, period: Period, application: Application, said: dict[str, Any]) -> ReportFile:
    document = taken(said["file"], request.actor, field="file")
    return services.attach_file(period.pk, application.pk, by=request.actor, document=document)


def _remove(request: HttpRequest, period: Period, application: Application) -> HttpResponse:
    pk = request.POST["act"].removeprefix("remove-")
    known = ReportFile.objects.filter(report__period=period, report__application=application)
    row = get_object_or_404(known, pk=pk if pk.isdigit() else None)
    services.remove_file(row.pk, by=request.actor)
    messages.success(request, _("Berkas dilepas dari laporan ini."))
    return redirect("monitoring:files", code=period.code, key=application.key)


def _application(request: HttpRequest, key: str) -> Application:
    seen = Application.objects.visible_to(request.actor).select_related("owner")
    return get_object_or_404(seen.named(key))


def _seen(request: HttpRequest, period: Period, application: Application) -> UsageReport | None:
    return UsageReport.objects.visible_to(request.actor).filter(period=period, application=application).first()
