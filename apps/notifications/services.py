"""Telling people of events, and sending the outbox."""

import hashlib
import logging
import secrets
import smtplib
from random import Random
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import Membership, Organization, User
from apps.audit.models import Event
from apps.audit.services import claim_unread, record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.patience import wait_after
from apps.notifications import queries, rules
from apps.notifications.models import CalendarFeed, Delivery, Notification, Reading

BATCH = 200
ADMINISTRATOR = "administrator"
_log = logging.getLogger(__name__)
_random = Random()


@transaction.atomic
def tell_some() -> int:
    """Read some events nobody was told of and tell them; the number read, 0 when all are read."""
    claimed = claim_unread(Reading, BATCH)
    for event in Event.objects.filter(pk__in=claimed, verb__in=rules.TELLINGS).order_by("pk"):
        _tell(event)
    return len(claimed)


def _tell(event: Event) -> None:
    telling = rules.TELLINGS[event.verb]
    words = rules.words_of(event.subject_code, event.details)
    said = {
        "subject": str(telling.subject) % words,
        "text": rules.text_of(telling, event.reason),
        "path": rules.path_of(telling, words),
    }
    for member in _audience(event, telling):
        note, new = Notification.objects.get_or_create(event=event, person_id=member.user_id, defaults=said)
        if new and member.user.email:
            Delivery.objects.create(
                key=f"event-{event.pk}-person-{member.user_id}", notification=note, address=member.user.email
            )


def _audience(event: Event, telling: rules.Telling) -> list[Membership]:
    """The persons told, each once and never who did it."""
    above = _with_those_above(event.organization_id)
    government = Organization.objects.filter(Q(pk=event.government_id) | Q(government_id=event.government_id))
    chosen = Q(role__in=telling.office, scope_id__in=above) | Q(
        role__in=telling.wide, scope_id__in=government.values("pk")
    )
    zone = Organization.objects.filter(pk=event.government_id or 0).first()
    if zone is None:
        return []
    members = Membership.objects.current(clock.today(zone.zone)).filter(chosen, user__is_active=True)
    if telling.personal:
        members = members.filter(user=event.details["person"])
    return list(
        members.exclude(user_id=event.actor_id or 0)
        .order_by("user_id", "pk")
        .distinct("user_id")
        .select_related("user")
    )


def _with_those_above(organization_id: int | None) -> list[int]:
    found: list[int] = []
    while organization_id is not None:
        found.append(organization_id)
        organization_id = Organization.objects.values_list("parent_id", flat=True).get(pk=organization_id)
    return found


@transaction.atomic
def send_one() -> bool:
    """Send one due mail; False when none is due. A mail a rival holds is passed over."""
    due = Delivery.objects.filter(status=Delivery.Status.PENDING, due_at__lte=clock.now())
    row = (
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("notification__event")
        .order_by("due_at")
        .first()
    )
    if row is None:
        return False
    try:
        _message(row).send()
    except (OSError, smtplib.SMTPException) as error:
        _put_off(row, error)
    else:
        row.status, row.sent_at, row.attempts = Delivery.Status.SENT, clock.now(), row.attempts + 1
    row.save()
    return True


def _message(row: Delivery) -> EmailMessage:
    note = row.notification
    body = f"{note.subject}\n\n{note.text}\n\n{settings.BASE_URL}{note.path}\n"
    mail = EmailMessage(note.subject, body, to=[row.address], headers={"Message-ID": f"<{row.key}@portofolio-spbe>"})
    for attached in queries.attachments(note.event):
        mail.attach(*attached)
    return mail


def _put_off(row: Delivery, error: Exception) -> None:
    row.attempts += 1
    row.last_error = type(error).__name__
    row.due_at = clock.now() + wait_after(row.attempts, _random)
    if row.attempts >= rules.MAX_ATTEMPTS:
        row.status = Delivery.Status.DEAD
    _log.warning("mail %s not sent (%s), attempt %s", row.key, row.last_error, row.attempts)


@transaction.atomic
def requeue(delivery_id: int, *, by: Any) -> Delivery:
    """Try a dead mail again from the start; for administrators."""
    row = Delivery.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=delivery_id).first()
    if row is None:
        raise Http404
    if not by.has_role(ADMINISTRATOR):
        raise PermissionDenied
    if row.status != Delivery.Status.DEAD:
        raise RuleViolation(_("Surat elektronik ini tidak gagal; tidak ada yang perlu diulang."), code="wrong_state")
    row.status, row.attempts, row.due_at = Delivery.Status.PENDING, 0, clock.now()
    row.save()
    record(by, "mail.requeued", row)
    return row


@transaction.atomic
def mark_read(*, by: Any, notification_id: int | None = None) -> int:
    """Mark one or all of the person's own notifications read; the number marked."""
    mine = Notification.objects.visible_to(by).unread()
    return (mine if notification_id is None else mine.filter(pk=notification_id)).update(read_at=clock.now())


@transaction.atomic
def renew_calendar(*, by: Any) -> str:
    """A new secret address for the person's calendar; the one before stops at once. Shown once, here."""
    _end_calendars(by)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(person_id=by.person_id, token_hash=feed_hash(token))
    record(by, "calendar.renewed", feed)
    return token


@transaction.atomic
def revoke_calendar(*, by: Any) -> None:
    """The person's calendar can no longer be read from outside."""
    if not _end_calendars(by):
        raise RuleViolation(_("Tidak ada alamat kalender yang berlaku."), code="wrong_state")
    record(by, "calendar.revoked", User.objects.get(pk=by.person_id))


def read_calendar(token: str) -> User:
    """The person whose calendar this address is; 404 when it is unknown, ended, or the account is closed."""
    feed = CalendarFeed.objects.filter(token_hash=feed_hash(token), revoked_at__isnull=True, person__is_active=True)
    found = feed.select_related("person").first()
    if found is None:
        raise Http404
    CalendarFeed.objects.filter(pk=found.pk).update(last_used_at=clock.now())
    return found.person


def feed_hash(token: str) -> str:
    """What is stored of an address."""
    return hashlib.sha256(token.encode()).hexdigest()


def _end_calendars(by: Any) -> int:
    living = CalendarFeed.objects.filter(person=by.person_id, revoked_at__isnull=True)
    return living.update(revoked_at=clock.now())
