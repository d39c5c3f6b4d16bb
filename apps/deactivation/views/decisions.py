"""Decisions: one case from its own page, several of a session at once, and what was decided."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from apps.accounts import reauth
from apps.accounts.access import signed_in
from apps.core.submit import attempt, status_of
from apps.core.web import version_of
from apps.deactivation import rules, services
from apps.deactivation.filters import DecisionFilter
from apps.deactivation.forms import SEND_BACK, DecideForm
from apps.deactivation.models import Case, Decision, DecisionItem
from apps.deactivation.views.case_page import case_page, seen_case
from apps.deactivation.views.cases import dress
from apps.deactivation.views.decision_forms import choice_of, item_form
from apps.deactivation.views.difference import difference_of
from apps.deactivation.views.evidence import evidence_of
from apps.deactivation.views.follow_up_forms import SignedCopyForm
from apps.deactivation.views.letters import versions_of
from apps.deactivation.views.suggestion import worded

PAGE_SIZE = 50


@signed_in
@require_GET
def decision_list(request: HttpRequest) -> HttpResponse:
    seen = Decision.objects.visible_to(request.actor)
    found = DecisionFilter(request.GET, queryset=seen.prefetch_related("items__case__application").order_by("-pk"))
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("halaman"))
    waiting = len(waiting_for(request.actor))
    context = {
        "page": page,
        "headline": ngettext("%(n)s keputusan ditetapkan", "%(n)s keputusan ditetapkan", seen.count())
        % {"n": seen.count()},
        "lead": ngettext("%(n)s kasus menunggu keputusan Anda.", "%(n)s kasus menunggu keputusan Anda.", waiting)
        % {"n": waiting}
        if waiting
        else "",
        "may_decide": waiting > 0,
    }
    return render(request, "deactivation/decision_list.html", context)


@signed_in
@require_GET
def decision_detail(request: HttpRequest, code: str) -> HttpResponse:
    return decision_page(request, seen_decision(request.actor, code))


def seen_decision(by: Any, code: str) -> Decision:
    """The decision, when this person may see it; 404 otherwise."""
    return get_object_or_404(
        Decision.objects.visible_to(by).select_related("issued__document", "government"), code=code
    )


def decision_page(request: HttpRequest, decision: Decision, refused: Any = None) -> HttpResponse:
    """What was decided, with its papers; `refused` is the form of a signed copy to be shown again."""
    items = items_of(decision, request.actor)
    names = {"number": decision.decree_number, "n": decision.items.count()}
    headline = (
        ngettext(
            "Keputusan %(number)s tentang %(n)s aplikasi", "Keputusan %(number)s tentang %(n)s aplikasi", names["n"]
        )
        % names
    )
    attaches = rules.may_attach_signed(request.actor, decision.government_id)
    context = {
        "decision": decision,
        "items": items,
        "headline": headline,
        "signed_copies": decision.issued.signed_copies.select_related("document"),
        "signed_form": refused or (SignedCopyForm(prefix="signed") if attaches else None),
    }
    return render(request, "deactivation/decision_detail.html", context, status=status_of([refused]))


def items_of(decision: Decision, by: Any) -> list[DecisionItem]:
    """What the decision says of each case this person sees, with the suggestion as it was frozen."""
    seen = decision.items.filter(case__in=Case.objects.visible_to(by))
    items = list(seen.select_related("case__application", "recommendation", "target"))
    for item in items:
        item.weighed = worded(item.evidence.get("suggestion") or {}).get("sentence", "")
    return items


@signed_in
@require_POST
def decide_case(request: HttpRequest, code: str) -> HttpResponse:
    case = seen_case(request.actor, code)
    if not rules.may_decide(request.actor, case):
        raise PermissionDenied
    item = item_form(case, evidence_of(case), request.POST)
    form = DecideForm(request.POST)
    sends_back = item.data.get("item-outcome") == SEND_BACK
    done = _send_back(request, case, item) if sends_back else _decide(request, case, form, item)
    if done is None:
        return case_page(request, seen_case(request.actor, code), {"decide": form, "decide_item": item})
    messages.success(request, _("Kasus dikembalikan ke desk.") if sends_back else _("Keputusan ditetapkan."))
    return redirect(case)


@signed_in
def decide(request: HttpRequest) -> HttpResponse:
    if not rules.decides(request.actor):
        raise PermissionDenied
    rows = decision_rows(request)
    form = DecideForm(request.POST if request.method == "POST" else None, initial={"legal_basis": _basis(rows)})
    chosen = [row for row in rows if row["chosen"]]
    if request.method == "POST":
        decision = _decide_several(request, form, chosen)
        if decision:
            messages.success(request, _("Keputusan %(number)s ditetapkan.") % {"number": decision.decree_number})
            return redirect(decision)
    return _several_page(request, rows, form)


def waiting_for(by: Any) -> list[Case]:
    """Recommended cases this person may decide."""
    recommended = Case.objects.visible_to(by).filter(status=Case.Status.RECOMMENDED).with_application()
    if not by.has_role("approver"):
        return []
    return [case for case in recommended.select_related("recommendation__target") if rules.may_decide(by, case)]


def decision_rows(request: HttpRequest) -> list[dict[str, Any]]:
    """Each case waiting for this person, of one session when asked, with evidence, form and difference."""
    session = request.GET.get("sesi", "")
    cases = [case for case in waiting_for(request.actor) if not session or case.recommendation.session.code == session]
    return [_row(request, case) for case in cases]


def _row(request: HttpRequest, case: Case) -> dict[str, Any]:
    posted = request.method == "POST"
    chosen = case.code in request.POST.getlist("cases") if posted else True
    evidence = evidence_of(case)
    dress(case)
    form = item_form(case, evidence, request.POST if posted and chosen else None, prefix=case.code)
    form.fields["outcome"].choices = [choice for choice in form.fields["outcome"].choices if choice[0] != SEND_BACK]
    return {"case": case, "chosen": chosen, "evidence": evidence, "form": form, "difference": difference_of(case)}


def _decide(request: HttpRequest, case: Case, form: DecideForm, item: Any) -> Decision | None:
    def act(fields: dict[str, Any], chosen: dict[str, Any]) -> Decision:
        reauth.confirm(request, fields["password"])
        choice = choice_of(case, chosen, version_of(request))
        return services.decide(
            [choice], by=request.actor, decree_number=fields["decree_number"], legal_basis=fields["legal_basis"]
        )

    return attempt(act, form, item)


def _send_back(request: HttpRequest, case: Case, item: Any) -> Case | None:
    def act(fields: dict[str, Any]) -> Case:
        return services.send_back(case.code, by=request.actor, version=version_of(request), reason=fields["reason"])

    return attempt(act, item)


def _decide_several(request: HttpRequest, form: DecideForm, chosen: list[dict[str, Any]]) -> Decision | None:
    def act(fields: dict[str, Any], *items: dict[str, Any]) -> Decision:
        reauth.confirm(request, fields["password"])
        versions = versions_of(request, [row["case"].code for row in chosen])
        choices = [
            choice_of(row["case"], item, versions[row["case"].code]) for row, item in zip(chosen, items, strict=True)
        ]
        return services.decide(
            choices, by=request.actor, decree_number=fields["decree_number"], legal_basis=fields["legal_basis"]
        )

    return attempt(act, form, *(row["form"] for row in chosen))


def _several_page(request: HttpRequest, rows: list[dict[str, Any]], form: DecideForm) -> HttpResponse:
    waiting = {row["case"].pk for row in rows}
    recommended = Case.objects.visible_to(request.actor).filter(status=Case.Status.RECOMMENDED).with_application()
    refused = [case for case in recommended if case.pk not in waiting and not rules.may_decide(request.actor, case)]
    context = {
        "rows": rows,
        "decide": form,
        "refused": refused,
        "headline": ngettext("%(n)s keputusan menunggu Anda", "%(n)s keputusan menunggu Anda", len(rows))
        % {"n": len(rows)},
        "back_url": reverse("deactivation:case_list"),
    }
    return render(request, "deactivation/decide.html", context, status=status_of([form]))


def _basis(rows: list[dict[str, Any]]) -> str:
    return rules.policy_of(rows[0]["case"].government).legal_basis if rows else ""
