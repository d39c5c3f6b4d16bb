"""Reading the register: search, counts beside the list, look-alikes, completeness."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Greatest

from apps.inventory import fields
from apps.inventory.models import Address, Application

ALIKE = 0.35
NATIONAL = (
    "code", "name", "description", "functions", "reference_codes", "services_supported", "data_used", "output",
    "data_inputs", "data_suppliers", "data_outputs", "data_customers", "platforms", "hosting", "license",
    "programming_languages", "frameworks", "databases", "developing_unit", "operating_unit", "related_objects",
)  # fmt: skip
HIDDEN = (
    Application.Status.RETIRED,
    Application.Status.MERGED,
    Application.Status.WITHDRAWN,
    Application.Status.REFUSED,
)
COLUMN_OF_FACET = {"verdict": "standing__last_verdict", "owner": "owner__code"}
SEVERAL = ("platforms", "audience")


def seen(by: Any) -> QuerySet:
    """The applications of this reader with what a row shows."""
    return Application.objects.visible_to(by).select_related("owner", "government", "standing")


def search(rows: QuerySet, words: str) -> QuerySet:
    """Words as people type them: full text in Indonesian, misspelt names, codes, offices and public addresses."""
    words = words.strip()
    if not words:
        return rows
    asked = SearchQuery(words, config="indonesian", search_type="websearch")
    key = words.lower()
    addresses = Address.objects.filter(application=OuterRef("pk"), kind=Address.Kind.PUBLIC, url__icontains=words)
    named = Q(name_key__contains=key) | Q(name_key__trigram_word_similar=key) | Q(short_name__icontains=words)
    office = Q(owner__name__icontains=words) | Q(owner__short_name__iexact=words)
    codes = Q(code__iexact=words) | Q(reference__iexact=words)
    return rows.filter(Q(search=asked) | named | office | codes | Exists(addresses))


def ranked(rows: QuerySet, words: str) -> QuerySet:
    """The best fit first."""
    asked = SearchQuery(words, config="indonesian", search_type="websearch")
    fit = Greatest(TrigramWordSimilarity(words.lower(), "name_key"), SearchRank(F("search"), asked))
    return rows.annotate(fit=fit).order_by("-fit", "name", "pk")


def facet_counts(rows: QuerySet, facet: str) -> dict[str, int]:
    """How many of `rows` have each value of the facet."""
    column = COLUMN_OF_FACET.get(facet, facet)
    value = Func(F(column), function="unnest") if facet in SEVERAL else F(column)
    counted = rows.order_by().annotate(facet=value).values("facet").annotate(n=Count("pk", distinct=True))
    return {row["facet"]: row["n"] for row in counted if row["facet"]}


def similar(name: str, *, government_id: int | None) -> list[Application]:
    """Registered applications whose name is nearly this one, nearest first."""
    key = " ".join(name.lower().split())
    if len(key) < 4:
        return []
    rows = Application.objects.public().filter(government=government_id)
    alike = Greatest(TrigramSimilarity("name_key", key), TrigramWordSimilarity(key, "name_key") * Value(0.7))
    found = rows.annotate(alike=alike).filter(alike__gte=ALIKE).select_related("owner", "standing")
    return list(found.order_by("-alike", "pk")[:5])


def readable_addresses(by: Any) -> QuerySet:
    """Addresses this reader may know: the public only the public ones."""
    rows = Address.objects.all()
    knows = by.is_authenticated and by.role != "client"
    return rows if knows else rows.filter(kind=Address.Kind.PUBLIC)


def is_filled(application: Application, name: str) -> bool:
    """Whether anything is said of the attribute."""
    if name == "reference_codes":
        return bool(application.references.all())
    if name in fields.ROW_ATTRIBUTES:
        return bool(getattr(application, name).all())
    return getattr(application, name) not in (None, "", [])


def lacking(application: Application) -> list[fields.Attribute]:
    """Those of the 21 attributes of the national domain that are still empty."""
    return [fields.BY_NAME[name] for name in NATIONAL if not is_filled(application, name)]


def completeness(application: Application) -> int:
    """Percent of the national attributes that are filled."""
    return round(100 * (len(NATIONAL) - len(lacking(application))) / len(NATIONAL))
