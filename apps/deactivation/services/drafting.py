"""The Berita Acara before its number: a draft, and what those at the table want corrected in it."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.deactivation import rules
from apps.deactivation.models import DeskSession, MinutesRemark
from apps.deactivation.services.acts import allow, demand, refuse_stale


@transaction.atomic
def draft_minutes(session_id, *, by, version, text):
    """Show what the Berita Acara is going to say; each draft takes the place of the one before, the trail keeps both."""
    session = DeskSession.objects.visible_to(by).locked(session_id)
    allow(rules.may_issue_minutes(by, session))
    refuse_stale(session, version)
    _demand_sitting(session)
    session.draft = demand(text, "text", _("Tuliskan konsepnya."))
    session.save()
    record(by, "session.minutes_drafted", session, organization=session.government)
    return session


@transaction.atomic
def remark_on_minutes(session_id, *, by, text):
    """Ask for a correction of the draft; whoever writes the minutes takes it up or not, and it stays readable."""
    session = DeskSession.objects.visible_to(by).locked(session_id)
    allow(rules.may_remark_on_minutes(by, session))
    _demand_sitting(session)
    if not session.draft:
        raise RuleViolation(_("Konsep Berita Acara belum dibuat."), code="no_draft")
    remark = MinutesRemark.objects.create(
        session=session,
        organization_id=by.seat_id,
        text=demand(text, "text", _("Tuliskan yang perlu diperbaiki.")),
        person_id=by.person_id,
        person_name=by.name,
        given_at=clock.now(),
    )
    record(by, "session.minutes_remarked", session, organization=session.government, reason=remark.text)
    return remark


def _demand_sitting(session):
    if session.status != DeskSession.Status.IN_SESSION:
        raise RuleViolation(_("Konsep disusun selagi sidang berlangsung."), code="wrong_state")
