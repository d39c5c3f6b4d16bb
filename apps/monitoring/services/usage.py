"""Daily counters that applications push themselves."""

import hashlib
import secrets
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.inventory import rules as inventory_rules
from apps.inventory.models import Application
from apps.monitoring import queries
from apps.monitoring.models import UsageSample, UsageToken


@transaction.atomic
def create_usage_token(application_key: int | str, *, by: Any) -> tuple[UsageToken, str]:
    """A key for one application's counters; the plain key is shown once and never stored."""
    application = Application.objects.visible_to(by).locked(application_key)
    if not inventory_rules.may_edit(by, application):
        raise PermissionDenied
    plain = "spbe_u_" + secrets.token_urlsafe(32)
    token = UsageToken.objects.create(application=application, token_hash=hash_of(plain), prefix=plain[:12])
    record(by, "usage_token.created", application, organization=application.owner, prefix=token.prefix)
    return token, plain


@transaction.atomic
def revoke_usage_token(token_id: int, *, by: Any) -> UsageToken:
    """End a key at once."""
    token = UsageToken.objects.select_for_update().get(pk=token_id)
    if not inventory_rules.may_edit(by, token.application):
        raise PermissionDenied
    token.revoked_at = clock.now()
    token.save()
    record(by, "usage_token.revoked", token.application, organization=token.application.owner, prefix=token.prefix)
    return token


@transaction.atomic
def receive_usage(application: Application, samples: list[dict[str, Any]], token: UsageToken | None = None) -> int:
    """Keep a batch of days, each once, and say how many: a day sent again replaces what was known of it.

    Days of a quarter whose window is over are left as they were received in time: they are evidence now.
    """
    today = clock.today(application.government.zone)
    _refuse_future(today, samples)
    received_at = clock.now()
    ended = queries.last_ended(application.government_id, received_at)
    still = [sample for sample in samples if ended is None or sample["day"] > ended.quarter_value.ends_on]
    rows = [UsageSample(application=application, received_at=received_at, **sample) for sample in still]
    UsageSample.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["application", "day"],
        update_fields=["active_users", "transactions", "data_bytes", "received_at"],
    )
    if token:
        UsageToken.objects.filter(pk=token.pk).update(last_used_at=clock.now())
    return len(rows)


def hash_of(plain: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(plain.encode()).hexdigest()


def _refuse_future(today: date, samples: list[dict[str, Any]]) -> None:
    if any(sample["day"] > today for sample in samples):
        raise ValidationError({"day": [_("Tanggal pencacah tidak boleh di masa depan.")]})
    days = [sample["day"] for sample in samples]
    if len(set(days)) != len(days):
        raise ValidationError({"day": [_("Satu tanggal hanya boleh sekali dalam satu kiriman.")]})
