"""Row history by database triggers (django-pghistory, statement level)."""

from collections.abc import Callable
from typing import Any

import pghistory


def tracked(**kwargs: Any) -> Callable:
    """Keep every version of a model's rows in `<Model>Event`; the database writes them, whoever changes the row."""
    return pghistory.track(
        pghistory.InsertEvent(level=pghistory.Statement),
        pghistory.UpdateEvent(level=pghistory.Statement),
        pghistory.DeleteEvent(level=pghistory.Statement),
        context_field=None,  # who and why stand in audit.Event; history says what the row looked like
        obj_field=pghistory.ObjForeignKey(
            db_constraint=False, related_name="history", related_query_name="history_query"
        ),
        **kwargs,
    )
