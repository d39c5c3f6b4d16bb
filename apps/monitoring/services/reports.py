"""What agencies say: drafts, submissions, and the reviewer's answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation, StaleVersion
from apps.documents.models import Document
from apps.inventory.models import Application
from apps.monitoring import queries, rules
from apps.monitoring.models import Endorsement, Period, ReportFile, UsageReport
from apps.monitoring.services.corrections import correct_period

Status = UsageReport.Status
_HELD = "SELECT * FROM monitoring_period WHERE id = %s FOR SHARE"
# What the agency fills in; everything else on a report is the product's.
ANSWERS = (
    "running", "used", "registered_users", "active_users", "transactions", "database_gb", "growth_gb", "sla_percent",
    "satisfaction", "obstacles", "explanation", "next_step", "attested",
)  # fmt: skip


@transaction.atomic
def save_report(
    period_id: int, application_id: int, *, by: Any, values: dict[str, Any], version: int | None = None
) -> UsageReport:
    """Keep the agency's answers as a draft; a returned report becomes one, a sent one is reopened by its own act."""
    report, _period, _now = draft_of(period_id, application_id, by=by, version=version)
    _take(report, values)
    report.save()
    return report


@transaction.atomic
def reopen_report(report_id: int, *, by: Any, version: int) -> UsageReport:
    """Take a sent report back to draft until the window ends; until it is sent again it counts as none."""
    report = UsageReport.objects.visible_to(by).locked(report_id)
    if not rules.may_report(by, report.application):
        raise PermissionDenied
    report = UsageReport.objects.locked(report_id, version)
    period, now = _held(report.period_id), clock.now()
    if report.status != Status.SUBMITTED or period.status != Period.Status.OPEN or now >= period.closes_at:
        raise RuleViolation(
            _("Hanya laporan terkirim yang belum diterima dapat dibuka lagi, dan hanya selama masa lapor."),
            code="wrong_state",
        )
    report.move_to(Status.DRAFT)
    report.attested = False
    report.save()
    record(by, "report.reopened", report, organization=report.application.owner)
    return report


@transaction.atomic
def submit_reports(
    period_id: int, *, by: Any, applications: list[int], versions: dict[int, int] | None = None
) -> list[UsageReport]:
    """Send the ready drafts of `applications` in one act, all or none; each as it was read where `versions` names it.

    StaleVersion names the applications whose report is another by now. The period row is held FOR SHARE and the clock is read inside the lock, so a report is either in time or late,
    never both reported and flagged.
    """
    found, read = [_application(pk, by, rules.may_report) for pk in applications], versions or {}
    period, now = _held(period_id), clock.now()
    _refuse_stale(period, found, read)
    reports = [_row(period, application, read.get(application.pk)) for application in found]
    _refuse_shut(period, now)
    for report in reports:
        report.on_paper = False
    return [_submit(report, period, now, by=by) for report in reports]


@transaction.atomic
def enter_report_for(
    period_id: int, application_id: int, *, by: Any, values: dict[str, Any], scan: Document, version: int | None = None
) -> UsageReport:
    """A reviewer enters a signed paper for an agency and keeps its scan; who enters may not accept.

    The paper takes the place of a draft, which the reviewer cannot see; a returned report is named by its version.
    """
    application = _application(application_id, by, rules.may_report_on_paper)
    period, now = _held(period_id), clock.now()
    report = _row(period, application, version)
    _refuse_shut(period, now)
    if report.status not in (Status.DRAFT, Status.RETURNED):
        raise RuleViolation(_("OPD sudah mengirim laporan untuk aplikasi ini."), code="wrong_state")
    _take(report, values)
    report.on_paper, report.attested = True, True
    sent = _submit(report, period, now, by=by)
    ReportFile.objects.create(report=sent, document=scan)
    return sent


def draft_of(
    period_id: int, application_id: int, *, by: Any, version: int | None = None
) -> tuple[UsageReport, Period, datetime]:
    """The agency's draft, locked, or a new one in memory; a returned report has become a draft."""
    application = _application(application_id, by, rules.may_report)
    period, now = _held(period_id), clock.now()
    report = _row(period, application, version)
    _refuse_shut(period, now)
    if report.status == Status.RETURNED:
        report.move_to(Status.DRAFT)
    if report.status != Status.DRAFT:
        raise RuleViolation(
            _(
                "Laporan ini sudah dikirim. Buka lagi dahulu selama masa lapor, atau tunggu Diskominfo mengembalikannya."
            ),
            code="wrong_state",
        )
    return report, period, now


@transaction.atomic
def accept_report(report_id: int, *, by: Any, version: int) -> UsageReport:
    """A reviewer takes the report as it is; a late one corrects its period, and so waits until that is closed."""
    report = _reviewed(report_id, by, version)
    report.period = _held(report.period_id)
    if report.late and report.period.status != Period.Status.CLOSED:
        raise RuleViolation(
            _("Laporan terlambat baru dapat diterima setelah triwulan ini ditutup. Coba lagi sebentar lagi."),
            code="not_closed",
        )
    report.move_to(Status.ACCEPTED)
    _answered(report, by, "report.accepted", "")
    if report.late:
        correct_period(report, by=by)
    return report


@transaction.atomic
def accept_uncontradicted(versions: dict[int, int], *, by: Any) -> list[UsageReport]:
    """Take many reports (id to the version read) at once, all or none; one the evidence contradicts is taken by itself."""
    accepted = [accept_report(pk, by=by, version=version) for pk, version in versions.items()]
    against = [report.application.name for report in accepted if _contradiction(report)]
    if against:
        raise RuleViolation(
            _("Bukti bertentangan dengan laporan %(names)s. Baca dan terima satu per satu, atau minta penjelasan.")
            % {"names": ", ".join(against)},
            code="contradicted",
        )
    return accepted


