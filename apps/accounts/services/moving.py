"""Roles that change hands: moved with an office to its successor, handed over by who leaves."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from apps.accounts import rules
from apps.accounts.actor import Actor
from apps.accounts.models import ApiToken, Membership, Organization, User
from apps.accounts.services.memberships import end_held, insert, refuse_ended
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation


@transaction.atomic
def move_membership(membership: Membership, *, to: Organization, by: Actor, on: date, reason: str) -> Membership | None:
    """End a role at its seat and give it at `to` from `on`; None where the successor has that role filled already.

    Keys that act in the role go along with it, and are revoked where it ends.
    """
    if not (rules.may_administer(by, membership.seat) and rules.may_administer(by, to)):
        raise PermissionDenied
    now = clock.now()
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    moved = _again_at(membership, to, on)
    living = ApiToken.objects.filter(membership=membership, revoked_at__isnull=True)
    if moved:
        living.update(membership=moved, organization=to)
    else:
        living.update(revoked_at=now)
    record(by, "membership.moved", membership, organization=to, reason=reason, person_id=membership.user_id,
           role=membership.role, former=membership.seat.code, granted=moved.pk if moved else None)  # fmt: skip
    return moved


@transaction.atomic
def move_keys(office: Organization, *, to: Organization, by: Actor) -> int:
    """Keys of systems that belong to a dissolved office belong to its successor."""
    if not rules.may_administer(by, office):
        raise PermissionDenied
    return ApiToken.objects.filter(organization=office, membership=None, revoked_at__isnull=True).update(
        organization=to
    )


@transaction.atomic
def hand_over(membership_id: int, *, by: Actor, successor_id: int, reason: str) -> tuple[Membership, Membership]:
    """Who leaves hands the role to a successor: it ends now with its keys, the successor holds it from today.

    By an administrator for anybody, by the head of the office for its operators. Answers with both memberships.
    """
    row = get_object_or_404(Membership.objects.visible_in_office(by).select_for_update(of=("self",)), pk=membership_id)
    if not rules.may_hand_over(by, row):
        raise PermissionDenied
    refuse_ended(row)
    successor = User.objects.filter(pk=successor_id, is_active=True).exclude(pk=row.user_id).first()
    if successor is None or not rules.may_succeed(by, row, successor):
        raise ValidationError(
            {"successor": [_("Pilih penerus: orang lain yang akunnya aktif di pemerintah daerah ini.")]}
        )
    if not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan mengapa peran diserahkan.")]})
    end_held(row)
    heir = _held_by(successor, row) or _given_to(successor, row)
    record(by, "membership.handed_over", row, organization=row.seat, reason=reason.strip(), person_id=row.user_id,
           role=row.role, successor=successor.name, successor_id=successor.pk)  # fmt: skip
    return row, heir


def _again_at(membership: Membership, to: Organization, on: date) -> Membership | None:
    """The same tenure at the new seat, as far as nobody's definitive tenure there and no same role stands against it."""
    starts = max(on, membership.starts_on)
    overlapping = Membership.objects.filter(seat=to, role=membership.role, ended_at__isnull=True).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=starts)
    )
    if membership.ends_on:
        overlapping = overlapping.filter(starts_on__lte=membership.ends_on)
    same = Q(user=membership.user_id)
    if membership.role == "agency_head" and not membership.acting:
        same |= Q(acting="")
    if overlapping.filter(same).exists():
        return None
    return insert(
        Membership(
            user_id=membership.user_id, role=membership.role, seat=to, scope=rules.scope_of(membership.role, to),
            starts_on=starts, ends_on=membership.ends_on, acting=membership.acting, decree=membership.decree,
        )
    )  # fmt: skip


def _held_by(successor: User, row: Membership) -> Membership | None:
    today = clock.today(row.seat.zone)
    held = successor.memberships.filter(role=row.role, seat=row.seat, scope=row.scope, ended_at__isnull=True)
    return next((membership for membership in held.order_by("pk") if membership.in_force(today)), None)


def _given_to(successor: User, row: Membership) -> Membership:
    today = clock.today(row.seat.zone)
    if not rules.keeps_administrator_apart(row.role, successor.memberships.all(), today, row.ends_on):
        raise RuleViolation(
            _("Administrator tidak boleh memegang peran lain. Pilih penerus lain."), "administrator_apart"
        )
    planned = successor.memberships.filter(role=row.role, seat=row.seat, ended_at__isnull=True, starts_on__gt=today)
    until = planned.order_by("starts_on").values_list("starts_on", flat=True).first()
    if until:
        raise RuleViolation(
            _("%(name)s sudah ditunjuk untuk peran ini mulai %(day)s. Ubah dahulu tanggal itu.")
            % {"name": successor.name, "day": until},
            "membership_overlap",
        )
    return insert(
        Membership(
            user=successor, role=row.role, seat=row.seat, scope=row.scope, starts_on=today, ends_on=row.ends_on,
            acting=row.acting, decree=row.decree,
        )
    )  # fmt: skip
