"""`make test` and `make faults`: throw-away PostgreSQL and Redis around one command.

`suite.py test [pytest arguments]` runs the guards first; `suite.py faults` the long fault suite (T=T-07 picks one).
Runs with the virtual environment's Python, after tools/provision.py --dev.
"""

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import check
from embedded import PostgreSQL, Redis, account, socket_folder
from processes import Child, Family, die_with_parent, end_group, tail
from provision import BROWSER_COMMAND, PROJECT, PYTHON, VENV, StepFailed, ensure_browser, say


class Stopped(Exception):
    """Somebody asked the suite to stop."""


def on_signal(_signum: int, _frame: object) -> None:
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    raise Stopped


def environment(work: Path, postgresql: PostgreSQL, redis: Redis) -> dict[str, str]:
    owner = postgresql.url("spbe_owner")
    servers = {"DATABASE_URL": owner, "MIGRATION_DATABASE_URL": owner, "REDIS_URL": redis.url}
    return (
        os.environ
        | servers
        | {
            "APP_DATABASE_URL": postgresql.url("spbe_app"),
            "SECRET_KEY": "hanya-untuk-pengujian",
            "DEMO": "1",
            "PYTHONDONTWRITEBYTECODE": "",  # the suite starts the product dozens of times; each would compile it anew
            "STATE_DIR": str(work / "state"),
            "PATH": f"{VENV / 'bin'}:{os.environ.get('PATH', '')}",
            "CHROMIUM": ensure_browser(),
        }
    )


def command(what: str, extra: list[str]) -> list[str]:
    pytest = [str(PYTHON), "-m", "pytest"]
    if what == "faults":
        chosen = os.environ.get("T", "").lower().replace("-", "")
        return [*pytest, "-m", "faults", *(["-k", chosen] if chosen else []), *extra]
    workers = os.environ.get("WORKERS") or str(max(2, os.cpu_count() or 2))
    return [*pytest, "-n", workers, "--dist", "worksteal", *shlex.split(os.environ.get("ARGS", "")), *extra]


def migrating(family: Family, env: dict[str, str]) -> Child:
    """The making of a database with all migrations, which the workers copy; it takes a good half minute of one core."""
    return family.start("migrate", [PYTHON, "manage.py", "migrate", "--verbosity", "0"], env=env, cwd=PROJECT)


def template(migration: Child, env: dict[str, str]) -> str:
    """The name of the migrated database once it is there."""
    if migration.process.wait():
        raise StepFailed(f"Migrasi gagal:\n{tail(migration.log)}")
    return urlsplit(env["DATABASE_URL"]).path.removeprefix("/")


def run_in_front(family: Family, arguments: list[str], env: dict[str, str]) -> int:
    """Run with this terminal's output, in a process group that ends whole; SIGINT lets pytest tear its servers down."""
    process = subprocess.Popen(
        arguments,
        cwd=PROJECT,
        env=env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(signal.SIGINT),
    )
    family.adopt(process, signal.SIGINT, 30)
    try:
        return process.wait()
    finally:
        end_group(process.pid, signal.SIGINT, 30)
        process.wait()


def around_servers(what: str, extra: list[str]) -> int:
    work = Path(tempfile.mkdtemp(prefix="spbe-uji-"))
    sockets = socket_folder()
    if account():
        for folder in (work, sockets):
            folder.chmod(0o711)  # the account of PostgreSQL passes through to its own 0700 folder
    family = Family(work / "logs")
    for folder in (work, sockets):
        family.own_folder(folder)
    try:
        postgresql = PostgreSQL(family, work / "postgresql", sockets, throwaway=True)
        redis = Redis(family, work / "redis", sockets, throwaway=True)
        redis.start()
        postgresql.start()
        env = environment(work, postgresql, redis)
        migration = migrating(family, env)  # beside the guards, which need no database
        # The whole suite holds the guards of tests/architecture too; a chosen part of it may not.
        whole = not extra and not os.environ.get("ARGS")
        guards = check.run(env, without=("architecture",) if whole else ()) if what == "test" else 0
        if what == "test" and not env["CHROMIUM"]:
            print(f"Uji peramban akan gagal: jalankan sebagai root {BROWSER_COMMAND}", file=sys.stderr)
        env["TEST_TEMPLATE"] = template(migration, env)
        say(f"Menjalankan {what}")
        return run_in_front(family, command(what, extra), env) or guards
    finally:
        family.stop()


def main() -> int:
    if os.environ.get("MAKELEVEL"):
        die_with_parent()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, on_signal)
    what, *extra = sys.argv[1:]
    try:
        return around_servers(what, extra)
    except Stopped:
        return 130
    except StepFailed as error:
        print(f"\nGAGAL: {error}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
