"""A list on its way into the register: columns matched, rows judged, then what was shown, all of it or nothing."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.accounts import queries as people
from apps.accounts.actor import Actor
from apps.accounts.models import Membership, Organization
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.documents import services as documents
from apps.documents.models import Document
from apps.inventory import rules
from apps.inventory.importing import columns, plan, reading
from apps.inventory.importing.normalising import key_of
from apps.inventory.models import Application, ColumnMemory, ImportJob
from apps.inventory.services import staging

Status = ImportJob.Status
AT_ONCE_ROWS = 2000  # longer lists wait for the clock's sweep, so that no request takes minutes
PROGRESS_ROWS = 500
LOCK_CLASS = 71  # of the advisory locks that keep two workers from the same list
logger = logging.getLogger(__name__)


@transaction.atomic
def check_import(upload: UploadedFile, *, by: Any, government: Organization, at_once: bool = False) -> ImportJob:
    """Keep the file and, as far as nobody has to decide, its dry run; nothing of the register is touched.

    A list with columns that nobody knows waits for `match_columns`, a long one for the sweep; `at_once` refuses the
    former (ValidationError) and judges the latter here.
    """
    if not rules.writes(by):
        raise PermissionDenied
    document = documents.store(upload, by=by, kind=Document.Kind.IMPORT)
    sheet = _sheet_of(document)
    known = columns.understand(sheet.heads, government.pk, _remembered(by))
    if at_once:
        plan.refuse_columns(known)
    job = ImportJob(
        government=government, document=document, started_by_id=by.person_id, started_by_name=by.name,
        membership_id=by.membership_id, columns=[list(pair) for pair in zip(sheet.heads, known.meanings, strict=True)],
        rows_total=len(sheet.rows), status=Status.WAITING if known.clear or at_once else Status.MATCHING,
    )  # fmt: skip
    job.save()
    record(by, "import.uploaded", job, organization=government, rows=len(sheet.rows), sha256=document.sha256)
    if job.status == Status.WAITING and (at_once or len(sheet.rows) <= AT_ONCE_ROWS):
        _judge(job, sheet, by=by)
    return job


@transaction.atomic
def match_columns(job_id: int, *, by: Any, version: int, meanings: Mapping[int, str]) -> ImportJob:
    """Say what each column means, by its place: an attribute or left out; remembered for this sender's next list."""
    job = _held(job_id, by=by, version=version)
    job.move_to(Status.WAITING)
    heads = [head for head, _meaning in job.columns]
    said = [meanings.get(index, "") or columns.LEFT_OUT for index in range(len(heads))]
    unknown = set(said) - set(columns.readable(job.government_id)) - {columns.LEFT_OUT}
    if unknown:
        raise ValidationError(_("Isian tidak dikenal: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    plan.refuse_columns(columns.matched(heads, said, job.government_id))
    job.columns, job.answers = [list(pair) for pair in zip(heads, said, strict=True)], {}
    _remember(by, dict(zip(heads, said, strict=True)))
    record(by, "import.columns_matched", job, organization=job.government, columns=job.columns)
    return _wait_or_judge(job, by=by)


@transaction.atomic
def rematch_columns(job_id: int, *, by: Any, version: int) -> ImportJob:
    """Go back from the dry run to the columns."""
    job = _held(job_id, by=by, version=version)
    if job.undoes_id:
        raise RuleViolation(_("Daftar pembatalan tidak mempunyai kolom untuk dicocokkan."), code="no_columns")
    job.move_to(Status.MATCHING)
    job.save()
    record(by, "import.columns_reopened", job, organization=job.government)
    return job


@transaction.atomic
def answer_rows(job_id: int, *, by: Any, version: int, answers: Mapping[str, str]) -> ImportJob:
    """Say of asked rows which record they mean, that they are new, or that they are left out; the list is judged anew."""
    job = _held(job_id, by=by, version=version)
    job.move_to(Status.WAITING)
    asked = {
        str(line.number): {plan.SKIP, plan.TAKE, plan.REGISTER, *(one["key"] for one in line.candidates)}
        for line in job.lines.filter(fate=plan.ASKED)
    }
    given = {number: answer for number, answer in answers.items() if answer}
    if not given:
        raise ValidationError(_("Pilih jawaban untuk paling sedikit satu baris."))
    if any(answer not in asked.get(number, ()) for number, answer in given.items()):
        raise ValidationError(_("Jawaban tidak sesuai barisnya. Muat ulang halaman, lalu pilih lagi."))
    job.answers = job.answers | given
    record(by, "import.rows_answered", job, organization=job.government, answers=given)
    return _wait_or_judge(job, by=by)


@transaction.atomic
def commit_import(job_id: int, *, by: Any, version: int, at_once: bool = False) -> ImportJob:
    """Write the ready rows of a checked list: new ones in one sweep, changed ones only where they differ.

    A reviewer's rows are registered at once and get codes, an operator's become drafts. RuleViolation when the register
    moved on since the dry run, so that what was shown is what happens. A long list is taken in by the sweep.
    """
    job = _held(job_id, by=by, version=version)
    if at_once or job.rows_total <= AT_ONCE_ROWS:
        return _take_in(job, by=by)
    job.move_to(Status.QUEUED)
    job.save()
    record(by, "import.confirmed", job, organization=job.government)
    return job


@transaction.atomic
def drop_import(job_id: int, *, by: Any, version: int) -> ImportJob:
    """Leave a list aside."""
    job = _held(job_id, by=by, version=version)
    job.move_to(Status.DROPPED)
    job.save()
    record(by, "import.dropped", job, organization=job.government)
    return job


def _held(job_id: int, *, by: Any, version: int) -> ImportJob:
    """The sender's list, locked; a sender whose role writes nothing any more is refused."""
    seen = ImportJob.objects.visible_to(by)
    if not rules.writes(by) and seen.filter(pk=job_id).exists():
        raise PermissionDenied
    return seen.locked(job_id, version)


def work_on_import(job_id: int) -> bool:
    """The sweep's hand: judge or take in a long list as its sender; False when another worker holds it.

    A worker killed over it leaves nothing half done: the lock ends with its session and the next tick begins anew.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, job_id])
        if not cursor.fetchone()[0]:
            return False
        try:
            _work_on(ImportJob.objects.get(pk=job_id))
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_CLASS, job_id])
    return True


def _work_on(job: ImportJob) -> None:
    try:
        by = _sender(job)
        if job.status == Status.WAITING:
            _judge_in_sight(job, by=by)
        elif job.status == Status.QUEUED:
            with transaction.atomic():
                _take_in(ImportJob.objects.locked(job.pk), by=by)
    except (PermissionDenied, RuleViolation, ValidationError) as refusal:
        texts = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        _fail(job.pk, " ".join(texts))


def _judge_in_sight(job: ImportJob, *, by: Any) -> None:
    """Judge with the number of rows done written beside, so that the page shows how far it is."""
    sheet = _sheet_of(job.document)

    def progress(done: int) -> None:
        if not done % PROGRESS_ROWS:
            ImportJob.objects.filter(pk=job.pk).update(rows_done=done)

    planned = _plan(job, sheet, by, progress)
    with transaction.atomic():
        held = ImportJob.objects.locked(job.pk)
        if held.status == Status.WAITING and held.version == job.version:
            _judge(held, sheet, by=by, planned=planned)


def _wait_or_judge(job: ImportJob, *, by: Any) -> ImportJob:
    job.rows_done = 0
    job.save()
    if job.rows_total <= AT_ONCE_ROWS:
        _judge(job, _sheet_of(job.document), by=by)
    return job


def _judge(job: ImportJob, sheet: reading.Sheet, *, by: Any, planned: Any = None) -> None:
    job.judged_at, (rows, job.summary) = planned or _plan(job, sheet, by)
    staging.keep_lines(job, rows)
    job.move_to(Status.CHECKED)
    job.rows_done = job.rows_total
    job.save()
    counts = {name: job.summary[name] for name in ("rows", "new", "changed", "refused", "asked")}
    record(by, "import.checked", job, organization=job.government, **counts)


def _plan(job: ImportJob, sheet: reading.Sheet, by: Any, progress: Callable[[int], None] | None = None) -> Any:
    heads, meanings = [head for head, _said in job.columns], [meaning for _head, meaning in job.columns]
    known, began = columns.matched(heads, meanings, job.government_id), clock.now()
    return began, plan.make_plan(sheet, known, by=by, government=job.government, answers=job.answers, progress=progress)


def _take_in(job: ImportJob, *, by: Any) -> ImportJob:
    job.move_to(Status.COMMITTED)
    Organization.objects.select_for_update(no_key=True).get(pk=job.government_id)  # one list at a time
    _refuse_moved_on(job, by)
    now = clock.now()
    codes = staging.create(job, by=by, now=now, registers=rules.registers_imports(by))
    staging.change(job, now=now)
    staging.note_completeness(job)
    job.committed_at = now
    job.save()
    record(by, "import.committed", job, organization=job.government,
           reason=job.reason or job.document.original_name, undoes=job.undoes_id, **{name: job.summary[name] for name in ("new", "changed", "refused", "asked")},
           codes=codes, checksum=staging.checksum(job))  # fmt: skip
    return job


def _refuse_moved_on(job: ImportJob, by: Any) -> None:
    """Offices, records and names the dry run relied on must be as they were."""
    new = job.lines.filter(fate=plan.NEW, owner_id__isnull=False)
    owners: set[Any] = set(new.order_by().values_list("owner_id", flat=True).distinct())
    able = {office.pk for office in Organization.objects.able_to_own().filter(pk__in=owners) if by.covers(office)}
    visible = Application.objects.visible_to(by).filter(government=job.government)
    if owners != able or staging.moved_on(job, visible):
        raise RuleViolation(
            _("Register berubah sejak berkas ini diperiksa. Unggah lagi untuk melihat perbedaannya."), code="moved_on"
        )


@transaction.atomic
def _fail(job_id: int, trouble: str) -> None:
    job = ImportJob.objects.locked(job_id)
    job.move_to(Status.FAILED)
    job.trouble = trouble
    job.save()
    record(Actor.system(), "import.failed", job, organization=job.government, reason=trouble)
    logger.warning("import %s failed: %s", job_id, trouble)


def _sender(job: ImportJob) -> Any:
    """Who uploaded it, if the role still holds; PermissionDenied otherwise."""
    if job.membership_id is None:
        return Actor.system()
    membership = Membership.objects.select_related("user").get(pk=job.membership_id)
    if membership.pk not in {held.pk for held in people.current_memberships(membership.user)}:
        raise PermissionDenied(_("Peran pengunggah sudah berakhir. Unggah lagi dengan peran yang berlaku."))
    return Actor.of(membership)


def _sheet_of(document: Document) -> reading.Sheet:
    with documents.open_file(document) as file:
        return reading.read(file.read())


def _remembered(by: Any) -> dict[str, str]:
    rows = ColumnMemory.objects.filter(person_id=by.person_id) if by.person_id else ColumnMemory.objects.none()
    return dict(rows.values_list("head", "meaning"))


def _remember(by: Any, said: Mapping[str, str]) -> None:
    if by.person_id is None:
        return
    rows = {key_of(head)[:200]: meaning for head, meaning in said.items() if key_of(head)}
    ColumnMemory.objects.bulk_create(
        [ColumnMemory(person_id=by.person_id, head=head, meaning=meaning) for head, meaning in rows.items()],
        update_conflicts=True, unique_fields=["person_id", "head"], update_fields=["meaning"],
    )  # fmt: skip
