"""A form and the service behind it: a refusal comes back beside what was typed."""

from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.errors import RuleViolation, StaleVersion, VersionMissing
from apps.core.web import explain

INVALID, REFUSED, STALE = 400, 409, 412


def attempt(form, verb):
    """Call `verb` with the cleaned fields; None when it refused, and then the form says why."""
    if not form.is_valid():
        form.answer_status = INVALID
        return None
    try:
        return verb(form.cleaned_data)
    except (RuleViolation, StaleVersion, VersionMissing, ValidationError) as refusal:
        blame(form, refusal)
        return None


def blame(form, refusal):
    """Put a refusal of a service where it belongs: beside its field, else above the form."""
    form.answer_status = {RuleViolation: REFUSED, ValidationError: INVALID}.get(type(refusal), STALE)
    if isinstance(refusal, ValidationError) and hasattr(refusal, "error_dict"):
        for name, texts in refusal.message_dict.items():
            for wording in texts:
                form.add_error(name if name in form.fields else None, wording)
        return
    for wording in explain(refusal):
        form.add_error(None, wording)


def status_of(*bound):
    """The status of a page that is shown again because of a refused form."""
    return max((getattr(form, "answer_status", 200) for form in bound), default=200)


def confirm_person(request, form, field="password"):
    """Ask for the password once more before an act that binds; failures count like failed sign-ins."""
    given = request.POST.get(field, "")
    if given and authenticate(request, username=request.user.get_username(), password=given) == request.user:
        return True
    form.is_valid()
    form.add_error(field, _("Kata sandi tidak cocok. Isian lain tetap tersimpan di halaman ini."))
    form.answer_status = INVALID
    return False
