"""The public document as one SQL function, made from the registry of attributes, and its installation.

Triggers note which records a transaction changed (migration 0016); at COMMIT, under the lock of the audit chain, the function
says each of them anew and what differs gets the next position. Building under the lock is what keeps two transactions that
change the same document from different sides (a record, the name of its office) from overwriting each other.
"""

from typing import Any

from django.db import connection, transaction

from apps.inventory.models import Application
from apps.inventory.record_json import columns, expressions_for, public_names

PUBLIC = ", ".join(f"'{status.value}'" for status in Application.PUBLIC_STATUSES)
SAID = """
SELECT a.id, a.government_id, a.code::text,
  CASE WHEN a.status IN ({public}) THEN
    (SELECT row_to_json(said) FROM (SELECT {columns}) said)::text
  END,
  coalesce({merged_into}, '')::text
FROM inventory_application a
WHERE a.id = ANY(wanted) AND a.code IS NOT NULL
"""
FUNCTION = """CREATE OR REPLACE FUNCTION inventory_public_documents(wanted bigint[])
RETURNS TABLE (application_id bigint, government_id bigint, code text, body text, merged_into text)
LANGUAGE sql STABLE AS $said${said}$said$"""


def said() -> str:
    """The body of the function."""
    expressions = expressions_for(public_names(), outside=True)
    return SAID.format(public=PUBLIC, columns=columns(expressions), merged_into=expressions["merged_into"])


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
