"""Who is hurt when an application stops: consumers of its data, users of the shared solution, parts of the super-app.

Directly and through others, over living applications; who has moved to another source is no consumer any more.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from apps.inventory.models import Application, Relation

LIVING = (Application.Status.REGISTERED, Application.Status.RETIRING)
DEEPEST = 10
DATA, SHARED, PART = "data", "shared", "part"

# UNION keeps one row for each application and depth, so a circle ends at the deepest step and never multiplies.
# Quoted names and parameters in their order, so that the past may stand in for the tables.
_REACHED = """WITH RECURSIVE reached (id, depth) AS (
  SELECT %s::bigint, 0
  UNION
  SELECT hurt.id, reached.depth + 1
  FROM reached CROSS JOIN LATERAL (
    SELECT target_id AS id FROM "inventory_relation"
      WHERE source_id = reached.id AND direction <> 'receives' AND (migrated_on IS NULL OR migrated_on > %s)
    UNION SELECT source_id FROM "inventory_relation"
      WHERE target_id = reached.id AND direction <> 'sends' AND (migrated_on IS NULL OR migrated_on > %s)
    UNION SELECT id FROM "inventory_application" WHERE super_application_id = reached.id
  ) hurt
  JOIN "inventory_application" a ON a.id = hurt.id AND a.status = ANY(%s)
  WHERE reached.depth < %s AND hurt.id <> %s
)
SELECT id, min(depth) FROM reached GROUP BY id"""


@dataclass(frozen=True)
class Edge:
    """`consumer` lives from `supplier`; `how` is data, shared or part."""

    supplier: int
    consumer: int
    how: str
    description: str = ""


@dataclass(frozen=True)
class Hurt:
    """One application that is hurt: how many steps away, and by which way (codes, from the stopped one on)."""

    application: Application
    depth: int
    path: tuple[Application, ...]


@dataclass(frozen=True)
class Impact:
    """All that are hurt, nearest first, and every tie among them."""

    start: Application
    hurt: list[Hurt]
    edges: list[Edge]

    @property
    def is_cut(self) -> bool:
        """Whether there may be more beyond the deepest step."""
        return any(row.depth == DEEPEST for row in self.hurt)

    @property
    def direct(self) -> int:
        return sum(row.depth == 1 for row in self.hurt)

    @property
    def offices(self) -> int:
        return len({row.application.owner_id for row in self.hurt})


def impact_of(start: Application, day: date) -> Impact:
    """Four statements, however many applications are reached."""
    depths = _depths(start, day)
    found = {row.pk: row for row in Application.objects.filter(pk__in=depths).select_related("owner", "standing")}
    edges = edges_among(depths, day)
    hurt = [
        Hurt(found[pk], depth, tuple(found[step] for step in _path(pk, depths, edges)))
        for pk, depth in depths.items()
        if depth
    ]
    return Impact(start, sorted(hurt, key=lambda row: (row.depth, row.application.name, row.application.pk)), edges)


def consumers_of(application: Application, day: date) -> list[tuple[int, Application]]:
    """Living applications that take data from this one and have not been moved, each with its relation's key."""
    rows = Relation.objects.live(day).select_related("source", "target").order_by("pk")
    out = rows.filter(source=application, target__status__in=LIVING).exclude(direction="receives")
    into = rows.filter(target=application, source__status__in=LIVING).exclude(direction="sends")
    return [(row.pk, row.target) for row in out] + [(row.pk, row.source) for row in into]


def edges_among(keys: dict[int, int], day: date) -> list[Edge]:
    """Every tie between two of these applications, as supplier and consumer."""
    rows: QuerySet = Relation.objects.live(day).filter(source__in=keys, target__in=keys).order_by("pk")
    edges = []
    for row in rows:
        how = SHARED if row.kind == Relation.Kind.SHARED else DATA
        if row.direction != "receives":
            edges.append(Edge(row.source_id, row.target_id, how, row.description))
        if row.direction != "sends":
            edges.append(Edge(row.target_id, row.source_id, how, row.description))
    parts = Application.objects.filter(Q(pk__in=keys), super_application__in=keys).order_by("pk")
    return edges + [Edge(up, pk, PART) for pk, up in parts.values_list("pk", "super_application_id")]


def _depths(start: Application, day: date) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_REACHED, [start.pk, day, day, [str(status) for status in LIVING], DEEPEST, start.pk])
        return dict(sorted(cursor.fetchall(), key=lambda row: (row[1], row[0])))


def _path(pk: int, depths: dict[int, int], edges: list[Edge]) -> list[int]:
    """One shortest way from the stopped application, the eldest neighbour first."""
    path = [pk]
    while depths[path[0]]:
        nearer = [
            edge.supplier for edge in edges if edge.consumer == path[0] and depths[edge.supplier] == depths[path[0]] - 1
        ]
        path.insert(0, min(nearer))
    return path
