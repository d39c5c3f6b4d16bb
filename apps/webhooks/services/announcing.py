"""Reading the trail once and writing what each subscription is told of it."""

import uuid
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404

from apps.accounts.models import Organization
from apps.audit.models import Event
from apps.audit.services import claim_unread, record
from apps.core import clock
from apps.inventory.models import Application
from apps.webhooks import rules
from apps.webhooks.models import Delivery, Reading, Subscription
from apps.webhooks.services.subscriptions import demand_active

BATCH = 200
PUBLIC = [*Application.PUBLIC_STATUSES, Application.Status.MERGED]


@transaction.atomic
def announce_some() -> int:
    """Read some events nobody was announced of yet and write the deliveries; the number read, 0 when all are read."""
    claimed = claim_unread(Reading, BATCH, list(rules.BY_VERB))
    subscriptions = list(Subscription.objects.filter(status=Subscription.Status.ACTIVE).select_related("organization"))
    if subscriptions:
        events = list(Event.objects.filter(pk__in=claimed).order_by("pk"))
        known = _public_codes(events)
        for event in events:
            _announce(event, rules.BY_VERB[event.verb], known, subscriptions)
    return len(claimed)


@transaction.atomic
def try_out(code: str, *, by: Any) -> Delivery:
    """Send a ping that says nothing, with the next tick."""
    row = Subscription.objects.visible_to(by).locked(code)
    if not rules.may_manage(by, row):
        raise PermissionDenied
    demand_active(row)
    said = {"code": row.code, "url": f"{settings.BASE_URL}/api/v1/webhooks/{row.code}/"}
    delivery = _delivery(row, rules.PING, row.code, clock.now(), said)
    delivery.save(force_insert=True)
    record(by, "webhook.tried", row, organization=row.organization)
    return delivery


@transaction.atomic
def replay(code: str, delivery_id: Any, *, by: Any) -> Delivery:
    """Send a delivery again from the start, under the same id; RuleViolation while the subscription is paused."""
    row = Subscription.objects.visible_to(by).locked(code)
    delivery = get_object_or_404(row.deliveries.select_for_update(of=("self",)), pk=delivery_id)
    if not rules.may_manage(by, row):
        raise PermissionDenied
    demand_active(row)
    delivery.status, delivery.attempts, delivery.due_at = Delivery.Status.PENDING, 0, clock.now()
    delivery.sent_at = None
    delivery.save(update_fields=["status", "attempts", "due_at", "sent_at"])
    record(by, "webhook.replayed", row, organization=row.organization, delivery=str(delivery.pk))
    return delivery


def _announce(event: Event, kind: rules.Announced, known: set[str], subscriptions: list[Subscription]) -> None:
    is_application = kind.link == rules.APPLICATION
    if is_application and event.subject_code not in known:
        return
    subject = _subject(event, kind)
    said = {"code": subject, "url": settings.BASE_URL + kind.link.format(subject=subject)}
    told = [
        _delivery(row, kind.type, subject, event.at, said, event) for row in subscriptions if _hears(row, event, kind)
    ]
    Delivery.objects.bulk_create(told)


def _public_codes(events: list[Event]) -> set[str]:
    """Of the records spoken of those anybody may know: a draft or a refused one has no code outside."""
    codes = {event.subject_code for event in events if event.subject_type == "inventory.application"}
    known = Application.objects.filter(code__in=codes, status__in=PUBLIC).values_list("code", flat=True)
    return {code for code in known if code}


def _subject(event: Event, kind: rules.Announced) -> str:
    if kind.link in (rules.APPLICATION, rules.CASE):
        return event.subject_code
    return str(event.details.get("quarter", ""))


def _hears(row: Subscription, event: Event, kind: rules.Announced) -> bool:
    """Chosen, of the own government, since it was subscribed; of cases only the office and its government."""
    if kind.type not in row.types or event.at < row.created_at:
        return False
    if row.organization.government_or_self.pk != event.government_id:
        return False
    if not kind.inside or row.organization.kind == Organization.Kind.GOVERNMENT:
        return True
    office = event.organization_id
    return office is not None and Organization.objects.within(row.organization_id).filter(pk=office).exists()


def _delivery(
    row: Subscription, type_: str, subject: str, at: datetime, said: dict[str, str], event: Event | None = None
) -> Delivery:
    """A CloudEvent 1.0 in structured mode; its text stays as it is through all tries."""
    key = uuid.uuid4()
    body = {
        "specversion": "1.0",
        "id": str(key),
        "source": settings.BASE_URL,
        "type": type_,
        **({"subject": subject} if subject else {}),
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "data": {name: value for name, value in said.items() if value},
    }
    return Delivery(
        pk=key, subscription=row, event=event, type=type_, subject=subject, body=orjson.dumps(body).decode()
    )
