"""Finding records: words as people type them, the best fit first, and every count beside the list in one statement."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, ExpressionWrapper, F, FloatField, Func, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from apps.accounts.models import Organization
from apps.inventory.models import Address, Application

CONFIG = "indonesian"
# Words a person wrote for the search itself: "quoted", -without, this or that.
WRITTEN_QUERY = re.compile(r'"|(?:^|\s)-\w|\sor\s', re.IGNORECASE)
CODE_YEARS = range(2015, 2051)
SHORTEST_PART = 3  # a trigram index knows no shorter part of a word
RANKED = 1000  # ranking reads every candidate's text; beyond so many the words are too common to rank by
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
    ids: list[int]  # all that fit, or the first RANKED and one more
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
    def many(self) -> bool:
        return len(self.ids) > RANKED


def search(rows: QuerySet, words: str) -> Fitting:
    """Names, functions and descriptions by Indonesian word stems, the last word unfinished; codes, offices, addresses.

    Only when nothing of `rows` fits the words as typed are names that are nearly so taken.
    """
    fitting = AmongIds(F("pk"), ArraySubquery(_fitting(words)))
    ids = _first(rows.filter(fitting))
    if not ids:
        fitting = Q(name_key__trigram_word_similar=_key(words))
        ids = _first(rows.filter(fitting))
    few = len(ids) <= RANKED
    return Fitting(words, ids, Q(pk__in=ids) if few else fitting)


class AmongIds(Func):
    """`pk = ANY(array)`: the array is read once whatever the planner believes of the table.

    A subquery behind IN is read again for each row when the statistics are those of before a large import.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def _first(rows: QuerySet) -> list[int]:
    return list(rows.order_by().values_list("pk", flat=True)[: RANKED + 1])


def asked(words: str) -> Any:
    """The full-text question: every word, the last one perhaps not typed to its end."""
    whole = SearchQuery(words, config=CONFIG, search_type="websearch")
    typed = re.findall(r"\w+", words)
    if not typed or WRITTEN_QUERY.search(words):
        return whole
    unfinished = SearchQuery(f"{typed[-1]}:*", config=CONFIG, search_type="raw")
    begun = SearchQuery(" ".join(typed[:-1]), config=CONFIG) & unfinished if typed[1:] else unfinished
    return whole | begun


def _key(words: str) -> str:
    """The words as `name_key` keeps names."""
    return " ".join(re.findall(r"[^\W_]+", words.lower()))


def _fitting(words: str) -> QuerySet:
    """Ids of what fits as typed; each branch has an index of its own."""
    every = Application.objects.order_by()
    offices = Organization.objects.filter(Q(name__icontains=words) | Q(short_name__iexact=words))
    branches = [every.filter(owner__in=offices).values("pk"), every.filter(code__in=_codes(words)).values("pk")]
    if " " not in words:  # no code has a blank, and without the question the whole register stays unread
        branches.append(every.filter(Q(code__startswith=words.upper()) | Q(reference__istartswith=words)).values("pk"))
    merged = Application.objects.merged().filter(Q(code__in=_codes(words)) | Q(code__iexact=words))
    branches.append(merged.order_by().values("merged_into"))
    if len(_key(words)) >= SHORTEST_PART:
        branches.append(every.filter(name_key__contains=_key(words)).values("pk"))
    if len(words) >= SHORTEST_PART and " " not in words:
        public = Address.objects.filter(kind=Address.Kind.PUBLIC, url__icontains=words)
        branches.append(public.order_by().values("application_id"))
    return every.filter(search=asked(words)).values("pk").union(*branches, all=True)


def _codes(words: str) -> list[str]:
    """The codes a bare number may mean."""
    number = words.lstrip("0")
    return [f"APL-{year}-{int(number):06d}" for year in CODE_YEARS] if number.isdecimal() and len(number) <= 6 else []


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


def counts(rows: QuerySet, facets: Sequence[Facet]) -> Counts:
    """Everything the list counts, in one statement; `rows` are filtered by all but the facets."""
    told = Counts()
    try:
        statement, parameters = _counting(rows, facets)
    except EmptyResultSet:
        return told
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
    parts = [_part(number, facets) for number in range(len(facets))]
    shown = _fits(facets)
    parts.append(f"SELECT {TOTAL}, NULL, count(*) FROM found WHERE {shown}")
    if "NOT h" in shown:
        parts.append(f"SELECT {LEFT_OUT}, NULL, count(*) FROM found WHERE {shown.replace('NOT h', 'h')}")
    parts.append(f"SELECT {READ}, NULL, count(*) FROM found")
    return f"WITH found AS MATERIALIZED ({inner}) " + " UNION ALL ".join(parts), parameters


def _part(number: int, facets: Sequence[Facet]) -> str:
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
