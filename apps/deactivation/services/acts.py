"""What every act of a case shares: finding it, asking the rules, and writing down who did it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import StaleVersion
from apps.deactivation.models import AgendaItem, Case, CaseAct
from apps.inventory import services as inventory
from apps.monitoring import services as monitoring

HOLD = "case"


def case_for(case_id, by, may, version):
    """The case, locked; 404, 403 and 412 are asked in this order."""
    case = Case.objects.visible_to(by).locked(case_id)
    allow(may(by, case))
    refuse_stale(case, version)
    return case


def allow(answer):
    """403 unless the rule said yes."""
    if not answer:
        raise PermissionDenied


def refuse_stale(row, version):
    """412 when the person looked at an older version; sweeps carry none."""
    if version is not None and row.version != version:
        raise StaleVersion


def demand(text, field, message):
    """The text without outer blanks; 400 when nothing is left."""
    if not (text or "").strip():
        raise ValidationError({field: [message]})
    return text.strip()


def demand_reason(reason):
    """A reason is never empty."""
    return demand(reason, "reason", _("Tuliskan alasannya."))


def note(case, by, act, verb, *, reason="", **details):
    """Write the act beside the case for segregation of duties, and into the trail."""
    CaseAct.objects.create(
        case=case,
        act=act,
        person_id=by.person_id,
        person_name=by.name,
        role=by.role,
        acting=by.acting,
        seat_id=by.seat_id,
        note=reason,
    )
    trail(case, by, verb, reason=reason, **details)


def trail(case, by, verb, *, reason="", **details):
    """Write an event about the case; the office that answers for the application is told."""
    record(
        by,
        verb,
        case,
        reason=reason,
        organization=case.respondent or case.government,
        application=case.application.code,
        **details,
    )


def today_of(case):
    """Today's date on the calendar of the case's government."""
    return clock.today(case.government.zone)


def end_case(case, status, reason=""):
    """Move the case to a terminal status and let go of everything it held."""
    case.move_to(status)
    case.ended_at = clock.now()
    case.end_reason = reason
    case.save()
    AgendaItem.objects.filter(case=case, result=AgendaItem.Result.PENDING).update(result=AgendaItem.Result.DROPPED)


def hold(case, by):
    """Keep the register from merging, retiring or reassigning the application while the case is open."""
    reason = _("Kasus %(code)s sedang berjalan") % {"code": case.code}
    inventory.place_hold(case.application_id, by=by, kind=HOLD, reason=reason)
    inventory.set_standing([{"application_id": case.application_id, "open_case": case.code}])


def let_go(case, by):
    """Release the hold of a case that has come to its end."""
    inventory.release_hold(case.application_id, by=by, kind=HOLD)
    inventory.set_standing([{"application_id": case.application_id, "open_case": ""}])


def dismiss_finding(case, by, reason):
    """Dismiss the finding the case took up, unless a correction or new use has ended it already."""
    if _finding_waits(case):
        monitoring.dismiss(case.finding_id, by=by, reason=reason)


def close_finding(case, by, reason):
    """Close the finding the case took up, unless a correction or new use has ended it already."""
    if _finding_waits(case):
        monitoring.close_finding(case.finding_id, by=by, reason=reason)


def _finding_waits(case):
    return case.finding_id is not None and case.finding.status == "taken_up"
