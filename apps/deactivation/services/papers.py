"""Papers with a number: rendered once by typst from JSON, stored, and given a public address for verification."""

import io
import secrets
from pathlib import Path

import segno
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core import clock, codes
from apps.deactivation import queries, rules
from apps.deactivation.models import IssuedDocument
from apps.documents import services as documents
from apps.documents.typesetting import typeset

TEMPLATES = Path(__file__).resolve().parent.parent / "typst"
ADDRESS_BYTES = 16
Paper = IssuedDocument.Paper


def render(template, content, issued_on, address):
    """The PDF of a paper: the same content and date give the same bytes."""
    return typeset(TEMPLATES / f"{template}.typ", content, issued_on, qr_svg=_qr(verification_url(address)))


def verification_url(address):
    """Where anyone can check a paper; printed on paper, so this path never changes."""
    return f"{settings.BASE_URL}/verifikasi/{address}/"


def issue_letter(letter, cases, by):
    """The confirmation letter to one OPD."""
    letter_rows = [
        {
            "code": case.code,
            "application": case.application.name,
            "register_code": case.application.code,
            "ground": str(case.get_ground_display()),
            "reason": case.reason,
        }
        for case in cases
    ]
    content = {
        "addressee": letter.addressee_name,
        "note": letter.note,
        "days": letter.answer_working_days,
        "signatory": queries.office_name(by.seat_id) or letter.government.name,
        "rows": letter_rows,
    }
    return _issue(Paper.LETTER, letter.code, letter.government, content, letter.sent_on, cases, by)


def issue_minutes(session, text, by):
    """The Berita Acara of a desk session."""
    zone = session.government.zone
    items = list(session.items.select_related("case__application", "case__recommendation__target"))
    content = {
        "session": session.code,
        "title": session.title,
        "place": session.place,
        "held_on": date_format(session.held_at.astimezone(zone), "j F Y"),
        "chair": session.chair_name,
        "text": text,
        "attendance": [
            {"name": row.name, "position": row.position, "office": row.organization.name}
            for row in session.attendances.select_related("organization")
        ],
        "rows": [_minutes_row(item) for item in items],
    }
    day = clock.today(zone)
    number = codes.next_code("BA", day.year)
    return _issue(Paper.MINUTES, number, session.government, content, day, [item.case for item in items], by)


def issue_amendment(session, original, text, by):
    """An amendment beside a Berita Acara; the first text stays."""
    day = clock.today(session.government.zone)
    content = {"session": session.code, "title": session.title, "amends": original.issued.number, "text": text}
    number = codes.next_code("BA", day.year)
    cases = [item.case for item in session.items.select_related("case__application")]
    return _issue(Paper.AMENDMENT, number, session.government, content, day, cases, by, amends=original.issued)


def issue_decision(decision, verdicts, by):
    """The decision letter over one or more cases."""
    content = {
        "decree_number": decision.decree_number,
        "legal_basis": decision.legal_basis,
        "policy": policy_words(rules.policy_of(decision.government)),
        "decided_on": date_format(decision.decided_on, "j F Y"),
        "signatory": decision.signatory_office,
        "signatory_name": decision.signatory_name,
        "acting": {"plt": "Plt. ", "plh": "Plh. "}.get(decision.acting, ""),
        "rows": [_decision_row(verdict) for verdict in verdicts],
    }
    cases = [verdict.case for verdict in verdicts]
    return _issue(Paper.DECISION, decision.code, decision.government, content, decision.decided_on, cases, by)


def policy_words(policy):
    """The government's own rules a decision was made under, as the paper cites them."""
    leave = _("termasuk cuti bersama") if policy.joint_leave_is_working else _("tidak termasuk cuti bersama")
    said = {"days": policy.objection_working_days, "leave": leave}
    return _("Masa keberatan %(days)s hari kerja, %(leave)s") % said


def issue_termination(case, by):
    """The termination report (laporan hasil terminasi) of a closed case."""
    day = clock.today(case.government.zone)
    content = {
        "case": case.code,
        "application": case.application.name,
        "register_code": case.application.code,
        "decree_number": case.decree_number,
        "outcome": str(case.get_outcome_display()),
        "target": case.target.name if case.target else "",
        "retired_on": date_format(case.retired_at.astimezone(case.government.zone), "j F Y"),
        "rows": [_step_row(item) for item in case.checklist.in_order()],
        "datasets": [_dataset_row(row) for row in case.datasets.filter(status="verified")],
    }
    number = codes.next_code("LHT", day.year)
    return _issue(Paper.TERMINATION, number, case.government, content, day, [case], by)


