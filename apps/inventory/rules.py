"""Who may do what with a record, and what a record must hold."""

from typing import Any

from apps.accounts.rules import may_administer
from apps.inventory.models import Application, SavedView

AGENCY_HEAD = "agency_head"
OPERATOR, REVIEWER, AUDITOR, ADMINISTRATOR = "operator", "reviewer", "auditor", "administrator"
Status = Application.Status

# What a reviewer must be able to judge; the rest may follow later (completeness counts it).
REQUIRED = ("name", "functions", "ownership", "stage", "platforms", "service_kind")

TYPED_ON = (Status.DRAFT, Status.RETURNED)
ATTESTED_IN = (Status.REGISTERED, Status.RETIRING)
EDITABLE = (*TYPED_ON, Status.REGISTERED, Status.RETIRING)

# Attributes that follow the rows of a record as soon as it has some (ADR 9).
FOLLOWING = {"contracts": ("contract_value", "contract_ends_on"), "costs": ("yearly_cost",)}
FOLLOWING_NAMES = frozenset(name for names in FOLLOWING.values() for name in names)
# Days before the end of a contract or document when its people are told, nearest first.
EXPIRY_RUNGS = (7, 30)


def writes(by: Any) -> bool:
    """Whether the role writes records at all: an operator for the own office, a reviewer for the government.

    Acts on many ask this first; each record is asked for by itself besides.
    """
    return by.is_system or by.has_role(OPERATOR, REVIEWER)


def may_read(by: Any, application: Application) -> bool:
    """Whether the person reads the record itself and not only its public page; as `visible_to` says it for many."""
    if by.is_government_wide:
        return by.government_id == application.government_id and (
            application.status != Status.DRAFT or application.created_by_id == by.person_id
        )
    return by.is_system or application.owner_id in by.organization_ids


def may_start_draft(by: Any, owner: Any) -> bool:
    """An operator for the own office, a reviewer for any office of the government."""
    return by.is_system or (by.has_role(OPERATOR, REVIEWER) and by.covers(owner))


def registers_imports(by: Any) -> bool:
    """A reviewer's new rows are registered at once and get codes; an operator's become drafts."""
    return by.is_system or by.has_role(REVIEWER)


def may_lay_out_sheets(by: Any) -> bool:
    """The administrator looks after the sheets other institutions prescribe."""
    return by.is_system or by.has_role(ADMINISTRATOR)


def may_change(by: Any, application: Application) -> bool:
    """Who changes the record where its state allows it: the owner's operator, a reviewer."""
    return by.is_system or (by.has_role(OPERATOR, REVIEWER) and by.covers(application.owner))


def may_edit(by: Any, application: Application) -> bool:
    """Whether the person may change the record as it stands now."""
    return application.status in EDITABLE and may_change(by, application)


def expiry_rung(days_left: int) -> int | None:
    """Which reminder is due with that many days left; None while the end is far or past."""
    if days_left < 0:
        return None
    return next((rung for rung in EXPIRY_RUNGS if days_left <= rung), None)


def may_submit(by: Any, application: Application) -> bool:
    """Whoever may edit it for the owner."""
    return by.has_role(OPERATOR, REVIEWER) and by.covers(application.owner)


def may_withdraw(by: Any, application: Application) -> bool:
    """The owner's operator."""
    return by.has_role(OPERATOR) and by.covers(application.owner)


def may_judge_submission(by: Any, application: Application) -> bool:
    """A reviewer of the government who did not submit it: the two pairs of eyes of a registration."""
    return _reviews(by, application) and by.person_id != application.submitted_by_id


def may_confirm_facts(by: Any, application: Application) -> bool:
    """A reviewer: the judged party does not exempt itself."""
    return _reviews(by, application)


def may_grant_suspension(by: Any, application: Application) -> bool:
    """A reviewer."""
    return _reviews(by, application)


def may_keep_attributes(by: Any) -> bool:
    """What the register asks is set by the government's administrator."""
    return by.has_role(ADMINISTRATOR)


def may_keep_views(by: Any) -> bool:
    """Whoever is a person; a system's key opens no pages."""
    return by.person_id is not None and by.is_authenticated


def may_share_view(by: Any, shared: str, organization: Any) -> bool:
    """One's own view is one's own; with an office of the own scope whoever works there; with all a reviewer.

    An auditor shares nothing: an auditor changes nothing others see.
    """
    if shared == SavedView.Shared.PRIVATE:
        return may_keep_views(by)
    if shared == SavedView.Shared.GOVERNMENT:
        return by.has_role(REVIEWER)
    if organization is None or by.has_role(AUDITOR):
        return False
    return organization.pk == by.seat_id or (
        (by.has_role(REVIEWER) or not by.is_government_wide) and by.covers(organization)
    )


def may_change_view(by: Any, view: SavedView) -> bool:
    """Its author; what all see also any reviewer."""
    if not may_keep_views(by):
        return False
    return view.author_id == by.person_id or (view.shared == SavedView.Shared.GOVERNMENT and by.has_role(REVIEWER))


def may_merge(by: Any, application: Application) -> bool:
    """A reviewer: which of two records of one application stays is judged by who keeps the register."""
    return _reviews(by, application)


def may_attest(by: Any, application: Application) -> bool:
    """Those who know: the owner's operator and head. A reviewer does not stand for another office's record."""
    return by.has_role(OPERATOR, AGENCY_HEAD) and by.covers(application.owner)


def following(application: Application) -> list[str]:
    """Attributes nobody types because the record's rows say them; none of a record not saved yet."""
    if application.pk is None:
        return []
    return [name for rows, names in FOLLOWING.items() if getattr(application, rows).all() for name in names]


def may_reorganize(by: Any, office: Any) -> bool:
    """The administrator, who looks after the offices."""
    return may_administer(by, office)


def missing(application: Application) -> list[str]:
    """Names of the fields a submission still needs."""
    lacking = [name for name in REQUIRED if not getattr(application, name)]
    return lacking


def owns_nothing(owner: Any) -> bool:
    """A collective name ("Seluruh Perangkat Daerah") cannot own; neither can a dissolved office."""
    return owner.kind == owner.Kind.COLLECTIVE or owner.active_until is not None


def _reviews(by: Any, application: Application) -> bool:
    return by.is_system or (by.has_role(REVIEWER) and by.government_id == application.government_id)
