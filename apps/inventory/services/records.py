"""Changing what a record says."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation, StaleVersion
from apps.inventory import fields, rules
from apps.inventory.models import Address, Application, ApplicationReference, Draft, ReferenceCode
from apps.inventory.models.applications import OWN
from apps.inventory.services import own_values
from apps.inventory.services.standing import note_completeness

# Values that are rows of their own, each with the function that writes them.
ROWS = ("addresses", "reference_codes")


@transaction.atomic
def edit(key: int | str, *, by: Any, version: int, values: dict[str, Any], reason: str, **details: Any) -> Application:
    """Change fields of a record, saying why; the trail keeps old and new of each field, and `details` of the act."""
    application = Application.objects.visible_to(by).locked(key)
    if not rules.may_change(by, application):
        raise PermissionDenied
    if application.version != version:
        raise StaleVersion
    refuse_closed(application)
    if application.code and not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan alasan perubahan.")]})
    _refuse_answered(application, values)
    return change(application, values, by=by, verb="application.edited", reason=reason, **details)


def _refuse_answered(application: Application, values: dict[str, Any]) -> None:
    """A category that follows from answers is changed by answering again."""
    name = "security_category"
    if values.get(name, application.security_category) == application.security_category:
        return
    last = application.security_assessments.first()
    if last and last.answers:
        raise ValidationError(
            {name: [_("Kategori ini mengikuti sepuluh pertanyaan; jawab ulang di halaman kategori keamanan.")]}
        )


def refuse_closed(application: Application) -> None:
    """RuleViolation in a state without edits."""
    if application.status not in rules.EDITABLE:
        raise RuleViolation(
            _("Keterangan tidak dapat diubah selagi keadaannya “%(now)s”.") % {"now": application.get_status_display()},
            code="wrong_state",
        )


def change(
    application: Application, values: dict[str, Any], *, by: Any, verb: str, reason: str, **details: Any
) -> Application:
    """Write what differs in the locked record; the trail keeps it in words and as values that can be put back."""
    _refuse_following(application, values)
    before = {name: as_kept(value_now(application, name)) for name in values}
    changes = apply_values(application, values)
    if not changes:
        return application
    application.updated_at = clock.now()
    application.save(update_fields=_columns(changes))
    _forget_typed(application, changes)
    note_completeness(application)
    kept = {name: [before[name], as_kept(value_now(application, name))] for name in changes}
    record(
        by, verb, application, organization=application.owner, reason=reason, changes=changes, values=kept, **details
    )
    return application


def _refuse_following(application: Application, values: dict[str, Any]) -> None:
    """What follows the record's costs and contracts is changed there (ADR 9)."""
    differing = {
        name for name in values if name in rules.FOLLOWING_NAMES and values[name] != getattr(application, name)
    }
    contrary = [name for name in rules.following(application) if name in differing] if differing else []
    if contrary:
        said = _("Angka ini mengikuti rincian biaya dan kontrak. Ubah di tab Biaya.")
        raise ValidationError({name: [said] for name in contrary})


def _columns(changes: dict[str, Any]) -> set[str]:
    """The columns that say these attributes: writing the others would make all that is derived of them again."""
    own = {"attributes"} if any(name.startswith(OWN) for name in changes) else set()
    return {name for name in changes if name not in ROWS and not name.startswith(OWN)} | own | {"updated_at"}


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
        before = value_now(application, name)
        if before == value or (name.startswith(OWN) and before is None and value in own_values.EMPTY):
            continue
        changes[name] = [_said(name, before), _said(name, value)]
        if name in ROWS:
            _write_rows(application, name, value)
        elif name.startswith(OWN):
            own_values.write(application, name, value)
        else:
            setattr(application, name, value)
    return changes


def value_now(application: Application, name: str) -> Any:
    """What the record says of an attribute, rows of their own included."""
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


def as_kept(value: Any) -> Any:
    """The value as JSON that `as_was` reads back: rows as lists, other records by their code."""
    if isinstance(value, Application):
        return value.code
    if isinstance(value, list | tuple):
        return [as_kept(part) for part in value]
    if isinstance(value, Decimal):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def as_was(application: Application, name: str, kept: Any) -> Any:
    """The value that `as_kept` wrote down; RuleViolation when the record it names is gone."""
    if name == "addresses":
        return [(url, kind) for url, kind in kept]
    if name == "reference_codes" or name.startswith(OWN):
        return kept
    field = fields.BY_NAME[name].model_field
    if kept is None or not field.is_relation:
        return field.to_python(kept)
    other = Application.objects.public().filter(government=application.government_id, code=kept).first()
    if other is None:
        raise RuleViolation(_("Aplikasi %(code)s tidak ada lagi di register.") % {"code": kept}, code="gone")
    return other


def _said(name: str, value: Any) -> str:
    if name == "reference_codes":
        return "; ".join(ReferenceCode.objects.filter(pk__in=value).values_list("code", flat=True))
    return _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(" ".join(map(str, part)) if isinstance(part, tuple) else str(part) for part in value)
    return "" if value is None else str(value)
