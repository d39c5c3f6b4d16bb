"""Cases: the board, opening one, its page, and the tab of an application."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.core import clock
from apps.core.submit import attempt, status_of
from apps.deactivation import queries, rules, services
from apps.deactivation.filters import OPEN, CaseFilter
from apps.deactivation.forms import NominateForm, RequestForm
from apps.deactivation.models import OPEN_STATUSES, Case, Ground, Kind
from apps.deactivation.views.case_page import case_page, seen_case
from apps.deactivation.views.evidence import verdicts_of
from apps.inventory.models import Application
from apps.monitoring.models import Finding

PAGE_SIZE = 50
WAITING = {"approver": "recommended", "reviewer": "nominated", "agency_head": "awaiting_answer", "companion": "on_desk"}
ACT_TINTED = ("nominated", "awaiting_answer", "recommended", "executing")


@signed_in
@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    seen = Case.objects.visible_to(request.actor)
    query = request.GET.copy()
    query.setdefault("status", OPEN)
    found = CaseFilter(query, queryset=seen.with_application().select_related("application__standing"))
    rows = queries.with_due(found.qs).prefetch_related("letter_items__letter").order_by("nominated_at", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("halaman"))
    for case in page.object_list:
        dress(case)
    tell_lateness(page.object_list)
    queries.name_owners(page.object_list)
    fields = [found.form[name] for name in ("q", "ground", "outcome", "owner")]
    context = {**board_of(request, seen, query), "filter": found, "filter_fields": fields, "page": page}
    return render(request, "deactivation/case_list.html", context)


@signed_in
def nominate(request: HttpRequest) -> HttpResponse:
    if not rules.nominates(request.actor):
        raise PermissionDenied
    finding = _finding(request)
    application = finding.application if finding else _application(request)
    form = nominate_form(request, application, finding)
    if request.method == "POST":
        case = attempt(lambda fields: _open_case(request.actor, fields, application, finding), form)
        if case:
            messages.success(request, _("Kasus %(code)s dibuka.") % {"code": case.code})
            return redirect(case)
    context = _nominate_context(request.actor, application, finding, form)
    return render(request, "deactivation/nominate.html", context, status=status_of([form]))


@signed_in
@require_GET
def case_detail(request: HttpRequest, code: str) -> HttpResponse:
    return case_page(request, seen_case(request.actor, code))


@signed_in
@require_GET
def application_cases(request: HttpRequest, code: str) -> HttpResponse:
    application = get_object_or_404(Application.objects.visible_to(request.actor).named(code))
    cases = list(Case.objects.visible_to(request.actor).filter(application=application))
    context = {"application": application, "cases": cases, "headline": _tab_headline(cases), "tab": "cases"}
    return render(
        request, "deactivation/application_cases.html", {**context, **_nominate_link(request.actor, application, cases)}
    )


def board_of(request: HttpRequest, seen: Any, query: QueryDict) -> dict[str, Any]:
    """Counts by state with what is late, the sentence above, and what the list leaves out."""
    counts = dict.fromkeys(Case.Status.values, 0)
    for status in seen.values_list("status", flat=True):
        counts[status] += 1
    late = list(queries.late_cases(seen).values_list("status", flat=True))
    still_open = sum(counts[status] for status in OPEN_STATUSES)
    return {
        "board": _chips(counts, late, query.get("status", ""), still_open),
        "headline": _headline(request.actor, counts, still_open),
        "lead": ngettext("%(n)s kasus terlambat.", "%(n)s kasus terlambat.", len(late)) % {"n": len(late)}
        if late
        else "",
        "leaves_out": _leaves_out(query, counts, still_open),
        "may_nominate": rules.nominates(request.actor),
        "may_send": rules.sends_letters(request.actor) and counts["nominated"] > 0,
        "may_decide": rules.decides(request.actor) and counts["recommended"] > 0,
        "empty_title": _("Tidak ada kasus yang cocok"),
        "empty_text": _(
            "Kasus muncul dari temuan dua triwulan tidak dipakai, dari usulan Diskominfo, atau permintaan OPD."
        ),
        "empty_url": reverse("deactivation:case_list") + "?status=",
        "empty_action": _("Lihat semua kasus"),
    }


def dress(case: Case) -> None:
    """What a row shows beside the case: the last answer and the verdicts."""
    items = [item for item in case.letter_items.all() if not item.is_superseded]
    last = items[-1] if items else None
    case.last_answer = last.answer if last else ""
    case.last_answer_label = last.get_answer_display() if last else ""
    case.verdicts = verdicts_of(case.application)
    case.tone = "act" if case.status in ACT_TINTED else ""


def tell_lateness(cases: Any) -> None:
    """Give each late case `overdue_days` in working days; None while a year on the way is not confirmed."""
    late = [case for case in cases if case.is_late]
    if not late:
        return
    government = late[0].government
    counted = queries.days_late({case.due_on for case in late}, clock.today(government.zone), government)
    for case in late:
        case.overdue_days = counted.get(case.due_on)


def _chips(counts: dict, late: list, chosen: str, still_open: int) -> list[dict[str, Any]]:
    base = reverse("deactivation:case_list")
    rows = [(OPEN, _("Masih berjalan"), still_open, len(late))]
    rows += [(s.value, s.label, counts[s], late.count(s.value)) for s in Case.Status if counts[s]]
    return [
        {
            "url": f"{base}?status={value}",
            "label": label,
            "count": count,
            "overdue": overdue,
            "current": value == chosen,
        }
        for value, label, count, overdue in rows
    ]


def _headline(by: Any, counts: dict, still_open: int) -> str:
    mine = counts.get(WAITING.get(by.role, ""), 0)
    words = {
        "approver": ngettext("%(n)s keputusan menunggu", "%(n)s keputusan menunggu", mine),
        "reviewer": ngettext("%(n)s usulan menunggu diperiksa", "%(n)s usulan menunggu diperiksa", mine),
        "agency_head": ngettext("%(n)s kasus menunggu jawaban Anda", "%(n)s kasus menunggu jawaban Anda", mine),
        "companion": ngettext("%(n)s kasus di desk reviu", "%(n)s kasus di desk reviu", mine),
    }
    if mine:
        return words[by.role] % {"n": mine}
    return ngettext("%(n)s kasus masih berjalan", "%(n)s kasus masih berjalan", still_open) % {"n": still_open}


def _leaves_out(query: QueryDict, counts: dict, still_open: int) -> str:
    total = sum(counts.values())
    chosen = query.get("status", "")
    shown = still_open if chosen == OPEN else counts.get(chosen, total)
    hidden = total - shown
    return _("%(n)s kasus lain tidak ditampilkan karena keadaannya") % {"n": hidden} if hidden else ""


def _finding(request: HttpRequest) -> Finding | None:
    code = request.GET.get("temuan", "")
    return get_object_or_404(Finding.objects.visible_to(request.actor), code=code) if code else None


def _application(request: HttpRequest) -> Application | None:
    code = request.GET.get("aplikasi", "")
    return get_object_or_404(Application.objects.visible_to(request.actor).named(code)) if code else None


def nominate_form(request: HttpRequest, application: Any, finding: Any) -> Any:
    """The owner states a reason; a reviewer also the ground, and the application when none was chosen."""
    data = request.POST if request.method == "POST" else None
    if not request.actor.has_role("reviewer"):
        form = RequestForm(data)
        if application is None:
            form.fields["application"] = NominateForm.declared_fields["application"]
            form.order_fields(["application", "reason"])
        return form
    form = NominateForm(
        data, initial={"ground": Ground.IDLE if finding and finding.kind == Finding.Kind.IDLE else None}
    )
    if application is not None:
        del form.fields["application"]
    form.fields["reason"].required = finding is None
    return form


def _open_case(by: Any, fields: dict, application: Any, finding: Any) -> Case:
    target = application or _named(by, fields["application"])
    return services.nominate(
        target.pk,
        by=by,
        ground=fields.get("ground", Ground.OWNER_REQUEST),
        reason=fields["reason"],
        finding_id=finding.pk if finding else None,
        kind=_kind(target),
    )


def _named(by: Any, typed: str) -> Application:
    found = Application.objects.visible_to(by).named(typed.strip().upper()).first()
    if found is None:
        raise ValidationError({"application": _("Kode ini tidak ada di register. Salin dari halaman aplikasinya.")})
    return found


def _kind(application: Application) -> str:
    return Kind.REACTIVATION if application.status == Application.Status.RETIRED else Kind.DEACTIVATION


def _nominate_context(by: Any, application: Any, finding: Any, form: Any) -> dict[str, Any]:
    own = not by.has_role("reviewer")
    name = application.name if application else ""
    again = application is not None and _kind(application) == Kind.REACTIVATION
    verb = _("Ajukan pengaktifan kembali") if again else _("Ajukan penonaktifan") if own else _("Usulkan penonaktifan")
    return {
        "form": form,
        "application": application,
        "finding": finding,
        "verdicts": verdicts_of(application) if application else [],
        "heading": f"{verb}: {name}" if name else verb,
        "submit": _("Buka kasus"),
        "back_url": reverse("inventory:detail", args=[application.key])
        if application
        else reverse("deactivation:case_list"),
    }


def _tab_headline(cases: list) -> str:
    current = next((case for case in cases if case.is_open), None)
    if current:
        return _("Kasus %(code)s: %(status)s") % {"code": current.code, "status": current.get_status_display().lower()}
    return (
        ngettext("%(n)s kasus, semuanya berakhir", "%(n)s kasus, semuanya berakhir", len(cases)) % {"n": len(cases)}
        if cases
        else _("Belum pernah menjadi kasus")
    )


def _nominate_link(by: Any, application: Application, cases: list) -> dict[str, str]:
    fits = application.status in (Application.Status.REGISTERED, Application.Status.RETIRED)
    if not fits or any(case.is_open for case in cases) or not rules.may_nominate(by, application):
        return {}
    label = (
        _("Ajukan pengaktifan kembali")
        if application.status == Application.Status.RETIRED
        else _("Usulkan penonaktifan")
    )
    return {"nominate_url": reverse("deactivation:nominate") + f"?aplikasi={application.key}", "nominate_label": label}
