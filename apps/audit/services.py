"""Recording acts and verifying the chain."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from apps.audit.models import Event, EventReading, Link
from apps.core.logging import request_id


def record(
    by: Any, verb: str, subject: models.Model, *, reason: str = "", organization: Any = None, **details: Any
) -> Event:
    """Write what `by` did to `subject`; the chain link follows at COMMIT.

    `organization` is the office the act concerns (its members are told). `details` must be JSON-able.
    """
    return Event.objects.create(
        verb=verb,
        actor_id=by.person_id,
        actor_name=by.name,
        actor_role=by.role,
        actor_membership_id=by.membership_id,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk if isinstance(subject.pk, int) else None,
        subject_code=_code_of(subject),
        organization_id=organization.pk if organization else None,
        government_id=_government_of(organization, by),
        reason=reason,
        details=json.loads(json.dumps(details, cls=DjangoJSONEncoder)),
        request_id=request_id.get(),
    )


def record_each(
    by: Any, verb: str, subjects: Iterable[models.Model], *, reason: str = "", organization: Any, **details: Any
) -> int:
    """Write the same act on many subjects in one statement; how many."""
    said = json.loads(json.dumps(details, cls=DjangoJSONEncoder))
    events = [
        Event(
            verb=verb,
            actor_id=by.person_id,
            actor_name=by.name,
            actor_role=by.role,
            actor_membership_id=by.membership_id,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            subject_code=_code_of(subject),
            organization_id=organization.pk,
            government_id=_government_of(organization, by),
            reason=reason,
            details=said,
            request_id=request_id.get(),
        )
        for subject in subjects
    ]
    return len(Event.objects.bulk_create(events))


def claim_unread(readings: type[EventReading], most: int, verbs: list[str] | None = None) -> list[int]:
    """Ids of at most so many events that this reader has not read, oldest first, from now on read; of `verbs` alone if given.

    An anti-join, never an id cursor: ids commit out of order. The claim waits for a rival and then skips its rows.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM.format(readings=readings._meta.db_table), [verbs, verbs, most])
        return [row[0] for row in cursor.fetchall()]


def _code_of(subject: models.Model) -> str:
    return (getattr(subject, "code", "") or getattr(subject, "reference", "") or str(subject))[:80]


def _government_of(organization: Any, by: Any) -> int | None:
    if organization is None:
        return by.government_id
    return organization.government_id or organization.pk


_CLAIM = """INSERT INTO {readings} (event_id)
SELECT e.id FROM audit_event e
WHERE (%s::text[] IS NULL OR e.verb = ANY(%s)) AND NOT EXISTS (SELECT 1 FROM {readings} r WHERE r.event_id = e.id)
ORDER BY e.id LIMIT %s ON CONFLICT DO NOTHING RETURNING event_id"""


_ROWS = """SELECT l.seq, l.prev, l.hash, audit_event_text(e) FROM audit_link l
JOIN audit_event e ON e.id = l.event_id ORDER BY l.seq"""


_PROOFS = """SELECT l.seq, l.prev, l.hash, audit_event_text(e), e.id FROM audit_event e
LEFT JOIN audit_link l ON e.id = l.event_id WHERE e.id = ANY(%s) ORDER BY e.id"""
TOLD = ("at", "verb", "actor_name", "actor_role", "subject_type", "subject_code", "reason", "details")


def proofs(events: models.QuerySet[Event]) -> list[dict[str, Any]]:
    """The events, oldest first, each with its place in the chain and the text its hash covers."""
    told = {row.pk: {name: getattr(row, name) for name in TOLD} for row in events}
    with connection.cursor() as cursor:
        cursor.execute(_PROOFS, [list(told)])
        links = cursor.fetchall()
    return [{**told[pk], "seq": seq, "prev": prev, "hash": own, "text": text} for seq, prev, own, text, pk in links]


def first_bad_link() -> int | None:
    """The sequence number of the first link that does not fit its event or its predecessor; None when all fit."""
    expected_seq, prev = 1, "0" * 64
    for seq, stored_prev, stored_hash, text in _chain():
        if seq != expected_seq or stored_prev != prev or stored_hash != link_hash(prev, text):
            return seq
        expected_seq, prev = seq + 1, stored_hash
    return None if not _unlinked() else expected_seq


def link_hash(prev: str, text: str) -> str:
    """SHA-256 over the predecessor's hash and the event's canonical text."""
    return hashlib.sha256(f"{prev}\n{text}".encode()).hexdigest()


def _chain() -> Iterator[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(_ROWS)
        while rows := cursor.fetchmany(2000):
            yield from rows


def _unlinked() -> bool:
    return Event.objects.exclude(models.Exists(Link.objects.filter(event=models.OuterRef("pk")))).exists()
