"""Giving and ending roles."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from apps.accounts import rules
from apps.accounts.actor import Actor
from apps.accounts.models import ApiToken, Membership, Organization, User
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation


@transaction.atomic
def grant(
    user_id: int,
    *,
    by: Actor,
    role: str,
    seat: Organization,
    starts_on: date,
    ends_on: date | None = None,
    acting: str = "",
    decree: str = "",
) -> Membership:
    """Give a person a role at a seat; nobody gives one to oneself, and an administrator holds no other."""
    if not (rules.may_administer(by, seat) and rules.may_change_person(by, user_id)):
        raise PermissionDenied
    user = User.objects.select_for_update().get(pk=user_id)
    membership = grant_held(user, role, seat, starts_on, ends_on, acting, decree)
    record(
        by,
        "membership.granted",
        membership,
        organization=seat,
        person=user.name,
        person_id=user.pk,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        acting=acting,
        decree=decree,
    )
    return membership


def grant_held(
    user: User, role: str, seat: Organization, starts_on: date, ends_on: date | None, acting: str, decree: str
) -> Membership:
    """The role as a row, once the person's row is held and the giver's right was asked; refuses what no giver may give."""
    _check(seat, starts_on, ends_on, acting, decree)
    if not rules.keeps_administrator_apart(role, user.memberships.all(), starts_on, ends_on):
        raise RuleViolation(
            _("Administrator tidak boleh memegang peran lain. Akhiri dahulu peran yang ada."), "administrator_apart"
        )
    return insert(
        Membership(
            user=user, role=role, seat=seat, scope=rules.scope_of(role, seat), starts_on=starts_on, ends_on=ends_on,
            acting=acting, decree=decree.strip(),
        )
    )  # fmt: skip


def insert(membership: Membership) -> Membership:
    """Save a new role, and say in words which of the database's rules refused it."""
    _wait_for_turn(membership)
    try:
        with transaction.atomic():
            membership.save(force_insert=True)
    except IntegrityError as error:
        if "membership_no_overlap" in str(error):
            raise RuleViolation(
                _("Orang ini sudah memegang peran yang sama di sana pada masa itu."), "membership_overlap"
            ) from error
        if "membership_one_definitive_head" in str(error):
            raise RuleViolation(
                _(
                    "Organisasi ini sudah mempunyai kepala definitif pada masa itu. "
                    "Akhiri dahulu, atau berikan sebagai Plt. atau Plh."
                ),
                "one_definitive_head",
            ) from error
        raise
    return membership


@transaction.atomic
def end_membership(membership_id: int, *, by: Actor, reason: str) -> Membership:
    """End a role now: the next request of the person no longer has it, and its keys stop working."""
    row = get_object_or_404(Membership.objects.visible_to(by).select_for_update(of=("self",)), pk=membership_id)
    if not (rules.may_administer(by, row.seat) and rules.may_change_person(by, row.user_id)):
        raise PermissionDenied
    refuse_ended(row)
    end_held(row)
    record(by, "membership.ended", row, reason=reason, organization=row.seat, person_id=row.user_id, role=row.role)
    return row


def refuse_ended(row: Membership) -> None:
    """RuleViolation where the role is over already."""
    if row.ended_at:
        raise RuleViolation(_("Peran ini sudah diakhiri."), "wrong_state")


def end_held(row: Membership) -> None:
    """The locked role ends now and its keys stop working, once the right to end it was asked."""
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    ApiToken.objects.filter(membership=row, revoked_at__isnull=True).update(revoked_at=row.ended_at)


def _check(seat: Organization, starts_on: date, ends_on: date | None, acting: str, decree: str) -> None:
    wrong = {}
    if seat.active_until:
        wrong["seat"] = [_("Organisasi ini sudah tidak aktif. Pilih organisasi lain.")]
    if ends_on and ends_on < starts_on:
        wrong["ends_on"] = [_("Tanggal akhir mendahului tanggal mulai.")]
    if acting and not decree.strip():
        wrong["decree"] = [_("Plt. dan Plh. memerlukan nomor surat perintah.")]
    if acting and not ends_on:
        wrong["ends_on"] = [_("Plt. dan Plh. memerlukan tanggal akhir.")]
    if wrong:
        raise ValidationError(wrong)


def _wait_for_turn(membership: Membership) -> None:
    """One new role at a time for a seat: two rows under an exclusion constraint may wait for each other for ever."""
    Organization.objects.select_for_update(no_key=True).get(pk=membership.seat_id)
