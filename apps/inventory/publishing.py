"""The public document as one SQL function, made from the registry of attributes, and its installation.

Triggers note which records a transaction changed (migration 0016); at COMMIT, under the lock of the audit chain, the function
says each of them anew and what differs gets the next position. Building under the lock is what keeps two transactions that
change the same document from different sides (a record, the name of its office) from overwriting each other.
"""

from typing import Any

from django.db import connection, models, transaction

from apps.inventory import fields
from apps.inventory.models import Application, ApplicationReference

PUBLIC = ", ".join(f"'{status.value}'" for status in Application.PUBLIC_STATUSES)
UTC = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
# What is not a column of the record as it stands.
ELSEWHERE = {
    "owner": "owner.code",
    "successor": "successor.code",
    "super_application": "super_application.code",
    "merged_into": "merged_into.code",
    "addresses": """coalesce((SELECT json_agg(json_build_object('url', one.url, 'kind', one.kind) ORDER BY one.id)
    FROM inventory_address one WHERE one.application_id = a.id AND one.kind = 'public'), '[]'::json)""",
    "reference_codes": f"""coalesce((SELECT json_agg(known.code ORDER BY known.code COLLATE "C")
    FROM {ApplicationReference._meta.db_table} one JOIN inventory_referencecode known ON known.id = one.reference_code_id
    WHERE one.application_id = a.id), '[]'::json)""",
}
OWN_VALUES = """coalesce((SELECT json_object_agg(own.key, a.attributes -> own.key
      ORDER BY own.step, own.position, own.label, own.id)
    FROM inventory_customattribute own
    WHERE own.government_id = a.government_id AND own.active AND own.visibility = 'public' AND a.attributes ? own.key
  ), '{}'::json)"""
SAID = """
SELECT a.id, a.government_id, a.code::text,
  CASE WHEN a.status IN ({public}) THEN
    (SELECT row_to_json(said) FROM (SELECT {columns}) said)::text
  END,
  coalesce(merged_into.code, '')::text
FROM inventory_application a
JOIN accounts_organization owner ON owner.id = a.owner_id
JOIN accounts_organization government ON government.id = a.government_id
LEFT JOIN inventory_application successor ON successor.id = a.successor_id
LEFT JOIN inventory_application super_application ON super_application.id = a.super_application_id
LEFT JOIN inventory_application merged_into ON merged_into.id = a.merged_into_id
WHERE a.id = ANY(wanted) AND a.code IS NOT NULL
"""
FUNCTION = """CREATE OR REPLACE FUNCTION inventory_public_documents(wanted bigint[])
RETURNS TABLE (application_id bigint, government_id bigint, code text, body text, merged_into text)
LANGUAGE sql STABLE AS $said${said}$said$"""


def said() -> str:
    """The body of the function: the public attributes in the order of the registry between what names the record."""
    columns = {"key": "a.code", "version": "a.version"}
    columns |= {attribute.name: _expression(attribute) for attribute in fields.public_fields()}
    columns |= {"government": "government.code", "owner_name": "owner.name", "attributes": OWN_VALUES}
    named = ",\n    ".join(f'{expression} AS "{name}"' for name, expression in columns.items())
    return SAID.format(public=PUBLIC, columns=named)


def install(**_kwargs: Any) -> None:
    """After every migration: the function as the registry has it now; when it says something new, everything is published anew."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('publishing.noted')")
        if cursor.fetchone()[0] is None:
            return
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'inventory_public_documents'")
        known = cursor.fetchone()
        if known and known[0] == said():
            return
        cursor.execute(FUNCTION.format(said=said()))
        cursor.execute("SELECT inventory_note_changed(array(SELECT id FROM inventory_application))")


def _expression(attribute: fields.Attribute) -> str:
    if attribute.name in ELSEWHERE:
        return ELSEWHERE[attribute.name]
    column = f"a.{attribute.name}"
    return UTC.format(column) if isinstance(attribute.model_field, models.DateTimeField) else column
