"""Pure guards: each takes a file's path (relative to the project) and text and returns what offends, as lines."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath

WRITES = {"save", "create", "update", "delete", "get_or_create", "update_or_create", "move_to"}
BULK_WRITES = {"bulk_create", "bulk_update", "abulk_create", "abulk_update"}
CLOCK_CALLS = {
    ("timezone", "now"),
    ("timezone", "localtime"),
    ("timezone", "localdate"),
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
}
SQL_CLOCK = re.compile(
    r"\bNOW\s*\(\s*\)|\bCURRENT_(?:DATE|TIMESTAMP|TIME)\b|\b(?:clock|statement|transaction)_timestamp\("
)
# Cuts of an instant (`_at`, by convention); `period__year` walks to a column of that name.
CLOCK_LOOKUP = re.compile(r"(?:^|_)at__(?:date|year|month|quarter|week|day|hour)(?:__\w+)?$")
AUTOMATIC_FIELDS = {"auto_now", "auto_now_add"}
CLOCK_HOME = "apps/core/clock.py"
MAX_FUNCTION, MAX_FILE = 50, 400
ONE_TABLE = "tests/access/table.py"  # rights are read side by side: one table, however many routes there are


def parts(path: str) -> tuple[str, ...]:
    return PurePosixPath(path).with_suffix("").parts


@lru_cache(maxsize=1)  # the guards are asked one file after the other
def parsed(text: str) -> ast.Module:
    return ast.parse(text)


def may_write(path: str) -> bool:
    """Services and models of an app, in a file or a package of that name, and migrations."""
    return any(part in {"services", "models", "migrations"} for part in parts(path)[2:])


def writes_outside_services(path: str, text: str) -> list[str]:
    """A change of rows or of a status anywhere but in services, models and migrations.

    QuerySet.update, Model.delete and Model.save take no positional argument, dict.update, hash.update, cache.delete
    and file.save do: that tells them apart without types.
    """
    if may_write(path):
        return []
    found = []
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name in BULK_WRITES or name == "move_to" or (name in WRITES and not node.args):
                found.append(f"{path}:{node.lineno} calls .{name}()")
        for target in assigned(node):
            if isinstance(target, ast.Attribute) and target.attr == "status" and not is_self(target.value):
                found.append(f"{path}:{target.lineno} assigns .status")
    return found


def assigned(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []


def is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def clocks_beside_the_clock(path: str, text: str) -> list[str]:
    """Any other source of the present than apps.core.clock, and look-ups that cut instants in the server's zone."""
    if path == CLOCK_HOME or "/migrations/" in path:  # migrations create the clock, and quote pghistory's own fields
        return []
    tree = parsed(text)
    proses = {id(constant) for constant in docstrings(tree)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += clock_call(path, node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in proses:
            if SQL_CLOCK.search(node.value) or CLOCK_LOOKUP.search(node.value):
                found.append(f"{path}:{node.lineno} reads a clock or cuts a date in text")
        elif isinstance(node, ast.ImportFrom) and node.module == "django.db.models.functions":
            found += [f"{path}:{node.lineno} imports Now" for alias in node.names if alias.name == "Now"]
    return found


def clock_call(path: str, node: ast.Call) -> list[str]:
    found = [
        f"{path}:{node.lineno} uses {keyword.arg}"
        for keyword in node.keywords
        if keyword.arg and (CLOCK_LOOKUP.search(keyword.arg) or keyword.arg in AUTOMATIC_FIELDS)
    ]
    called = node.func
    if isinstance(called, ast.Attribute):
        owner = called.value
        name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        # With an argument localtime and localdate convert a given instant and read no clock.
        reads = (name, called.attr) in CLOCK_CALLS and not (called.attr.startswith("local") and node.args)
        found += [f"{path}:{node.lineno} calls {name}.{called.attr}()"] if reads else []
        cuts = called.attr == "date" and isinstance(owner, ast.Call) and getattr(owner.func, "attr", "") == "now"
        found += [f"{path}:{node.lineno} cuts now at midnight in UTC"] if cuts else []
    return found


def docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def functions(text: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imports_inside_functions(path: str, text: str) -> list[str]:
    return sorted(
        {
            f"{path}:{node.lineno} imports inside {function.name}"
            for function in functions(text)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
    )


def eager_tasks(path: str, text: str) -> list[str]:
    name = "_".join(("task", "always", "eager"))  # so that this file does not offend itself
    return [f"{path}:{n} sets {name}" for n, line in enumerate(text.splitlines(), 1) if name in line.lower()]


def long_functions(path: str, text: str) -> list[str]:
    return [
        f"{path}:{node.lineno} {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in functions(text)
        if node.end_lineno - node.lineno + 1 > MAX_FUNCTION
    ]


def long_file(path: str, text: str) -> list[str]:
    count = sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith("#"))
    return [f"{path} has {count} lines of code"] if count > MAX_FILE and str(path) != ONE_TABLE else []


def foreign_places(path: str, text: str) -> list[str]:
    """Package registries and folders of somebody's machine, which no file of the project may name."""
    registries = ("registry.npmjs" + ".org", "files.pythonhosted" + ".org", "pypi.org" + "/simple")
    homes = re.compile(r"(?<![\w.])/(?:" + "|".join(("root", "work", "home", "Users")) + r")/[\w.-]+/")
    return [
        f"{path}:{number} {line.strip()[:80]}"
        for number, line in enumerate(text.splitlines(), 1)
        if any(registry in line for registry in registries) or homes.search(line)
    ]
