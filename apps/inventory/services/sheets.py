"""The sheets other institutions prescribe, version by version."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core.errors import StaleVersion
from apps.inventory import fields, rules, sheets
from apps.inventory.models import SheetLayout


@transaction.atomic
def lay_out_sheet(
    *, by: Any, number: int, title: str, source: str, columns: list[tuple[str, str]], reason: str = ""
) -> SheetLayout:
    """Add the version after `number` of the national metadata sheet; its heads in order, each with its attribute.

    ValidationError names the column that lacks something; StaleVersion when somebody added a version meanwhile.
    """
    if not rules.may_lay_out_sheets(by):
        raise PermissionDenied
    newest = SheetLayout.objects.select_for_update().first()
    if (newest.number if newest else 0) != number:
        raise StaleVersion
    _refuse_wrong(title, columns)
    layout = SheetLayout.objects.create(
        number=number + 1, title=title.strip(), source=source.strip(), columns=[list(column) for column in columns],
        made_by_id=by.person_id, made_by_name=by.name,
    )  # fmt: skip
    record(by, "sheet.laid_out", layout, reason=reason, number=layout.number, columns=layout.columns)
    return layout


def load_sheet_layout(*, by: Any) -> None:
    """The version the product ships, if there is none."""
    if not SheetLayout.objects.exists():
        lay_out_sheet(by=by, number=0, title=sheets.TITLE, source=sheets.SOURCE, columns=sheets.shipped())


def _refuse_wrong(title: str, columns: list[tuple[str, str]]) -> None:
    if not title.strip():
        raise ValidationError({"title": [_("Isi nama lembarnya.")]})
    heads = [head.strip() for head, _name in columns]
    if not heads or not all(heads):
        raise ValidationError(_("Setiap kolom perlu judul. Hapus kolom yang tidak dipakai."))
    repeated = sorted({head for head in heads if heads.count(head) > 1})
    if repeated:
        raise ValidationError(_("Judul kolom ini berulang: %(heads)s. Bedakan.") % {"heads": ", ".join(repeated)})
    unknown = {name for _head, name in columns} - {attribute.name for attribute in sheets.attributes()}
    if unknown or any(name not in fields.BY_NAME for _head, name in columns):
        raise ValidationError(_("Isian tidak dikenal: %(names)s.") % {"names": ", ".join(sorted(unknown))})
