"""Values of a government's own attributes, as `Application.attributes` keeps them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.inventory import fields
from apps.inventory.models import Application
from apps.inventory.models.applications import OWN

EMPTY: tuple = (None, "", [])
LONGEST_TEXT = 500


def refuse(government_id: int, values: dict[str, Any]) -> None:
    """ValidationError for a key the government does not use and a value that is not of the attribute's kind."""
    named = {name: value for name, value in values.items() if name.startswith(OWN)}
    if not named:
        return
    known = {attribute.name: attribute for attribute in fields.own(government_id)}
    unknown = sorted(set(named) - set(known))
    if unknown:
        keys = ", ".join(name.removeprefix(OWN) for name in unknown)
        raise ValidationError({"attributes": [_("Keterangan tambahan tidak dikenal: %(keys)s.") % {"keys": keys}]})
    for name, value in named.items():
        if value not in EMPTY and not FITS[known[name].kind](known[name], value):
            text = _("%(label)s: nilai tidak sesuai jenisnya.") % {"label": known[name].label}
            raise ValidationError({name: [text]})


def write(application: Application, name: str, value: Any) -> None:
    """Set the value in memory; nothing said leaves no key behind."""
    rest = {key: kept for key, kept in application.attributes.items() if OWN + key != name}
    application.attributes = rest if value in EMPTY else {**rest, name.removeprefix(OWN): value}


def _is_day(text: Any) -> bool:
    try:
        return isinstance(text, str) and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


FITS: dict[str, Callable[[fields.OwnAttribute, Any], bool]] = {
    "text": lambda _attribute, value: isinstance(value, str) and len(value) <= LONGEST_TEXT,
    "number": lambda _attribute, value: isinstance(value, int | float) and not isinstance(value, bool),
    "date": lambda _attribute, value: _is_day(value),
    "choice": lambda attribute, value: value in attribute.options,
    "choices": lambda attribute, value: isinstance(value, list) and set(value) <= set(attribute.options),
}
