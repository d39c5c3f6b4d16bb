"""A head names somebody of the office as its reporter for a time; the role ends by its date."""

from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from apps.accounts import rules
from apps.accounts.actor import Actor
from apps.accounts.models import Membership, Organization, Role, User
from apps.accounts.services.memberships import end_held, grant_held
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation


@transaction.atomic
def delegate_reporting(
    person_id: int, *, by: Actor, until: date, reason: str, acting: str = "", decree: str = ""
) -> Membership:
    """The head gives a colleague the operator's role at the head's seat from today until a day; Plt./Plh. by decree."""
    seat = Organization.objects.filter(pk=by.seat_id or 0).first()
    if seat is None or not rules.may_delegate(by, seat):
        raise PermissionDenied
    today = clock.today(seat.zone)
    person = User.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    wrong = {}
    if person is None or not rules.may_be_delegate(by, person):
        wrong["person_id"] = [_("Pilih orang lain yang pernah atau sedang bertugas di kantor Anda.")]
    if not today <= until <= today + timedelta(days=rules.DELEGATED_DAYS_AT_MOST):
        latest = today + timedelta(days=rules.DELEGATED_DAYS_AT_MOST)
        wrong["until"] = [_("Isi tanggal dari hari ini sampai %(day)s.") % {"day": f"{latest:%d-%m-%Y}"}]
    if not reason.strip():
        wrong["reason"] = [_("Tuliskan mengapa pelapor sementara diperlukan.")]
    if wrong or person is None:
        raise ValidationError(wrong)
    row = grant_held(person, Role.OPERATOR, seat, today, until, acting, decree)
    record(by, "membership.delegated", row, organization=seat, reason=reason.strip(), title=person.name,
           person_id=person.pk, until=until, acting=acting, decree=decree.strip())  # fmt: skip
    return row


@transaction.atomic
def recall_delegate(membership_id: int, *, by: Actor, reason: str) -> Membership:
    """The head ends a reporter's role before its day; the role and its keys end at once."""
    row = get_object_or_404(Membership.objects.visible_in_office(by).select_for_update(of=("self",)), pk=membership_id)
    if not rules.may_recall(by, row):
        raise PermissionDenied
    if row.ended_at or not row.ends_on or row.ends_on < clock.today(row.seat.zone):
        raise RuleViolation(_("Hanya penunjukan sementara yang masih berlaku dapat diakhiri di sini."), "wrong_state")
    if not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan mengapa penunjukan diakhiri.")]})
    end_held(row)
    record(by, "membership.recalled", row, organization=row.seat, reason=reason.strip(), title=row.user.name,
           person_id=row.user_id)  # fmt: skip
    return row
