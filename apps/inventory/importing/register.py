"""What the register knows of the records a list speaks of, read once for the whole list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, F, Q, QuerySet, TextField, Value

from apps.accounts.models import Organization
from apps.inventory import cells, fields, rules
from apps.inventory.cells import bare
from apps.inventory.filters import MONTHS
from apps.inventory.importing.columns import LEADING
from apps.inventory.importing.normalising import key_of
from apps.inventory.importing.reading import Sheet
from apps.inventory.models import Address, Application, ApplicationReference, Contract, Cost
from apps.inventory.searching import Among

ENDED = ("refused", "withdrawn", "merged")
NEAR = 0.6  # trigram similarity of names from which a person is asked
MOST_NEAR = 3
FACTS = ("pk", "version", "status", "owner_id", "owner__name", "owner__short_name", "code", "reference")
STATUS = dict(Application.Status.choices)
_NEAR_SQL = """SELECT r.place, a.id, coalesce(a.code, a.reference), a.name
FROM unnest(%s::int[], %s::bigint[], %s::text[]) AS r(place, owner, name)
JOIN inventory_application a ON a.owner_id = r.owner AND a.status <> ALL(%s) AND similarity(a.name_key, r.name) >= %s
ORDER BY r.place, similarity(a.name_key, r.name) DESC, a.id"""


@dataclass(slots=True)
class Known:
    """A record as the import compares it: its cells as the export would write them."""

    pk: int
    key: str
    version: int
    status: str
    owner_id: int
    owner: str
    short_name: str
    told: list[str]
    places: dict[str, int]
    relatives: dict[str, int | None]
    addresses: list[list[str]]
    references: list[int]
    choices: dict[str, dict[Any, Any]]

    @property
    def status_label(self) -> str:
        return str(STATUS[self.status])

    @property
    def owner_keys(self) -> list[str]:
        """The names of its office in the form in which they are compared."""
        return [key_of(name) for name in (self.owner, self.short_name) if name]

    def written(self, name: str) -> str:
        """The cell of an attribute as the export would write it."""
        return self.told[self.places[name]]

    def cell(self, name: str) -> str:
        """The cell of an attribute, bare of blanks."""
        return bare(self.written(name))

    def says(self, name: str, value: Any) -> bool:
        """Whether the record already holds this value, in other words than the cell's."""
        if name == "addresses":
            return sorted(self.addresses) == sorted(value)
        if name == "reference_codes":
            return self.references == value
        if name in self.relatives:
            return self.relatives[name] == value
        words = self.choices[name]
        if isinstance(value, list):
            return sorted(bare(str(words.get(one, one))) for one in value) == sorted(self.cell(name).split("; "))
        return bare(str(words.get(value, value))) == self.cell(name)

    def with_addresses(self, listed: list[list[str]], *, alone: bool) -> list[list[str]]:
        """The addresses when the listed ones are all there are, else those added; known ones keep their kind."""
        kinds = dict(map(tuple, self.addresses))
        kept = [] if alone else self.addresses
        new = [[url, kinds.get(url, kind)] for url, kind in listed]
        return [*kept, *(address for address in new if address not in kept)]


@dataclass
class Register:
    """The records and offices of one list."""

    by_key: dict[str, Known] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)  # the attributes that are compared, in the order of a record's cells
    offices: dict[str, Organization] = field(default_factory=dict)
    attributes: dict[str, fields.Attribute] = field(default_factory=dict)
    # attribute: the records whose own costs and contracts say it (ADR 9)
    following: dict[str, set[int]] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[tuple[int, str], Known]:
        """The oldest record of each office and name."""
        found: dict[tuple[int, str], Known] = {}
        for record in self.by_key.values():
            found.setdefault((record.owner_id, key_of(record.cell("name"))), record)
        return found

    @cached_property
    def owners(self) -> set[int]:
        return {record.owner_id for record in self.by_key.values()}


def known_to(sheet: Sheet, places: dict[str, int], *, by: Any, government: Organization) -> Register:
    """The records this person may see of the offices and codes the list names."""
    offices = _offices(government)
    asked = _asked(sheet, places, offices)
    rows = Application.objects.visible_to(by).filter(asked, government=government).exclude(status__in=ENDED)
    attributes = fields.BY_NAME | {attribute.name: attribute for attribute in fields.own(government.pk)}
    names = ["name", *(name for name in places if name not in LEADING)]
    known = _records(rows.order_by("pk"), [attributes[name] for name in names])
    found = Register({record.key.upper(): record for record in known}, names, offices, attributes)
    found.following = _following([record.pk for record in known], places)
    return found


