"""A record as one JSON document, put together by the database in the statement that reads it.

The store of public documents, the frozen quarters and every answer of the API are made of these expressions, so all of them
say the same. Tables are named in quotes and read beside the record `a`: so the past may stand in for them (`apps.audit.past`).
Amounts are strings, as exact as they were typed; instants are UTC (RFC 3339).
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from apps.inventory import fields
from apps.inventory.models import ApplicationReference, Relation
from apps.inventory.rows.words import INVERSE

OWN = "attributes"
HEAD = ("key", "version")
AROUND = ("government", "owner_name")
UTC = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
NONE = "'[]'::json"

_OFFICE = """(SELECT office.{said} FROM "accounts_organization" office WHERE office.id = a.{column})"""
_OTHER = """(SELECT other.code FROM "inventory_application" other WHERE other.id = a.{column})"""
_ADDRESSES = f"""coalesce((SELECT json_agg(json_build_object('url', one.url, 'kind', one.kind) ORDER BY one.id)
  FROM "inventory_address" one WHERE one.application_id = a.id{{which}}), {NONE})"""
_OWN_VALUES = """coalesce((SELECT json_object_agg(own.key, a.attributes -> own.key
    ORDER BY own.step, own.position, own.label, own.id)
  FROM "inventory_customattribute" own
  WHERE own.government_id = a.government_id AND own.active{which} AND a.attributes ? own.key), '{{}}'::json)"""
# What is not a column of the record as it stands.
ELSEWHERE = {
    "key": "coalesce(a.code, a.reference)",
    "government": _OFFICE.format(said="code", column="government_id"),
    "owner": _OFFICE.format(said="code", column="owner_id"),
    "owner_name": _OFFICE.format(said="name", column="owner_id"),
    "successor": _OTHER.format(column="successor_id"),
    "super_application": _OTHER.format(column="super_application_id"),
    "merged_into": _OTHER.format(column="merged_into_id"),
    "addresses": _ADDRESSES.format(which=""),
    OWN: _OWN_VALUES.format(which=""),
    "reference_codes": f"""coalesce((SELECT json_agg(known.code ORDER BY known.code COLLATE "C")
  FROM "{ApplicationReference._meta.db_table}" one JOIN "inventory_referencecode" known ON known.id = one.reference_code_id
  WHERE one.application_id = a.id), {NONE})""",
    "costs": f"""coalesce((SELECT json_agg(json_build_object('id', cost.id, 'year', cost.year, 'kind', cost.kind,
    'amount', cost.amount::text, 'budget_reference', cost.budget_reference, 'funding_source', cost.funding_source,
    'contract', (SELECT contract.number FROM "inventory_contract" contract WHERE contract.id = cost.contract_id))
    ORDER BY cost.year DESC, cost.kind, cost.id)
  FROM "inventory_cost" cost WHERE cost.application_id = a.id), {NONE})""",
    "contracts": f"""coalesce((SELECT json_agg(json_build_object('id', one.id, 'number', one.number, 'vendor', one.vendor,
    'subject', one.subject, 'amount', one.amount::text, 'starts_on', one.starts_on, 'ends_on', one.ends_on)
    ORDER BY one.ends_on DESC, one.id)
  FROM "inventory_contract" one WHERE one.application_id = a.id), {NONE})""",
    "documents": f"""coalesce((SELECT json_agg(json_build_object('id', one.id, 'kind', one.kind, 'title', one.title,
    'location', one.location, 'sha256', file.sha256, 'file_name', file.original_name, 'valid_from', one.valid_from,
    'valid_until', one.valid_until, 'visibility', one.visibility) ORDER BY one.kind, one.id DESC)
  FROM "inventory_recorddocument" one LEFT JOIN "documents_document" file ON file.id = one.document_id
  WHERE one.application_id = a.id), {NONE})""",
    "attestation": f"""(SELECT json_build_object('quarter', seal.year || '-Q' || seal.quarter, 'by', seal.attested_by_name,
    'at', {UTC.format("seal.attested_at")}, 'intact', seal.version = a.version)
  FROM "inventory_attestation" seal WHERE seal.application_id = a.id ORDER BY seal.id DESC LIMIT 1)""",
}
# The same of what is not all public.
OUTSIDE = {
    "addresses": _ADDRESSES.format(which=" AND one.kind = 'public'"),
    OWN: _OWN_VALUES.format(which=" AND own.visibility = 'public'"),
}
_INVERSE = " ".join(f"WHEN '{said}' THEN '{heard}'" for said, heard in INVERSE.items())
# Those this record states first, then those stated of it.
_RELATIONS = f"""coalesce((SELECT json_agg(json_build_object('id', tie.id,
    'other', CASE WHEN tie.source_id = a.id THEN tie.target_key ELSE tie.source_key END,
    'stated_here', tie.source_id = a.id, 'kind', tie.kind,
    'direction', CASE WHEN tie.source_id = a.id THEN tie.direction ELSE CASE tie.direction {_INVERSE} END END,
    'description', tie.description, 'method', tie.method, 'migrated_on', tie.migrated_on)
    ORDER BY tie.source_id <> a.id, tie.id)
  FROM ({{ties}}) tie WHERE tie.source_id = a.id OR tie.target_id = a.id), {NONE})"""
_DOCUMENT = """(SELECT row_to_json(said)::text FROM (SELECT {columns}
 FROM (SELECT "inventory_application".*) a) said)"""


def document(by: Any, names: Iterable[str]) -> RawSQL:
    """The record of a query on applications as JSON text: of each name what this reader may know."""
    expressions, params = expressions_for(names, outside=by.is_outside), ()
    if "relations" in expressions:
        ties, params = _ties(by, by.organization_ids)
        expressions["relations"] = _RELATIONS.format(ties=ties)
    return RawSQL(_DOCUMENT.format(columns=columns(expressions)), params, output_field=TextField())


def public_names() -> list[str]:
    """What the public document says, in the order of the registry between what names the record."""
    return [*HEAD, *(attribute.name for attribute in fields.public_fields()), *AROUND, OWN]


def expressions_for(names: Iterable[str], *, outside: bool) -> dict[str, str]:
    """The SQL of each name, the record being `a`."""
    known = ELSEWHERE | OUTSIDE if outside else ELSEWHERE
    return {name: known.get(name) or _column(name) for name in names}


def columns(expressions: dict[str, str]) -> str:
    """The expressions as a list of columns."""
    return ",\n  ".join(f'{expression} AS "{name}"' for name, expression in expressions.items())


def _column(name: str) -> str:
    field = fields.BY_NAME[name].model_field if name in fields.BY_NAME else None
    if isinstance(field, models.DateTimeField):
        return UTC.format(f"a.{name}")
    return f"a.{name}::text" if isinstance(field, models.DecimalField) else f"a.{name}"


@lru_cache(maxsize=256)
def _ties(by: Any, _offices: frozenset[int]) -> tuple[str, tuple]:
    """The ties this reader may know as SQL. Only its wording is kept, of an actor that never changes; what it finds is not."""
    ends = {f"{end}_key": Coalesce(f"{end}__code", f"{end}__reference") for end in ("source", "target")}
    said = ("id", "source_id", "target_id", "kind", "direction", "description", "method", "migrated_on")
    return Relation.objects.seen_by(by).order_by().values(*said, **ends).query.sql_with_params()
