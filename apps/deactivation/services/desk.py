"""The desk review: scheduling, agenda, attendance, opinions, outcomes and minutes."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.models import Membership, Organization
from apps.audit.services import record
from apps.core import clock, codes
from apps.core.errors import RuleViolation
from apps.deactivation import queries, rules
from apps.deactivation.models import (
    Act,
    AgendaItem,
    Attendance,
    Case,
    DeskSession,
    Invitation,
    Minutes,
    Opinion,
    Recommendation,
)
from apps.deactivation.queries import suggestion
from apps.deactivation.services import papers
from apps.deactivation.services.acts import allow, case_for, demand, demand_reason, note, refuse_stale, trail
from apps.deactivation.services.terms import read_terms

RUNNING = (DeskSession.Status.SCHEDULED, DeskSession.Status.IN_SESSION)


@transaction.atomic
def schedule_session(*, by, title, held_at, place="", chair_name="", government_id=None):
    """Set a date for a desk session of the actor's government."""
    government_id = government_id or by.government_id
    allow(rules.may_manage_session(by, government_id))
    if abs(held_at - clock.now()) > rules.SESSION_AT_MOST_AWAY:
        raise ValidationError({"held_at": [_("Periksa tahunnya: sesi ini lebih dari lima tahun dari sekarang.")]})
    government = Organization.objects.get(pk=government_id)
    session = DeskSession(
        code=codes.next_code("DSK", held_at.astimezone(government.zone).year),
        government=government,
        title=demand(title, "title", _("Beri judul sesi desk.")),
        place=place,
        held_at=held_at,
        chair_name=chair_name,
    )
    session.save()
    record(by, "session.scheduled", session, organization=government, held_at=held_at)
    return session


@transaction.atomic
def start_session(session_id, *, by, version):
    """Open the sitting; from now on attendance and outcomes can be entered."""
    session = _session_for(session_id, by, version)
    session.move_to(DeskSession.Status.IN_SESSION)
    session.save()
    record(by, "session.started", session, organization=session.government)
    return session


@transaction.atomic
def cancel_session(session_id, *, by, version, reason):
    """Call a scheduled session off; its cases stay on the desk for another."""
    session = _session_for(session_id, by, version)
    reason = demand_reason(reason)
    session.move_to(DeskSession.Status.CANCELLED)
    session.items.filter(result=AgendaItem.Result.PENDING).update(result=AgendaItem.Result.POSTPONED, reason=reason)
    session.save()
    record(by, "session.cancelled", session, reason=reason, organization=session.government)
    return session


@transaction.atomic
def add_to_agenda(session_id, *, by, case_ids, version=None):
    """Put answered cases, and cases waiting on the desk, on the agenda."""
    cases = [Case.objects.visible_to(by).locked(key) for key in sorted(set(case_ids), key=str)]
    session = _session_for(session_id, by, version)
    _demand_running(session)
    for case in cases:
        if case.government_id != session.government_id:
            raise ValidationError({"cases": [_("Kasus pemerintah lain tidak dapat masuk agenda ini.")]})
        _put_on_agenda(session, case)
        trail(case, by, "case.put_on_agenda", session=session.code)
    session.save()
    return session


@transaction.atomic
def invite(session_id, *, by, organization_ids, reference=""):
    """Record a written invitation to offices; two of them let an absent owner be judged in absentia."""
    session = _session_for(session_id, by, None)
    _demand_running(session)
    offices = Organization.objects.filter(pk__in=organization_ids, government=session.government)
    for office in offices:
        Invitation.objects.create(
            session=session, organization=office, reference=reference, sent_at=clock.now(), sent_by_name=by.name
        )
        record(by, "session.invited", session, organization=office, reference=reference, held_at=session.held_at)
    return session


