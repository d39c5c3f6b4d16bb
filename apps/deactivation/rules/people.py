"""Who may do what in a case: roles, scope, and segregation of duties over persons (product.md §2)."""

from apps.accounts.models import GovernmentPolicy, Organization
from apps.deactivation.models import Act

REVIEWER, APPROVER, COMPANION = "reviewer", "approver", "companion"
OPERATOR, HEAD = "operator", "agency_head"
# What a signed copy may be, by its kind; an electronic signature in a PDF names the bytes it covers (ISO 32000).
SIGNED_TYPES = {"scan": {"application/pdf", "image/png", "image/jpeg"}, "electronic": {"application/pdf"}}
SIGNATURE_MARK = b"/ByteRange"
COMPANION_OFFICES = ("planning_office", "finance_office")

# Who did one of these in a case may not decide it, whatever role or acting seat it was done in.
CONFLICTS_WITH_DECIDING = frozenset({Act.NOMINATE, Act.SIGN_REQUEST, Act.ANSWER, Act.OPINION, Act.RECOMMEND})


def policy_of(government):
    """The government's settings, or the product's defaults while it has none."""
    return GovernmentPolicy.objects.filter(government=government).first() or GovernmentPolicy(government=government)


def office_of(organization):
    """The agency an organisation belongs to: itself or its ancestor right beneath the government."""
    while organization and organization.parent_id and organization.parent_id != organization.government_id:
        organization = organization.parent
    return organization


def has_done(by, case, acts):
    """Whether the person behind `by` did one of `acts` in the case, in any role."""
    return any(row.act in acts and row.person_id == by.person_id for row in case.acts.all())


def _of_government(by, case, *roles):
    return by.has_role(*roles) and by.government_id == case.government_id


def _reviews(by, case):
    return _of_government(by, case, REVIEWER)


def _answers_for(by, case, *roles):
    respondent = case.respondent
    return by.has_role(*roles) and respondent is not None and by.covers(respondent)


def _sits_with_owner(by, case):
    """Whether the actor's seat lies in the office that owns the application: an office is not its own judge."""
    respondent = case.respondent
    if respondent is None or by.seat_id is None:
        return False
    seat = Organization.objects.filter(pk=by.seat_id).first()
    return seat is not None and seat.kind != "government" and office_of(seat) == office_of(respondent)


def nominates(by):
    """Whether the role nominates at all; `may_nominate` says whether this application."""
    return by.has_role(REVIEWER, OPERATOR, HEAD)


def may_nominate(by, application):
    """The sweep, a reviewer of the government, or the owner's own people."""
    if by.is_system:
        return True
    if by.has_role(REVIEWER):
        return by.government_id == application.government_id
    return by.has_role(OPERATOR, HEAD) and application.owner is not None and by.covers(application.owner)


def may_sign_request(by, case):
    """The head of the owner signs the owner's own request."""
    return _answers_for(by, case, HEAD)


def may_withdraw(by, case):
    """A reviewer; withdrawing dismisses the finding."""
    return _reviews(by, case)


def may_name_caretaker(by, case):
    """A reviewer of the ICT office, for an application without an owner."""
    return _reviews(by, case)


def sends_letters(by):
    """Whether the role sends letters at all."""
    return by.has_role(REVIEWER)


def may_send_letter(by, case):
    """A reviewer."""
    return _reviews(by, case)


def may_open_letter(by, letter):
    """Whoever works for the addressee; the first opening proves delivery."""
    return by.has_role(OPERATOR, HEAD) and by.covers(letter.addressee)


def may_record_delivery(by, letter):
    """A reviewer, from a receipt."""
    return _of_government(by, letter, REVIEWER)


def may_extend_deadline(by, letter):
    """A reviewer, once."""
    return _of_government(by, letter, REVIEWER)


def may_answer(by, case):
    """The head of the OPD, or a reviewer from a signed paper with its scan."""
    return _answers_for(by, case, HEAD) or _reviews(by, case)


def holds_sessions(by):
    """Whether the role runs desk sessions of its government."""
    return may_manage_session(by, by.government_id)


