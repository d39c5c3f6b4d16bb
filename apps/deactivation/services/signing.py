"""Attaching what came back signed to Berita Acara and decision; the issued paper stays the original."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.deactivation import rules
from apps.deactivation.models import Decision, DeskSession, SignedCopy
from apps.deactivation.services.acts import allow
from apps.documents.services import open_file


@transaction.atomic
def attach_signed_minutes(session_id, *, by, number, kind, evidence):
    """The signed Berita Acara of a session, or of an amendment: `number` says which."""
    session = DeskSession.objects.visible_to(by).locked(session_id)
    allow(rules.may_attach_signed(by, session.government_id))
    minutes = session.minutes.filter(issued__number=number).select_related("issued").first()
    if minutes is None:
        raise RuleViolation(_("Berita Acara bernomor ini belum terbit di sesi ini."), code="wrong_state")
    copy = _attach(minutes.issued, by, kind, evidence)
    _tell(by, "session.signed_copy_attached", session, copy)
    return copy


@transaction.atomic
def attach_signed_decision(decision_id, *, by, kind, evidence):
    """The signed decision letter."""
    seen = Decision.objects.visible_to(by).filter(code=decision_id).values("pk")
    decision = Decision.objects.filter(pk__in=seen).select_related("issued", "government").first()
    if decision is None:
        raise Http404
    allow(rules.may_attach_signed(by, decision.government_id))
    copy = _attach(decision.issued, by, kind, evidence)
    _tell(by, "decision.signed_copy_attached", decision, copy)
    return copy


def _attach(issued, by, kind, evidence):
    if kind not in SignedCopy.Kind.values:
        raise ValidationError({"kind": [_("Pilih pindaian atau PDF bertanda tangan elektronik.")]})
    if evidence is None:
        raise ValidationError({"evidence": [_("Unggah berkas yang sudah ditandatangani.")]})
    _demand_signed(issued, kind, evidence)
    if issued.signed_copies.filter(sha256=evidence.sha256).exists():
        raise RuleViolation(_("Berkas yang sama sudah dilampirkan."), code="attached_before")
    return SignedCopy.objects.create(
        issued=issued,
        kind=kind,
        document=evidence,
        sha256=evidence.sha256,
        person_id=by.person_id,
        person_name=by.name,
        attached_at=clock.now(),
    )


def _demand_signed(issued, kind, evidence):
    """Not the original itself; PDF or picture; an electronic one carries a signature, whose truth is not ours to judge."""
    message = ""
    if evidence.sha256 == issued.sha256:
        message = _("Ini berkas asli yang belum ditandatangani. Unggah yang sudah ditandatangani.")
    elif evidence.content_type not in rules.SIGNED_TYPES[kind]:
        message = _("Unggah PDF, atau untuk pindaian juga PNG dan JPG.")
    elif kind == SignedCopy.Kind.ELECTRONIC and not _carries_signature(evidence):
        message = _("PDF ini tidak memuat tanda tangan elektronik. Unggah hasil unduhan dari layanan tanda tangan.")
    if message:
        raise ValidationError({"evidence": [message]})


def _carries_signature(evidence):
    with open_file(evidence) as file:
        return rules.SIGNATURE_MARK in file.read()


def _tell(by, verb, row, copy):
    said = {"number": copy.issued.number, "kind": copy.kind, "sha256": copy.sha256}
    record(by, verb, row, organization=row.government, **said)
