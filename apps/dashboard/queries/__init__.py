"""Reads for home, the report of the portfolio, and the counts beside the names of places."""

from apps.dashboard.queries.costs import cost_lines, cost_report, cost_years
from apps.dashboard.queries.counts import counts
from apps.dashboard.queries.decisions import decisions
from apps.dashboard.queries.figures import ORDER as VERDICTS
from apps.dashboard.queries.figures import Figures, figures
from apps.dashboard.queries.handing_over import in_hand, roles_to_hand_over, successors
from apps.dashboard.queries.mine import Mine, mine
from apps.dashboard.queries.portfolio import Portfolio, portfolio
from apps.dashboard.queries.work import waiting

__all__ = [
    "VERDICTS",
    "Figures",
    "Mine",
    "Portfolio",
    "cost_lines",
    "cost_report",
    "cost_years",
    "counts",
    "decisions",
    "figures",
    "in_hand",
    "mine",
    "portfolio",
    "roles_to_hand_over",
    "successors",
    "waiting",
]
