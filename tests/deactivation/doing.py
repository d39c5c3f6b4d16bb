"""Each act of the oracle's table as a call of the service with good fields."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from apps.core.errors import RuleViolation
from apps.deactivation import services
from apps.deactivation.models import DeskSession
from tests import factories_deactivation as made

REASON = "Alasan yang cukup"


def _session(case):
    latest = DeskSession.objects.filter(items__case=case).order_by("pk").last()
    return latest.pk if latest else 0


def _answer(case, by, evidence):
    scan = {"evidence": evidence} if by.role == "reviewer" else {}
    return services.answer(case.pk, by=by, version=case.version, reply="agreed", **scan)


def _decide(case, by, _evidence):
    services.decide(
        [services.Choice(case.pk, case.version)],
        by=by,
        decree_number=f"188/{case.pk}/{case.version}",
        legal_basis="Perwal",
    )


ACTS = {
    "sign_request": lambda case, by, _e: services.sign_request(case.pk, by=by, version=case.version),
    "withdraw": lambda case, by, _e: services.withdraw(case.pk, by=by, version=case.version, reason=REASON),
    "name_caretaker": lambda case, by, _e: services.name_caretaker(
        case.pk, by=by, version=case.version, organization_id=case.application.owner_id, reason=REASON
    ),
    "send_letter": lambda case, by, _e: services.send_letter([case.pk], by=by, versions={case.pk: case.version}),
    "answer": _answer,
    "give_opinion": lambda case, by, _e: services.give_opinion(
        case.pk, by=by, session_id=_session(case), stance="agree"
    ),
    "recommend": lambda case, by, _e: services.recommend(
        case.pk, by=by, version=case.version, session_id=_session(case), outcome="deactivate", reason=REASON
    ),
    "postpone": lambda case, by, _e: services.postpone(
        case.pk, by=by, version=case.version, session_id=_session(case), reason=REASON
    ),
    "decide": _decide,
    "send_back": lambda case, by, _e: services.send_back(case.pk, by=by, version=case.version, reason=REASON),
    "raise_objection": lambda case, by, evidence: services.raise_objection(
        case.pk, by=by, version=case.version, reason=REASON, evidence=evidence
    ),
    "uphold_objection": lambda case, by, _e: services.uphold_objection(
        case.pk, by=by, version=case.version, reason=REASON
    ),
    "dismiss_objection": lambda case, by, _e: services.dismiss_objection(
        case.pk, by=by, version=case.version, reason=REASON
    ),
    "annul": lambda case, by, _e: services.annul(
        case.pk, by=by, version=case.version, number=f"189/{case.pk}", reason=REASON
    ),
    "close": lambda case, by, _e: services.close(case.pk, by=by, version=case.version),
    "write_notice": lambda case, by, _e: services.write_notice(
        case.pk, by=by, version=case.version, notice="Berhenti bulan depan"
    ),
    "list_dataset": lambda case, by, _e: services.list_dataset(
        case.pk, by=by, version=case.version, name="Arsip", fate="migrate", destination="Arsip daerah"
    ),
    "begin_retiring": lambda case, by, _e: services.begin_retiring(case.pk, by=by),
    "retire": lambda case, by, _e: services.retire(case.pk, by=by),
}


def attempt(act, case, by, evidence=None):
    """Do an act and say how it was answered: ok, 404, 403 or 409."""
    return answered(lambda: ACTS[act](case, by, evidence or made.make_evidence(by)))


def answered(do):
    """How an act was answered: ok, 404, 403 or 409."""
    try:
        do()
    except Http404:
        return 404
    except PermissionDenied:
        return 403
    except RuleViolation:
        return 409
    return "ok"


def people(cast):
    """The oracle's roles as actors."""
    government = cast.government
    foreign = made.factories.make_agency(government)
    return {
        "operator": cast.operator,
        "head": cast.head,
        "foreign_head": made.factories.make_actor("agency_head", government, foreign),
        "reviewer": cast.reviewer,
        "planner": cast.planner,
        "treasurer": cast.treasurer,
        "approver": cast.approver,
        "executive": made.factories.make_actor("executive", government),
        "auditor": made.factories.make_actor("auditor", government),
        "administrator": made.factories.make_actor("administrator", government),
    }
