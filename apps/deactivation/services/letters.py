"""Confirmation letters: sending, proven delivery, the deadline, and the answer for each case."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.core import clock, codes
from apps.core.errors import RuleViolation
from apps.core.workdays import add_working_days
from apps.deactivation import rules
from apps.deactivation.models import Act, Answer, Case, Letter, LetterCase
from apps.deactivation.models.letters import Delivery
from apps.deactivation.services import papers
from apps.deactivation.services.acts import allow, case_for, demand_reason, note, refuse_stale, today_of, trail

ANSWERS = (Answer.AGREED, Answer.OBJECTED)


@transaction.atomic
def send_letter(case_ids, *, by, versions=None, note_text=""):
    """Send one letter to one OPD about one or more of its nominated cases; `versions` maps id to version read."""
    if not case_ids:
        raise ValidationError({"cases": [_("Pilih sedikitnya satu kasus.")]})
    versions = versions or {}
    cases = [case_for(key, by, rules.may_send_letter, versions.get(key)) for key in sorted(set(case_ids), key=str)]
    respondent = _one_respondent(cases)
    for case in cases:
        case.move_to(Case.Status.AWAITING_ANSWER)
    letter = _new_letter(cases, respondent, by, note_text)
    for case in cases:
        case.save()
        note(case, by, Act.SEND_LETTER, "case.letter_sent", letter=letter.code)
    return letter


@transaction.atomic
def open_letter(letter_id, *, by):
    """A member of the OPD opens the letter in the product: the first opening is its recorded delivery."""
    letter = Letter.objects.visible_to(by).locked(letter_id)
    if letter.status == Letter.Status.SENT and rules.may_open_letter(by, letter):
        _deliver(letter, by, Delivery.OPENED, clock.today(letter.government.zone))
    return letter


@transaction.atomic
def record_delivery(letter_id, *, by, version, delivered_on, evidence):
    """Enter a receipt for a letter delivered on paper."""
    letter = Letter.objects.visible_to(by).locked(letter_id)
    allow(rules.may_record_delivery(by, letter))
    refuse_stale(letter, version)
    if evidence is None:
        raise ValidationError({"evidence": [_("Unggah tanda terima surat.")]})
    if not letter.sent_on <= delivered_on <= clock.today(letter.government.zone):
        raise ValidationError({"delivered_on": [_("Tanggal terima antara tanggal surat dan hari ini.")]})
    letter.delivery_evidence = evidence
    _deliver(letter, by, Delivery.RECEIPT, delivered_on)
    return letter


@transaction.atomic
def extend_deadline(letter_id, *, by, version, days, reason):
    """Grant the one extension of the deadline, before it has passed."""
    letter = Letter.objects.visible_to(by).locked(letter_id)
    allow(rules.may_extend_deadline(by, letter))
    refuse_stale(letter, version)
    if letter.status != Letter.Status.DELIVERED:
        raise RuleViolation(_("Batas jawab baru berjalan setelah surat terbukti sampai."), code="wrong_state")
    if letter.extended_days:
        raise RuleViolation(_("Batas jawab hanya dapat diperpanjang satu kali."), code="extended_before")
    if letter.due_on < clock.today(letter.government.zone):
        raise RuleViolation(_("Batas jawab sudah lewat."), code="deadline_passed")
    if not 1 <= days <= 20:
        raise ValidationError({"days": [_("Perpanjangan antara 1 dan 20 hari kerja.")]})
    letter.extension_reason = demand_reason(reason)
    letter.extended_days = days
    letter.due_on = _working_day(letter, letter.due_on, days)
    letter.save()
    record(by, "letter.extended", letter, reason=reason, organization=letter.addressee, due_on=letter.due_on)
    return letter


@transaction.atomic
def answer(case_id, *, by, version, reply, reason="", evidence=None, answered_on=None):
    """Answer a letter for one case; after the deadline the answer is kept as late beside the deemed agreement."""
    case = case_for(case_id, by, rules.may_answer, version)
    item = case.letter_items.filter(is_superseded=False).last()
    if item is None or item.letter is None or not case.is_open:
        raise RuleViolation(_("Tidak ada surat yang menunggu jawaban untuk kasus ini."), code="wrong_state")
    _check_reply(by, reply, reason, evidence)
    letter = Letter.objects.locked(item.letter_id)
    if _is_late(letter, item, answered_on or today_of(case)):
        if case.status == Case.Status.AWAITING_ANSWER:
            _deem(case, item)
        _keep_late(case, item, by, reply, reason, evidence)
    else:
        _take_answer(case, item, by, reply, reason, evidence, answered_on)
    _settle(letter)
    return case


@transaction.atomic
def deem_agreed(letter_id, *, by):
    """Read silence after a proven delivery and a passed deadline as deemed agreement; never as agreement."""
    waiting = LetterCase.objects.filter(letter_id=letter_id, answer="", is_superseded=False)
    cases = [Case.objects.locked(pk) for pk in sorted(waiting.values_list("case_id", flat=True))]
    letter = Letter.objects.visible_to(by).locked(letter_id)
    allow(by.is_system)
    if letter.status != Letter.Status.DELIVERED or letter.due_on >= clock.today(letter.government.zone):
        return letter
    for case in cases:
        item = waiting.filter(case=case).first()
        if item and case.status == Case.Status.AWAITING_ANSWER:
            _deem(case, item)
    _settle(letter)
    return letter


@transaction.atomic
def restart_letter(letter_id, *, by):
    """Send the unanswered cases of a letter anew to who answers for them now, when the owner has changed."""
    waiting = LetterCase.objects.filter(letter_id=letter_id, answer="", is_superseded=False)
    cases = [Case.objects.locked(pk) for pk in sorted(waiting.values_list("case_id", flat=True))]
    letter = Letter.objects.visible_to(by).locked(letter_id)
    allow(by.is_system)
    moved = [case for case in cases if case.respondent and case.respondent.pk != letter.addressee_id]
    letters = []
    for respondent in {case.respondent.pk: case.respondent for case in moved}.values():
        group = [case for case in moved if case.respondent.pk == respondent.pk]
        waiting.filter(case__in=group).update(is_superseded=True)
        letters.append(_new_letter(group, respondent, by, letter.note, replaces=letter))
        for case in group:
            trail(case, by, "case.letter_restarted", letter=letters[-1].code, former=letter.code)
    if letters:
        _settle(letter)
    return letters


def _one_respondent(cases):
    respondents = {case.respondent.pk if case.respondent else None: case.respondent for case in cases}
    if None in respondents:
        raise RuleViolation(_("Aplikasi tanpa pemilik: tunjuk OPD pengampu lebih dahulu."), code="no_respondent")
    if len(respondents) > 1:
        raise RuleViolation(_("Satu surat hanya untuk satu OPD. Pisahkan kasus menurut OPD."), code="several_offices")
    return next(iter(respondents.values()))


def _new_letter(cases, respondent, by, note_text, replaces=None):
    government = cases[0].government
    today = clock.today(government.zone)
    letter = Letter(
        code=codes.next_code("SRT", today.year),
        government=government,
        addressee=respondent,
        addressee_name=respondent.name,
        note=note_text.strip(),
        sent_at=clock.now(),
        sent_on=today,
        answer_working_days=rules.policy_of(government).answer_working_days,
        replaces=replaces,
    )
    letter.document = papers.issue_letter(letter, cases, by).document
    letter.save()
    LetterCase.objects.bulk_create(LetterCase(letter=letter, case=case) for case in cases)
    record(by, "letter.sent", letter, organization=respondent, cases=[case.code for case in cases])
    return letter


def _working_day(letter, start, days):
    policy = rules.policy_of(letter.government)
    return add_working_days(start, days, joint_leave_counts=not policy.joint_leave_is_working)


def _deliver(letter, by, delivery, day):
    letter.move_to(Letter.Status.DELIVERED)
    letter.delivery = delivery
    letter.delivered_on = day
    letter.delivery_recorded_by = by.name
    letter.due_on = _working_day(letter, day, letter.answer_working_days)
    letter.save()
    record(by, "letter.delivered", letter, organization=letter.addressee, how=delivery, due_on=letter.due_on)


def _check_reply(by, reply, reason, evidence):
    if reply not in ANSWERS:
        raise ValidationError({"reply": [_("Pilih setuju atau keberatan.")]})
    if reply == Answer.OBJECTED and not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan alasan keberatan.")]})
    if by.has_role("reviewer") and evidence is None:
        raise ValidationError({"evidence": [_("Unggah pindaian surat jawaban yang ditandatangani.")]})


def _is_late(letter, item, day):
    overdue = letter.due_on is not None and day > letter.due_on
    return item.answer == Answer.DEEMED_AGREED or (not item.answer and overdue)


def _take_answer(case, item, by, reply, reason, evidence, answered_on):
    case.move_to(Case.Status.ANSWERED)
    item.answer, item.reason, item.evidence = reply, reason.strip(), evidence
    item.answered_at, item.answered_on = clock.now(), answered_on or today_of(case)
    item.answered_by_id, item.answered_by_name = by.person_id, by.name
    item.entered_for = by.has_role("reviewer")
    item.save()
    case.save()
    note(case, by, Act.ANSWER, "case.answered", reason=item.reason, answer=reply, entered_for=item.entered_for)


def _keep_late(case, item, by, reply, reason, evidence):
    if item.late_answer:
        raise RuleViolation(_("Jawaban terlambat sudah dicatat."), code="late_answer_kept")
    item.late_answer, item.late_reason, item.late_evidence = reply, reason.strip(), evidence
    item.late_at, item.late_by_name = clock.now(), by.name
    item.save()
    case.save()
    note(case, by, Act.ANSWER, "case.answered_late", reason=item.late_reason, answer=reply)


def _deem(case, item):
    case.move_to(Case.Status.ANSWERED)
    item.answer, item.answered_at, item.answered_on = Answer.DEEMED_AGREED, clock.now(), today_of(case)
    item.save()
    case.save()
    trail(case, Actor.system(), "case.deemed_agreed", letter=item.letter.code, due_on=item.letter.due_on)


def _settle(letter):
    """A letter with nothing left to answer is settled, or replaced when nothing in it was ever answered."""
    items = letter.items.filter(is_superseded=False)
    if letter.status in (Letter.Status.SETTLED, Letter.Status.REPLACED) or items.filter(answer="").exists():
        return
    letter.move_to(Letter.Status.SETTLED if items.exists() else Letter.Status.REPLACED)
    letter.save()
