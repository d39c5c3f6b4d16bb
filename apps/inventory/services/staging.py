"""The lines of a list and what they write: a constant number of statements, whatever the number of rows."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import CharField, Exists, F, Func, Max, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Lower, Trim

from apps.core import codes
from apps.inventory import completeness
from apps.inventory.importing import plan, register
from apps.inventory.models import Application, ImportJob
from apps.inventory.models.applications import OWN, REFERENCE_ALPHABET

LINE = ("number", "fate", "name", "owner", "owner_id", "application_id", "version")
LINE_JSON = ("values", "changes", "warnings", "errors", "candidates")
RELATIVES = {"successor": "successor_id", "super_application": "super_application_id"}
TABLE = Application._meta.db_table
# Bytes of a random UUID that carry no version bits.
RANDOM_BYTES = [0, 1, 2, 3, 4, 5, 9, 10, 11, 12]

_NUMBER = f"""UPDATE inventory_importline l SET application_id = n.pk FROM (
  SELECT o.id, nextval(pg_get_serial_sequence('{TABLE}', 'id')) AS pk
  FROM (SELECT id FROM inventory_importline WHERE job_id = %s AND fate = 'new' ORDER BY number) o) n WHERE n.id = l.id"""
_REFERENCE = "'DRF-' || " + " || ".join(
    f"substr(%(alphabet)s, 1 + get_byte(l.bytes, {place}) %% {len(REFERENCE_ALPHABET)}, 1)" for place in RANDOM_BYTES
)
# What a record's line does not say is as every new record begins (`s`), made into a row once for the whole list.
_CREATE = f"""INSERT INTO {TABLE} ({{columns}}) SELECT {{values}} FROM jsonb_populate_record(NULL::{TABLE}, %(start)s) s, (
  SELECT application_id, owner_id, values, row_number() OVER (ORDER BY number) AS place,
  uuid_send(gen_random_uuid()) AS bytes
  FROM inventory_importline WHERE job_id = %(job)s AND fate = 'new') l, LATERAL jsonb_populate_record(s, l.values) r"""
_OF_LINE = {
    "id": "l.application_id",
    "owner_id": "l.owner_id",
    "reference": _REFERENCE,
    "code": "CASE WHEN %(prefix)s <> '' THEN %(prefix)s || {} END".format(codes.digits("%(first)s + l.place - 1")),
}
_CHANGE = f"""UPDATE {TABLE} a SET version = a.version + 1, updated_at = %(now)s{{columns}}
FROM inventory_importline l, LATERAL jsonb_populate_record(NULL::{TABLE}, l.values) r
WHERE l.job_id = %(job)s AND l.fate = 'changed' AND a.id = l.application_id"""
_ADDRESSES_GONE = """DELETE FROM inventory_address a USING inventory_importline l WHERE l.job_id = %(job)s
AND l.fate = 'changed' AND l.values ? 'addresses' AND a.application_id = l.application_id
AND NOT EXISTS (SELECT FROM jsonb_array_elements(l.values -> 'addresses') x WHERE x ->> 0 = a.url)"""
_ADDRESSES = """INSERT INTO inventory_address (application_id, url, kind)
SELECT l.application_id, x.one ->> 0, x.one ->> 1 FROM inventory_importline l,
jsonb_array_elements(l.values -> 'addresses') WITH ORDINALITY x(one, place)
WHERE l.job_id = %(job)s AND l.fate = %(fate)s AND l.values ? 'addresses' ORDER BY l.number, x.place
ON CONFLICT (application_id, url) DO NOTHING"""
_REFERENCES_GONE = """DELETE FROM inventory_applicationreference a USING inventory_importline l WHERE l.job_id = %(job)s
AND l.fate = 'changed' AND l.values ? 'reference_codes' AND a.application_id = l.application_id
AND NOT (l.values -> 'reference_codes') @> to_jsonb(a.reference_code_id)"""
_REFERENCES = """INSERT INTO inventory_applicationreference (application_id, reference_code_id)
SELECT l.application_id, x.one::bigint FROM inventory_importline l,
jsonb_array_elements_text(l.values -> 'reference_codes') WITH ORDINALITY x(one, place)
WHERE l.job_id = %(job)s AND l.fate = %(fate)s AND l.values ? 'reference_codes' ORDER BY l.number, x.place
ON CONFLICT (application_id, reference_code_id) DO NOTHING"""
_FACTS = f"""INSERT INTO inventory_confirmedfacts
(application_id, ownership, operating_since, season_months, confirmed_by_id, confirmed_by_name)
SELECT a.id, a.ownership, a.operating_since, a.season_months, %(person)s, %(name)s
FROM {TABLE} a JOIN inventory_importline l ON l.application_id = a.id
WHERE l.job_id = %(job)s AND l.fate = 'new' ORDER BY l.number"""
_TYPED = """UPDATE inventory_draft d SET values = d.values - ARRAY(SELECT jsonb_object_keys(l.changes))
FROM inventory_importline l WHERE l.job_id = %(job)s AND l.fate = 'changed' AND d.application_id = l.application_id"""
# What the record says of the values of a line, as a line writes them.
_SAID = """(SELECT jsonb_object_agg(k, CASE k
  WHEN 'addresses' THEN coalesce((SELECT jsonb_agg(jsonb_build_array(x.url, x.kind) ORDER BY x.url)
    FROM inventory_address x WHERE x.application_id = a.id), '[]')
  WHEN 'reference_codes' THEN coalesce((SELECT jsonb_agg(x.reference_code_id ORDER BY x.reference_code_id)
    FROM inventory_applicationreference x WHERE x.application_id = a.id), '[]')
  WHEN 'attributes' THEN (SELECT jsonb_object_agg(o, a.attributes -> o) FROM jsonb_object_keys({values} -> 'attributes') o)
  ELSE to_jsonb(a) -> k END) FROM jsonb_object_keys({values}) k)"""
_KEEP = f"""UPDATE inventory_importline l SET {{moment}} = {_SAID.format(values="l.values")}
FROM {TABLE} a WHERE l.job_id = %(job)s AND l.fate = 'changed' AND a.id = l.application_id"""
_BACK = f"""INSERT INTO inventory_importline (job_id, number, fate, name, owner, owner_id, application_id, version, values,
  changes, warnings, errors, candidates)
