"""What waits for COMMIT, brought forward inside the transaction of a test."""

from django.db import connection

PUBLISH = "publishing.inventory_publish_at_commit"


def publish_what_waits(**_kwargs):
    """Publish what changed so far; later changes wait again."""
    if connection.in_atomic_block and connection.connection is not None and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {PUBLISH} IMMEDIATE")
            cursor.execute(f"SET CONSTRAINTS {PUBLISH} DEFERRED")
