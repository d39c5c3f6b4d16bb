"""One attribute of many records at once, each by the record's own verb."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core.errors import RuleViolation
from apps.inventory import fields
from apps.inventory.models import Application
from apps.inventory.services.records import edit

MOST_TOGETHER = 500


@transaction.atomic
def edit_together(
    rows: Sequence[tuple[int, int]], *, by: Any, attribute: str, value: Any, reason: str
) -> list[Application]:
    """Write one value into every row (id, version read), all or none; each record's trail says so with the reason.

    PermissionDenied when one of them is not the person's to change when one changed meanwhile.
    """
    if attribute not in {offered.name for offered in fields.changed_together(by)}:
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan alasan perubahan.")]})
    if not rows or len(rows) > MOST_TOGETHER:
        raise RuleViolation(
            _("Pilih paling sedikit satu dan paling banyak %(most)s aplikasi.") % {"most": MOST_TOGETHER}, "too_many"
        )
    government = Organization.objects.get(pk=by.government_id)
    ids = sorted(pk for pk, _version in rows)
    act = record(by, "applications.edited_together", government, organization=government, reason=reason,
                 count=len(ids), attribute=attribute, ids=ids)  # fmt: skip
    return [_edited(row, by, attribute, value, reason, act.pk) for row in sorted(rows)]


def _edited(row: tuple[int, int], by: Any, attribute: str, value: Any, reason: str, act: int) -> Application:
    pk, version = row
    if isinstance(value, Application) and value.pk == pk:
        raise RuleViolation(_("Aplikasi tidak dapat menunjuk dirinya sendiri."), code="itself")
    return edit(pk, by=by, version=version, values={attribute: value}, reason=reason, together=act)
