"""Finding records: words as people type them, the best fit first, and every count beside the list in one statement."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQueryField, SearchRank, TrigramWordSimilarity
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest

from apps.core import codes
from apps.core.costly import costly
from apps.inventory import past
from apps.inventory.models import Address, Application

CONFIG = "indonesian"
# Words a person wrote for the search itself: "quoted", -without, this or that.
PLAIN = re.compile(r"[\w\s]+")  # nothing PostgreSQL would take for an address, a file name or a compound
WRITTEN_QUERY = re.compile(r'"|(?:^|\s)-\w|\sor\s', re.IGNORECASE)
CODE_YEARS = range(2015, 2051)
LONGEST_NUMBER = 9  # digits a bare number may have and still be looked up as a code
WHOLE = f"websearch_to_tsquery('{CONFIG}', %s)"
BEGUN = f"plainto_tsquery('{CONFIG}', %s)"
UNFINISHED = f"to_tsquery('{CONFIG}', %s)"
# What fits words, each part by an index of its own; tables are quoted as Django does, so that the past is searched too.
BY_TEXT = 'SELECT id FROM "inventory_application" WHERE search @@ ({asked})'
BY_NAME = 'SELECT id FROM "inventory_application" WHERE name_key LIKE %s'
# Several words are found as words; where in a name they begin is asked only when that is little.
BY_NAME_IF_FEW = BY_NAME + " AND (SELECT count(*) FROM by_text) < {few}"
BY_CODE = 'SELECT id FROM "inventory_application" WHERE code = ANY(%s)'
BY_BEGUN_CODE = 'SELECT id FROM "inventory_application" WHERE code LIKE %s OR reference LIKE %s'
BY_MERGED_CODE = (
    'SELECT merged_into_id FROM "inventory_application"'
    f" WHERE status = '{Application.Status.MERGED}' AND (code = ANY(%s) OR upper(code) = upper(%s))"
)
BY_OFFICE = (
    'SELECT a.id FROM "inventory_application" a JOIN "accounts_organization" o ON o.id = a.owner_id'
    " WHERE upper(o.name) LIKE upper(%s) OR upper(o.short_name) = upper(%s)"
)
BY_ADDRESS = f"""SELECT application_id FROM "inventory_address" WHERE kind = '{Address.Kind.PUBLIC}' AND upper(url) LIKE upper(%s)"""
SHORTEST_PART = 3  # a trigram index knows no shorter part of a word
FEW = 100
RANKED = 1000  # ranking reads every candidate's text; beyond so many the words are too common to rank by
COLLECTED = (
    10_000  # ids that are handed from the question to the list, its counts and its pages; beyond, each asks again
)
COUNTED = 50_000  # what a list counts; one government's register is a tenth of it
HIDDEN = (
    Application.Status.RETIRED,
    Application.Status.MERGED,
    Application.Status.WITHDRAWN,
    Application.Status.REFUSED,
)


@dataclass(frozen=True)
class Fitting:
    """The rows that fit some words, looked for once: what counts, lists and orders them asks this."""

    words: str
    ids: list[int]  # all that fit, or the first COLLECTED and one more
    condition: Any

    def of(self, rows: QuerySet) -> QuerySet:
        """Those of `rows` that fit."""
        return rows.filter(self.condition) if self.ids else rows.none()

    def ranked(self, rows: QuerySet) -> QuerySet:
        """The best fit first; where more than RANKED rows fit, only so many are weighed, the others follow by name."""
        fit = Greatest(TrigramWordSimilarity(_key(self.words), "name_key"), SearchRank(F("search"), asked(self.words)))
        same = When(name_key=_key(self.words), then=Value(2.0))
        some = Case(When(pk__in=self.ids[:RANKED], then=fit), default=Value(0.0)) if self.many else fit
        return rows.annotate(fit=Case(same, default=some, output_field=FloatField())).order_by("-fit", "name", "pk")

    @property
    def is_whole(self) -> bool:
        """Whether `ids` are all there are."""
        return len(self.ids) <= COLLECTED

    @property
    def many(self) -> bool:
        return len(self.ids) > RANKED


def search(rows: QuerySet, words: str) -> Fitting:
    """Names, functions and descriptions by Indonesian word stems, the last word unfinished; codes, offices, addresses.

    Only when nothing of `rows` fits the words as typed are names that are nearly so taken.
    """
    fitting = Among(F("pk"), _fitting(words))
    ids = _first(rows.filter(fitting))
    if not ids:
        fitting = Q(name_key__trigram_word_similar=_key(words))
        ids = _first(rows.filter(fitting))
    known = Among(F("pk"), Value(ids, output_field=ArrayField(BigIntegerField())))
    return Fitting(words, ids, known if len(ids) <= COLLECTED else fitting)


class Among(Func):
    """`column = ANY(array)`: the array is read once whatever the planner believes of the table.

    A subquery behind IN is read again for each row when the statistics are those of before a large import.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def _first(rows: QuerySet) -> list[int]:
    return list(rows.order_by().values_list("pk", flat=True)[: COLLECTED + 1])