def _of(pks: list[int]) -> Among:
    """Rows that hang on these applications."""
    return Among(F("application_id"), Value(pks, output_field=ArrayField(BigIntegerField())))


def _following(pks: list[int], places: dict[str, int]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for model, names in ((Contract, rules.FOLLOWING["contracts"]), (Cost, rules.FOLLOWING["costs"])):
        asked = [name for name in names if name in places]
        if asked:
            theirs = model._default_manager.filter(_of(pks)).order_by()
            found |= dict.fromkeys(asked, set(theirs.values_list("application", flat=True).distinct()))
    return found


def near(rows: list[Any], register: Register, taken: set[int]) -> Iterator[tuple[Any, list[dict[str, str]]]]:
    """Rows whose name is nearly that of a record of the same office no other row speaks of, with those records."""
    asked = [row for row in rows if row.owner_id in register.owners]
    if not asked:
        return
    with connection.cursor() as cursor:
        names = [key_of(row.name) for row in asked]
        cursor.execute(_NEAR_SQL, [list(range(len(asked))), [r.owner_id for r in asked], names, list(ENDED), NEAR])
        found: dict[int, list[dict[str, str]]] = {}
        for place, pk, key, name in cursor.fetchall():
            if pk not in taken and _numbers(name) == _numbers(asked[place].name):
                found.setdefault(place, []).append({"key": key, "name": name})
    for place, candidates in found.items():
        yield asked[place], candidates[:MOST_NEAR]


def _numbers(name: str) -> list[str]:
    """“Pelayanan 1” and “Pelayanan 2” are two things, however alike."""
    return re.findall(r"\d+", name)


def _offices(government: Organization) -> dict[str, Organization]:
    rows = list(Organization.objects.within(government.pk).order_by("-pk"))
    found = {key_of(office.short_name): office for office in rows if office.short_name}
    return found | {key_of(office.name): office for office in rows}


def _asked(sheet: Sheet, places: dict[str, int], offices: dict[str, Organization]) -> Q:
    asked = Q()
    if "code" in places:
        codes = {bare(row[places["code"]]) for row in sheet.rows}
        asked |= _among("code", {code.upper() for code in codes if code})
        asked |= _among("reference", {f"DRF-{code[4:].lower()}" for code in codes if code.upper().startswith("DRF-")})
    if "owner" in places:
        named = {key_of(bare(row[places["owner"]])) for row in sheet.rows}
        asked |= Q(owner__in={offices[name].pk for name in named if name in offices})
    return asked


def _among(column: str, keys: set[str]) -> Q:
    return Q(Among(F(column), Value(sorted(keys), output_field=ArrayField(TextField()))))


def words_of(attribute: fields.Attribute) -> dict[Any, Any]:
    """The words of an attribute's values, empty for free ones."""
    return dict(MONTHS) if attribute.name == "season_months" else dict(attribute.choices)


def _records(rows: QuerySet, compared: list[fields.Attribute]) -> list[Known]:
    names = [attribute.name for attribute in compared]
    choices = {attribute.name: words_of(attribute) for attribute in compared}
    relatives = [name for name in ("successor", "super_application") if name in names]
    beside = (*FACTS, *(f"{name}_id" for name in relatives))
    count, places = len(compared), {name: place for place, name in enumerate(names)}
    found = []
    for line in cells.lines(rows, compared, internal=True, beside=beside):
        pk, version, status, owner_id, owner, short_name, code, reference, *others = line[count:]
        found.append(Known(
            pk, code or reference, version, status, owner_id, owner, short_name, list(map(str, line[:count])), places,
            dict(zip(relatives, others, strict=True)), [], [], choices,
        ))  # fmt: skip
    known = {record.pk: record for record in found}
    for pk, url, kind in _beside(known, Address, "url", "kind") if "addresses" in names else ():
        known[pk].addresses.append([url, kind])
    for pk, code in _beside(known, ApplicationReference, "reference_code") if "reference_codes" in names else ():
        known[pk].references.append(code)
    for record in found:
        record.references.sort()
    return found


def _beside(known: dict[int, Known], model: Any, *columns: str) -> Iterator[tuple]:
    theirs = model.objects.filter(_of(list(known))).order_by("pk")
    return theirs.values_list("application", *columns).iterator(cells.CHUNK)
