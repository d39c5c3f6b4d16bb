"""Cases that wait for the approver, with what is said about each."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from apps.deactivation.models import Answer, Case, CaseAct, LetterCase
from apps.deactivation.rules import CONFLICTS_WITH_DECIDING

PLH = "plh"


def decisions(by: Any) -> list[Case]:
    """Recommended cases the person may decide, with `answer` of the office; none for the other roles."""
    if not by.has_role("approver"):
        return []
    seen = Case.objects.visible_to(by).filter(status=Case.Status.RECOMMENDED)
    did = CaseAct.objects.filter(case=OuterRef("pk"), person_id=by.person_id, act__in=CONFLICTS_WITH_DECIDING)
    own_office = Q(application__owner=by.seat_id) | Q(application__owner__parent=by.seat_id)
    rows = seen.filter(~Exists(did)).exclude(own_office)
    if by.acting == PLH:
        rows = rows.filter(government__policy__plh_may_decide=True)
    last = LetterCase.objects.filter(case=OuterRef("pk"), is_superseded=False).order_by("-pk").values("answer")[:1]
    beside = ("application__owner", "application__standing", "recommendation__target", "recommendation__session")
    found = list(rows.annotate(answer=Subquery(last)).select_related(*beside).order_by("pk"))
    for case in found:
        case.answer_label = Answer(case.answer).label if case.answer else ""
    return found
