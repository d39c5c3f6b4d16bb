"""Whether this process lives, and whether the whole installation is fit to serve."""

from datetime import timedelta

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error as DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from apps.core import clock
from apps.core.models import Heartbeat

HEARTBEAT_LIMIT = timedelta(minutes=5)


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations, broker, the clock's heartbeat and offset, and the two roles; 503 when one fails."""
    checks = {name: _outcome(check) for name, check in CHECKS.items()}
    ready = all(outcome in {"ok", "warning"} for outcome, _note in checks.values())
    body = {name: {"status": outcome, "note": note} for name, (outcome, note) in checks.items()}
    return JsonResponse({"status": "ok" if ready else "failing", "checks": body}, status=200 if ready else 503)


def _outcome(check) -> tuple[str, str]:
    try:
        return check()
    except (DatabaseError, redis.RedisError, OSError) as error:
        return "failing", type(error).__name__


def _database() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok", ""


def _migrations() -> tuple[str, str]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return ("failing", f"{len(missing)} migrations missing") if missing else ("ok", "")


def _broker() -> tuple[str, str]:
    redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2).ping()
    return "ok", ""


def _heartbeat() -> tuple[str, str]:
    beat = Heartbeat.objects.filter(name="worker").first()
    if beat is None:
        return "warning", "no tick yet"
    age = clock.now() - beat.at
    return ("failing", f"last tick {age} ago") if age > HEARTBEAT_LIMIT else ("ok", "")


def _clock() -> tuple[str, str]:
    shift = clock.offset()
    if not shift:
        return "ok", ""
    return ("warning" if settings.DEMO else "failing"), f"offset {shift}"


def _roles() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_catalog.has_table_privilege(current_user, 'audit_event', 'UPDATE')"
            " OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
        )
        one_role = cursor.fetchone()[0]
    return ("warning", "one database role: the trail is not protected from it") if one_role else ("ok", "")


CHECKS = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "heartbeat": _heartbeat,
    "clock": _clock,
    "roles": _roles,
}
