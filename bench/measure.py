"""Builds the registers and measures; started by run.py with the servers' addresses in the environment."""

import importlib
import os
import pkgutil
import re
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg2

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
django.setup()

import figures  # noqa: E402
from django.db import connection  # noqa: E402
from figure import FIGURES, MILLION, Figure, Measured, table  # noqa: E402
from register import build  # noqa: E402


class World:
    """The registers by size, each in a database of its own, and the way to them."""

    def __init__(self) -> None:
        self.full = os.environ.get("BENCH") == "full"
        self.built: set[int] = set()
        self.prepared = False

    def environment(self, size: int) -> dict[str, str]:
        """The environment of a process of the product on the register of this size."""
        names = ("DATABASE_URL", "MIGRATION_DATABASE_URL")
        return os.environ | {name: os.environ[name].replace("/spbe?", f"/{self.name(size)}?") for name in names}

    def name(self, size: int) -> str:
        return f"spbe_{size}"

    @contextmanager
    def at(self, size: int) -> Iterator[None]:
        """Django's connection on the register of this size, built at its first use."""
        self.ensure(size)
        before = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = self.name(size)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before

    def ensure(self, size: int) -> None:
        """Build the register of this size unless it is there."""
        if size in self.built:
            return
        self._prepare()
        admin = self._connect("postgres", "spbe_admin")
        with admin.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name(size)])
            left = cursor.fetchone()
        admin.close()
        if left:
            self.built.add(size)
        else:
            self._build(size)

    def connect(self, size: int, role: str = "spbe_app"):
        """A plain connection of psycopg2 to the same register, for the side that goes past the product."""
        return self._connect(self.name(size), role)

    def _prepare(self) -> None:
        """The empty database every register begins with, and the files pages link to."""
        if not self.prepared:
            for step in (["prepare_database"], ["collectstatic", "--noinput"]):
                command = [sys.executable, str(HERE.parent / "manage.py"), *step, "--verbosity", "0"]
                subprocess.run(command, cwd=HERE.parent, check=True)
            self.prepared = True

    def _build(self, size: int) -> None:
        print(f"Menyusun register {size:,} aplikasi …".replace(",", "."), file=sys.stderr, flush=True)
        connection.close()
        admin = self._connect("postgres", "spbe_admin")
        with admin.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {self.name(size)} TEMPLATE spbe OWNER spbe_owner")
        admin.close()
        self.built.add(size)
        link = self._connect(self.name(size), "spbe_admin")
        with self.at(size), link.cursor() as cursor:
            build(cursor, size)
        link.close()

    def _connect(self, database: str, role: str):
        host = urlsplit(os.environ["DATABASE_URL"]).query.removeprefix("host=")
        link = psycopg2.connect(host=host, user=role, dbname=database)
        link.autocommit = True
        return link


def chosen(world: World) -> list[Figure]:
    """Those asked for by FIGURES, else all; without BENCH=full none that needs a million rows."""
    for module in pkgutil.iter_modules(figures.__path__):
        importlib.import_module(f"figures.{module.name}")
    asked = set(filter(None, os.environ.get("FIGURES", "").upper().split(",")))
    unknown = asked - {one.id.upper() for one in FIGURES}
    if unknown:
        raise SystemExit(f"Tidak ada angka {', '.join(sorted(unknown))}.")
    small = [one for one in FIGURES if world.full or MILLION not in one.needs]
    return sorted((one for one in small if not asked or one.id.upper() in asked), key=_place)


def _place(one: Figure) -> tuple[str, int, str]:
    """P3, P3B, P12: by letter, number, and the letter behind it."""
    return one.id[0], int(re.sub(r"\D", "", one.id)), one.id


def measured(one: Figure, world: World) -> Measured | str:
    print(f"Mengukur {one.id}: {one.goal} …", file=sys.stderr, flush=True)
    try:
        value = one.measure(world)
    except Exception as error:
        traceback.print_exc()
        return f"{type(error).__name__}: {error}".splitlines()[0][:120]
    found = value if isinstance(value, Measured) else Measured(value)
    print(f"{one.id}: {found.value:.3g} {one.unit} {found.note}", file=sys.stderr, flush=True)
    return found


def main() -> int:
    world = World()
    rows = [(one, measured(one, world)) for one in chosen(world)]
    print(table(rows))
    return int(any(isinstance(value, str) for _one, value in rows))


if __name__ == "__main__":
    sys.exit(main())
