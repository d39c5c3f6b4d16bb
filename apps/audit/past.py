"""Reading tables as they stood: inside `as_of` every query sees the rows of that instant, taken from row history.

Each statement gets common table expressions named like the tables it reads; PostgreSQL prefers those to the tables, so
queries, filters, pages and exports of the present also show the past. Nothing can be written meanwhile.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import GeneratedField, Model

READING = ("SELECT", "WITH")
WRITING = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "COPY")


@dataclass(frozen=True)
class Shadow:
    """What stands in for one table: a SELECT whose `%s` are all the instant."""

    table: str
    sql: str

    def told(self) -> str:
        return f'"{self.table}" AS NOT MATERIALIZED ({self.sql})'


@contextmanager
def as_of(instant: datetime, shadows: Iterable[Shadow]) -> Iterator[None]:
    """Let every SELECT inside read the shadowed tables as they stood at `instant`; a write is an error."""
    with connection.execute_wrapper(_looking_back(instant, list(shadows))):
        yield


@contextmanager
def present() -> Iterator[None]:
    """Inside `as_of`, the tables as they are: for what a page shows or notes beside the past."""
    token = _present.set(True)
    try:
        yield
    finally:
        _present.reset(token)


def remembered(model: type[Model], *, before_first: bool = False) -> Shadow:
    """The rows of a tracked model from its history; `before_first` shows a row's first version where it had none yet."""
    event = model._meta.get_field("history_query").related_model
    kept = {field.column for field in event._meta.concrete_fields}
    own = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in own if field.column in kept)
    derived = "".join(
        f', {_generated(field)} AS "{field.column}"' for field in own if isinstance(field, GeneratedField)
    )
    found = _first_known(event, columns) if before_first else _last_known(event, columns)
    sql = f'SELECT id AS "{model._meta.pk.column}", {columns}{derived} FROM ({found}) AS versions'
    return Shadow(model._meta.db_table, sql)


def written_once(model: type[Model], column: str) -> Shadow:
    """The rows of an append-only table that were there already."""
    return Shadow(model._meta.db_table, f'SELECT * FROM public."{model._meta.db_table}" WHERE "{column}" <= %s')


def unknown(model: type[Model]) -> Shadow:
    """A table without memory: in the past it is empty."""
    return Shadow(model._meta.db_table, f'SELECT * FROM public."{model._meta.db_table}" WHERE false')


_present: ContextVar[bool] = ContextVar("present", default=False)


def _last_known(event: type[Model], columns: str) -> str:
    """The last version of each row by then. An anti-join, so that the planner reads only what is asked for."""
    table = event._meta.db_table
    return (
        f"SELECT pgh_obj_id AS id, {columns} FROM \"{table}\" AS kept WHERE pgh_created_at <= %s AND pgh_label <> 'delete'"
        f' AND NOT EXISTS (SELECT FROM "{table}" AS later WHERE later.pgh_obj_id = kept.pgh_obj_id'
        f" AND later.pgh_id > kept.pgh_id AND later.pgh_created_at <= %s)"
    )


def _first_known(event: type[Model], columns: str) -> str:
    """The last version by then, else the first there ever was; for small tables."""
    return (
        f'SELECT * FROM (SELECT DISTINCT ON (pgh_obj_id) pgh_obj_id AS id, pgh_label, {columns} FROM "{event._meta.db_table}"'
        f" ORDER BY pgh_obj_id, pgh_created_at <= %s DESC,"
        f" CASE WHEN pgh_created_at <= %s THEN pgh_id ELSE -pgh_id END DESC) AS every WHERE pgh_label <> 'delete'"
    )


def _generated(field: GeneratedField) -> str:
    return connection.ops.compose_sql(*field.generated_sql(connection)).replace("%", "%%")


def _before(sql: str, shadows: str) -> str:
    """The statement with the shadows before its own common table expressions."""
    own = re.match(r"\s*WITH\s+(RECURSIVE\s+)?", sql, re.IGNORECASE)
    return f"{own[0]}{shadows}, {sql[own.end() :]}" if own else f"WITH {shadows} {sql}"


def _looking_back(instant: datetime, shadows: list[Shadow]) -> Callable[..., Any]:
    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if _present.get():
            return execute(sql, params, many, context)
        start = sql.lstrip("( \n").upper()
        if start.startswith(WRITING) or " FOR UPDATE" in sql:
            raise RuntimeError("the past cannot be written")
        read = [shadow for shadow in shadows if f'"{shadow.table}"' in sql]
        if not read or not start.startswith(READING):
            return execute(sql, params, many, context)
        times = sum(shadow.sql.count("%s") for shadow in read)
        sql = _before(sql if params else sql.replace("%", "%%"), ", ".join(shadow.told() for shadow in read))
        return execute(sql, (*[instant] * times, *(params or ())), many, context)

    return wrapper
