"""What agencies say: drafts, submissions, and the reviewer's answer."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import GovernmentPolicy, Organization
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation, StaleVersion
from apps.core.workdays import working_days_between
from apps.documents.models import Document
from apps.inventory.models import Application
from apps.monitoring import queries, rules
from apps.monitoring.models import Endorsement, Period, UsageReport
from apps.monitoring.services.corrections import correct_period

Status = UsageReport.Status
_HELD = "SELECT * FROM monitoring_period WHERE id = %s FOR SHARE"
# What the agency fills in; everything else on a report is the product's.
ANSWERS = (
    "used", "registered_users", "active_users", "transactions", "database_gb", "growth_gb", "sla_percent", "satisfaction",
    "obstacles", "explanation", "next_step", "attested",
)  # fmt: skip


@transaction.atomic
def save_report(
    period_id: int, application_id: int, *, by: Any, values: dict[str, Any], version: int | None = None
) -> UsageReport:
    """Keep the agency's answers as a draft; a submitted report becomes a draft again until the window ends."""
    period, now = _period_for_writing(period_id)
    report = _report(period, application_id, by)
    if version is not None and report.pk and report.version != version:
        raise StaleVersion
    if report.status == Status.RETURNED or (report.status == Status.SUBMITTED and now < period.closes_at):
        report.move_to(Status.DRAFT)
    if report.status != Status.DRAFT:
        raise RuleViolation(
            _("Laporan ini sudah dikirim. Minta Diskominfo mengembalikannya bila perlu diubah."), code="wrong_state"
        )
    for name in ANSWERS:
        if name in values:
            setattr(report, name, values[name])
    report.save()
    return report


@transaction.atomic
def submit_reports(period_id: int, *, by: Any, applications: list[int]) -> list[UsageReport]:
    """Send the ready drafts of `applications` in one act, all or none.

    The period row is held FOR SHARE and the clock is read inside the lock, so a report is either in time or late,
    never both reported and flagged.
    """
    period, now = _period_for_writing(period_id)
    reports = [_report(period, pk, by) for pk in applications]
    return [_submit(report, period, now, by=by) for report in reports]


@transaction.atomic
def enter_report_for(
    period_id: int, application_id: int, *, by: Any, values: dict[str, Any], scan: Document
) -> UsageReport:
    """A reviewer enters a signed paper for an agency and keeps its scan; who enters may not accept."""
    period, now = _period_for_writing(period_id)
    application = Application.objects.visible_to(by).get(pk=application_id)
    if not rules.may_report_on_paper(by, application):
        raise PermissionDenied
    report = _row(period, application)
    if report.status not in (Status.DRAFT, Status.RETURNED):
        raise RuleViolation(_("OPD sudah mengirim laporan untuk aplikasi ini."), code="wrong_state")
    for name in ANSWERS:
        if name in values:
            setattr(report, name, values[name])
    report.on_paper, report.evidence, report.attested = True, scan, True
    return _submit(report, period, now, by=by)


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
    """The agency head stands for the agency's submitted reports, each in the version it has now."""
    period = Period.objects.visible_to(by).get(pk=period_id)
    organization = Organization.objects.get(pk=organization_id)
    if not rules.may_endorse(by, organization):
        raise PermissionDenied
    sent = UsageReport.objects.filter(
        period=period, application__owner__in=Organization.objects.within(organization_id)
    )
    versions = {r.application.key: r.version for r in sent.exclude(status=Status.DRAFT).select_related("application")}
    if not versions:
        raise RuleViolation(_("Belum ada laporan yang terkirim untuk disahkan."), code="nothing_sent")
    endorsement = Endorsement.objects.create(
        period=period, organization=organization, versions=versions, by_id=by.person_id, by_name=by.name
    )
    record(by, "report.endorsed", period, organization=organization, reports=len(versions))
    return endorsement


def _period_for_writing(period_id: int) -> tuple[Period, datetime]:
    """The period, held against a close (FOR SHARE), and the instant inside the lock."""
    period, now = _held(period_id), clock.now()
    if now < period.opens_at or period.status == Period.Status.SCHEDULED:
        raise RuleViolation(_("Masa lapor triwulan ini belum dibuka."), code="not_open")
    if period.status == Period.Status.CLOSING:
        raise RuleViolation(_("Triwulan ini sedang ditutup. Coba lagi beberapa menit lagi."), code="closing")
    if period.status == Period.Status.CLOSED and queries.next_is_closed(period):
        raise RuleViolation(
            _("Triwulan ini dan sesudahnya sudah ditutup; laporannya tidak diterima lagi."), code="too_late"
        )
    return period, now


def _held(period_id: int) -> Period:
    """The period as it is now, with its state held until the end of the transaction."""
    rows = list(Period.objects.raw(_HELD, [period_id]))
    if not rows:
        raise Http404
    return rows[0]


def _report(period: Period, application_id: int, by: Any) -> UsageReport:
    application = Application.objects.visible_to(by).get(pk=application_id)
    if not rules.may_report(by, application):
        raise PermissionDenied
    return _row(period, application)


def _row(period: Period, application: Application) -> UsageReport:
    """The locked report, or a new one in memory for an application that is due."""
    if not period.due.filter(application=application).exists():
        raise RuleViolation(
            _("%(name)s tidak wajib lapor pada triwulan ini.") % {"name": application.name}, code="not_due"
        )
    report = UsageReport.objects.select_for_update(of=("self",)).filter(period=period, application=application).first()
    return report or UsageReport(period=period, application=application)


def _submit(report: UsageReport, period: Period, now: datetime, *, by: Any) -> UsageReport:
    _refuse_unready(report)
    report.move_to(Status.SUBMITTED)
    report.submitted_at, report.late = now, now >= period.closes_at
    report.submitted_by_id, report.submitted_by_name = by.person_id, by.name
    report.save()
    record(by, "report.submitted", report, organization=report.application.owner, late=report.late, used=report.used)
    return report


def _refuse_unready(report: UsageReport) -> None:
    counters = queries.counters_of(report.period, report.application_id)
    missing = rules.unready(report, counters)
    if missing:
        raise ValidationError({field: [f"{report.application.name}: {text}"] for field, text in missing.items()})


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
    zone = period.government.zone
    policy = GovernmentPolicy.objects.get(pk=period.government_id)
    left = working_days_between(  # today counts, the day at whose start the window ends does not
        now.astimezone(zone).date() - timedelta(days=1),
        period.closes_at.astimezone(zone).date() - timedelta(days=1),
        joint_leave_counts=not policy.joint_leave_is_working,
    )
    if now >= period.closes_at or left <= rules.REVIEW_STOPS_WORKING_DAYS:
        raise RuleViolation(
            _("Tiga hari kerja terakhir laporan tidak dikembalikan lagi. Mintalah penjelasan kepada OPD."),
            code="short_notice",
        )
