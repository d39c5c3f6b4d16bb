"""What changed without an act on this one record: imports and updates of many at once, read from row history."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from apps.audit.models import Event
from apps.inventory import fields, trails
from apps.inventory.models import Address, Application
from apps.inventory.services.records import as_kept

BULK_VERBS = ("import.committed", "applications.enriched")
VERSIONS_READ = 300
ONE_ACT = timedelta(minutes=1)


def changes_of_many(application: Application, events: list[Event], readable: dict[str, Any]) -> list[dict[str, Any]]:
    """Changes of a registered record that none of its own `events` tells, newest first, with the act of many they were part of."""
    found = [*_of_attributes(application, events), *_of_addresses(application, events)]
    acts = _acts_since(application, min((at for at, _changes in found), default=None))
    made = []
    for at, changes in sorted(found, key=lambda pair: pair[0], reverse=True):
        shown = trails.differences(changes, readable)
        act = next((event for event in acts if event.at >= at), None)
        if shown:
            made.append(
                {"at": at, "changes": shown, "who": act.actor_name if act else "", "reason": act.reason if act else ""}
            )
    return made


def _of_attributes(application: Application, events: list[Event]) -> Iterator[tuple[datetime, dict[str, list[str]]]]:
    versions = list(application.history.order_by("-pgh_id")[:VERSIONS_READ])[::-1]
    ends = (
        [version.pgh_created_at for version in versions[2:]]
        + [datetime.max.replace(tzinfo=versions[0].pgh_created_at.tzinfo)]
        if versions
        else []
    )
    for (before, after), end in zip(pairwise(versions), ends, strict=False):
        changes = _differences(before, after) if before.code else {}
        if changes and not _told(changes, events, after.pgh_created_at, end):
            yield after.pgh_created_at, changes


def _differences(before: Any, after: Any) -> dict[str, list[str]]:
    pairs = {
        attribute.name: [_plain(version, attribute) for version in (before, after)]
        for attribute in fields.TYPED
        if attribute.model_field is not None and hasattr(before, attribute.name)
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _plain(version: Any, attribute: fields.Attribute) -> str:
    value = as_kept(getattr(version, attribute.name))
    return "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _told(names: Iterable[str], events: list[Event], start: datetime, end: datetime) -> bool:
    return any(set(names) <= set(event.details.get("changes", {})) for event in events if start <= event.at < end)


def _of_addresses(application: Application, events: list[Event]) -> Iterator[tuple[datetime, dict[str, list[str]]]]:
    rows = Address._meta.get_field("history_query").related_model.objects
    if application.registered_at is None:
        return
    kept = rows.filter(application=application.pk, pgh_created_at__gt=application.registered_at + ONE_ACT)
    for row in kept.order_by("-pgh_id")[:VERSIONS_READ]:
        at, said = row.pgh_created_at, f"{row.url} {row.kind}"
        if row.pgh_label != "update" and not _told(["addresses"], events, at, at + ONE_ACT):
            yield at, {"addresses": ["", said] if row.pgh_label == "insert" else [said, ""]}


def _acts_since(application: Application, at: datetime | None) -> list[Event]:
    if at is None:
        return []
    acts = Event.objects.filter(government_id=application.government_id, verb__in=BULK_VERBS, at__gte=at)
    return list(acts.order_by("pk")[:VERSIONS_READ])