SELECT %(job)s, l.number, CASE WHEN a.id = ANY(%(open)s) AND {_SAID.format(values="l.after")} = l.after
  THEN 'changed' ELSE 'refused' END, l.name, l.owner, a.owner_id, a.id, a.version, l.before,
  (SELECT jsonb_object_agg(c.key, jsonb_build_array(c.value -> 1, c.value -> 0)) FROM jsonb_each(l.changes) c),
  '[]', CASE WHEN NOT a.id = ANY(%(open)s) THEN %(closed)s::jsonb
  WHEN {_SAID.format(values="l.after")} = l.after THEN '[]' ELSE %(touched)s::jsonb END, '[]'
FROM inventory_importline l JOIN {TABLE} a ON a.id = l.application_id
WHERE l.job_id = %(undoes)s AND l.fate = 'changed' AND l.after IS NOT NULL AND l.before <> l.after"""
_MOVED = f"""SELECT count(*) FROM inventory_importline l LEFT JOIN {TABLE} a ON a.id = l.application_id
WHERE l.job_id = %s AND l.fate = 'changed' AND a.version IS DISTINCT FROM l.version"""
_LOCK = f"""SELECT a.id FROM {TABLE} a JOIN inventory_importline l ON l.application_id = a.id
WHERE l.job_id = %s AND l.fate = 'changed' ORDER BY a.id FOR UPDATE OF a"""
_CHECKSUM = """SELECT encode(sha256(convert_to(coalesce(string_agg(
  concat_ws('|', number, fate, application_id, values::text), E'\\n' ORDER BY number), ''), 'UTF8')), 'hex')
FROM inventory_importline WHERE job_id = %s AND fate IN ('new', 'changed')"""


def keep_lines(job: ImportJob, rows: Iterable[plan.Row]) -> None:
    """Put the judged rows beside the job, in place of those of an earlier judgement."""
    job.lines.all().delete()
    text = io.StringIO()
    csv.writer(text).writerows(_line(job.pk, row) for row in rows)
    text.seek(0)
    names = ", ".join(f'"{name}"' for name in ("job_id", *LINE, *LINE_JSON))
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY inventory_importline ({names}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL (name, owner))", text
        )


def _line(job_id: int, row: plan.Row) -> list[Any]:
    plain = [getattr(row, name) for name in LINE]
    values = _stored(row.values) if _is_renamed(tuple(row.values)) else row.values
    said = (values if row.fate != plan.SAME else {}, row.changes, row.warnings, row.errors, row.candidates)
    return [job_id, *plain, *(_json(one) for one in said)]


@lru_cache
def _is_renamed(names: tuple[str, ...]) -> bool:
    return any(name in RELATIVES or OWN in name for name in names)


def _stored(said: dict[str, Any]) -> dict[str, Any]:
    """The values by column, a government's own together in theirs."""
    values: dict[str, Any] = {RELATIVES.get(name, name): value for name, value in said.items() if OWN not in name}
    own = {
        name.removeprefix(OWN): None if value in ("", []) else value
        for name, value in said.items()
        if name.startswith(OWN)
    }
    if own:
        values["attributes"] = own
    return values


def _json(value: Any) -> str:
    return orjson.dumps(value).decode() if value else ("{}" if isinstance(value, dict) else "[]")


