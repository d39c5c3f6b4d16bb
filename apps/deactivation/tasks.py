"""Sweeps of the clock: each picks what is due and calls the service as the system; harmless to run twice."""

import logging

from celery import shared_task
from django.db.models import Exists, F, OuterRef, Q

from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.deactivation import rules, services
from apps.deactivation.models import Case, ChecklistItem, ChecklistTemplate, Condition, Ground, Letter, LetterCase
from apps.monitoring.models import Finding

logger = logging.getLogger(__name__)


@shared_task
def nominate_idle_findings():
    """Open a case for each open idle finding of an application that has none."""
    open_cases = Case.objects.open().values("application_id")
    due = Finding.objects.published().filter(kind="idle", status="open").exclude(application_id__in=open_cases)
    for pk, application_id in due.values_list("pk", "application_id"):
        _attempt(services.nominate, application_id, by=Actor.system(), ground=Ground.IDLE, finding_id=pk)


@shared_task
def deem_silent_letters():
    """Read silence as deemed agreement, and send letters anew whose addressee answers no longer."""
    for government in _governments():
        letters = Letter.objects.filter(government=government)
        for pk in letters.overdue(clock.today(government.zone)).values_list("pk", flat=True):
            _attempt(services.deem_agreed, pk, by=Actor.system())
    for pk in _misaddressed().values_list("pk", flat=True):
        _attempt(services.restart_letter, pk, by=Actor.system())


@shared_task
def start_retiring():
    """Begin execution when the objection window has ended."""
    for government in _governments():
        due = Case.objects.filter(
            government=government, status="decided", objection_ends_on__lt=clock.today(government.zone)
        )
        for pk in due.exclude(objections__status="raised").values_list("pk", flat=True):
            _attempt(services.begin_retiring, pk, by=Actor.system())


@shared_task
def execute_due():
    """Retire applications on their effective date."""
    for government in _governments():
        due = Case.objects.filter(
            government=government, status="executing", retired_at=None, effective_on__lte=clock.today(government.zone)
        )
        for pk in due.values_list("pk", flat=True):
            _attempt(services.retire, pk, by=Actor.system())


@shared_task
def chase_conditions():
    """Remind of conditions past their day, also after their case has ended."""
    for government in _governments():
        today = clock.today(government.zone)
        late = Condition.objects.filter(case__government=government, status="open", due_on__lt=today)
        for condition in late.only("pk", "due_on", "chased_on"):
            if rules.is_chased(condition, today):
                _attempt(services.chase_condition, condition.pk, by=Actor.system())


@shared_task
def follow_owners():
    """Hand the open steps of cases to who answers for the application now, when offices have changed."""
    steps = ChecklistItem.objects.filter(case__in=Case.objects.open()).exclude(status="verified")
    gone = Q(responsible__active_until__isnull=False)
    of_owners = Q(key__in=ChecklistTemplate.objects.filter(responsible="owner").values("key"))
    left = steps.filter(gone | of_owners & ~Q(responsible_id=F("case__application__owner_id")))
    for pk in left.order_by("case").values_list("case", flat=True).distinct():
        _attempt(services.follow_owner, pk, by=Actor.system())


def _governments():
    return Organization.objects.filter(kind="government")


def _misaddressed():
    waiting = LetterCase.objects.filter(letter=OuterRef("pk"), answer="", is_superseded=False)
    elsewhere = waiting.exclude(case__application__owner_id=OuterRef("addressee_id"))
    return Letter.objects.filter(Exists(elsewhere), status__in=["sent", "delivered"])


def _attempt(service, *args, **kwargs):
    """One refusal keeps no other row waiting; the row stays due and is tried at the next tick."""
    try:
        service(*args, **kwargs)
    except RuleViolation as refusal:
        logger.info("sweep %s %s: %s", service.__name__, args, refusal.message)
