"""What the applications cost by office, budget year and kind."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum

from apps.inventory.models import Application, Cost

YEARS_SHOWN = 5
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Line:
    """One office, year and kind: the sum, and of how many applications."""

    office: str
    name: str
    year: int
    kind: str
    amount: Decimal
    applications: int

    @property
    def kind_label(self) -> str:
        return str(Cost.Kind(self.kind).label)


@dataclass(frozen=True)
class OfficeCosts:
    """One office's sums, a cell for each year shown."""

    office: str
    name: str
    cells: list[Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.cells, NOTHING)


@dataclass(frozen=True)
class CostReport:
    """The offices by what they cost, the dearest first; the kinds of the newest year shown."""

    years: list[int]
    offices: list[OfficeCosts]
    kinds: list[tuple[str, str, Decimal]]

    @property
    def sums(self) -> list[Decimal]:
        return [sum((row.cells[place] for row in self.offices), NOTHING) for place in range(len(self.years))]

    @property
    def total(self) -> Decimal:
        return sum(self.sums, NOTHING)


def cost_lines(by: Any, *, year: int | None = None, kind: str = "") -> list[Line]:
    """One statement over the registered applications the person sees; by office, newest year first."""
    seen = Application.objects.visible_to(by).filter(status__in=Application.PUBLIC_STATUSES)
    rows = Cost.objects.filter(application__in=seen)
    rows = rows.filter(year=year) if year else rows
    rows = rows.filter(kind=kind) if kind else rows
    named = rows.values("year", "kind", office=F("application__owner__code"), name=F("application__owner__name"))
    summed = named.annotate(total=Sum("amount"), n=Count("application", distinct=True))
    return [
        Line(row["office"], row["name"], row["year"], row["kind"], row["total"], row["n"])
        for row in summed.order_by("name", "-year", "kind")
    ]


def cost_report(lines: list[Line]) -> CostReport:
    """The lines as a table of offices and years, at most the five newest."""
    years = sorted({line.year for line in lines}, reverse=True)[:YEARS_SHOWN]
    cells: dict[tuple[str, str], dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    kinds: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.year in years:
            cells[line.office, line.name][line.year] += line.amount
        if years and line.year == years[0]:
            kinds[line.kind] += line.amount
    offices = [OfficeCosts(code, name, [sums[year] for year in years]) for (code, name), sums in cells.items()]
    named = [(value, str(label), kinds[value]) for value, label in Cost.Kind.choices if value in kinds]
    return CostReport(years, sorted(offices, key=lambda row: ([-cell for cell in row.cells], row.name)), named)


def cost_years(by: Any) -> list[int]:
    """Budget years with costs the person sees, newest first."""
    seen = Application.objects.visible_to(by).filter(status__in=Application.PUBLIC_STATUSES)
    rows = Cost.objects.filter(application__in=seen).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())
