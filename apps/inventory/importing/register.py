"""What the register knows of the records a list speaks of, read once for the whole list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from apps.accounts.models import Organization
from apps.inventory import cells, fields, rules
from apps.inventory.cells import bare
from apps.inventory.filters import MONTHS
from apps.inventory.importing.columns import LEADING
from apps.inventory.importing.normalising import key_of
from apps.inventory.importing.reading import Sheet
from apps.inventory.models import Address, Application, ApplicationReference, Contract, Cost

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
    owner_keys: tuple[str, ...]
    written: dict[str, str]
    relatives: dict[str, int | None]
    addresses: list[list[str]]
    references: list[int]
    choices: dict[str, dict[Any, Any]]

    @property
    def status_label(self) -> str:
        return str(STATUS[self.status])

    def cell(self, name: str) -> str:
        """The cell of an attribute, bare of blanks."""
        return bare(self.written[name])

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
    by_name: dict[tuple[int, str], Known] = field(default_factory=dict)
    offices: dict[str, Organization] = field(default_factory=dict)
    attributes: dict[str, fields.Attribute] = field(default_factory=dict)
    # attribute: the records whose own costs and contracts say it (ADR 9)
    following: dict[str, set[int]] = field(default_factory=dict)

    @property
    def owners(self) -> set[int]:
        return {owner for owner, _name in self.by_name}


def known_to(sheet: Sheet, places: dict[str, int], *, by: Any, government: Organization) -> Register:
    """The records this person may see of the offices and codes the list names."""
    offices = _offices(government)
    asked = _asked(sheet, places, offices)
    rows = Application.objects.visible_to(by).filter(asked, government=government).exclude(status__in=ENDED)
    attributes = fields.BY_NAME | {attribute.name: attribute for attribute in fields.own(government.pk)}
    found = Register(offices=offices, attributes=attributes, following=_following(rows, places))
    names = dict.fromkeys(["name", *(name for name in places if name not in LEADING)])
    for record in _records(rows.order_by("pk"), [attributes[name] for name in names]):
        found.by_key[record.key.upper()] = record
        found.by_name.setdefault((record.owner_id, key_of(record.cell("name"))), record)
    return found


def _following(rows: QuerySet, places: dict[str, int]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for model, names in ((Contract, rules.FOLLOWING["contracts"]), (Cost, rules.FOLLOWING["costs"])):
        asked = [name for name in names if name in places]
        if asked:
            theirs = model._default_manager.filter(application__in=rows.order_by().values("pk")).order_by()
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
        asked |= Q(code__in={code.upper() for code in codes if code})
        asked |= Q(reference__in={f"DRF-{code[4:].lower()}" for code in codes if code.upper().startswith("DRF-")})
    if "owner" in places:
        named = {key_of(bare(row[places["owner"]])) for row in sheet.rows}
        asked |= Q(owner__in={offices[name].pk for name in named if name in offices})
    return asked


def words_of(attribute: fields.Attribute) -> dict[Any, Any]:
    """The words of an attribute's values, empty for free ones."""
    return dict(MONTHS) if attribute.name == "season_months" else dict(attribute.choices)


def _records(rows: QuerySet, compared: list[fields.Attribute]) -> Iterator[Known]:
    names = [attribute.name for attribute in compared]
    choices = {attribute.name: words_of(attribute) for attribute in compared}
    relatives = [name for name in ("successor", "super_application") if name in names]
    addresses = _by_application(rows, Address, "url", "kind") if "addresses" in names else {}
    references = _by_application(rows, ApplicationReference, "reference_code") if "reference_codes" in names else {}
    beside = (*FACTS, *(f"{name}_id" for name in relatives))
    for line in cells.lines(rows, compared, internal=True, beside=beside):
        said = dict(zip(names, map(str, line), strict=False))
        pk, version, status, owner_id, owner, short_name, code, reference, *others = line[len(compared) :]
        yield Known(
            pk, code or reference, version, status, owner_id, owner,
            tuple(key_of(name) for name in (owner, short_name) if name), said, dict(zip(relatives, others, strict=True)),
            [list(row) for row in addresses.get(pk, [])], sorted(row[0] for row in references.get(pk, [])), choices,
        )  # fmt: skip


def _by_application(rows: QuerySet, model: Any, *columns: str) -> dict[int, list[tuple]]:
    found: dict[int, list[tuple]] = {}
    theirs = model.objects.filter(application__in=rows.order_by().values("pk")).order_by("pk")
    for pk, *values in theirs.values_list("application", *columns).iterator(cells.CHUNK):
        found.setdefault(pk, []).append(tuple(values))
    return found
