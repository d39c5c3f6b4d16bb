"""Changes in words: who changed which attribute from what to what, why."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models

from apps.audit.models import Event
from apps.core.templatetags.spbe import rupiah, tanggal
from apps.inventory import fields
from apps.inventory.filters import MONTHS
from apps.inventory.models import Address

MONEY = frozenset({"contract_value", "yearly_cost"})


def told(event: Event, readable: dict[str, fields.Attribute]) -> dict[str, Any]:
    """One act of the trail; of its changes those the reader may read."""
    changes = event.details.get("changes", {})
    return {
        "id": event.pk,
        "verb": event.verb,
        "who": event.actor_name,
        "at": event.at,
        "reason": event.reason,
        "changes": differences(changes, readable),
        "undone": event.details.get("undone"),
        "kept": "values" in event.details,
        "together": event.details.get("together"),
    }


def entry(event: Event, readable: dict[str, fields.Attribute]) -> dict[str, Any]:
    """One act as the API tells it: values as they were kept."""
    changes = {name: pair for name, pair in event.details.get("changes", {}).items() if name in readable}
    return {
        "id": event.pk, "at": event.at, "verb": event.verb, "who": event.actor_name, "reason": event.reason,
        "changes": changes, "undone": event.details.get("undone"), "together": event.details.get("together"),
    }  # fmt: skip


def differences(changes: dict[str, Iterable[str]], readable: dict[str, fields.Attribute]) -> list[tuple[Any, str, str]]:
    """Label, before and after of each change."""
    return [
        (readable[name].label, *(in_words(readable[name], text) for text in pair))
        for name, pair in changes.items()
        if name in readable
    ]


def in_words(attribute: fields.Attribute, text: str) -> str:
    """A value of the trail as people say it."""
    if not text:
        return ""
    if attribute.name in MONEY:
        return rupiah(text)
    if attribute.name == "addresses":
        return "; ".join(_address(*part.split(" ")) for part in text.split("; "))
    if attribute.choices:
        words = {str(value): str(label) for value, label in attribute.choices}
        return ", ".join(words.get(part, part) for part in text.split("; "))
    if attribute.name == "season_months":
        return ", ".join(str(dict(MONTHS)[int(month)]) for month in text.split("; "))
    return tanggal(date.fromisoformat(text)) if isinstance(attribute.model_field, models.DateField) else text


def _address(url: str, kind: str = Address.Kind.PUBLIC) -> str:
    return url if kind == Address.Kind.PUBLIC else f"{url} ({Address.Kind(kind).label})"
