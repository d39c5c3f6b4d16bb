"""How complete a record is: one formula as data, asked in Python for a page and in SQL for many records at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from apps.inventory import fields, queries
from apps.inventory.models import Application


@dataclass(frozen=True)
class Group:
    """Attributes that count for the same reason, each with `weight`."""

    key: str
    label: Any
    why: Any
    weight: int
    names: tuple[str, ...]


# The 21 attributes of the application domain of the national architecture (Perpres 132/2022); what cases, the
# catalogue and an audit lean on counts double.
FORMULA = (
    Group("what", _("Apa dan untuk apa"), _("Tanpa ini warga dan OPD lain tidak tahu aplikasi apa ini, dan aplikasi serupa tidak ditemukan."), 2,
          ("code", "name", "description", "functions", "services_supported")),
    Group("place", _("Tempat di arsitektur SPBE"), _("Tumpang tindih antar-OPD hanya terlihat dari kode arsitektur dan data yang dipakai."), 2,
          ("reference_codes", "data_used", "output")),
    Group("people", _("Siapa yang mengelola"), _("Surat, laporan triwulan, dan pemindahan tugas memerlukan unit yang bertanggung jawab."), 2,
          ("developing_unit", "operating_unit")),
    Group("technology", _("Dibangun dengan apa, ditempatkan di mana"), _("Penonaktifan, pencadangan, dan perbaikan keamanan bertumpu pada ini."), 1,
          ("platforms", "hosting", "license", "programming_languages", "frameworks", "databases")),
    Group("exchange", _("Pertukaran data"), _("Siapa yang terganggu bila aplikasi ini berhenti."), 1,
          ("data_inputs", "data_suppliers", "data_outputs", "data_customers", "related_objects")),
)  # fmt: skip
WEIGHTS = {name: group.weight for group in FORMULA for name in group.names}
TOTAL = sum(WEIGHTS.values())


def filled(application: Application) -> list[str]:
    """Names of the counted attributes that say something."""
    return [name for name in WEIGHTS if queries.is_filled(application, name)]


def percent(application: Application) -> int:
    """Weight of what is filled of the whole weight, in whole percent, halves upward."""
    return (200 * sum(WEIGHTS[name] for name in filled(application)) + TOTAL) // (2 * TOTAL)


def lacking(application: Application) -> list[fields.Attribute]:
    """The counted attributes that are still empty."""
    said = set(filled(application))
    return [fields.BY_NAME[name] for name in WEIGHTS if name not in said]


def explained(application: Application) -> list[dict[str, Any]]:
    """The formula group by group with what the record says of it."""
    said = set(filled(application))
    return [
        {
            "group": group,
            "rows": [{"attribute": fields.BY_NAME[name], "filled": name in said} for name in group.names],
            "reached": group.weight * sum(name in said for name in group.names),
            "total": group.weight * len(group.names),
        }
        for group in FORMULA
    ]


def write(application_ids: Sequence[int]) -> int:
    """Keep the percent of these records in their standing, in one statement; how many were written."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, [list(application_ids)])
        return cursor.rowcount


def _says(name: str) -> str:
    """The SQL condition that the attribute says something, for the row `a`."""
    if name == "reference_codes":
        return "EXISTS (SELECT FROM inventory_applicationreference r WHERE r.application_id = a.id)"
    field = fields.BY_NAME[name].model_field
    if isinstance(field, ArrayField):
        return f"cardinality(a.{field.column}) > 0"
    text = isinstance(field, models.CharField | models.TextField) and not field.null
    return f"a.{field.column} <> ''" if text else f"a.{field.column} IS NOT NULL"


_REACHED = " + ".join(f"CASE WHEN {_says(name)} THEN {weight} ELSE 0 END" for name, weight in WEIGHTS.items())
_STATEMENT = f"""INSERT INTO inventory_standing (application_id, last_verdict, last_period, low_use, verdicts, open_findings,
  open_case, completeness)
SELECT a.id, '', '', false, '[]', '{{}}', '', (200 * ({_REACHED}) + {TOTAL}) / {2 * TOTAL}
FROM inventory_application a WHERE a.id = ANY(%s) ORDER BY a.id
ON CONFLICT (application_id) DO UPDATE SET completeness = excluded.completeness"""