@transaction.atomic
def record_attendance(session_id, *, by, organization_id, person_id=None, name="", nip="", position=""):
    """Enter one person as present for one office; the same person cannot stand for a second one."""
    session = _session_for(session_id, by, None)
    _demand_running(session)
    office = Organization.objects.filter(pk=organization_id, government=session.government).first()
    if office is None:
        raise ValidationError({"organization": [_("Pilih perangkat daerah yang hadir.")]})
    identity, name = _identity(session, office, person_id, name, nip)
    try:
        with transaction.atomic():
            row = Attendance.objects.create(
                session=session,
                organization=office,
                identity=identity,
                person_id=person_id,
                name=name,
                position=position,
                recorded_at=clock.now(),
                recorded_by_name=by.name,
            )
    except IntegrityError:
        raise RuleViolation(
            _("Orang ini sudah tercatat hadir; satu orang untuk satu OPD."), code="present_before"
        ) from None
    record(by, "session.attended", session, organization=office, office=office.code)
    return row


@transaction.atomic
def give_opinion(case_id, *, by, session_id, stance, text=""):
    """Bappeda or BKAD states its view of a case on the desk."""
    case = case_for(case_id, by, rules.may_give_opinion, None)
    item = _agenda_item(case, session_id)
    if stance not in Opinion.Stance.values:
        raise ValidationError({"stance": [_("Pilih pendapat.")]})
    if stance != Opinion.Stance.AGREE:
        text = demand(text, "text", _("Tuliskan catatan atau alasan pendapat Anda."))
    opinion = Opinion.objects.create(
        case=case,
        session=item.session,
        organization_id=by.seat_id,
        stance=stance,
        text=text.strip(),
        person_id=by.person_id,
        person_name=by.name,
        given_at=clock.now(),
    )
    note(case, by, Act.OPINION, "case.opinion_given", reason=opinion.text, stance=stance)
    return opinion


@transaction.atomic
def recommend(
    case_id, *, by, version, session_id, outcome, reason, target_id=None, retain_from="", conditions=(), departure=""
):
    """Enter the outcome the desk recommends, when owner, ICT office and a companion are at the table.

    Another outcome than the two axes suggest says why in `departure`.
    """
    case = case_for(case_id, by, rules.may_recommend, version)
    item = _agenda_item(case, session_id, sitting=True)
    in_absentia = _demand_quorum(case, item.session)
    terms = read_terms(case, outcome, target_id, retain_from, conditions)
    weighed = _weighed(case, outcome, departure)
    case.move_to(Case.Status.RECOMMENDED)
    case.recommendation = Recommendation.objects.create(
        case=case,
        session=item.session,
        outcome=outcome,
        reason=demand_reason(reason),
        in_absentia=in_absentia,
        person_id=by.person_id,
        person_name=by.name,
        recommended_at=clock.now(),
        **weighed,
        **terms,
    )
    case.save()
    item.result, item.in_absentia, item.reason = AgendaItem.Result.RECOMMENDED, in_absentia, reason.strip()
    item.save()
    said = {"session": item.session.code, "suggested": weighed["suggested"], "departure": weighed["departure"]}
    note(case, by, Act.RECOMMEND, "case.recommended", reason=reason, outcome=outcome, **said)
    return case


@transaction.atomic
def postpone(case_id, *, by, version, session_id, reason):
    """Leave a case on the desk for another session."""
    case = case_for(case_id, by, rules.may_postpone, version)
    item = _agenda_item(case, session_id)
    item.result, item.reason = AgendaItem.Result.POSTPONED, demand_reason(reason)
    item.save()
    case.save()
    note(case, by, Act.POSTPONE, "case.postponed", reason=item.reason, session=item.session.code)
    return case


@transaction.atomic
def issue_minutes(session_id, *, by, version, text=""):
    """Close the sitting with its numbered Berita Acara; nothing in it can be replaced afterwards."""
    session = _session_for(session_id, by, version)
    if not session.items.exists() or session.items.filter(result=AgendaItem.Result.PENDING).exists():
        raise RuleViolation(
            _("Masih ada kasus yang belum dibahas: rekomendasikan atau tunda dahulu."), code="pending_items"
        )
    session.move_to(DeskSession.Status.MINUTED)
    session.save()
    issued = papers.issue_minutes(session, text, by)
    minutes = Minutes.objects.create(session=session, issued=issued, text=text)
    record(by, "session.minuted", session, organization=session.government, number=issued.number, sha256=issued.sha256)
    return minutes


