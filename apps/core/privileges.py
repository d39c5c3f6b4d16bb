"""What the application role may do: everything but changing what is written once."""

from django.apps import apps
from django.db import connection

from apps.core.models import DerivedModel, ImmutableModel

_NO_CHANGE = """CREATE OR REPLACE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% on % is refused: these rows are written once', TG_OP, TG_TABLE_NAME
  USING ERRCODE = 'insufficient_privilege'; END $$"""


def immutable_tables() -> list[str]:
    """Tables of every model marked ImmutableModel, and of row history."""
    models = apps.get_models()
    tables = [m._meta.db_table for m in models if issubclass(m, ImmutableModel)]
    return sorted(tables + [m._meta.db_table for m in models if getattr(m, "pgh_tracked_model", None)])


def apply(role: str) -> None:
    """Grant `role` the data and nothing else, and set the plain triggers; idempotent, run by the owner."""
    with connection.cursor() as cursor:
        cursor.execute(_NO_CHANGE)
        for table in immutable_tables():
            _guard(cursor, table)
        cursor.execute("SELECT current_user")
        if role and cursor.fetchone()[0] != role:
            _grant(cursor, role)


def _guard(cursor, table: str) -> None:
    cursor.execute(
        f'CREATE OR REPLACE TRIGGER core_no_change BEFORE UPDATE OR DELETE ON "{table}" '
        "FOR EACH ROW EXECUTE FUNCTION core_refuse_change()"
    )
    cursor.execute(
        f'CREATE OR REPLACE TRIGGER core_no_truncate BEFORE TRUNCATE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_change()"
    )


def _grant(cursor, role: str) -> None:
    name = connection.ops.quote_name(role)
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    # The close gathers histories in a temporary table of its own.
    cursor.execute(f"GRANT TEMPORARY ON DATABASE {database} TO {name}")
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
    cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
    cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {name}")
    for table in immutable_tables():
        cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM {name}')
    for model in apps.get_models():
        if issubclass(model, DerivedModel):
            cursor.execute(f'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON "{model._meta.db_table}" FROM {name}')
    # Only the chain's own trigger appends links; only the owner migrates.
    cursor.execute(f"REVOKE INSERT ON audit_link FROM {name}")
    cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {name}")
