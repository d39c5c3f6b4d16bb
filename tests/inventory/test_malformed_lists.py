"""Lists that are broken in every way we could think of: none crashes, none writes, each refusal says where and how (T-19)."""

import io
import random
import zipfile
from collections import Counter

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from apps.inventory import services
from apps.inventory.models import Application, ImportJob, ImportLine
from tests.factories import make_actor, make_agency
from tests.inventory.lists import NAMES, edited, exported

pytestmark = pytest.mark.django_db
HEADS = ["Nama Aplikasi", "Perangkat Daerah", "Status", "Media", "Tahun Pembuatan", "URL", "Kategori Aplikasi"]
GOOD = ["Satu", "Dinas Kesehatan", "Aktif", "Website", "2019", "satu.go.id", "Lokal"]
ODD = [
    "", "-", "x" * 40_000, "\x00", "=HYPERLINK(\"http://x\")", "'", "\ud7ff", "𝔘𝔫𝔦", "\u202egnp", "9" * 400, "1e400", "-1",
    "0000-00-00", "2026-02-30", "http://[::1", "javascript:alert(1)", "a;b;c;;", "NULL", "' OR 1=1 --", "<script>", "%s %(x)s {0}",
    "\n\n", "\t", "APL-2026-000001", "DRF-aaaaaaaaaa", "٣", "²", "1.000.000.000.000.000.000", "nan", "inf", "_x0000_",
]  # fmt: skip
COUNT, FULL = 100, 1000


def table(rng, rows=3):
    """A list with one to four odd cells."""
    lines = [list(GOOD) for _row in range(rows)]
    for number, line in enumerate(lines):
        line[0] = f"Layanan {number}"
    for _edit in range(rng.randint(1, 4)):
        rng.choice(lines)[rng.randrange(len(GOOD))] = rng.choice(ODD)
    return [list(HEADS), *lines]


def as_csv(lines, delimiter=","):
    return "\n".join(
        delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in line) for line in lines
    ).encode(errors="replace")


