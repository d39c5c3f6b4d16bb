"""Everything that proves one case as one ZIP with a manifest of hashes; the same case gives the same reader the same bytes."""

import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet

from apps.audit.models import Event
from apps.audit.services import proofs
from apps.deactivation.models import (
    Annulment,
    Attendance,
    Case,
    Decision,
    DeskSession,
    Invitation,
    IssuedDocument,
    Letter,
    Minutes,
    MinutesRemark,
    Realised,
    SignedCopy,
)
from apps.documents.models import Document
from apps.documents.services import open_file
from apps.inventory.cells import harmless

MANIFEST, ROWS, TRAIL, FROZEN = "MANIFEST.sha256", "baris.json", "jejak", "bukti-dibekukan.json"
IN_MEMORY = 4 * 1024 * 1024  # bytes; a larger pack waits on disk
CHUNK = 256 * 1024
SAME_DAY = (1980, 1, 1, 0, 0, 0)  # the first day a ZIP can say; a date of making would change the bytes
TRAIL_HEADS = ("seq", "at", "verb", "actor_name", "actor_role", "subject_code", "reason", "hash")


@dataclass(frozen=True)
class Paper:
    """A stored file of the case and where it lies in the pack."""

    path: str
    document: Document


@dataclass
class Contents:
    """What the pack has come to hold: hashes by path, what was left out, and which stored files are not what they were."""

    hashes: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)


def build(case: Case, by: Any) -> IO[bytes]:
    """The pack, open at its start; what `by` may not read is left out and named in the manifest."""
    rows, papers = _rows(case), _papers(case)
    hidden = _hidden_letters(case, by)
    contents = Contents(left_out=sorted(paper.path for paper in papers if _hides(hidden, paper)))
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 — the response closes it
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in sorted(_texts(case, rows, hidden).items()):
            contents.hashes[name] = hashlib.sha256(content).hexdigest()
            pack.writestr(_entry(name), content)
        for paper in papers:
            if paper.path not in contents.left_out:
                _add(pack, paper, contents)
        pack.writestr(_entry(MANIFEST), _manifest(case, checksum(rows), contents))
    spool.seek(0)
    return spool


def checksum(rows: dict[str, list]) -> str:
    """SHA-256 over the case's rows as the register keeps them, the same for every reader."""
    return hashlib.sha256(_canonical(rows)).hexdigest()


def _papers(case: Case) -> list[Paper]:
    """Every stored file of the case, in one order."""
    letters = list(_letters(case))
    found = [
        *(_stored(f"surat/{row.code}", row.document) for row in letters),
        *(_stored(f"surat/{row.code}-tanda-terima", row.delivery_evidence) for row in letters),
        *_numbered("jawaban", case.letter_items.select_related("evidence")),
        *_numbered("jawaban-terlambat", case.letter_items.select_related("late_evidence"), "late_evidence"),
        *(_stored(f"berita-acara/{row.issued.number}", row.issued.document) for row in _minutes(case)),
        *(_stored(f"keputusan/{row.code}", row.issued.document) for row in _decisions(case)),
        *(_stored(f"bertanda-tangan/{row.issued.number}-{row.pk}", row.document) for row in _signed(case)),
        *_numbered("keberatan", case.objections.select_related("evidence")),
        *_numbered("langkah", case.checklist.in_order().select_related("evidence")),
        *_numbered("data", case.datasets.select_related("certificate"), "certificate"),
        *_numbered("syarat", case.conditions.select_related("evidence")),
        *_numbered("realisasi", _realised(case).select_related("evidence")),
        *(_stored(f"laporan-terminasi/{row.number}", row.document) for row in _terminations(case)),
    ]
    return [paper for paper in found if paper]


def _stored(path: str, document: Document | None) -> Paper | None:
    return Paper(path + Path(document.original_name).suffix, document) if document else None


def _numbered(folder: str, rows: Any, name: str = "evidence") -> Iterator[Paper | None]:
    for number, row in enumerate(rows.order_by("pk"), start=1):
        key = f"-{row.key}" if hasattr(row, "key") else ""
        yield _stored(f"{folder}/{number:02}{key}", getattr(row, name))


def _letters(case: Case) -> QuerySet[Letter]:
    found = Letter.objects.filter(items__case=case).select_related("document", "delivery_evidence")
    return found.order_by("pk").distinct()


def _minutes(case: Case) -> QuerySet[Minutes]:
    found = Minutes.objects.filter(session__items__case=case).select_related("issued__document")
    return found.order_by("pk").distinct()


def _decisions(case: Case) -> QuerySet[Decision]:
    found = Decision.objects.filter(items__case=case).select_related("issued__document")
    return found.order_by("pk").distinct()


def _signed(case: Case) -> QuerySet[SignedCopy]:
    papers = Q(issued__in=_minutes(case).values("issued")) | Q(issued__in=_decisions(case).values("issued"))
    return SignedCopy.objects.filter(papers).select_related("issued", "document").order_by("pk")


def _realised(case: Case) -> QuerySet[Realised]:
    return Realised.objects.filter(saving__case=case)


