"""Keys for REST clients: made, used, revoked."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from apps.accounts import rules
from apps.accounts.actor import Actor
from apps.accounts.models import ApiToken, Membership, Organization
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation

PREFIX = "spbe_"
NOTE_USE_EVERY = timedelta(minutes=1)


def token_hash(key: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def create_token(
    *,
    by: Actor,
    name: str,
    organization: Organization,
    scopes: list[str],
    expires_at: datetime,
    membership: Membership | None = None,
) -> tuple[ApiToken, str]:
    """Make a key; it is shown once, here. A key that writes acts as a membership, never as nobody."""
    if not rules.may_administer(by, organization):
        raise PermissionDenied
    _check(scopes, expires_at, membership, by)
    key = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        name=name,
        organization=organization,
        membership=membership,
        scopes=sorted(scopes),
        expires_at=expires_at,
        token_hash=token_hash(key),
        prefix=key[:12],
        created_by_id=by.person_id,
    )
    record(
        by,
        "token.created",
        token,
        organization=organization,
        scopes=token.scopes,
        expires_at=expires_at,
        membership=membership.pk if membership else None,
    )
    return token, key


@transaction.atomic
def revoke_token(token_id: int, *, by: Actor, reason: str = "") -> ApiToken:
    """Stop a key at once."""
    token = get_object_or_404(ApiToken.objects.visible_to(by).select_for_update(of=("self",)), pk=token_id)
    if not rules.may_administer(by, token.organization):
        raise PermissionDenied
    if token.revoked_at:
        raise RuleViolation(_("Token ini sudah dicabut."), "wrong_state")
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    record(by, "token.revoked", token, reason=reason, organization=token.organization)
    return token


def note_use(token: ApiToken, moment: datetime) -> None:
    """Remember that a key was used at this moment, at most once a minute."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=moment - NOTE_USE_EVERY)
    if token.last_used_at is None or token.last_used_at < moment - NOTE_USE_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=moment)


def _check(scopes: list[str], expires_at: datetime, membership: Membership | None, by: Actor) -> None:
    now = clock.now()
    wrong = {}
    if not scopes:
        wrong["scopes"] = [_("Pilih paling sedikit satu lingkup.")]
    if not now < expires_at <= now + rules.TOKEN_LIFETIME_AT_MOST:
        wrong["expires_at"] = [_("Masa berlaku harus di waktu mendatang dan paling lama satu tahun.")]
    if ApiToken.Scope.WRITE in scopes and membership is None:
        wrong["membership"] = [_("Token yang menulis harus berbuat sebagai seseorang dalam perannya. Pilih perannya.")]
    if membership is not None and membership.user_id == by.person_id:
        wrong["membership"] = [_("Anda tidak dapat membuat token untuk peran Anda sendiri.")]
    if wrong:
        raise ValidationError(wrong)
