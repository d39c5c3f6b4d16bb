"""The conventions of ARCHITECTURE.md, each with a planted offender: a guard that cannot fail guards nothing."""

import subprocess
from pathlib import Path

import pytest

from tests.architecture import guards

PROJECT = Path(__file__).resolve().parents[2]
PRODUCT = ("apps", "spbe_portfolio")
HOUSE = (*PRODUCT, "tools", "tests")


# Each guard with the folders it watches and the folders in them that it leaves alone.
WATCHED = {
    guards.writes_outside_services: (("apps",), ()),
    guards.clocks_beside_the_clock: (PRODUCT, ()),
    guards.imports_inside_functions: (HOUSE, ()),
    guards.eager_tasks: (HOUSE, ()),
    guards.long_functions: (HOUSE, ("migrations",)),
    guards.long_file: (HOUSE, ("migrations",)),
}


@pytest.fixture(scope="module")
def offences():
    """What offends each guard in every Python file of the house, which is read once."""
    found = {guard: [] for guard in WATCHED}
    for folder in HOUSE:
        for file in sorted((PROJECT / folder).rglob("*.py")):
            path, text = file.relative_to(PROJECT).as_posix(), file.read_text()
            for guard, (folders, without) in WATCHED.items():
                if folder in folders and not set(without) & set(file.parts):
                    found[guard] += guard(path, text)
    return found


def test_only_services_and_models_change_rows(offences):
    assert offences[guards.writes_outside_services] == []


@pytest.mark.parametrize(
    "line",
    [
        "application.save()",
        "Case.objects.filter(pk=1).update(outcome='x')",
        "Case.objects.create(code='x')",
        "case.delete()",
        "Case.objects.bulk_create(rows)",
        "case.move_to(Case.Status.CLOSED)",
        "case.status = 'closed'",
    ],
)
def test_a_write_in_a_view_is_caught(line):
    assert guards.writes_outside_services("apps/deactivation/views.py", line)
    assert guards.writes_outside_services("apps/deactivation/services.py", line) == []
    assert guards.writes_outside_services("apps/deactivation/services/cases.py", line) == []


@pytest.mark.parametrize(
    "line", ["names.update(other)", "digest.update(b'x')", "cache.delete('key')", "self.status = 1"]
)
def test_what_only_looks_like_a_write_is_not(line):
    assert guards.writes_outside_services("apps/deactivation/views.py", line) == []


def test_the_present_comes_from_one_clock(offences):
    assert offences[guards.clocks_beside_the_clock] == []


@pytest.mark.parametrize(
    "line",
    [
        "timezone.now()",
        "django.utils.timezone.now()",
        "date.today()",
        "datetime.now(tz=UTC)",
        "datetime.datetime.utcnow()",
        "timezone.localdate()",
        "cursor.execute('SELECT NOW()')",
        "cursor.execute('UPDATE x SET at = CURRENT_TIMESTAMP')",
        "Event.objects.filter(at__date=day)",
        "Event.objects.filter(at__year=2026)",
        "DateTimeField(auto_now_add=True)",
        "from django.db.models.functions import Now",
        "clock.now().date()",
    ],
)
def test_another_clock_is_caught(line):
    assert guards.clocks_beside_the_clock("apps/monitoring/services.py", line)
    assert guards.clocks_beside_the_clock(guards.CLOCK_HOME, line) == []


@pytest.mark.parametrize(
    "line",
    [
        "clock.now()",
        "timezone.localtime(instant, zone)",
        "Period.objects.filter(year=2026)",
        "Finding.objects.filter(period__year=2026)",
    ],
)
def test_a_given_instant_is_no_clock(line):
    assert guards.clocks_beside_the_clock("apps/monitoring/services.py", line) == []


def test_imports_stand_at_the_top(offences):
    assert offences[guards.imports_inside_functions] == []


def test_an_import_inside_a_function_is_caught():
    assert guards.imports_inside_functions("x.py", "def f():\n    if True:\n        import os\n")
    assert guards.imports_inside_functions("x.py", "import os\ndef f():\n    return os\n") == []


def test_no_task_runs_eagerly(offences):
    assert offences[guards.eager_tasks] == []


def test_an_eager_task_is_caught():
    assert guards.eager_tasks("settings.py", "CELERY_" + "TASK_ALWAYS" + "_EAGER = True")


def test_functions_stay_short(offences):
    assert offences[guards.long_functions] == []


def test_a_long_function_is_caught():
    assert guards.long_functions("x.py", "def f():\n" + "    x = 1\n" * guards.MAX_FUNCTION)
    assert guards.long_functions("x.py", "def f():\n" + "    x = 1\n" * (guards.MAX_FUNCTION - 1)) == []


def test_files_stay_short(offences):
    assert offences[guards.long_file] == []


def test_a_long_file_is_caught():
    assert guards.long_file("x.py", "x = 1\n" * (guards.MAX_FILE + 1))
    assert guards.long_file("x.py", "x = 1\n" * guards.MAX_FILE) == []


def tracked_texts() -> list[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    texts = []
    for name in filter(None, listed.split("\0")):
        try:
            texts.append((name, (PROJECT / name).read_text()))
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
    return texts


@pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="an unpacked archive has no list of tracked files")
def test_no_tracked_file_names_a_registry_or_a_machine():
    assert [line for path, text in tracked_texts() for line in guards.foreign_places(path, text)] == []


def test_a_registry_or_a_machine_path_is_caught():
    assert guards.foreign_places("lock.json", '"resolved": "https://registry.npmjs' + '.org/x/-/x-1.tgz"')
    assert guards.foreign_places("notes.md", "see /" + "root/project/file")
    assert guards.foreign_places("notes.md", "GET /home/ and /aplikasi/") == []
