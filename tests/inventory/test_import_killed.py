"""The hand of the import sweep killed by SIGKILL at every step: nothing half done, the next tick does it whole."""

import signal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from apps.audit.models import Event
from apps.inventory import services
from apps.inventory.models import Application, ConfirmedFacts, ImportJob, ImportLine
from apps.inventory.services import importing
from tests.factories import make_actor, make_agency
from tests.killing import kill_when_it_waits
from tests.processes import await_that

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 30
WORK = """
from apps.inventory import services
services.work_on_import({job})
"""
# The guard removed: the same work, each statement a transaction of its own.
WORK_WITHOUT_TRANSACTION = """
import contextlib
from django.db import connection, transaction
connection.features.has_select_for_update = False
transaction.atomic = lambda *given, **named: contextlib.nullcontext()
from apps.inventory.services import importing
importing._judge_in_sight = lambda job, by: importing._judge(job, importing._sheet_of(job.document), by=by)
importing._work_on(importing.ImportJob.objects.get(pk={job}))
"""
# Where the process is made to wait: a table it writes to in the middle of the act.
CHECKING = ("inventory_importjob", "inventory_importline", "audit_event")
TAKING_IN = ("core_counter", "inventory_application", "inventory_confirmedfacts", "audit_event")


@pytest.fixture
def long_list(monkeypatch, government):
    """A list that waits for the sweep, however short."""
    monkeypatch.setattr(importing, "AT_ONCE_ROWS", 0)
    make_agency(government, "Dinas Kesehatan")
    lines = "".join(f"Layanan {number},Dinas Kesehatan\n" for number in range(ROWS))
    upload = SimpleUploadedFile("daftar.csv", f"Nama Aplikasi,Perangkat Daerah\n{lines}".encode())
    return services.check_import(upload, by=make_actor("reviewer", government), government=government)


def killed_before(table, job, script=WORK):
    """Kill a worker of the list as it comes to write to `table`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        assert kill_when_it_waits(script.format(job=job.pk)) == -signal.SIGKILL


def worked_on_at_last(job):
    """The next tick: the dead worker's lock ends with its session."""
    await_that(lambda: services.work_on_import(job.pk), saying="the dead worker's lock is held for good")
    job.refresh_from_db()


def confirmed(job):
    worked_on_at_last(job)
    sender = importing._sender(job)
    return services.commit_import(job.pk, by=sender, version=job.version)


def verbs():
    return list(Event.objects.filter(verb__startswith="import.").order_by("pk").values_list("verb", flat=True))


def test_killed_while_checking_the_list_is_checked_by_the_next_tick(long_list):
    for table in CHECKING:
        killed_before(table, long_list)
        long_list.refresh_from_db()
        assert (long_list.status, ImportLine.objects.count(), verbs()) == ("waiting", 0, ["import.uploaded"])
    worked_on_at_last(long_list)
    assert (long_list.status, long_list.summary["new"], ImportLine.objects.count()) == ("checked", ROWS, ROWS)
    assert verbs() == ["import.uploaded", "import.checked"]
    print(f"import: {len(CHECKING)} kills while checking, 0 half checked")  # noqa: T201


def test_killed_while_taking_in_nothing_is_there_until_all_is(long_list):
    job = confirmed(long_list)
    for table in TAKING_IN:
        killed_before(table, job)
        job.refresh_from_db()
        assert (job.status, Application.objects.count(), ConfirmedFacts.objects.count()) == ("queued", 0, 0)
        assert verbs()[-1] == "import.confirmed"
    worked_on_at_last(job)
    assert job.status == "committed"
    codes = sorted(Application.objects.values_list("code", flat=True))
    assert [int(code[-6:]) for code in codes] == list(range(1, ROWS + 1))  # no number is lost to a kill
    assert ConfirmedFacts.objects.count() == ROWS and verbs().count("import.committed") == 1
    print(f"import: {len(TAKING_IN)} kills while taking in, 0 partial writes, 0 doubled")  # noqa: T201


def test_control_without_the_transaction_a_kill_leaves_records_of_a_list_that_is_still_queued(long_list):
    job = confirmed(long_list)
    killed_before("inventory_confirmedfacts", job, WORK_WITHOUT_TRANSACTION)
    assert (ImportJob.objects.get(pk=job.pk).status, Application.objects.count()) == ("queued", ROWS)
    assert verbs()[-1] == "import.confirmed"


def test_control_without_the_transaction_a_kill_leaves_judged_rows_without_a_trace(long_list):
    killed_before("inventory_importjob", long_list, WORK_WITHOUT_TRANSACTION)
    await_that(lambda: ImportLine.objects.count() == ROWS, saying="no judged rows were left without a trace")
    assert verbs() == ["import.uploaded"]
