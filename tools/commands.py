"""The commands of the product's processes: what the launcher starts, and what is measured and doubled elsewhere."""

import os
from pathlib import Path

from provision import VENV

Command = list[str | Path]
CELERY: Command = [VENV / "bin" / "celery", "-A", "spbe_portfolio"]


def web(host: str, port: int, application: str = "spbe_portfolio.wsgi:application") -> Command:
    """One web group, a process for each core up to four.

    Idle threads keep their database connection: they must live longer than CONN_MAX_AGE (60 s).
    """
    command: Command = [VENV / "bin" / "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(min(4, os.cpu_count() or 1)), "--workers-kill-timeout", "5"]
    return [*command, "--blocking-threads", "8", "--blocking-threads-idle-timeout", "120", "--no-ws", application]


def worker() -> Command:
    """One worker, which runs the sweeps."""
    return [*CELERY, "worker", "--loglevel", "INFO", "--concurrency", "2", "--without-gossip", "--without-mingle"]


def beat(schedule: Path) -> Command:
    """One clock; `schedule` is a file it may lose."""
    return [*CELERY, "beat", "--loglevel", "INFO", "--schedule", schedule]
