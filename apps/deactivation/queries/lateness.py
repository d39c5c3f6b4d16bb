"""When a case should have moved, and by how many working days it is late."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import models
from django.db.models import DateField, ExpressionWrapper, F, Func, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Cast, Least

from apps.accounts.models import Organization
from apps.core.clock import CoreNow
from apps.core.errors import RuleViolation
from apps.core.workdays import working_days_since
from apps.deactivation import rules
from apps.deactivation.models import Case, ChecklistItem, LetterCase

S = Case.Status
IN_EXECUTION = (S.EXECUTING, S.EXECUTED)


def with_due(cases: QuerySet[Case]) -> Any:
    """Each case with `due_on`: the letter's last day, the next step's, or the effective date; None where nothing runs.

    `is_late` says whether that day has passed where its government is.
    """
    asked = LetterCase.objects.filter(case=OuterRef("pk"), is_superseded=False).order_by("-pk")
    waiting = ChecklistItem.objects.filter(case=OuterRef("pk")).exclude(status=ChecklistItem.Status.VERIFIED)
    step = Subquery(waiting.order_by().values("case").annotate(first=Min("due_on")).values("first"))
    due = models.Case(
        When(status=S.AWAITING_ANSWER, then=Subquery(asked.values("letter__due_on")[:1])),
        When(status=S.EXECUTING, retired_at=None, then=Least(step, F("effective_on"))),
        When(status__in=IN_EXECUTION, then=step),
        output_field=DateField(),
    )
    local = Func(F("government__time_zone"), CoreNow(), function="timezone", output_field=models.DateTimeField())
    passed = Q(due_on__isnull=False, due_on__lt=Cast(local, DateField()))
    return cases.annotate(due_on=due).annotate(is_late=ExpressionWrapper(passed, models.BooleanField()))


def late_cases(cases: QuerySet[Case]) -> Any:
    """Those of the cases whose day has passed where their government is."""
    return with_due(cases).filter(is_late=True)


def days_late(dues: Collection[date], today: date, government: Organization) -> dict[date, int]:
    """Working days since each due date by the government's calendar; none while a year on the way is not confirmed."""
    joint_leave_counts = not rules.policy_of(government).joint_leave_is_working
    try:
        return working_days_since(dues, today, joint_leave_counts=joint_leave_counts)
    except RuleViolation:
        return {}
