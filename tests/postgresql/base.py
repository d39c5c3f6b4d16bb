"""PostgreSQL for the suite: a flush that append-only tables allow.

Their triggers refuse TRUNCATE and DELETE, and TRUNCATE would wait for the transactions of other processes. With
`session_replication_role = replica` (the owner's right) triggers rest for this one transaction.
"""

from django.db import transaction
from django.db.backends.postgresql import base, operations

KEPT = {"core_clock", "django_migrations", "django_content_type", "auth_permission"}


class DatabaseOperations(operations.DatabaseOperations):
    def execute_sql_flush(self, sql_list):
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for statement in sql_list:
                cursor.execute(statement)
            cursor.execute("UPDATE core_clock SET shift = interval '0'")

    def sql_flush(self, style, tables, *, reset_sequences=False, allow_cascade=False):
        names = [self.quote_name(table) for table in tables if table not in KEPT]
        return [f"DELETE FROM {name}" for name in names]


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
