"""From the first typed word to a submission."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.inventory import rules
from apps.inventory.models import Application, Draft
from apps.inventory.services.records import apply_values
from apps.inventory.services.standing import note_completeness

Status = Application.Status


@transaction.atomic
def start_draft(*, by: Any, owner: Organization, name: str) -> Application:
    """Begin a record that nobody but the owner's people sees."""
    if not rules.may_start_draft(by, owner):
        raise PermissionDenied
    if rules.owns_nothing(owner):
        raise RuleViolation(
            _("“%(owner)s” tidak dapat memiliki aplikasi. Pilih perangkat daerah yang mengelolanya.")
            % {"owner": owner.name},
            code="cannot_own",
        )
    if not name.strip():
        raise ValidationError({"name": [_("Isi nama aplikasi.")]})
    application = Application(
        owner=owner, government=owner.government_or_self, name=name.strip(), created_by_id=by.person_id
    )
    application.save()
    Draft.objects.create(application=application, saved_by_id=by.person_id, values={"name": name.strip()})
    record(by, "application.drafted", application, organization=owner)
    return application


@transaction.atomic
def save_draft(key: int | str, *, by: Any, typed: dict[str, Any], values: dict[str, Any], step: int = 1) -> Application:
    """Keep everything typed, valid or not, and take the valid `values` into the record.

    Only the person's own typing is at stake, so no version is asked: the last save wins.
    """
    application = _own(key, by)
    if application.status not in rules.TYPED_ON:
        raise RuleViolation(
            _("Konsep ini sudah diajukan. Buka halaman aplikasinya untuk melihat keadaannya."), code="wrong_state"
        )
    draft, _created = Draft.objects.select_for_update().get_or_create(application=application)
    draft.values = {**draft.values, **typed}
    draft.step, draft.saved_by_id, draft.saved_at = step, by.person_id, clock.now()
    draft.save()
    apply_values(application, values)
    application.save()
    note_completeness(application)
    return application


@transaction.atomic
def submit(key: int | str, *, by: Any, version: int) -> Application:
    """Hand the record to Diskominfo; ValidationError names everything missing at once."""
    application = _own(key, by)
    Application.objects.locked(application.pk, version)
    application.move_to(Status.SUBMITTED)
    lacking = rules.missing(application)
    if lacking:
        raise ValidationError({name: [_("Isian ini wajib sebelum diajukan.")] for name in lacking})
    application.submitted_at, application.submitted_by_id = clock.now(), by.person_id
    application.status_reason = ""
    application.save()
    Draft.objects.filter(application=application).delete()
    record(by, "application.submitted", application, organization=application.owner)
    return application


@transaction.atomic
def withdraw(key: int | str, *, by: Any, version: int, reason: str = "") -> Application:
    """The owner takes a submission back for good."""
    application = Application.objects.visible_to(by).locked(key)
    if not rules.may_withdraw(by, application):
        raise PermissionDenied
    Application.objects.locked(application.pk, version)
    application.move_to(Status.WITHDRAWN)
    application.status_reason = reason
    application.save()
    record(by, "application.withdrawn", application, organization=application.owner, reason=reason)
    return application


@transaction.atomic
def delete_draft(key: int | str, *, by: Any, version: int) -> None:
    """Throw a draft away: the only thing that is ever deleted."""
    application = _own(key, by)
    Application.objects.locked(application.pk, version)
    if application.status != Status.DRAFT:
        raise RuleViolation(_("Hanya konsep yang dapat dihapus."), code="wrong_state")
    record(by, "application.draft_deleted", application, organization=application.owner, name=application.name)
    application.delete()


def _own(key: int | str, by: Any) -> Application:
    application = Application.objects.visible_to(by).locked(key)
    if not rules.may_submit(by, application):
        raise PermissionDenied
    return application
