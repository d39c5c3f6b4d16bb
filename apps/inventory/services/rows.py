"""Relations, costs, contracts and documents of a record: each act moves the version of the record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Sum
from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _

from apps.audit.services import record
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.documents import services as documents
from apps.documents.models import Document
from apps.inventory import rules
from apps.inventory.models import Application, Contract, Cost, RecordDocument, Relation
from apps.inventory.rows import words as row_words

Values = dict[str, Any]


@dataclass(frozen=True)
class Noun:
    """One kind of row: where it hangs, what the trail says of it, what must hold beyond its own constraints."""

    attribute: str
    model: type[models.Model]
    added: str
    changed: str
    removed: str
    take: Callable[[Any, Application, Values, Any], None]
    owner: str = "application"


@transaction.atomic
def add_row(noun: Noun, key: int | str, *, by: Any, version: int, values: Values, reason: str = "") -> Any:
    """Note a further row of the record; ValidationError names every field that does not fit."""
    application, _none = _opened(noun, key, by, version, reason)
    row = noun.model(**{noun.owner: application})
    _write(noun, row, application, values, by)
    _settle(noun, application, by, noun.added, ["", _worded(row)], reason)
    return row


@transaction.atomic
def change_row(
    noun: Noun, key: int | str, row_id: int, *, by: Any, version: int, values: Values, reason: str = ""
) -> Any:
    """Change a row; the same values again change nothing."""
    application, row = _opened(noun, key, by, version, reason, row_id)
    before, kept = _worded(row), _plain(row)
    _write(noun, row, application, values, by)
    if _plain(row) != kept:
        _settle(noun, application, by, noun.changed, [before, _worded(row)], reason)
    return row


@transaction.atomic
def remove_row(noun: Noun, key: int | str, row_id: int, *, by: Any, version: int, reason: str = "") -> Application:
    """Take a row off the record; row history keeps what it said. RuleViolation while other rows rest on it."""
    application, row = _opened(noun, key, by, version, reason, row_id)
    before = _worded(row)
    try:
        with transaction.atomic():
            row.delete()
    except models.ProtectedError:
        raise RuleViolation(
            _("Masih ada biaya yang menunjuk kontrak ini. Ubah atau hapus biayanya lebih dahulu."), code="in_use"
        )
    _settle(noun, application, by, noun.removed, [before, ""], reason)
    return application


def _opened(
    noun: Noun, key: int | str, by: Any, version: int, reason: str, row_id: int | None = None
) -> tuple[Application, Any]:
    """The record and its row, locked and open to change by this person."""
    application = Application.objects.visible_to(by).locked(key)
    row = None if row_id is None else noun.model._default_manager.filter(
        **{noun.owner: application}, pk=row_id
    ).first()  # fmt: skip
    if row_id is not None and row is None:
        raise Http404
    if not rules.may_change(by, application):
        raise PermissionDenied
    Application.objects.locked(application.pk, version)
    if application.status not in rules.EDITABLE:
        raise RuleViolation(
            _("Keterangan tidak dapat diubah selagi keadaannya “%(now)s”.") % {"now": application.get_status_display()},
            code="wrong_state",
        )
    if application.code and not reason.strip():
        raise ValidationError({"reason": [_("Tuliskan alasan perubahan.")]})
    return application, row


def _write(noun: Noun, row: Any, application: Application, values: Values, by: Any) -> None:
    noun.take(row, application, values, by)
    row.full_clean(validate_unique=False)
    row.save()


def _settle(noun: Noun, application: Application, by: Any, verb: str, pair: list[str], reason: str) -> None:
    """Raise the record's version, let its attributes follow, and record what the row said and says."""
    changes = {noun.attribute: pair} | _follow(noun, application)
    application.updated_at = clock.now()
    application.save()
    record(by, verb, application, organization=application.owner, reason=reason, changes=changes)


def follow_rows(application: Application) -> dict[str, list[str]]:
    """Let the attributes follow the rows that came from elsewhere, in memory; the differences."""
    nouns = [noun for noun in (CONTRACT, COST) if getattr(application, noun.attribute).exists()]
    return {name: pair for noun in nouns for name, pair in _follow(noun, application).items()}