def may_manage_session(by, government_id):
    """A reviewer of the government: schedule, agenda, invitations, attendance."""
    return by.has_role(REVIEWER) and by.government_id == government_id


def may_issue_minutes(by, session):
    """A reviewer of the government."""
    return may_manage_session(by, session.government_id)


def may_remark_on_minutes(by, session):
    """The government's people with a part in a desk session, of those who see the session: no list of guests is asked."""
    at_the_table = by.has_role(OPERATOR, HEAD, COMPANION, REVIEWER, APPROVER)
    return at_the_table and by.government_id == session.government_id and by.seat_id is not None


def may_attach_signed(by, government_id):
    """A reviewer or an approver of the government: whoever carries the paper to its signatories."""
    return by.has_role(REVIEWER, APPROVER) and by.government_id == government_id


def may_give_opinion(by, case):
    """Bappeda's or BKAD's companion, unless the application is their own office's."""
    companion = _of_government(by, case, COMPANION) and by.seat_function in COMPANION_OFFICES
    return companion and not _sits_with_owner(by, case)


def may_recommend(by, case):
    """A reviewer enters the recommendation of the desk."""
    return _reviews(by, case)


def may_postpone(by, case):
    """A reviewer."""
    return _reviews(by, case)


def decides(by):
    """Whether the role decides at all; `may_decide` says whether this case."""
    return by.has_role(APPROVER)


def may_decide(by, case):
    """An approver from another office who did not nominate, answer, give an opinion or recommend in this case."""
    return (
        _of_government(by, case, APPROVER)
        and (by.acting != "plh" or policy_of(case.government).plh_may_decide)
        and not has_done(by, case, CONFLICTS_WITH_DECIDING)
        and not _sits_with_owner(by, case)
    )


def may_send_back(by, case):
    """Only who may decide the case."""
    return may_decide(by, case)


def may_object(by, case):
    """The head of the OPD, or a reviewer from a signed paper with its scan."""
    return may_answer(by, case)


def may_uphold_objection(by, case):
    """Only who may decide the case, and not who raised the objection for the OPD."""
    return may_decide(by, case) and not has_done(by, case, {Act.OBJECT})


def may_dismiss_objection(by, case):
    """As for upholding it."""
    return may_uphold_objection(by, case)


def may_annul(by, case):
    """Only who may decide the case."""
    return may_decide(by, case)


def may_complete_item(by, item):
    """The people of the office responsible: the OPD's own, a reviewer for the ICT office, BKAD's companion."""
    if by.has_role(OPERATOR, HEAD):
        return by.covers(item.responsible)
    return by.has_role(REVIEWER, COMPANION) and by.seat_id == item.responsible_id


def may_verify_item(by, item):
    """A reviewer who did not do the step."""
    return _reviews(by, item.case) and by.person_id != item.done_by_id


def may_return_item(by, item):
    """As for verifying it."""
    return may_verify_item(by, item)


def may_list_dataset(by, case):
    """The owner's people, or a reviewer."""
    return _answers_for(by, case, OPERATOR, HEAD) or _reviews(by, case)


def may_settle_dataset(by, dataset):
    """The owner's people, who hold the data."""
    return _answers_for(by, dataset.case, OPERATOR, HEAD)


def may_verify_dataset(by, dataset):
    """A reviewer who did not carry it out."""
    return _reviews(by, dataset.case) and by.person_id != dataset.done_by_id


def may_settle_condition(by, condition):
    """A reviewer."""
    return _reviews(by, condition.case)


def may_write_notice(by, case):
    """The owner's people, or a reviewer."""
    return _answers_for(by, case, OPERATOR, HEAD) or _reviews(by, case)


def may_close(by, case):
    """A reviewer issues the termination report."""
    return _reviews(by, case)


def may_verify_saving(by, case):
    """BKAD's companion."""
    return _of_government(by, case, COMPANION) and by.seat_function == "finance_office"


def may_record_realised(by, case):
    """BKAD's companion, who also verifies it."""
    return may_verify_saving(by, case)


def may_change_templates(by):
    """An administrator."""
    return by.is_system or by.has_role("administrator")
