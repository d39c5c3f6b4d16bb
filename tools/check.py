"""`make check`: the guards of the house, two at a time; the output of those that fail, then one line for each.

Needs no database and no broker: the settings get addresses nobody answers on.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from processes import die_with_parent
from provision import PROJECT, PYTHON, VENV

BIN = VENV / "bin"
SHOWN = 60  # lines of a failed guard
# What an installation behind https would have, so that `check --deploy` judges that and not the demo.
PRODUCTION = {
    "DATABASE_URL": "postgres://spbe_app@/spbe?host=/nonexistent",
    "MIGRATION_DATABASE_URL": "postgres://spbe_owner@/spbe?host=/nonexistent",
    "REDIS_URL": "unix:///nonexistent/redis.sock",
    "BASE_URL": "https://spbe.example.go.id",
    "SECRET_KEY": "9vQ2mX7rT4kZ8pL1wN6yB3cF5hJ0dG-aS_eU-iO_qWxEzRtYvMnKb",
    "DJANGO_SETTINGS_MODULE": "spbe_portfolio.settings",
}


def typed_files() -> list[str]:
    """What carries the rules, the acts and the reads of every app; pages and forms are held by their tests."""
    patterns = [f"apps/*/{name}{suffix}" for name in ("rules", "services", "queries") for suffix in (".py", "")]
    return sorted(str(path.relative_to(PROJECT)) for pattern in patterns for path in PROJECT.glob(pattern))


GUARDS = {
    "ruff check": [BIN / "ruff", "check", "--quiet", "--output-format", "concise"],
    "ruff format": [BIN / "ruff", "format", "--check", "--quiet"],
    "mypy": [BIN / "mypy", *typed_files()],
    "import-linter": [BIN / "lint-imports", "--no-cache"],
    "djlint": [BIN / "djlint", "templates", "--lint", "--quiet"],
    "check --deploy": [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    "makemigrations --check": [PYTHON, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"],
    "architecture": [PYTHON, "-m", "pytest", "tests/architecture", "-q", "--ds", "spbe_portfolio.settings_test"],
    "locale/en": [PYTHON, "tools/locale_check.py"],
}


def judge(name: str, env: dict[str, str]) -> tuple[str, bool, float, str]:
    started = time.monotonic()
    done = subprocess.run(
        [str(part) for part in GUARDS[name]],
        cwd=PROJECT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return name, done.returncode == 0, time.monotonic() - started, done.stdout


def run(environment: dict[str, str], *, without: tuple[str, ...] = ()) -> int:
    """How many guards failed; `without` names those that somebody else asks."""
    env = {name: value for name, value in environment.items() if name != "DEMO"} | PRODUCTION
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(lambda name: judge(name, env), [name for name in GUARDS if name not in without]))
    for name, held, _seconds, output in outcomes:
        if not held:
            lines = output.strip().splitlines()
            more = f"\n… dan {len(lines) - SHOWN} baris lagi" if len(lines) > SHOWN else ""
            print(f"--- {name} ---\n" + "\n".join(lines[:SHOWN]) + more + "\n", flush=True)
    for name, held, seconds, _output in outcomes:
        print(f"{'lulus' if held else 'GAGAL'}  {name} ({seconds:.1f} s)", flush=True)
    return sum(not held for _name, held, _seconds, _output in outcomes)


def main() -> int:
    if os.environ.get("MAKELEVEL"):
        die_with_parent()
    return 1 if run(dict(os.environ)) else 0


if __name__ == "__main__":
    sys.exit(main())
