"""Sending the outbox: leased in one transaction, sent in none, noted in another."""

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from time import monotonic
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from apps.accounts.actor import Actor
from apps.core import clock
from apps.core.outbound import Reason, Refused, Unanswered, fetch
from apps.core.patience import wait_after
from apps.webhooks import rules, sealing
from apps.webhooks.models import Attempt, Delivery, Health, Subscription
from apps.webhooks.services.subscriptions import pause_failing

# A question takes ten seconds at most.
LEASE = timedelta(minutes=2)
ABREAST = 8
AGENT = "PortofolioSPBE-Webhook/1.0"
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
_log = logging.getLogger(__name__)
_random = Random()


@dataclass(frozen=True)
class Outcome:
    """What came of one try: a status code, or why there is none."""

    status_code: int | None = None
    why: str = ""
    milliseconds: int | None = None

    @property
    def taken(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300


def send_due(*, seconds: float) -> int:
    """Send what is due, a few addresses abreast and one delivery each, until nothing is or the time is up; how many."""
    started, sent = monotonic(), 0
    with ThreadPoolExecutor(ABREAST) as pool:
        while monotonic() - started < seconds:
            leased = list(_leased(ABREAST))
            if not leased:
                break
            posts = [(row, headers_of(row)) for row in leased]
            for row, outcome in zip(leased, pool.map(lambda one: post(*one), posts), strict=True):
                keep_attempt(row, outcome)
            sent += len(leased)
    return sent


def lease_delivery() -> Delivery | None:
    """Take the longest due delivery whose address is being told nothing else; None when there is none."""
    try:
        with transaction.atomic():
            return _lease()
    except IntegrityError:  # another sender took one for this address in the same instant
        return None


def headers_of(delivery: Delivery) -> dict[str, str] | None:
    """The headers of Standard Webhooks, signed now; None when the secret cannot be read."""
    row, now = delivery.subscription, clock.now()
    kept = [row.secret, *([row.former_secret] if row.former_until and now < row.former_until else [])]
    body, timestamp = delivery.body.encode(), int(now.timestamp())
    try:
        signed = [sealing.signature(sealing.opened(one), str(delivery.pk), timestamp, body) for one in kept]
    except InvalidToken:
        return None
    return {
        "Content-Type": CONTENT_TYPE,
        "webhook-id": str(delivery.pk),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signed),
    }


def post(delivery: Delivery, headers: dict[str, str] | None) -> Outcome:
    """Send it once; touches no table. Nothing of the answer but its status is looked at."""
    if headers is None:
        return Outcome(why=Attempt.Why.SECRET)
    url = delivery.subscription.url
    try:
        answer = fetch(
            url, rules.policy_for(url), method="POST", headers=headers, content=delivery.body.encode(), agent=AGENT
        )
    except Refused as refusal:
        gone = refusal.reason in (Reason.NAME_GONE, Reason.NAME_UNANSWERED)
        return Outcome(why=Attempt.Why.NAME if gone else Attempt.Why.REFUSED)
    except Unanswered as failure:
        return Outcome(why=Attempt.Why(failure.kind))
    taken = 200 <= answer.status < 300
    return Outcome(answer.status, "" if taken else Attempt.Why.STATUS, answer.milliseconds)


@transaction.atomic
def keep_attempt(delivery: Delivery, outcome: Outcome) -> bool:
    """Note what came of it and give the lease back; False when the lease was lost meanwhile and another sender has it."""
    row = Subscription.objects.select_for_update().get(pk=delivery.subscription_id)
    now, mine = clock.now(), Delivery.objects.filter(pk=delivery.pk, leased_until=delivery.leased_until)
    changes: dict[str, Any] = {"leased_until": None, "attempts": delivery.attempts + 1}
    if outcome.taken:
        changes |= {"status": Delivery.Status.SENT, "sent_at": now}
    else:
        changes |= {"due_at": now + wait_after(delivery.attempts + 1, _random)}
        if delivery.attempts + 1 >= rules.MAX_ATTEMPTS or row.status == Subscription.Status.REMOVED:
            changes["status"] = Delivery.Status.DEAD
    if not mine.update(**changes):
        return False
    Attempt.objects.create(
        delivery=delivery, at=now, status_code=outcome.status_code, why=outcome.why, milliseconds=outcome.milliseconds
    )
    _note_health(row, outcome)
    return True


@transaction.atomic
def forget_old() -> int:
    """Drop deliveries that are settled and older than is kept; how many rows."""
    settled = ~Q(status=Delivery.Status.PENDING) | Q(subscription__status=Subscription.Status.REMOVED)
    return Delivery.objects.filter(settled, created_at__lt=clock.now() - rules.KEPT).delete()[0]


def _note_health(row: Subscription, outcome: Outcome) -> None:
    health, now = Health.objects.get(subscription=row), clock.now()
    if outcome.taken:
        health.failing_since, health.answered_at = None, now
    else:
        health.failing_since = health.failing_since or now
        _log.warning("webhook %s not taken (%s %s)", row.code, outcome.why, outcome.status_code or "")
    health.save()
    if health.failing_since and health.failing_since <= now - rules.PAUSED_AFTER:
        pause_failing(row, by=Actor.system())


def _lease() -> Delivery | None:
    now = clock.now()
    Delivery.objects.filter(leased_until__lte=now).update(leased_until=None)
    busy = Delivery.objects.filter(subscription=OuterRef("subscription"), leased_until__isnull=False)
    due = Delivery.objects.filter(
        ~Exists(busy),
        status=Delivery.Status.PENDING,
        due_at__lte=now,
        subscription__status=Subscription.Status.ACTIVE,
    )
    row = (
        due.select_related("subscription").order_by("due_at").select_for_update(of=("self",), skip_locked=True).first()
    )
    if row:
        row.leased_until = now + LEASE
        row.save(update_fields=["leased_until"])
    return row


def _leased(number: int) -> Iterable[Delivery]:
    for _turn in range(number):
        row = lease_delivery()
        if row is None:
            return
        yield row
