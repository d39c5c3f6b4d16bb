"""A form and the service behind it: a refusal comes back beside what was typed."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form

from apps.core.errors import RuleViolation, StaleVersion, VersionMissing
from apps.core.web import explain

INVALID, REFUSED, STALE = 400, 409, 412


def attempt(verb: Callable[..., Any], *forms: Form) -> Any:
    """The verb's answer to the forms' cleaned fields, or True; None when refused, and then the forms say why."""
    refused = [form for form in forms if not form.is_valid()]  # every form is asked, so that all errors show at once
    if refused:
        forms[0].answer_status = INVALID
        return None
    try:
        with transaction.atomic():  # a file taken in for a refused act goes with it
            answer = verb(*(form.cleaned_data for form in forms))
    except (RuleViolation, StaleVersion, VersionMissing, ValidationError) as refusal:
        blame(refusal, *forms)
        return None
    return True if answer is None else answer


def blame(refusal: Exception, *forms: Form) -> None:
    """Put a refusal of a service beside its field where one has it, else above the first form."""
    forms[0].answer_status = {RuleViolation: REFUSED, ValidationError: INVALID}.get(type(refusal), STALE)
    if not hasattr(refusal, "error_dict"):
        for wording in explain(refusal):
            forms[0].add_error(None, wording)
        return
    for name, texts in refusal.message_dict.items():
        place = next((form for form in forms if name in form.fields), None)
        for wording in texts:
            (place or forms[0]).add_error(name if place else None, wording)


def status_of(forms: Any) -> int:
    """The status of a page shown again because of a refused form."""
    return max((getattr(form, "answer_status", 200) for form in forms), default=200)
