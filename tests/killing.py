"""A process of its own on the test's database, killed by SIGKILL where it waits for what the test holds."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def environment():
    """This test's own database, named by its socket folder or its host."""
    database = connection.settings_dict
    host = database["HOST"] or database["OPTIONS"].get("host", "")
    secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    port = f":{database['PORT']}" if database["PORT"] else ""
    folder, name = (f"?host={host}", "") if host.startswith("/") else ("", host)
    where = f"postgres://{database['USER']}{secret}@{name}{port}/{database['NAME']}{folder}"
    return {
        **os.environ,
        "DATABASE_URL": where,
        "DJANGO_SETTINGS_MODULE": "spbe_portfolio.settings_test",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }


@contextmanager
def running(script):
    """A process that runs `script` after Django is set up; killed when it is still there."""
    command = [sys.executable, "-c", f"import django\ndjango.setup()\n{script}"]
    process = subprocess.Popen(command, env=environment(), cwd=settings.BASE_DIR, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def kill_when_it_waits(script):
    """Wait until the process stands before what this transaction holds, kill it there; its exit code."""
    with running(script) as process, connection.cursor() as cursor:
        while process.poll() is None:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0]:
                os.killpg(process.pid, signal.SIGKILL)
                return process.wait()
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.05)
    pytest.fail("the process ended before it was killed")
