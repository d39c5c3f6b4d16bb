"""Subscriptions: made, changed, paused, given a new secret, removed."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from apps.accounts import rules as accounts
from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core import clock, codes
from apps.core.errors import RuleViolation
from apps.core.outbound import Reason, Refused, examine
from apps.webhooks import rules, sealing
from apps.webhooks.models import LONGEST_URL, Delivery, Health, Subscription

Status = Subscription.Status


def subscribe(
    *, by: Any, organization: Organization, name: str, url: str, types: list[str]
) -> tuple[Subscription, str]:
    """Send chosen kinds of events to an address from now on; the secret is shown once, here."""
    if not accounts.may_administer(by, organization):
        raise PermissionDenied
    _check(name, types, _refused(url))
    return _subscribe(by=by, organization=organization, name=name, url=url, types=types)


def edit_subscription(code: str, *, by: Any, version: int, **values: Any) -> Subscription:
    """Another name, address or choice of events; what waits goes to the new address."""
    seen = Subscription.objects.visible_to(by)
    _may_manage(by, get_object_or_404(seen.named(code)))
    # A name server may take seconds to answer, and the sender needs the row.
    refused = _refused(values["url"]) if "url" in values else ""
    return _edit(code, by=by, version=version, values=values, refused=refused)


@transaction.atomic
def _subscribe(
    *, by: Any, organization: Organization, name: str, url: str, types: list[str]
) -> tuple[Subscription, str]:
    secret = sealing.new_secret()
    row = Subscription(
        code=codes.next_code("WHK", clock.now().year),
        organization=organization,
        name=name.strip(),
        url=url,
        types=sorted(types),
        secret=sealing.sealed(secret),
        created_by_id=by.person_id,
    )
    row.save()
    Health.objects.create(subscription=row)
    record(by, "webhook.subscribed", row, organization=organization, host=_host(url), types=row.types)
    return row, secret


@transaction.atomic
def _edit(code: str, *, by: Any, version: int, values: dict[str, Any], refused: str) -> Subscription:
    row = _locked(code, by, version)
    said = {"name": row.name, "url": row.url, "types": row.types, **values}
    _check(said["name"], said["types"], refused)
    before = {name: getattr(row, name) for name in said}
    row.name, row.url, row.types = said["name"].strip(), said["url"], sorted(said["types"])
    changed = [name for name, value in before.items() if value != getattr(row, name)]
    if changed:
        row.save()
        record(by, "webhook.edited", row, organization=row.organization, host=_host(row.url), fields=changed)
    return row


@transaction.atomic
def rotate_secret(code: str, *, by: Any, version: int) -> tuple[Subscription, str]:
    """A new secret, shown once; for a day the former one signs beside it."""
    row = _locked(code, by, version)
    secret = sealing.new_secret()
    row.former_secret, row.former_until = row.secret, clock.now() + rules.FORMER_SECRET_LIVES
    row.secret = sealing.sealed(secret)
    row.save()
    record(by, "webhook.secret_rotated", row, organization=row.organization)
    return row, secret


@transaction.atomic
def pause(code: str, *, by: Any, version: int) -> Subscription:
    """Send nothing and note nothing new until it goes on; what waits stays."""
    row = _locked(code, by, version)
    row.move_to(Status.PAUSED)
    row.save()
    record(by, "webhook.paused", row, organization=row.organization)
    return row


@transaction.atomic
def resume(code: str, *, by: Any, version: int) -> Subscription:
    """Go on with what waits and with what happens from now on."""
    row = _locked(code, by, version)
    row.move_to(Status.ACTIVE)
    row.save()
    Health.objects.filter(subscription=row).update(failing_since=None)
    row.deliveries.filter(status=Delivery.Status.PENDING).update(due_at=clock.now())
    record(by, "webhook.resumed", row, organization=row.organization)
    return row


@transaction.atomic
def remove(code: str, *, by: Any, version: int) -> None:
    """End it for good: nothing waiting is sent, the secret is forgotten."""
    row = _locked(code, by, version)
    row.move_to(Status.REMOVED)
    row.secret = row.former_secret = ""
    row.save()
    row.deliveries.filter(status=Delivery.Status.PENDING).update(status=Delivery.Status.DEAD)
    record(by, "webhook.removed", row, organization=row.organization)


def pause_failing(row: Subscription, *, by: Any) -> None:
    """The clock pauses an address that has not taken anything for days; administrators are told. Within the sender's act."""
    if row.status != Status.ACTIVE:
        return
    row.move_to(Status.PAUSED)
    row.save()
    record(by, "webhook.failing", row, organization=row.organization, days=rules.PAUSED_AFTER.days)


def _locked(code: str, by: Any, version: int) -> Subscription:
    seen = Subscription.objects.visible_to(by)
    _may_manage(by, seen.locked(code))
    return seen.locked(code, version)


def _may_manage(by: Any, row: Subscription) -> None:
    if not rules.may_manage(by, row):
        raise PermissionDenied


def _check(name: str, types: list[str], refused: str) -> None:
    wrong = {}
    if not name.strip():
        wrong["name"] = [_("Beri nama sistem yang menerimanya.")]
    if not types or set(types) - set(rules.TYPES):
        wrong["types"] = [_("Pilih paling sedikit satu peristiwa dari daftar.")]
    if refused:
        wrong["url"] = [refused]
    if wrong:
        raise ValidationError(wrong)


def _refused(url: str) -> str:
    """Why nothing may be sent there, in words; "" when it may."""
    if len(url) > LONGEST_URL:
        return _("Alamat paling panjang %(n)s karakter.") % {"n": LONGEST_URL}
    try:
        examine(url, rules.policy_for(url))
    except Refused as refusal:
        return _words(refusal.reason, url)
    return ""


def _words(reason: Reason, url: str) -> str:
    if reason in (Reason.SYNTAX, Reason.HOST, Reason.SCHEME, Reason.CREDENTIALS):
        return _("Tulis alamat lengkap seperti https://sistem.example.go.id/terima, tanpa nama masuk di dalamnya.")
    if reason in (Reason.NAME_GONE, Reason.NAME_UNANSWERED):
        return _("Nama hostnya tidak ditemukan. Periksa ejaannya, atau coba lagi setelah namanya terpasang.")
    if not url.lower().startswith("https:"):
        return _("Pakai https. Alamat http hanya untuk jaringan dalam yang dibuka pengelola server.")
    return _("Alamat ini ada di jaringan dalam atau pada porta lain. Minta pengelola server membukanya dahulu.")


def _host(url: str) -> str:
    """The trail names the host alone: a path or a query may carry what only the receiver should know."""
    return urlsplit(url).hostname or ""


def demand_active(row: Subscription) -> None:
    """RuleViolation while it is paused."""
    if row.status != Status.ACTIVE:
        raise RuleViolation(_("Langganan ini dijeda. Lanjutkan dahulu."), code="wrong_state")
