"""A case from nomination to the end, and everything that is written down on its way (product.md §6)."""

from apps.deactivation.models.cases import (
    OPEN_STATUSES,
    TERMINAL_STATUSES,
    Act,
    Case,
    CaseAct,
    Condition,
    Ground,
    Kind,
    Outcome,
)
from apps.deactivation.models.checklist import ChecklistItem, ChecklistTemplate, Phase, Responsible
from apps.deactivation.models.datasets import Dataset, Fate
from apps.deactivation.models.decisions import Annulment, Decision, DecisionItem, Objection
from apps.deactivation.models.desk import (
    AgendaItem,
    Attendance,
    DeskSession,
    Invitation,
    Minutes,
    MinutesRemark,
    Opinion,
    Recommendation,
)
from apps.deactivation.models.issued import IssuedDocument
from apps.deactivation.models.letters import Answer, Letter, LetterCase
from apps.deactivation.models.savings import Realised, Saving
from apps.deactivation.models.signed import SignedCopy

__all__ = [
    "OPEN_STATUSES",
    "TERMINAL_STATUSES",
    "Act",
    "AgendaItem",
    "Annulment",
    "Answer",
    "Attendance",
    "Case",
    "CaseAct",
    "ChecklistItem",
    "ChecklistTemplate",
    "Condition",
    "Dataset",
    "Decision",
    "DecisionItem",
    "DeskSession",
    "Fate",
    "Ground",
    "Invitation",
    "IssuedDocument",
    "Kind",
    "Letter",
    "LetterCase",
    "Minutes",
    "MinutesRemark",
    "Objection",
    "Opinion",
    "Outcome",
    "Phase",
    "Realised",
    "Responsible",
    "Recommendation",
    "Saving",
    "SignedCopy",
]
