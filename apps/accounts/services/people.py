"""People: invited, named, let in, shut out."""

import hashlib
import secrets
from datetime import date
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from apps.accounts import rules
from apps.accounts.actor import Actor
from apps.accounts.models import ApiToken, Invitation, Organization, Role, User
from apps.accounts.services.memberships import grant
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation


@transaction.atomic
def invite(
    *,
    by: Actor,
    name: str,
    username: str,
    role: str,
    seat: Organization,
    starts_on: date,
    nip: str = "",
    email: str = "",
    **tenure: Any,
) -> tuple[User, str]:
    """Make an account with its first role; returns it with the invitation's token.

    One NIP is one person: who is known by this NIP only gets the role, and no token.
    """
    if not rules.may_administer(by, seat):
        raise PermissionDenied
    user = User.objects.filter(nip=nip).first() if nip else None
    if user:
        grant(user.pk, by=by, role=role, seat=seat, starts_on=starts_on, **tenure)
        return user, ""
    user = _create(by, seat, name=name, username=username, nip=nip or None, email=email)
    grant(user.pk, by=by, role=role, seat=seat, starts_on=starts_on, **tenure)
    return user, _new_invitation(user)


def _create(by: Actor, seat: Organization, **fields: Any) -> User:
    if User.objects.filter(username=fields["username"].strip().lower()).exists():
        raise ValidationError(
            {"username": [_("Nama masuk ini sudah dipakai. Pilih yang lain, atau isi NIP orang yang dimaksud.")]}
        )
    user = User.objects.create_user(**fields)
    record(by, "person.invited", user, organization=seat, username=user.username)
    return user


@transaction.atomic
def renew_invitation(user_id: int, *, by: Actor) -> str:
    """A new link to set a password, for who lost the first one or forgot the password; older links end."""
    user = _person(user_id, by)
    if not user.is_active:
        raise RuleViolation(_("Akun ini tidak aktif. Aktifkan dahulu."), "wrong_state")
    token = _new_invitation(user)
    record(by, "person.invitation_renewed", user)
    return token


def _new_invitation(user: User) -> str:
    token = secrets.token_urlsafe(32)
    user.invitations.filter(used_at__isnull=True).delete()
    Invitation.objects.create(user=user, token_hash=_digest(token), expires_at=clock.now() + rules.INVITATION_LIFETIME)
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_of(token: str) -> Invitation:
    """The invitation a link stands for; 404 when unknown, used, over, or its account is shut."""
    living = Invitation.objects.filter(used_at__isnull=True, expires_at__gt=clock.now(), user__is_active=True)
    return get_object_or_404(living.select_related("user"), token_hash=_digest(token))


@transaction.atomic
def accept_invitation(token: str, *, password: str) -> User:
    """Set the password by the link, once."""
    found = invitation_of(token)
    invitation = Invitation.objects.select_for_update().get(pk=found.pk)
    if invitation.used_at:
        raise Http404
    _set_password(found.user, password)
    invitation.used_at = clock.now()
    invitation.save(update_fields=["used_at"])
    record(_self(found.user), "person.invitation_accepted", found.user)
    return found.user


@transaction.atomic
def change_password(user_id: int, *, current: str, password: str) -> User:
    """Change the own password; every other session of the person ends."""
    user = User.objects.select_for_update().get(pk=user_id)
    if not user.check_password(current):
        raise ValidationError({"current": [_("Kata sandi yang sekarang tidak cocok.")]})
    if current == password:
        raise ValidationError({"password": [_("Kata sandi baru sama dengan yang lama.")]})
    _set_password(user, password)
    record(_self(user), "person.password_changed", user)
    return user


def _set_password(user: User, password: str) -> None:
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    user.set_password(password)
    user.password_changed_at = clock.now()
    user.save(update_fields=["password", "password_changed_at"])


def _self(user: User) -> Actor:
    return Actor(user.pk, user.name, "person")


@transaction.atomic
def edit_person(user_id: int, *, by: Actor, name: str, username: str, nip: str = "", email: str = "") -> User:
    """Correct a person's name, sign-in name, NIP or address."""
    user = _person(user_id, by)
    taken = User.objects.exclude(pk=user.pk)
    wrong = {}
    if taken.filter(username=username.strip().lower()).exists():
        wrong["username"] = [_("Nama masuk ini sudah dipakai orang lain.")]
    if nip and taken.filter(nip=nip).exists():
        wrong["nip"] = [_("NIP ini milik akun lain.")]
    if wrong:
        raise ValidationError(wrong)
    before = {"name": user.name, "username": user.username, "nip": user.nip, "email": user.email}
    user.name, user.username, user.nip, user.email = name, username.strip().lower(), nip or None, email
    user.save(update_fields=["name", "username", "nip", "email"])
    changed = [field for field, value in before.items() if getattr(user, field) != value]
    record(by, "person.edited", user, changed=changed)
    return user


@transaction.atomic
def deactivate_person(user_id: int, *, by: Actor, reason: str) -> User:
    """Shut an account: its sessions, keys and links end at once; what the person did stays."""
    user = _person(user_id, by)
    if not user.is_active:
        raise RuleViolation(_("Akun ini sudah tidak aktif."), "wrong_state")
    user.is_active = False
    user.save(update_fields=["is_active"])
    ApiToken.objects.filter(membership__user=user, revoked_at__isnull=True).update(revoked_at=clock.now())
    user.invitations.filter(used_at__isnull=True).delete()
    record(by, "person.deactivated", user, reason=reason)
    return user


@transaction.atomic
def reactivate_person(user_id: int, *, by: Actor, reason: str) -> User:
    """Open a shut account again; its keys stay revoked."""
    user = _person(user_id, by)
    if user.is_active:
        raise RuleViolation(_("Akun ini masih aktif."), "wrong_state")
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(by, "person.reactivated", user, reason=reason)
    return user


def _person(user_id: int, by: Actor) -> User:
    """The person, locked; 404 outside the administrator's government, 403 for who may not."""
    visible = User.objects.visible_to(by).filter(Q(pk=user_id)).values("pk")
    user = get_object_or_404(User.objects.select_for_update(), pk__in=visible)
    if not rules.may_change_person(by, user.pk):
        raise PermissionDenied
    return user


def choose_theme(user_id: int, theme: str) -> None:
    """Remember light or dark with the account, for the next device."""
    User.objects.filter(pk=user_id).update(theme=theme)


def note_sign_in(user: User, *, by: Actor) -> None:
    """Put a sign-in on the trail."""
    record(by if by.is_authenticated else _self(user), "person.signed_in", user)


@transaction.atomic
def create_administrator(government: Organization, *, username: str, name: str, email: str = "") -> tuple[User, str]:
    """The first administrator of a government, by the command line; returns the account and its invitation's token."""
    today = clock.today(government.zone)
    return invite(
        by=Actor.system(),
        name=name,
        username=username,
        email=email,
        role=Role.ADMINISTRATOR,
        seat=government,
        starts_on=today,
    )