def as_xlsx(lines):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append([openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", cell)[:32767] for cell in line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def flipped(rng, content):
    """The file with a few bytes that are not what they were."""
    changed = bytearray(content)
    for _byte in range(rng.randint(1, 20)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def parts_broken(rng, content):
    """A well-formed archive in which one part of the workbook is cut, emptied, left out or nonsense."""
    source = zipfile.ZipFile(io.BytesIO(content))
    victim = rng.choice(source.namelist())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == victim:
                part = rng.choice(
                    [None, b"", part[: len(part) // 2], b"<x>", part.replace(b"</row>", b""), b"\xff" * 100]
                )
            if part is not None:
                target.writestr(name, part)
    return file.getvalue()


def bomb():
    """A small archive that says it unpacks to very much."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/workbook.xml", b"<workbook/>")
        target.writestr("xl/worksheets/sheet1.xml", b" " * 8_000_000)
    return file.getvalue()


def shapes(rng):
    """Heads and rows that do not fit each other."""
    lines = table(rng)
    rng.choice([
        lambda: lines[0].append("Nama Aplikasi"),
        lambda: lines[0].pop(rng.randrange(2)),
        lambda: lines[1].extend(["a", "b"]),
        lambda: lines[2].clear(),
        lambda: lines.insert(0, []),
        lambda: lines[0].extend(["x"] * 300),
        lambda: lines.append(list(lines[1])),
        lambda: lines[0].__setitem__(0, ""),
        lambda: lines.__delitem__(slice(0, rng.randint(1, 4))),
    ])()  # fmt: skip
    return as_csv(lines)


def edited_export(rng):
    """An export in which cells were overtyped with what does not belong there."""
    edits = {(rng.randrange(2), rng.choice(NAMES)): rng.choice(ODD) for _edit in range(rng.randint(1, 6))}
    edits = {place: openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", text)[:32767] for place, text in edits.items()}
    return edited(exported(), {place: "'" + text if text.startswith("=") else text for place, text in edits.items()})


def malformed(number):
    """A file broken in its own way, the same for the same number: (name, content)."""
    rng = random.Random(number)
    ways = (
        ("csv", lambda: as_csv(table(rng))),
        ("csv", lambda: as_csv(table(rng), rng.choice(";\t|"))),
        ("csv", lambda: as_csv(table(rng))[: rng.randint(0, 200)]),
        ("csv", lambda: flipped(rng, as_csv(table(rng)))),
        ("csv", lambda: as_csv(table(rng)).decode(errors="replace").encode(rng.choice(["utf-16", "latin-1", "cp1252"]), "replace")),
        ("csv", lambda: b'Nama Aplikasi,OPD\n"tak ditutup' + b"," * rng.randint(0, 300)),
        ("csv", lambda: shapes(rng)),
        ("xlsx", lambda: as_xlsx(table(rng))),
        ("xlsx", lambda: flipped(rng, as_xlsx(table(rng)))),
        ("xlsx", lambda: as_xlsx(table(rng))[: rng.randint(0, 5000)]),
        ("xlsx", lambda: parts_broken(rng, as_xlsx(table(rng)))),
        ("xlsx", lambda: rng.choice([bomb, lambda: b"PK\x03\x04" + rng.randbytes(300), lambda: b""])()),
        ("xlsx", lambda: edited_export(rng)),
    )  # fmt: skip
    name, way = ways[number % len(ways)]
    return f"daftar.{name}", way()


@pytest.fixture
def reviewer(government):
    office = make_agency(government, "Dinas Kesehatan")
    for number in (1, 2):
        Application.objects.create(
            name=f"Ada {number}", owner=office, government=government, status="registered",
            code=f"APL-2020-{number:06d}", registered_at="2026-01-01T00:00Z",
        )  # fmt: skip
    return make_actor("reviewer", government)


def survives(number, reviewer, government):
    """One file: refused whole with words, or judged row by row and then taken in whole; how far it came."""
    name, content = malformed(number)
    before, jobs = written(), ImportJob.objects.count()
    upload = SimpleUploadedFile(name, content)
    try:
        job = services.check_import(upload, by=reviewer, government=government, at_once=number % 2 == 0)
        job = matched(job, reviewer)
    except ValidationError as refusal:
        assert all(refusal.messages), number
        assert written() == before and ImportJob.objects.count() - jobs <= 1, number
        return "refused whole"
    for line in job.lines.filter(fate="refused"):
        assert line.errors and line.number > 1, number
        assert all(error["column"] and error["message"] for error in line.errors), (number, line.errors)
    assert job.lines.count() == job.summary["rows"]
    assert written() == before, number
    return taken_in(job, reviewer, number)


def matched(job, reviewer):
    """A list with columns nobody knows is judged without them."""
    if job.status != "matching":
        return job
    meanings = {place: meaning for place, (_head, meaning) in enumerate(job.columns)}
    return services.match_columns(job.pk, by=reviewer, version=job.version, meanings=meanings)


def taken_in(job, reviewer, number):
    """Every ready row is written and no other; the register is then put back for the next file."""
    with transaction.atomic():
        before = {row["id"]: row for row in written()}
        services.commit_import(job.pk, by=reviewer, version=job.version)
        after = {row["id"]: row for row in written()}
        changed = [pk for pk, row in before.items() if after[pk] != row]
        assert (len(after) - len(before), len(changed)) == (job.summary["new"], job.summary["changed"]), number
        transaction.set_rollback(True)
    return "taken in" if job.summary["new"] or job.summary["changed"] else "judged"


def written():
    return list(Application.objects.order_by("pk").values())


def ends_of(count, reviewer, government):
    return Counter(survives(number, reviewer, government) for number in range(count))


def test_a_hundred_malformed_lists_neither_crash_nor_write_by_halves(government, reviewer):
    ends = ends_of(COUNT, reviewer, government)
    assert min(ends["refused whole"], ends["judged"], ends["taken in"]) >= 3, ends  # every end is met
    assert ImportLine.objects.filter(fate="refused").count() > 10


@pytest.mark.faults
def test_t19_a_thousand_malformed_lists(government, reviewer):
    ends = ends_of(FULL, reviewer, government)
    print(f"T-19: {FULL} files, {dict(ends)}: 0 crashes, 0 partial writes")  # noqa: T201
    assert ends["taken in"] > FULL // 10
