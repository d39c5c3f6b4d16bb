"""What the register knows of a case's application beside its quarters: costs, ties, documents, and what is like it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from apps.core import clock
from apps.deactivation.models import Case
from apps.inventory.models import Application, RecordDocument, Relation
from apps.inventory.similar import Similar, similar

YEARS = 4


@dataclass(frozen=True)
class Tie:
    """One relation, seen from the case's application: the other one, and whether it takes data from this one."""

    other: Application
    takes: bool
    description: str


@dataclass(frozen=True)
class Beside:
    """Costs by year (newest first), ties, documents and similar applications, as far as the reader may know them."""

    costs: list[tuple[int, Decimal]]
    ties: list[Tie]
    documents: list[RecordDocument]
    similar: list[Similar]
    yearly_cost: Decimal | None  # as typed on the record itself; costs by year, where there are any, say more

    @property
    def is_empty(self) -> bool:
        has_cost = self.costs or self.yearly_cost is not None
        return not (has_cost or self.ties or self.documents or self.similar)


def beside(case: Case, by: Any) -> Beside:
    """For the page of a case; a constant number of statements."""
    application = case.application
    functions = f"{application.functions} {application.services_supported}"
    return Beside(
        costs=_costs(application),
        ties=_ties(case, by),
        documents=list(application.documents.readable_by(by)),
        similar=similar(application.name, by=by, functions=functions, leave_out=application.pk),
        yearly_cost=application.yearly_cost,
    )


def frozen(found: Beside) -> dict[str, Any]:
    """As it is kept with a decision: documents and similar applications; costs and consumers are kept already."""
    return {
        "documents": [{"kind": row.kind, "title": row.title} for row in found.documents],
        "similar": [
            {"code": row.application.key, "name": row.application.name, "reasons": [str(why) for why in row.reasons]}
            for row in found.similar
        ],
        "ties": [{"code": tie.other.key, "takes": tie.takes, "description": tie.description} for tie in found.ties],
    }


def _costs(application: Application) -> list[tuple[int, Decimal]]:
    sums = application.costs.values("year").annotate(total=Sum("amount")).order_by("-year")[:YEARS]
    return [(row["year"], row["total"]) for row in sums]


def _ties(case: Case, by: Any) -> list[Tie]:
    live = Relation.objects.live(clock.today(case.government.zone)).of(case.application)
    found = []
    for row in live.seen_by(by).select_related("source", "target"):
        outward = row.source_id == case.application_id
        other = row.target if outward else row.source
        takes = row.direction in (("sends", "both") if outward else ("receives", "both"))
        found.append(Tie(other, takes, row.description))
    return found