@transaction.atomic
def amend_minutes(session_id, *, by, text):
    """Issue a numbered amendment beside the Berita Acara."""
    session = _session_for(session_id, by, None)
    original = session.minutes.filter(amends__isnull=True).first()
    if original is None:
        raise RuleViolation(_("Berita Acara sesi ini belum terbit."), code="wrong_state")
    text = demand(text, "text", _("Tuliskan apa yang diperbaiki."))
    issued = papers.issue_amendment(session, original, text, by)
    minutes = Minutes.objects.create(session=session, issued=issued, amends=original, text=text)
    record(by, "session.minutes_amended", session, organization=session.government, reason=text, number=issued.number)
    return minutes


def _session_for(session_id, by, version):
    session = DeskSession.objects.visible_to(by).locked(session_id)
    allow(rules.may_manage_session(by, session.government_id))
    refuse_stale(session, version)
    return session


def _demand_running(session):
    if session.status not in RUNNING:
        raise RuleViolation(_("Sesi ini sudah selesai atau dibatalkan."), code="wrong_state")


def _put_on_agenda(session, case):
    if case.agenda_items.filter(result=AgendaItem.Result.PENDING).exists():
        raise RuleViolation(_("Kasus %(code)s sudah ada di agenda.") % {"code": case.code}, code="on_agenda")
    if case.status == Case.Status.RECOMMENDED:
        raise RuleViolation(_("Kasus %(code)s sudah direkomendasikan.") % {"code": case.code}, code="wrong_state")
    if case.status != Case.Status.ON_DESK:
        case.move_to(Case.Status.ON_DESK)
    case.save()
    last = session.items.aggregate(last=Max("position"))["last"] or 0
    AgendaItem.objects.update_or_create(
        session=session,
        case=case,
        defaults={"result": AgendaItem.Result.PENDING, "reason": "", "in_absentia": False},
        create_defaults={"position": last + 1},
    )


def _identity(session, office, person_id, name, nip):
    if person_id is not None:
        today = clock.today(session.government.zone)
        seats = Membership.objects.current(today).filter(user_id=person_id).select_related("seat", "user")
        seat = next((row for row in seats if rules.office_of(row.seat) == rules.office_of(office)), None)
        if seat is None:
            raise ValidationError({"person": [_("Orang ini tidak bertugas di OPD tersebut.")]})
        return f"user:{person_id}", seat.user.name
    name = demand(name, "name", _("Tuliskan nama yang hadir."))
    return (f"nip:{nip}" if nip else f"name:{' '.join(name.lower().split())}"), name


def _agenda_item(case, session_id, *, sitting=False):
    wanted = {"session_id": session_id} if isinstance(session_id, int) else {"session__code": session_id}
    item = case.agenda_items.filter(result=AgendaItem.Result.PENDING, **wanted).select_related("session").first()
    if item is None:
        raise RuleViolation(_("Kasus ini tidak sedang dibahas di sesi tersebut."), code="wrong_state")
    if sitting and item.session.status != DeskSession.Status.IN_SESSION:
        raise RuleViolation(_("Mulai sesi desk lebih dahulu."), code="not_in_session")
    return item


def _weighed(case, outcome, departure):
    """What the two axes suggest now, kept beside the recommendation; going another way is explained."""
    found = suggestion.suggestion_of(case)
    suggested = found.outcome if found else ""
    if suggested and outcome != suggested:
        departure = demand(departure, "departure", _("Hasil ini berbeda dari saran rumus: tuliskan mengapa."))
    else:
        departure = ""
    return {"suggested": suggested, "suggestion": suggestion.frozen(found), "departure": departure}


def _demand_quorum(case, session):
    """Whether the owner is judged in absentia; RuleViolation while a needed office is missing."""
    owner = rules.office_of(case.respondent) if case.respondent else None
    invitations = queries.written_invitations(case)
    excused = owner is not None and rules.was_invited_twice(invitations, {owner.pk, case.respondent.pk})
    missing = rules.missing_offices(queries.presences(session), owner.pk if owner else None, owner_excused=excused)
    if missing:
        names = ", ".join(str(rules.OFFICE_LABELS[office]) for office in missing)
        raise RuleViolation(_("Belum kuorum, belum hadir: %(names)s.") % {"names": names}, code="no_quorum")
    present = rules.missing_offices(queries.presences(session), owner.pk if owner else None)
    return rules.OWNER in present