@transaction.atomic
def return_report(report_id: int, *, by: Any, version: int, note: str) -> UsageReport:
    """Give a report back with a comment; not in the last three working days nor after the close."""
    report = _reviewed(report_id, by, version)
    if not note.strip():
        raise ValidationError({"note": [_("Tuliskan apa yang perlu diperbaiki.")]})
    _refuse_short_notice(report.period, clock.now())
    report.move_to(Status.RETURNED)
    return _answered(report, by, "report.returned", note.strip())


@transaction.atomic
def endorse(period_id: int, organization_id: int, *, by: Any) -> Endorsement:
    """The agency head stands for the reports the agency has sent, each in the version it has now."""
    period = Period.objects.visible_to(by).filter(pk=period_id).first()
    organization = Organization.objects.visible_to(by).filter(pk=organization_id).first()
    if period is None or organization is None:
        raise Http404
    if not rules.may_endorse(by, organization):
        raise PermissionDenied
    offices = Organization.objects.within(organization_id)
    sent = queries.sent_reports(period).filter(application__owner__in=offices).select_related("application")
    versions = {report.application.key: report.version for report in sent}
    if not versions:
        raise RuleViolation(_("Belum ada laporan yang terkirim untuk disahkan."), code="nothing_sent")
    endorsement = Endorsement.objects.create(
        period=period, organization=organization, versions=versions, by_id=by.person_id, by_name=by.name
    )
    record(by, "report.endorsed", period, organization=organization, reports=len(versions))
    return endorsement


def _held(period_id: int) -> Period:
    """The period as it is now, with its state held until the end of the transaction."""
    rows = list(Period.objects.raw(_HELD, [period_id]))
    if not rows:
        raise Http404
    return rows[0]


def _refuse_shut(period: Period, now: datetime) -> None:
    """Whether the period takes reports at this instant, which was read inside its lock."""
    if now < period.opens_at or period.status == Period.Status.SCHEDULED:
        raise RuleViolation(_("Masa lapor triwulan ini belum dibuka."), code="not_open")
    if period.status == Period.Status.CLOSING:
        raise RuleViolation(_("Triwulan ini sedang ditutup. Coba lagi beberapa menit lagi."), code="closing")
    if period.status == Period.Status.CLOSED and queries.next_is_closed(period):
        raise RuleViolation(
            _("Triwulan ini dan sesudahnya sudah ditutup; laporannya tidak diterima lagi."), code="too_late"
        )


def _application(application_id: int, by: Any, may: Callable[[Any, Any], bool]) -> Application:
    application = Application.objects.visible_to(by).select_related("owner").filter(pk=application_id).first()
    if application is None:
        raise Http404
    if not may(by, application):
        raise PermissionDenied
    return application


def _row(period: Period, application: Application, version: int | None = None) -> UsageReport:
    """The locked report in the version read, or a new one in memory for an application that is due.

    The due row is the lock of a report that does not exist yet.
    """
    due = period.due.select_for_update().filter(application=application).first()
    report = UsageReport.objects.select_for_update(of=("self",)).filter(period=period, application=application).first()
    if version is not None and (report is None or report.version != version):
        raise StaleVersion
    if due is None and period.status != Period.Status.SCHEDULED:
        raise RuleViolation(
            _("%(name)s tidak wajib lapor pada triwulan ini.") % {"name": application.name}, code="not_due"
        )
    return report or UsageReport(period=period, application=application)


def _refuse_stale(period: Period, applications: list[Application], read: dict[int, int]) -> None:
    rows = UsageReport.objects.select_for_update(of=("self",)).filter(period=period, application__in=read)
    now = dict(rows.values_list("application", "version"))
    stale = [one.key for one in applications if one.pk in read and read[one.pk] != now.get(one.pk)]
    if stale:
        raise StaleVersion(tuple(stale))


def _take(report: UsageReport, values: dict[str, Any]) -> None:
    for name in ANSWERS:
        if name in values:
            setattr(report, name, values[name])


def _submit(report: UsageReport, period: Period, now: datetime, *, by: Any) -> UsageReport:
    _refuse_unready(report)
    report.move_to(Status.SUBMITTED)
    report.submitted_at, report.late = now, now >= period.closes_at
    report.submitted_by_id, report.submitted_by_name = by.person_id, by.name
    report.save()
    record(by, "report.submitted", report, organization=report.application.owner, late=report.late, used=report.used)
    return report


def _refuse_unready(report: UsageReport) -> None:
    missing = rules.unready(report, queries.against_of(report.period, report.application_id))
    if missing:
        raise ValidationError({field: [f"{report.application.name}: {text}"] for field, text in missing.items()})


def _contradiction(report: UsageReport) -> str:
    return rules.contradiction(report, queries.against_of(report.period, report.application_id))


def _reviewed(report_id: int, by: Any, version: int) -> UsageReport:
    report = UsageReport.objects.visible_to(by).locked(report_id)
    if not rules.may_review(by, report):
        raise PermissionDenied
    return UsageReport.objects.locked(report_id, version)


def _answered(report: UsageReport, by: Any, verb: str, note: str) -> UsageReport:
    report.review_note, report.reviewed_at, report.reviewed_by_id = note, clock.now(), by.person_id
    report.save()
    record(by, verb, report, organization=report.application.owner, reason=note)
    return report


def _refuse_short_notice(period: Period, now: datetime) -> None:
    if not queries.may_still_return(period, now):
        raise RuleViolation(
            _(
                "Tiga hari kerja terakhir dan sesudahnya laporan tidak dikembalikan lagi. Mintalah penjelasan kepada OPD."
            ),
            code="short_notice",
        )
