"""Taking one change back, as a new change."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from apps.audit.models import Event
from apps.core.errors import RuleViolation
from apps.inventory import fields, rules
from apps.inventory.models import Application
from apps.inventory.services import records


@transaction.atomic
def undo(key: int | str, *, by: Any, version: int, event: int, reason: str) -> Application:
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
    values = {
        name: records.as_was(application, name, before) for name, (before, _after) in change.details["values"].items()
    }
    return records.change(
        application, values, by=by, verb="application.change_undone", reason=reason.strip(), undone=change.pk
    )


def touched_since(application: Application, change: Event) -> list[str]:
    """Attributes of the change that a later one touched, or that no longer say what it wrote."""
    values = change.details["values"]
    later = Event.objects.filter(
        subject_type=change.subject_type,
        subject_id=change.subject_id,
        pk__gt=change.pk,
        details__changes__has_any_keys=list(values),
    )
    named = {name for event in later for name in event.details["changes"]}
    return [
        name
        for name, (_before, after) in values.items()
        if name in named or records.as_kept(records.value_now(application, name)) != after
    ]


def _refuse_touched(application: Application, change: Event) -> None:
    touched = touched_since(application, change)
    if touched:
        every = (*fields.ATTRIBUTES, *fields.own(application.government_id))
        labels = ", ".join(str(attribute.label) for attribute in every if attribute.name in touched)
        raise RuleViolation(
            _("Tidak dapat dibatalkan: %(labels)s sudah diubah lagi sesudahnya. Ubah keterangannya langsung.")
            % {"labels": labels},
            code="touched_since",
        )