def asked(words: str) -> RawSQL:
    """The full-text question: every word, the last one perhaps not typed to its end."""
    typed = re.findall(r"\w+", words)
    if not typed or WRITTEN_QUERY.search(words):
        return RawSQL(WHOLE, (words,), SearchQueryField())
    sql, said = _unfinished(typed)
    return RawSQL(f"{WHOLE} || {sql}", (words, *said), SearchQueryField())


def _unfinished(typed: list[str]) -> tuple[str, tuple[str, ...]]:
    """Every word, the last as a beginning; what has the whole word has its beginning too."""
    begun, last = " ".join(typed[:-1]), f"{typed[-1]}:*"
    return (f"({BEGUN} && {UNFINISHED})", (begun, last)) if begun else (UNFINISHED, (last,))


def _sought(words: str) -> tuple[str, Sequence[Any]]:
    """The question whose rows `asked` ranks, as short as it may be."""
    if PLAIN.fullmatch(words) and not WRITTEN_QUERY.search(words) and words.strip():
        return _unfinished(re.findall(r"\w+", words))
    question = asked(words)
    return question.sql, question.params


def _key(words: str) -> str:
    """The words as `name_key` keeps names."""
    return " ".join(re.findall(r"[^\W_]+", words.lower()))


def _fitting(words: str) -> RawSQL:
    """An array of the ids of what fits as typed; in SQL, since Django took as long to word it as PostgreSQL to answer."""
    (sought, said), numbered = _sought(words), _codes(words)
    parts: list[tuple[str, Sequence[Any]]] = [("SELECT id FROM by_text", ()), (BY_OFFICE, (_somewhere(words), words))]
    parts.append((BY_MERGED_CODE, (numbered, words)))
    if numbered:
        parts.append((BY_CODE, (numbered,)))
    if len(_key(words)) >= SHORTEST_PART:
        by_name = BY_NAME_IF_FEW.format(few=FEW) if " " in _key(words) else BY_NAME
        parts.append((by_name, (_somewhere(_key(words)),)))
    if " " not in words:  # no code has a blank, and without the question the whole register stays unread
        code, reference = words.upper(), words[:4].upper() + words[4:].lower()
        parts.append((BY_BEGUN_CODE, (f"{_literal(code)}%", f"{_literal(reference)}%")))
        parts += [(BY_ADDRESS, (_somewhere(words),))] if len(words) >= SHORTEST_PART else []
    told = f"WITH by_text AS MATERIALIZED ({BY_TEXT.format(asked=sought)}) " + " UNION ALL ".join(p for p, _ in parts)
    return RawSQL(f"ARRAY({told})", [*said, *(value for _part, values in parts for value in values)])


def _somewhere(words: str) -> str:
    """A pattern for a text that has the words somewhere."""
    return f"%{_literal(words)}%"