def _follow(noun: Noun, application: Application) -> dict[str, list[str]]:
    """The attributes that sum the rows up, as the rows say them now; the differences."""
    changes = {}
    for name, value in _summed(noun, application).items():
        before = getattr(application, name)
        if before != value:
            setattr(application, name, value)
            changes[name] = ["" if before is None else str(before), "" if value is None else str(value)]
    return changes


def _summed(noun: Noun, application: Application) -> Values:
    if noun is CONTRACT:
        last = application.contracts.order_by("-ends_on", "-pk").first()
        return {"contract_value": last and last.amount, "contract_ends_on": last and last.ends_on}
    if noun is COST:
        years = application.costs.filter(kind__in=Cost.RECURRING).values("year").order_by("-year")
        newest = years.annotate(total=Sum("amount")).first()
        return {"yearly_cost": newest and newest["total"]}
    return {}


def _worded(row: models.Model) -> str:
    """The row in the trail's own language, whoever acts."""
    with translation.override("id"):
        return row_words.in_words(row)


def _plain(row: models.Model) -> Values:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _set(row: Any, values: Values) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _take_relation(row: Relation, application: Application, values: Values, by: Any) -> None:
    """Another registered application of the same government; who uses a shared solution takes from it."""
    _set(row, values)
    if row.kind == Relation.Kind.SHARED:
        row.direction, row.method = Relation.Direction.RECEIVES, ""
    other = row.target if row.target_id else None
    if other and (other.government_id != application.government_id or other.status not in Application.PUBLIC_STATUSES):
        raise ValidationError({"target": [_("Pilih aplikasi terdaftar dari pemerintah daerah yang sama.")]})
    mirrored = {"source": other, "target": application, "kind": row.kind, "description__iexact": row.description}
    if other and Relation.objects.filter(**mirrored, direction=row_words.INVERSE[row.direction]).exists():
        raise ValidationError(
            {"target": [_("Hubungan ini sudah dicatat oleh %(name)s. Tidak perlu dicatat dua kali.") % {"name": other}]}
        )


def _take_cost(row: Cost, application: Application, values: Values, by: Any) -> None:
    """Under a contract of the same record, or none."""
    _set(row, values)
    if row.contract and row.contract.application_id != application.pk:
        raise ValidationError({"contract": [_("Pilih kontrak yang tercatat pada aplikasi ini.")]})


def _take_contract(row: Contract, application: Application, values: Values, by: Any) -> None:
    _set(row, values)
    row.number = " ".join(row.number.split())


def _take_document(row: RecordDocument, application: Application, values: Values, by: Any) -> None:
    """A new file replaces the one before, a place replaces a file; nothing new keeps what there is."""
    upload = values.get("upload")
    _set(row, {name: value for name, value in values.items() if name != "upload"})
    if upload and row.location:
        raise ValidationError({"upload": [_("Unggah berkas atau isi alamat penyimpanannya, salah satu.")]})
    if row.location:
        row.document = None
    if upload:
        row.document = _stored(upload, row.title, by)
    if not (row.document_id or row.location):
        raise ValidationError({"upload": [_("Unggah berkas atau isi alamat penyimpanannya, salah satu.")]})


def _stored(upload: Any, title: str, by: Any) -> Document:
    try:
        return documents.store(upload, by=by, kind=Document.Kind.RECORD, title=title)
    except ValidationError as refusal:
        raise ValidationError({"upload": refusal.messages})


RELATION = Noun(
    "relations", Relation, "application.relation_added", "application.relation_changed",
    "application.relation_removed", _take_relation, owner="source",
)  # fmt: skip
COST = Noun("costs", Cost, "application.cost_added", "application.cost_changed", "application.cost_removed", _take_cost)
CONTRACT = Noun(
    "contracts", Contract, "application.contract_added", "application.contract_changed",
    "application.contract_removed", _take_contract,
)  # fmt: skip
DOCUMENT = Noun(
    "documents", RecordDocument, "application.document_added", "application.document_changed",
    "application.document_removed", _take_document,
)  # fmt: skip
