"""The end of an application's life and the way back; called by the clock and by decided cases."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.inventory.models import Application
from apps.inventory.services.sunset import take_sunset_back

Status = Application.Status


@transaction.atomic
def begin_retiring(application_id: int, *, by: Any, reason: str) -> Application:
    """A decision's objection window ended: the application is on its way out."""
    return _move(application_id, Status.RETIRING, by, "application.retiring", reason)


@transaction.atomic
def cancel_retiring(application_id: int, *, by: Any, reason: str) -> Application:
    """The decision was annulled: the application is a registered one again."""
    application = _locked(application_id)
    if application.status != Status.RETIRING:
        raise RuleViolation(_("Aplikasi ini tidak sedang dalam penonaktifan."), code="wrong_state")
    take_sunset_back(application)
    return _moved(application, Status.REGISTERED, by, "application.retiring_cancelled", reason)


@transaction.atomic
def retire(application_id: int, *, by: Any, reason: str) -> Application:
    """The effective date came and everything mandatory before it is verified. Refused while somebody holds the record."""
    application = _locked(application_id)
    _refuse_held(application)
    application.retired_at, application.retired_because = clock.now(), reason
    return _moved(application, Status.RETIRED, by, "application.retired", reason)


@transaction.atomic
def reactivate(application_id: int, *, by: Any, reason: str) -> Application:
    """A decided reactivation brings a retired application back under its old code."""
    application = _locked(application_id)
    if application.status != Status.RETIRED:
        raise RuleViolation(_("Hanya aplikasi pensiun yang dapat diaktifkan kembali."), code="wrong_state")
    application.retired_at, application.retired_because = None, ""
    take_sunset_back(application)
    return _moved(application, Status.REGISTERED, by, "application.reactivated", reason)


def _locked(application_id: int) -> Application:
    return Application.objects.locked(application_id)


def _refuse_held(application: Application) -> None:
    hold = application.holds.first()
    if hold:
        raise RuleViolation(_("Belum dapat dilakukan: %(reason)s.") % {"reason": hold.reason}, code="held")


def _move(application_id: int, status: str, by: Any, verb: str, reason: str) -> Application:
    return _moved(_locked(application_id), status, by, verb, reason)


def _moved(application: Application, status: str, by: Any, verb: str, reason: str) -> Application:
    application.move_to(status)
    application.status_reason = reason
    application.updated_at = clock.now()
    application.save()
    record(by, verb, application, organization=application.owner, reason=reason)
    return application
