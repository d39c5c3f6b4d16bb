"""Between a form and a verb: what a service refuses is said beside the field, and nothing typed is lost."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.core.errors import RuleViolation, StaleVersion
from apps.core.web import explain


def attempt(form: forms.Form, verb: Callable[[dict[str, Any]], Any]) -> Any:
    """The verb's answer for a valid form (True for no answer); None, with errors on the form, when refused."""
    if not form.is_valid():
        return None
    try:
        answer = verb(form.cleaned_data)
    except ValidationError as refusal:
        _place(form, refusal)
    except (RuleViolation, StaleVersion) as refusal:
        form.add_error(None, explain(refusal))
    else:
        return True if answer is None else answer
    return None


def _place(form: forms.Form, refusal: ValidationError) -> None:
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
