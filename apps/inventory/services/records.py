"""Changing what a record says."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.inventory import rules
from apps.inventory.models import Address, Application, ApplicationReference, Draft
from apps.inventory.models.applications import OWN
from apps.inventory.services import own_values
from apps.inventory.services.standing import note_completeness

# Values that are rows of their own, each with the function that writes them.
ROWS = ("addresses", "reference_codes")


@transaction.atomic
def edit(key: int | str, *, by: Any, version: int, values: dict[str, Any], reason: str) -> Application:
    """Change fields of a record, saying why; the trail keeps old and new of each field."""
    application = Application.objects.visible_to(by).locked(key)
    if not rules.may_change(by, application):
        raise PermissionDenied
    Application.objects.locked(application.pk, version)
    if application.status not in rules.EDITABLE:
        raise RuleViolation(
            _("Keterangan tidak dapat diubah selagi keadaannya “%(now)s”.") % {"now": application.get_status_display()},
            code="wrong_state",
        )
    if application.code and not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan alasan perubahan.")]})
    changes = apply_values(application, values)
    if not changes:
        return application
    application.updated_at = clock.now()
    application.save()
    _forget_typed(application, changes)
    note_completeness(application)
    record(by, "application.edited", application, organization=application.owner, reason=reason, changes=changes)
    return application


def _forget_typed(application: Application, changes: dict[str, Any]) -> None:
    """What a kept draft says of these attributes is older than the record now."""
    draft = Draft.objects.select_for_update().filter(application=application).first()
    if draft:
        draft.values = {name: value for name, value in draft.values.items() if name not in changes}
        draft.save()


def apply_values(application: Application, values: dict[str, Any]) -> dict[str, list[str]]:
    """Set `values` on the record in memory, write its rows; the differences as {field: [old, new]}."""
    changes = {}
    own_values.refuse(application.government_id, values)
    for name, value in values.items():
        before = _now(application, name)
        if before == value or (name.startswith(OWN) and before is None and value in own_values.EMPTY):
            continue
        changes[name] = [_shown(before), _shown(value)]
        if name in ROWS:
            _write_rows(application, name, value)
        elif name.startswith(OWN):
            own_values.write(application, name, value)
        else:
            setattr(application, name, value)
    return changes


def _now(application: Application, name: str) -> Any:
    if name == "addresses":
        return [(address.url, address.kind) for address in application.addresses.all()]
    if name == "reference_codes":
        return sorted(application.references.values_list("reference_code_id", flat=True))
    return application.value(name)


def _write_rows(application: Application, name: str, value: Any) -> None:
    if name == "addresses":
        application.addresses.exclude(url__in=[url for url, _kind in value]).delete()
        for url, kind in value:
            Address.objects.update_or_create(application=application, url=url, defaults={"kind": kind})
        return
    application.references.exclude(reference_code__in=value).delete()
    present = set(application.references.values_list("reference_code_id", flat=True))
    ApplicationReference.objects.bulk_create(
        ApplicationReference(application=application, reference_code_id=pk) for pk in value if pk not in present
    )


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(" ".join(map(str, part)) if isinstance(part, tuple) else str(part) for part in value)
    return "" if value is None else str(value)
