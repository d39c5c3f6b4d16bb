"""Which outcome fits a case, and what it must name (product.md §6)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.deactivation.models import Kind, Outcome

WITH_TARGET = (Outcome.INTEGRATE, Outcome.REPLACE)
ENDS_SERVICE = (Outcome.INTEGRATE, Outcome.REPLACE, Outcome.DEACTIVATE)
KEEPS_SERVICE = (Outcome.RETAIN, Outcome.OPTIMISE)
CHASED_EVERY = 30  # days between reminders of a late condition; the product's own number


def allowed_outcomes(kind):
    """The outcomes a case of this kind can have."""
    if kind == Kind.REACTIVATION:
        return [Outcome.REACTIVATE, Outcome.DECLINE]
    return [*KEEPS_SERVICE, *ENDS_SERVICE]


def check_outcome(case, outcome, *, target=None, succession=(), retain_from="", conditions=(), quarter=None):
    """Refuse an outcome that contradicts itself.

    `succession` holds the ids of the applications the target is itself going into, `quarter` the present one.
    """
    if outcome not in allowed_outcomes(case.kind):
        raise ValidationError({"outcome": [_("Pilih hasil yang berlaku untuk jenis kasus ini.")]})
    check_target(case, outcome, target, succession)
    if outcome == Outcome.RETAIN and quarter is not None:
        check_retain_from(retain_from, quarter)
    if outcome == Outcome.OPTIMISE and not conditions:
        raise ValidationError({"conditions": [_("Tuliskan sedikitnya satu syarat dengan tanggal jatuh tempo.")]})


def check_target(case, outcome, target, succession):
    """Integrate and replace name a living application that is not the case's own and does not lead back to it."""
    if outcome not in WITH_TARGET:
        if target is not None:
            raise ValidationError({"target": [_("Hasil ini tidak memakai aplikasi tujuan. Kosongkan isian tujuan.")]})
        return
    if target is None:
        raise ValidationError({"target": [_("Pilih aplikasi tujuan.")]})
    if target.pk == case.application_id:
        raise RuleViolation(_("Aplikasi tidak dapat menjadi tujuan bagi dirinya sendiri."), code="target_is_itself")
    if target.status != "registered":
        raise RuleViolation(
            _("Aplikasi tujuan harus terdaftar dan tidak sedang dinonaktifkan atau pensiun."), code="target_not_living"
        )
    if case.application_id in succession:
        raise RuleViolation(
            _("Aplikasi tujuan sendiri akan masuk ke aplikasi ini. Pilih tujuan lain."), code="target_circle"
        )


def check_retain_from(retain_from, quarter):
    """The quarter from which idleness counts again: default the next but one, never one already begun."""
    if not retain_from:
        return quarter.plus(2)
    chosen = Quarter.parse(retain_from)
    if chosen <= quarter:
        raise ValidationError({"retain_from": [_("Pilih triwulan sesudah triwulan berjalan.")]})
    return chosen


def is_chased(condition, today):
    """Whether a late condition is to be reminded of: the day after it was due, then every CHASED_EVERY days."""
    last = condition.chased_on or condition.due_on
    wait = CHASED_EVERY if condition.chased_on else 1
    return (today - last).days >= wait


def template_applies(template, application):
    """Whether an application with this hosting and data gets the step."""
    fits_hosting = not template.hostings or application.hosting in template.hostings
    return fits_hosting and (not template.personal_data_only or bool(application.personal_data))