def moved_on(job: ImportJob, visible: QuerySet) -> bool:
    """Whether a record to change was changed, or a name to add was added, since the lines were judged."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [job.pk])
        cursor.execute(_MOVED, [job.pk])
        if cursor.fetchone()[0]:
            return True
    words = Func(F("name"), Value(r"[^[:alnum:]]+"), Value(" "), Value("g"), function="regexp_replace")
    new = job.lines.filter(fate=plan.NEW).annotate(key=Trim(Lower(words), output_field=CharField()))
    same = new.filter(owner_id=OuterRef("owner_id"), key=OuterRef("name_key"))
    since = Q(created_at__gt=job.judged_at) | Q(updated_at__gt=job.judged_at)
    return visible.exclude(status__in=register.ENDED).filter(since).filter(Exists(same)).exists()


def create(job: ImportJob, *, by: Any, now: datetime, registers: bool) -> list[str]:
    """The new records with their addresses, places and, for who registers, codes and facts; first and last key."""
    count = job.summary[plan.NEW]
    if not count:
        return []
    year = now.astimezone(job.government.zone).year
    numbers = codes.reserve(f"APL-{year}", count) if registers else range(0)
    start = _start(job, by, now, registers)
    columns: list[Any] = [field.column for field in Application._meta.concrete_fields if not field.generated]
    given = ", ".join(f'"{column}"' for column in columns)
    known: dict[str, Any] = {"job": job.pk, "fate": plan.NEW, "person": by.person_id, "name": by.name, "start": start,
             "prefix": f"APL-{year}-" if registers else "", "first": numbers.start, "alphabet": REFERENCE_ALPHABET}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [job.pk])
        values = ", ".join(_OF_LINE.get(column, f'r."{column}"') for column in columns)
        cursor.execute(_CREATE.format(columns=given, values=values), known)
        for statement in (_ADDRESSES, _REFERENCES, *([_FACTS] if registers else [])):
            cursor.execute(statement, known)
    ends = job.lines.filter(fate=plan.NEW).aggregate(first=Min("application_id"), last=Max("application_id"))
    return [Application.objects.get(pk=ends[end]).key for end in ("first", "last")]


def _start(job: ImportJob, by: Any, now: datetime, registers: bool) -> str:
    """What every new record begins with, as JSON by column."""
    status = Application.Status
    begun = Application(
        government_id=job.government_id, created_by_id=by.person_id, submitted_by_id=by.person_id, version=1,
        created_at=now, updated_at=now, registered_at=now if registers else None,
        status=status.REGISTERED if registers else status.DRAFT,
    )  # fmt: skip
    fields = [field for field in Application._meta.concrete_fields if not field.generated]
    return DjangoJSONEncoder().encode({field.column: getattr(begun, field.attname) for field in fields})


def change(job: ImportJob, *, now: datetime) -> None:
    """The changed records, each only in the columns where its line differs."""
    if not job.summary[plan.CHANGED]:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT jsonb_object_keys(values) FROM inventory_importline WHERE job_id = %s AND fate = 'changed'",
            [job.pk],
        )
        named = {name for (name,) in cursor.fetchall()}
        known: dict[str, Any] = {"job": job.pk, "fate": plan.CHANGED, "now": now}
        cursor.execute(_KEEP.format(moment="before"), known)
        cursor.execute(_CHANGE.format(columns=_assignments(named)), known)
        for statement in (_ADDRESSES_GONE, _ADDRESSES, _REFERENCES_GONE, _REFERENCES, _TYPED):
            cursor.execute(statement, known)
        cursor.execute(_KEEP.format(moment="after"), known)


def keep_ways_back(job: ImportJob, open_to_change: Sequence[int], *, touched: str, closed: str) -> None:
    """The lines that put back what `job.undoes` changed; refused where the record says something else by now."""
    said = {"touched": [{"column": "", "message": touched}], "closed": [{"column": "", "message": closed}]}
    known = {"job": job.pk, "undoes": job.undoes_id, "open": list(open_to_change)}
    with connection.cursor() as cursor:
        cursor.execute(_BACK, known | {name: orjson.dumps(errors).decode() for name, errors in said.items()})


def _assignments(named: set[str]) -> str:
    columns: Sequence[str] = [f.column for f in Application._meta.concrete_fields if f.column in named - {"attributes"}]
    own = ", attributes = jsonb_strip_nulls(a.attributes || coalesce(l.values -> 'attributes', '{}'))"
    return (own if "attributes" in named else "") + "".join(
        f""", "{column}" = CASE WHEN l.values ? '{column}' THEN r."{column}" ELSE a."{column}" END"""
        for column in columns
    )


def note_completeness(job: ImportJob) -> None:
    """Keep how much of the national attributes of the written records is filled."""
    written = job.lines.filter(fate__in=[plan.NEW, plan.CHANGED])
    completeness.write([pk for pk in written.values_list("application_id", flat=True) if pk])


def checksum(job: ImportJob) -> str:
    """SHA-256 over the written lines in their order."""
    with connection.cursor() as cursor:
        cursor.execute(_CHECKSUM, [job.pk])
        return cursor.fetchone()[0]
