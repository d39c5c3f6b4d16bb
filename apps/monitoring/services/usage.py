"""Daily counters that applications push themselves, or their owner uploads."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.inventory.models import Application
from apps.monitoring import queries, rules
from apps.monitoring.models import Period, UsageSample, UsageToken

# As submissions do: nothing received in time is overlooked by a close that begins meanwhile.
_HELD = """SELECT * FROM monitoring_period WHERE government_id = %s AND status IN ('scheduled', 'open', 'closing')
ORDER BY id FOR SHARE"""
COUNTED = ("active_users", "transactions", "data_bytes")


@dataclass(frozen=True)
class Received:
    """Of which record how many days were kept, and which came after their quarter's window was over."""

    application: Application
    kept: int
    too_late: list[date]


@transaction.atomic
def create_usage_token(application_key: int | str, *, by: Any) -> tuple[UsageToken, str]:
    """A key for one application's counters; the plain key is shown once and never stored."""
    application = Application.objects.visible_to(by).locked(application_key)
    if not rules.may_keep_counters(by, application):
        raise PermissionDenied
    plain = "spbe_u_" + secrets.token_urlsafe(32)
    ends = clock.now() + timedelta(days=rules.USAGE_TOKEN_DAYS)
    token = UsageToken.objects.create(
        application=application, token_hash=hash_of(plain), prefix=plain[:12], expires_at=ends
    )
    record(by, "usage_token.created", application, organization=application.owner, prefix=token.prefix)
    return token, plain


@transaction.atomic
def revoke_usage_token(token_id: int, *, by: Any) -> UsageToken:
    """End a key at once."""
    token = UsageToken.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=token_id).first()
    if token is None:
        raise Http404
    if not rules.may_keep_counters(by, token.application):
        raise PermissionDenied
    if token.revoked_at:
        raise RuleViolation(_("Kunci ini sudah dicabut."), code="wrong_state")
    token.revoked_at = clock.now()
    token.save()
    record(by, "usage_token.revoked", token.application, organization=token.application.owner, prefix=token.prefix)
    return token


@transaction.atomic
def receive_usage(application: Application, samples: list[dict[str, Any]], token: UsageToken | None = None) -> Received:
    """Keep a batch of days, each once: a day sent again replaces what was known of it.

    Days of a quarter whose window is over are left as they were received in time: they are evidence now. Under the key
    of a record merged into another they count for the survivor; a day that several keys may then tell keeps the most
    said of it, so that one installation's silence hides nobody's use of the other.
    """
    application = application.merged_into or application
    if application.merged_from.exists():
        Application.objects.locked(application.pk)
        samples = at_least_as_known(application, samples)
    received = _keep(application, samples, UsageSample.Source.PUSHED)
    if token:
        UsageToken.objects.filter(pk=token.pk).update(last_used_at=clock.now())
    return received


@transaction.atomic
def upload_usage(application_key: int | str, samples: list[dict[str, Any]], *, by: Any) -> Received:
    """Keep the days of a sheet the owner uploads; each says that it did not come from the application itself."""
    application = Application.objects.visible_to(by).locked(application_key)
    if not rules.may_keep_counters(by, application):
        raise PermissionDenied
    received = _keep(application, samples, UsageSample.Source.UPLOADED)
    checksum = hashlib.sha256(json.dumps(samples, sort_keys=True, default=str).encode()).hexdigest()
    record(by, "usage.uploaded", application, organization=application.owner, kept=received.kept,
           too_late=len(received.too_late), checksum=checksum)  # fmt: skip
    return received


def hold_periods(government_id: int) -> None:
    """No close begins until the transaction ends: days kept meanwhile are not overlooked."""
    list(Period.objects.raw(_HELD, [government_id]))


def at_least_as_known(application: Application, samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The days with the greater of what they say and what is known already; the record is locked meanwhile."""
    days = [sample["day"] for sample in samples]
    known = UsageSample.objects.filter(application=application, day__in=days).values("day", *COUNTED)
    rows = {row.pop("day"): row for row in known}
    return [{**sample, **_greatest(sample, rows.get(sample["day"], {}))} for sample in samples]


def _greatest(said: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    found = {name: [row[name] for row in (said, known) if row.get(name) is not None] for name in COUNTED}
    return {name: max(numbers) for name, numbers in found.items() if numbers}


def hash_of(plain: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(plain.encode()).hexdigest()


def _keep(application: Application, samples: list[dict[str, Any]], source: str) -> Received:
    hold_periods(application.government_id)
    received_at = clock.now()
    _refuse_unreadable(received_at.astimezone(application.government.zone).date(), samples)
    ended = queries.last_ended(application.government_id, received_at)
    late = [sample["day"] for sample in samples if ended and sample["day"] <= ended.quarter_value.ends_on]
    rows = [
        UsageSample(application=application, received_at=received_at, source=source, **sample)
        for sample in sorted(samples, key=lambda sample: sample["day"])
        if sample["day"] not in late
    ]
    UsageSample.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["application", "day"],
        update_fields=["active_users", "transactions", "data_bytes", "source", "received_at"],
    )
    return Received(application, len(rows), sorted(late))


def _refuse_unreadable(today: date, samples: list[dict[str, Any]]) -> None:
    if any(sample["day"] > today for sample in samples):
        raise ValidationError({"day": [_("Tanggal pencacah tidak boleh di masa depan.")]})
    days = [sample["day"] for sample in samples]
    if len(set(days)) != len(days):
        raise ValidationError({"day": [_("Satu tanggal hanya boleh sekali dalam satu kiriman.")]})
