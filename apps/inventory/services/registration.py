"""The reviewer's answer to a submission: register, return, or refuse."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock, codes
from apps.core.errors import RuleViolation
from apps.inventory import rules
from apps.inventory.models import Application
from apps.inventory.services.facts import write_facts
from apps.inventory.services.standing import note_completeness

Status = Application.Status


@transaction.atomic
def register(key: int | str, *, by: Any, version: int) -> Application:
    """Take a submission into the register: it gets its permanent code, and its exemption facts count as confirmed."""
    application = _submission(key, by, version)
    application.move_to(Status.REGISTERED)
    application.registered_at = application.updated_at = clock.now()
    application.code = codes.next_code("APL", application.registered_at.astimezone(application.government.zone).year)
    application.status_reason = ""
    application.save()
    write_facts(application, by=by)
    note_completeness(application)
    record(by, "application.registered", application, organization=application.owner, reference=application.reference)
    return application


@transaction.atomic
def return_submission(key: int | str, *, by: Any, version: int, reason: str) -> Application:
    """Give a submission back to the owner, saying what to mend."""
    return _answer(key, Status.RETURNED, "application.returned", by, version, reason)


@transaction.atomic
def refuse(key: int | str, *, by: Any, version: int, reason: str) -> Application:
    """Refuse a submission for good."""
    return _answer(key, Status.REFUSED, "application.refused", by, version, reason)


def _answer(key: int | str, status: str, verb: str, by: Any, version: int, reason: str) -> Application:
    application = _submission(key, by, version)
    application.move_to(status)
    application.status_reason = _reason(reason)
    application.save()
    record(by, verb, application, organization=application.owner, reason=reason)
    return application


def _submission(key: int | str, by: Any, version: int) -> Application:
    application = Application.objects.visible_to(by).locked(key)
    if not rules.may_judge_submission(by, application):
        raise PermissionDenied
    Application.objects.locked(application.pk, version)
    if application.status != Status.SUBMITTED:
        raise RuleViolation(
            _("Hanya pengajuan yang dapat dijawab; keadaannya sekarang “%(now)s”.")
            % {"now": application.get_status_display()},
            code="wrong_state",
        )
    return application


def _reason(text: str) -> str:
    if not text.strip():
        raise ValidationError({"reason": [_("Tuliskan alasannya agar OPD tahu apa yang perlu diperbaiki.")]})
    return text.strip()