def _literal(words: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", words)


def _codes(words: str) -> list[str]:
    """The codes a bare number may mean."""
    number = words.lstrip("0")
    known = number.isdecimal() and len(number) <= LONGEST_NUMBER
    return [codes.code("APL", year, int(number)) for year in CODE_YEARS] if known else []


@dataclass(frozen=True)
class Facet:
    """A question beside the list: the expression of its value, how several values are kept, and what was chosen."""

    name: str
    value: Any
    unnest: str = ""  # the SQL function that spreads several values
    chosen: Q | None = None


@dataclass
class Counts:
    """How many rows each value of each facet would leave, the other facets staying; and what the list hides."""

    by_facet: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    total: int = 0
    hidden: int = 0
    capped: bool = False
    told_at: datetime | None = None  # None: just now


def counts(rows: QuerySet, facets: Sequence[Facet]) -> Counts:
    """Everything the list counts, in one statement; `rows` are filtered by all but the facets.

    What took long is kept for a minute under the statement itself, which names whose rows are counted, and when.
    """
    try:
        statement, parameters = _counting(rows, facets)
    except EmptyResultSet:
        return Counts()
    key = hashlib.sha256(repr((statement, parameters, past.looking())).encode()).digest()
    told, told_at = costly(key, lambda: _counted_by(statement, parameters, facets))
    return replace(told, told_at=told_at)


def _counted_by(statement: str, parameters: tuple, facets: Sequence[Facet]) -> Counts:
    told = Counts()
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        for what, value, number in cursor.fetchall():
            _tell(told, facets, what, value, number)
    return told


def _tell(told: Counts, facets: Sequence[Facet], what: int, value: str | None, number: int) -> None:
    if what >= 0 and value:
        told.by_facet[facets[what].name][value] = number
    elif what == TOTAL:
        told.total = number
    elif what == LEFT_OUT:
        told.hidden = number
    elif what == READ:
        told.capped = number > COUNTED


TOTAL, LEFT_OUT, READ = -1, -2, -3


def _counting(rows: QuerySet, facets: Sequence[Facet]) -> tuple[str, tuple]:
    """`found` reads each row once: its value of every facet, whether each choice fits, whether the list hides it."""
    columns = {f"v{number}": facet.value for number, facet in enumerate(facets)}
    columns |= {f"m{number}": _truth(facet.chosen) for number, facet in enumerate(facets) if facet.chosen is not None}
    slim = rows.order_by().select_related(None).values(h=_truth(Q(status__in=HIDDEN)), **columns)[: COUNTED + 1]
    inner, parameters = slim.query.sql_with_params()
    parts = [_counted(number, facets) for number in range(len(facets))]
    shown = _fits(facets)
    parts.append(f"SELECT {TOTAL}, NULL, count(*) FROM found WHERE {shown}")
    if "NOT h" in shown:
        parts.append(f"SELECT {LEFT_OUT}, NULL, count(*) FROM found WHERE {shown.replace('NOT h', 'h')}")
    parts.append(f"SELECT {READ}, NULL, count(*) FROM found")
    return f"WITH found AS MATERIALIZED ({inner}) " + " UNION ALL ".join(parts), parameters


def _counted(number: int, facets: Sequence[Facet]) -> str:
    facet = facets[number]
    spread, value = (f", {facet.unnest}(v{number}) AS one", "one") if facet.unnest else ("", f"v{number}")
    fits = _fits(facets, but=number)
    return f"SELECT {number}, {value}::text, count(*) FROM found{spread} WHERE {fits} GROUP BY 2"


def _fits(facets: Sequence[Facet], but: int | None = None) -> str:
    """The chosen values of the other facets; ended records only where a status was asked for or is counted."""
    chosen = [number for number, facet in enumerate(facets) if facet.chosen is not None]
    conditions = [f"m{number}" for number in chosen if number != but]
    asks_status = any(facets[number].name == "status" for number in chosen)
    if not asks_status and (but is None or facets[but].name != "status"):
        conditions.append("NOT h")
    return " AND ".join(conditions) or "true"


def _truth(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())