def _issue(paper, number, government, content, issued_on, cases, by, amends=None):
    address = secrets.token_hex(ADDRESS_BYTES)
    office = queries.office_name(by.seat_id) or government.name
    head = {**_letterhead(government, office), "number": number, "verification": verification_url(address)}
    head |= {"date": date_format(issued_on, "j F Y"), "day": [issued_on.year, issued_on.month, issued_on.day]}
    document = documents.store_generated(
        render(paper, {**head, **content}, issued_on, address),
        by=by,
        kind=_KINDS[paper],
        name=f"{number}.pdf",
        title=number,
    )
    return IssuedDocument.objects.create(
        paper=paper,
        number=number,
        address=address,
        government=government,
        office_name=office,
        objects_named=[{"case": row.code, "application": row.application.code} for row in cases],
        issued_on=issued_on,
        issued_at=clock.now(),
        document=document,
        sha256=document.sha256,
        amends=amends,
    )


_KINDS = {
    Paper.LETTER: "letter",
    Paper.MINUTES: "minutes",
    Paper.AMENDMENT: "minutes",
    Paper.DECISION: "decision",
    Paper.TERMINATION: "termination",
}


def _letterhead(government, office):
    policy = rules.policy_of(government)
    return {
        "government": government.name,
        "office": office,
        "address": policy.letter_address,
        "letter_place": policy.letter_place,
        "classification": policy.letter_classification,
    }


def _minutes_row(item):
    advised = item.case.recommendation if item.result == "recommended" else None
    return {
        "code": item.case.code,
        "application": item.case.application.name,
        "result": str(advised.get_outcome_display()) if advised else str(item.get_result_display()),
        "target": advised.target.name if advised and advised.target else "",
        "in_absentia": _("OPD pemilik diundang dua kali dan tidak hadir (in absentia).") if item.in_absentia else "",
        "reason": item.reason,
        "departure": _departure(advised),
        "opinions": [
            {"office": row.organization.name, "stance": str(row.get_stance_display()), "text": row.text}
            for row in item.case.opinions.filter(session=item.session_id).select_related("organization")
        ],
    }


def _departure(advised):
    """That the desk went another way than the two axes suggest, and why; empty when it did not."""
    if not advised or not advised.departure:
        return ""
    said = {"suggested": advised.get_suggested_display().lower(), "why": advised.departure}
    return _("Saran rumus: %(suggested)s. Alasan berbeda: %(why)s") % said


def _decision_row(verdict):
    terms = verdict.terms
    return {
        "code": verdict.case.code,
        "application": verdict.case.application.name,
        "register_code": verdict.case.application.code,
        "owner": verdict.case.application.owner.name,
        "outcome": str(dict(type(verdict.case).outcome.field.choices)[verdict.outcome]),
        "target": terms["target"].name if terms["target"] else "",
        "retain_from": terms["retain_from"],
        "conditions": terms["conditions"],
        "reason": verdict.choice.reason,
        "objection_ends_on": date_format(verdict.objection_ends_on, "j F Y") if verdict.objection_ends_on else "",
        "effective_on": date_format(verdict.effective_on, "j F Y") if verdict.effective_on else "",
    }


def _step_row(item):
    return {
        "phase": str(item.get_phase_display()),
        "title": item.title,
        "office": item.responsible.name,
        "status": str(item.get_status_display()),
        "done_by": item.done_by_name,
        "verified_by": item.verified_by_name,
        "sha256": item.evidence.sha256 if item.evidence else "",
    }


def _dataset_row(row):
    until = (
        _("disimpan sampai %(day)s") % {"day": date_format(row.retained_until, "j F Y")} if row.retained_until else ""
    )
    return {
        "name": row.name,
        "fate": str(row.get_fate_display()),
        "destination": ", ".join(said for said in (row.destination, until) if said),
        "sha256": row.certificate.sha256,
        "done_by": row.done_by_name,
        "verified_by": row.verified_by_name,
    }


def _qr(text):
    image = io.BytesIO()
    segno.make(text, error="m").save(image, kind="svg", scale=4, border=2)
    return image.getvalue()
