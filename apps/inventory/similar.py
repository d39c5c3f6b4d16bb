"""What there is already like an application being named: why it is alike, and what became of it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import CharField, F, FloatField, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from apps.inventory.models import Application
from apps.inventory.models.likeness import core_of, purpose_of

Status = Application.Status
SHOWN_OF = ("owner", "government", "standing")
SHORTEST, LONGEST = 4, 300  # characters of a name worth comparing
ALIKE, NEARLY, MENTIONED = 0.35, 0.6, 0.6
SHOWN, SHOWN_ELSEWHERE = 5, 2
CANDIDATES = 1000  # read and scored at most; a name that is the same is among them however many are near
# What anybody of the government may hear of; never the drafts, what was refused or taken back.
KNOWN = (*Application.PUBLIC_STATUSES, Status.MERGED)


@dataclass(frozen=True)
class Similar:
    """One application, what makes it alike, and what became of it, in words; `score` from 0 to 1."""

    application: Application
    reasons: tuple[str, ...]
    fate: str
    score: float


def similar(
    name: str, *, by: Any, functions: str = "", owner_id: int | None = None, leave_out: int | None = None
) -> list[Similar]:
    """The most alike of the own government, whatever became of them, then national ones known to other governments."""
    typed, purpose = name.strip()[:LONGEST], functions.strip()
    if len(typed) < SHORTEST:
        return []
    on_the_way = Q(status=Status.SUBMITTED, owner__in=by.organization_ids)
    if by.is_government_wide:
        on_the_way = Q(status=Status.SUBMITTED)
    rows = Application.objects.filter(Q(status__in=KNOWN) | on_the_way).exclude(pk=leave_out)
    own = _fitting(rows.filter(government=by.government_id), typed, purpose, SHOWN)
    national = rows.filter(ownership=Application.Ownership.CENTRAL, status__in=Application.PUBLIC_STATUSES)
    elsewhere = _fitting(national.exclude(government=by.government_id), typed, "", 2 * SHOWN)
    known = {row.name_core for row in own}
    unknown = {row.name_core: row for row in reversed(elsewhere) if row.name_core not in known}
    best = sorted(unknown.values(), key=lambda row: -row.score)[:SHOWN_ELSEWHERE]
    return _survivors([_told(row, owner_id) for row in [*own, *best]])


def _fitting(rows: QuerySet, name: str, purpose: str, count: int) -> list[Application]:
    """The best of `rows`: the index finds candidates by the operators of pg_trgm, only so many are scored."""
    core = core_of(Value(name, output_field=CharField()))
    found = Q(name_core__trigram_similar=core) | Q(name_core__trigram_word_similar=core)
    said = purpose_of(Value(purpose, output_field=TextField()), Value("", output_field=TextField()))
    nothing = Value(0.0, output_field=FloatField())
    if purpose:
        found |= Q(purpose_key__trigram_similar=said)
    same = rows.filter(name_core=core).order_by().values("pk")[:CANDIDATES]
    near = rows.filter(found).order_by().values("pk")[:CANDIDATES]
    alike = Application.objects.filter(pk__in=same.union(near)).annotate(
        typed_core=core,
        name_fit=TrigramSimilarity("name_core", core),
        word_fit=TrigramWordSimilarity(core, "name_core"),
        purpose_fit=TrigramSimilarity("purpose_key", said) if purpose else nothing,
        mention_fit=Func(core, F("purpose_key"), function="word_similarity", output_field=FloatField()),
    )
    score = Greatest(F("name_fit"), F("word_fit") * 0.7, F("purpose_fit") * 0.9)
    best = alike.annotate(score=score).filter(score__gte=ALIKE).order_by("-score", "pk")
    survivors = [f"merged_into__{name}" for name in SHOWN_OF]  # rarely any, and more joins would mislead the planner
    return list(best.select_related(*SHOWN_OF).prefetch_related(*survivors)[:count])


def _told(row: Application, owner_id: int | None) -> Similar:
    shown = row.merged_into or row
    return Similar(shown, tuple(_reasons(row, owner_id)), fate_of(shown), round(row.score, 2))


def _reasons(row: Any, owner_id: int | None) -> list[str]:
    said = []
    if row.name_core == row.typed_core:
        said.append(_("nama sama"))
    elif row.name_fit >= NEARLY:
        said.append(_("nama hampir sama"))
    elif row.word_fit * 0.7 >= ALIKE:
        said.append(_("nama memuat kata yang sama"))
    if row.purpose_fit >= ALIKE:
        said.append(_("fungsi serupa"))
    elif row.mention_fit >= MENTIONED:
        said.append(_("fungsinya menyebut hal yang sama"))
    if owner_id and row.owner_id == owner_id:
        said.append(_("OPD sama"))
    if row.merged_into_id:
        said.append(_("dahulu juga terdaftar sebagai “%(name)s”") % {"name": row.name})
    return said or [_("nama mirip")]


def fate_of(application: Application) -> str:
    """Whether it can be used, shared, or why it is gone."""
    if application.status == Status.RETIRED:
        return _used_until(application)
    if application.ownership == Application.Ownership.CENTRAL:
        return _("aplikasi nasional milik pusat, dipakai bersama; tidak perlu dibangun sendiri")
    if application.status == Status.RETIRING:
        return _("sedang dinonaktifkan")
    if application.status == Status.SUBMITTED:
        return _("sedang diajukan, belum terdaftar")
    if application.stage != Application.Stage.OPERATION:
        return _("terdaftar, %(stage)s") % {"stage": application.get_stage_display()}
    return _("terdaftar dan beroperasi")


def _used_until(application: Application) -> str:
    zone = application.government.zone
    begun = application.operating_since.year if application.operating_since else application.year_built
    words = {"last": application.retired_at.astimezone(zone).year if application.retired_at else "?", "first": begun}
    said = _("dipakai %(first)s–%(last)s, lalu pensiun") if begun else _("pensiun sejak %(last)s")
    because = application.retired_because
    return said % words + (_(": %(reason)s") % {"reason": because} if because else "")


def _survivors(found: list[Similar]) -> list[Similar]:
    """One line for each application: a merged duplicate stands for what it went into."""
    first: dict[int, Similar] = {}
    for one in found:
        known = first.get(one.application.pk)
        reasons = tuple(dict.fromkeys([*(known.reasons if known else ()), *one.reasons]))
        best = known if known and known.score >= one.score else one
        first[one.application.pk] = Similar(best.application, reasons, best.fate, best.score)
    return sorted(first.values(), key=lambda one: -one.score)
