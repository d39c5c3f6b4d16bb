"""After retirement: addresses are expected gone, and one that answers raises a finding. The daily round asks, this judges."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.core import clock, codes
from apps.inventory.models import Address, Application
from apps.monitoring import rules
from apps.monitoring.models import Finding, GoneCheck, Period, Probe
from apps.monitoring.services.findings import end_checks, resolve, show_open_findings

Status = GoneCheck.Status
Outcome = Probe.Outcome
KIND = Finding.Kind.REAPPEARED


@transaction.atomic
def plan_gone_checks() -> int:
    """Expect the addresses of newly retired applications gone, on the days the government's terms name; how many looks.

    The days count from the calendar day of the retirement; later changes of the terms leave planned looks as they are.
    """
    known = GoneCheck.objects.filter(
        application=OuterRef("application"), url=OuterRef("url"), retired_at=OuterRef("application__retired_at")
    )
    retired = Address.objects.filter(
        ~Exists(known), application__status="retired", application__retired_at__isnull=False
    )
    rows = retired.select_related("application__government__policy")
    checks = [
        _expected(row, row.application.retired_at, days)
        for row in rows
        if row.application.retired_at
        for days in row.application.government.policy.reappearance_days
    ]
    return len(GoneCheck.objects.bulk_create(checks, ignore_conflicts=True, batch_size=1000))


@transaction.atomic
def settle_gone(probe: Probe) -> None:
    """What a probe says about an address expected gone; nothing when a decision brought the application back meanwhile."""
    application = Application.objects.locked(probe.application_id)
    if application.status == Application.Status.RETIRED:
        judge_gone(application, probe)


def judge_gone(application: Application, probe: Probe) -> None:
    """Move the looks at the probe's address, then raise or resolve the finding; the caller holds the application."""
    period = _last_closed(application)
    if period is None:
        return  # findings belong to a quarter; until one is closed the look stays due
    standing = Finding.objects.standing().filter(application=application, kind=KIND).select_for_update().first()
    for check in GoneCheck.objects.due().filter(application=application, url=probe.url).select_for_update(of=("self",)):
        _take(check, probe, application)
    answering = GoneCheck.objects.filter(application=application, status=Status.ANSWERS).exists()
    if answering and standing is None:
        _raise(application, period)
    elif standing and not answering and standing.status == Finding.Status.OPEN:
        resolve(standing.pk, by=Actor.system(), reason=_("Alamatnya tidak menjawab lagi."))


@transaction.atomic
def stop_expecting_gone(application_id: int, *, by: Any, reason: str) -> None:
    """A decided case brought the application back: its addresses may answer; a finding taken up ends with its case."""
    application = Application.objects.locked(application_id)
    standing = Finding.objects.standing().filter(application=application, kind=KIND).select_for_update().first()
    end_checks(GoneCheck.objects.unsettled().filter(application=application))
    if standing and standing.status == Finding.Status.OPEN:
        resolve(standing.pk, by=by, reason=reason)


def _expected(address: Address, retired_at: datetime, days: int) -> GoneCheck:
    application = address.application
    zone = application.government.zone
    day = retired_at.astimezone(zone).date() + timedelta(days=days)
    return GoneCheck(
        application=application,
        url=address.url,
        kind=address.kind,
        retired_at=retired_at,
        after_days=days,
        due_at=datetime.combine(day, time(), zone),
        version=1,
    )


def _take(check: GoneCheck, probe: Probe, application: Application) -> None:
    """One answer, silence, or nothing learned. Three silent days in a row are needed, a single answer suffices."""
    day = probe.at.astimezone(application.government.zone).date()
    check.asked_at = probe.at
    if _is_reused(check):
        check.move_to(Status.REUSED)
    elif probe.outcome == Outcome.REACHED:
        check.silent_days, check.silent_on = 0, None
        if check.status == Status.WAITING:
            check.move_to(Status.ANSWERS)
    elif probe.outcome == Outcome.UNREACHED and check.silent_on != day:
        check.silent_days = check.silent_days + 1 if check.silent_on == day - timedelta(days=1) else 1
        check.silent_on = day
        if check.silent_days >= rules.GONE_AFTER_SILENT_DAYS:
            check.move_to(Status.GONE)
    elif probe.outcome == Outcome.REFUSED and check.status == Status.WAITING:
        check.move_to(Status.UNASKED)
    check.save()


def _is_reused(check: GoneCheck) -> bool:
    """Whether a living application declares the address: a successor may well answer there."""
    bare = check.url.rstrip("/")
    return Address.objects.filter(url__in=[bare, f"{bare}/"], application__in=Application.objects.current()).exists()


def _raise(application: Application, period: Period) -> None:
    by, zone = Actor.system(), application.government.zone
    code = codes.next_code("TMN", clock.today(zone).year)
    finding = Finding(code=code, application=application, kind=KIND, opened_in=period)
    finding.save()
    record(by, "finding.reappeared", finding, organization=application.owner, kind=KIND, application=application.code)
    show_open_findings(application.pk)


def _last_closed(application: Application) -> Period | None:
    closed = Period.objects.filter(government=application.government_id, status=Period.Status.CLOSED)
    return closed.order_by("-year", "-quarter").first()
