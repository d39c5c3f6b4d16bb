"""Taking a change back as a new change: of one record, or what one act changed in many."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.audit.models import Event
from apps.audit.services import record
from apps.core.errors import RuleViolation
from apps.inventory import fields, rules
from apps.inventory.models import Application
from apps.inventory.services import records, security

# Acts on many records that tell which; each record's own change names its act as `together`.
GROUPS = ("applications.edited_together", "applications.changes_undone")


@transaction.atomic
def undo(key: int | str, *, by: Any, version: int, event: int, reason: str, **details: Any) -> Application:
    """Put back what one change replaced, all of it or nothing; RuleViolation when a later change touched a field of it."""
    application = Application.objects.visible_to(by).locked(key)
    change = Event.objects.filter(
        pk=event, subject_type="inventory.application", subject_id=application.pk, details__has_key="values"
    ).first()
    if change is None:
        raise Http404
    if not rules.may_change(by, application):
        raise PermissionDenied
    Application.objects.locked(application.pk, version)
    records.refuse_closed(application)
    _refuse_touched(application, change)
    if not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan mengapa perubahan ini dibatalkan.")]})
    return _put_back(application, change, by, reason, **details)


@transaction.atomic
def undo_together(act: int, rows: Sequence[tuple[int, int]], *, by: Any, reason: str) -> list[Application]:
    """Put back what one act changed in these records (id, version read): all of them or none, one act of many again.

    RuleViolation when a later change touched one of them; the act of undoing can be undone the same way.
    """
    group = group_seen(by, act)
    if not rules.writes(by):
        raise PermissionDenied
    members = {change.subject_id: change for change in changes_of(group)}
    if not rows or {pk for pk, _version in rows} - set(members):
        raise Http404
    versions = dict(rows)
    government = Organization.objects.get(pk=by.government_id or 0)
    record_of = record(
        by, "applications.changes_undone", government, organization=government, reason=reason.strip(),
        attribute=group.details["attribute"], ids=sorted(versions), count=len(versions), undone=group.pk,
    )  # fmt: skip
    return [
        undo(pk, by=by, version=versions[pk], event=members[pk].pk, reason=reason, together=record_of.pk)
        for pk in sorted(versions)
    ]


def group_seen(by: Any, act: int) -> Event:
    """An act on many records one of which this person may see; 404 otherwise."""
    group = Event.objects.filter(pk=act, verb__in=GROUPS, details__has_key="ids").first()
    if group is None or not Application.objects.visible_to(by).filter(pk__in=group.details["ids"]).exists():
        raise Http404
    return group


def changes_of(group: Event) -> list[Event]:
    """The change of each record the act was made of; records that said so already have none."""
    rows = Event.objects.filter(subject_type="inventory.application", subject_id__in=group.details["ids"])
    return list(rows.filter(details__together=group.pk, details__has_key="values").order_by("pk"))


def _put_back(application: Application, change: Event, by: Any, reason: str, **details: Any) -> Application:
    values = {
        name: records.as_was(application, name, before) for name, (before, _after) in change.details["values"].items()
    }
    if "assessment" in change.details:
        details["assessment"] = security.answer_as_before(application, change.details["assessment"], by).pk
    said = {"by": by, "verb": "application.change_undone", "reason": reason.strip(), "undone": change.pk}
    return records.change(application, values, **said, **details)


def touched_since(application: Application, change: Event) -> list[str]:
    """Attributes of the change that a later one touched, or that no longer say what it wrote."""
    return touched_by_later(application, change, later_than([change]))


def later_than(changes: Iterable[Event]) -> dict[int, list[Event]]:
    """By record the acts after these changes that name one of their attributes; one statement for all."""
    known = list(changes)
    names = {name for change in known for name in change.details["values"]}
    found: dict[int, list[Event]] = {}
    later = Event.objects.filter(
        subject_type="inventory.application",
        subject_id__in=[change.subject_id for change in known],
        pk__gt=min((change.pk for change in known), default=0),
        details__changes__has_any_keys=list(names),
    )
    for event in later:
        found.setdefault(event.subject_id or 0, []).append(event)
    return found


def touched_by_later(application: Application, change: Event, later: dict[int, list[Event]]) -> list[str]:
    """The same with the later acts read before."""
    after_it = [event for event in later.get(application.pk, []) if event.pk > change.pk]
    named = {name for event in after_it for name in event.details["changes"]}
    if "assessment" in change.details and security.answered_since(application, change.details["assessment"]):
        named.add("security_category")
    return [
        name
        for name, (_before, after) in change.details["values"].items()
        if name in named or records.as_kept(records.value_now(application, name)) != after
    ]


def labels_of(application: Application, names: Iterable[str]) -> str:
    """These attributes as the form calls them."""
    every = (*fields.ATTRIBUTES, *fields.own(application.government_id))
    return ", ".join(str(attribute.label) for attribute in every if attribute.name in set(names))


def _refuse_touched(application: Application, change: Event) -> None:
    touched = touched_since(application, change)
    if touched:
        labels = labels_of(application, touched)
        raise RuleViolation(
            _("Tidak dapat dibatalkan: %(labels)s sudah diubah lagi sesudahnya. Ubah keterangannya langsung.")
            % {"labels": labels},
            code="touched_since",
        )
