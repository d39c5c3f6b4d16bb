"""`make bench`: figures beside their goals, in one table. No part of the tests: machines are shared and noisy.

A private PostgreSQL and Redis around `measure.py`, or around `load.py` with the argument `load` (`make load`). FIGURES=P10,P14 picks some, BENCH=full adds those of 1,000,000 rows, ROUNDS=1 is for a
quick look only.
"""

import os
import sys
import tempfile
from pathlib import Path

TOOLS = Path(__file__).resolve().parent.parent / "tools"
sys.path.append(str(TOOLS))

from embedded import PostgreSQL, Redis, account, socket_folder  # noqa: E402
from processes import Family, die_with_parent  # noqa: E402
from provision import PROJECT, PYTHON  # noqa: E402
from suite import run_in_front  # noqa: E402


def main() -> int:
    die_with_parent()
    work, sockets = Path(tempfile.mkdtemp(prefix="spbe-bench-")), socket_folder()
    if account():
        for folder in (work, sockets):
            folder.chmod(0o711)  # the account of PostgreSQL passes through to its own 0700 folder
    family = Family(work / "logs")
    for folder in (work, sockets):
        family.own_folder(folder)
    try:
        postgresql = PostgreSQL(family, work / "postgresql", sockets)
        redis = Redis(family, work / "redis", sockets, throwaway=True)
        redis.start()
        postgresql.start()
        env = os.environ | {
            "DATABASE_URL": postgresql.url("spbe_app"),
            "MIGRATION_DATABASE_URL": postgresql.url("spbe_owner"),
            "BENCH_ADMIN_URL": postgresql.url("spbe_admin"),
            "REDIS_URL": redis.url,
            "SECRET_KEY": "hanya-untuk-pengukuran-" + "x" * 40,
            "BASE_URL": "http://127.0.0.1",
            "DEMO": "1",
            "STATE_DIR": str(work / "state"),
            "DJANGO_SETTINGS_MODULE": "spbe_portfolio.settings",
            "PYTHONPATH": str(PROJECT),
        }
        script = "load.py" if sys.argv[1:] == ["load"] else "measure.py"
        return run_in_front(family, [str(PYTHON), str(PROJECT / "bench" / script)], env)
    finally:
        family.stop()


if __name__ == "__main__":
    sys.exit(main())