def _terminations(case: Case) -> QuerySet[IssuedDocument]:
    found = _issued(case).filter(paper=IssuedDocument.Paper.TERMINATION)
    return found.select_related("document").order_by("pk")


def _issued(case: Case) -> QuerySet[IssuedDocument]:
    return IssuedDocument.objects.filter(government=case.government_id, objects_named__contains=[{"case": case.code}])


def _rows(case: Case) -> dict[str, list[dict[str, Any]]]:
    sessions = DeskSession.objects.filter(items__case=case).order_by().values("pk")
    found: dict[str, Any] = {
        "case": Case.objects.filter(pk=case.pk),
        "acts": case.acts,
        "letters": Letter.objects.filter(pk__in=_letters(case).values("pk")),
        "answers": case.letter_items,
        "sessions": DeskSession.objects.filter(pk__in=sessions),
        "agenda": case.agenda_items,
        "invitations": Invitation.objects.filter(session__in=sessions),
        "attendances": Attendance.objects.filter(session__in=sessions),
        "opinions": case.opinions,
        "remarks": MinutesRemark.objects.filter(session__in=sessions),
        "recommendations": case.recommendations,
        "minutes": Minutes.objects.filter(session__in=sessions),
        "decisions": Decision.objects.filter(pk__in=case.decision_items.values("decision_id")),
        "decision_items": case.decision_items,
        "objections": case.objections,
        "annulments": Annulment.objects.filter(case=case),
        "checklist": case.checklist.in_order(),
        "savings": case.savings,
        "realised": _realised(case),
        "signed_copies": _signed(case),
        "conditions": case.conditions,
        "datasets": case.datasets,
        "issued": _issued(case),
    }
    return {name: list(rows.order_by("pk").values()) for name, rows in found.items()}


def _hidden_letters(case: Case, by: Any) -> dict[int, str]:
    """Ids and codes of the letters this reader does not see."""
    seen = Letter.objects.visible_to(by).filter(items__case=case).values("pk")
    return dict(_letters(case).exclude(pk__in=seen).values_list("pk", "code"))


def _hides(hidden: dict[int, str], paper: Paper) -> bool:
    return any(paper.path.startswith((f"surat/{code}.", f"surat/{code}-")) for code in hidden.values())


def _texts(case: Case, rows: dict[str, list], hidden: dict[int, str]) -> dict[str, bytes]:
    """Rows, frozen evidence and trail, without what the reader does not see."""
    readable = dict(rows)
    readable["letters"] = [row for row in rows["letters"] if row["id"] not in hidden]
    readable["issued"] = [row for row in rows["issued"] if row["number"] not in hidden.values()]
    frozen = [
        {"decision_id": row["decision_id"], "outcome": row["outcome"], "evidence": row["evidence"]}
        for row in rows["decision_items"]
    ]
    trail = proofs(_events(case, [row["id"] for row in readable["letters"]]))
    return {
        ROWS: _canonical(readable),
        FROZEN: _canonical(frozen),
        f"{TRAIL}.json": _canonical(trail),
        f"{TRAIL}.csv": _csv(trail),
    }


def _events(case: Case, letters: list[int]) -> QuerySet[Event]:
    conditions = [row.pk for row in case.conditions.all()]
    about = Q(subject_type="deactivation.case", subject_id=case.pk)
    about |= Q(subject_type="deactivation.letter", subject_id__in=letters)
    about |= Q(subject_type="deactivation.condition", subject_id__in=conditions)
    return Event.objects.filter(about)


def _csv(trail: Iterable[dict[str, Any]]) -> bytes:
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(TRAIL_HEADS)
    writer.writerows([harmless(row[head]) for head in TRAIL_HEADS] for row in trail)
    return ("\ufeff" + sheet.getvalue()).encode()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, indent=1).encode()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, SAME_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _add(pack: zipfile.ZipFile, paper: Paper, contents: Contents) -> None:
    """Copy a stored file; the manifest keeps the hash it was stored under, so a changed one does not match."""
    stored = paper.document.sha256
    contents.hashes[paper.path] = stored
    try:
        with open_file(paper.document) as source, pack.open(_entry(paper.path), "w", force_zip64=True) as copy:
            now = _copied(source, copy)
    except FileNotFoundError:
        now = ""
    if now != stored:
        contents.changed[paper.path] = now


def _copied(source: IO[bytes], copy: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        copy.write(chunk)
    return digest.hexdigest()


def _manifest(case: Case, rows: str, contents: Contents) -> str:
    """Lines `sha256sum -c` reads; what it does not know stands in comments."""
    told = [
        f"# Kasus {case.code}. Periksa dengan: sha256sum -c {MANIFEST}",
        f"# SHA-256 baris kasus ini di register: {rows}",
        *(f"# TIDAK DISERTAKAN, di luar hak baca penerima: {path}" for path in contents.left_out),
        *(
            f"# BERKAS BERUBAH: {path}, kini {now}" if now else f"# BERKAS HILANG: {path}"
            for path, now in sorted(contents.changed.items())
        ),
    ]
    files = [f"{digest}  {path}" for path, digest in sorted(contents.hashes.items())]
    return "\n".join([*told, *files, ""])
