"""Letters: sending in batches, proof of delivery, the deadline, and the OPD's answer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.core import clock
from apps.core.errors import VersionMissing
from apps.core.submit import attempt, status_of
from apps.deactivation import rules, services
from apps.deactivation.filters import LetterFilter
from apps.deactivation.forms import AnswerForm, DeliveryForm, ExtendForm, LetterForm
from apps.deactivation.models import Case, Letter
from apps.deactivation.views.evidence import evidence_of
from apps.deactivation.views.offers import Offer, act_view, offered, plain
from apps.documents.models import Document
from apps.documents.uploads import taken

PAGE_SIZE = 50
S = Letter.Status


@signed_in
@require_GET
def letter_list(request: HttpRequest) -> HttpResponse:
    seen = Letter.objects.visible_to(request.actor)
    rows = seen.select_related("government").annotate(case_count=Count("items")).order_by("-pk")
    found = LetterFilter(request.GET, queryset=rows)
    page = Paginator(found.qs, PAGE_SIZE).get_page(request.GET.get("halaman"))
    _tell_overdue(page.object_list)
    context = {
        "filter": found,
        "page": page,
        "headline": _list_headline(seen),
        "may_send": rules.sends_letters(request.actor),
    }
    hidden = seen.count() - found.qs.count()
    context["leaves_out"] = _("%(n)s surat lain tersaring") % {"n": hidden} if hidden else ""
    return render(request, "deactivation/letter_list.html", context)


@signed_in
def send_letter(request: HttpRequest) -> HttpResponse:
    if not rules.sends_letters(request.actor):
        raise PermissionDenied
    offices, orphans = offices_waiting(request)
    if request.method == "POST":
        office = next((office for office in offices if office["code"] == request.POST.get("office")), None)
        letter = office and attempt(lambda fields: _send(request, fields), office["form"])
        if letter:
            messages.success(
                request, _("Surat %(code)s dikirim ke %(to)s.") % {"code": letter.code, "to": letter.addressee_name}
            )
            return redirect(letter)
    context = {
        "offices": offices,
        "orphans": orphans,
        "headline": _send_headline(offices),
        "back_url": reverse("deactivation:case_list"),
    }
    return render(request, "deactivation/send_letter.html", context, status=status_of(o["form"] for o in offices))


@signed_in
@require_GET
def letter_detail(request: HttpRequest, code: str) -> HttpResponse:
    letter = services.open_letter(seen_letter(request.actor, code).pk, by=request.actor)
    return letter_page(request, seen_letter(request.actor, letter.code))


@signed_in
def answer(request: HttpRequest, code: str) -> HttpResponse:
    letter = services.open_letter(seen_letter(request.actor, code).pk, by=request.actor)
    rows = answer_rows(request, letter)
    if not any(rules.may_answer(request.actor, row["case"]) for row in rows):
        raise PermissionDenied
    chosen = [row for row in rows if row["form"] and (row["form"].is_bound)]
    if request.method == "POST" and chosen:
        done = attempt(lambda *fields: _answer_all(request, chosen, fields), *(row["form"] for row in chosen))
        if done is not None:
            messages.success(request, _("Jawaban tersimpan dan diteruskan ke desk reviu."))
            return redirect(letter)
    return _answer_page(request, letter, rows, nothing_chosen=request.method == "POST" and not chosen)


def seen_letter(by: Any, code: str) -> Letter:
    """The letter, when this person may see it; 404 otherwise."""
    seen = Letter.objects.visible_to(by).select_related(
        "addressee", "government", "document", "delivery_evidence", "replaces"
    )
    return get_object_or_404(seen, code=code)


def letter_page(request: HttpRequest, letter: Letter, bound: dict[str, Any] | None = None) -> HttpResponse:
    """One letter with its state, its cases and what may be done."""
    bound = bound or {}
    items = letter.items.select_related("case__application__owner", "case__government", "evidence")
    context = {
        "letter": letter,
        "items": items,
        "headline": _headline(letter),
        "may_answer": letter.status in (S.SENT, S.DELIVERED)
        and any(rules.may_answer(request.actor, item.case) for item in items),
        "acts": offered(LETTER_OFFERS, letter, request.actor, bound),
        "waiting_for": _headline(letter),
    }
    return render(request, "deactivation/letter_detail.html", context, status=status_of(bound.values()))


LETTER_OFFERS = [
    Offer(
        "record_delivery",
        gettext_lazy("Catat tanda terima"),
        gettext_lazy("Catat: surat terbukti sampai"),
        gettext_lazy("Tanda terima dicatat. Tenggat jawaban berjalan."),
        plain(DeliveryForm),
        rules.may_record_delivery,
        lambda by, letter: letter.status == S.SENT,
        lambda letter, fields, by, version: services.record_delivery(
            letter.code,
            by=by,
            version=version,
            delivered_on=fields["delivered_on"],
            evidence=taken(fields["evidence"], by),
        ),
        text=gettext_lazy("Bila OPD membuka surat di sini, tanggal sampai tercatat sendiri."),
    ),
    Offer(
        "extend_deadline",
        gettext_lazy("Perpanjang tenggat"),
        gettext_lazy("Perpanjang sekali"),
        gettext_lazy("Tenggat diperpanjang."),
        plain(ExtendForm),
        rules.may_extend_deadline,
        lambda by, letter: letter.status == S.DELIVERED and not letter.extended_days,
        lambda letter, fields, by, version: services.extend_deadline(
            letter.code, by=by, version=version, days=fields["days"], reason=fields["reason"]
        ),
        tone="btn",
    ),
]
record_delivery = act_view(LETTER_OFFERS[0], seen_letter, letter_page)
extend_deadline = act_view(LETTER_OFFERS[1], seen_letter, letter_page)


def offices_waiting(request: HttpRequest) -> tuple[list[dict[str, Any]], list[Case]]:
    """Nominated cases by the OPD that answers for them, each with its form; and those nobody answers for."""
    waiting = Case.objects.visible_to(request.actor).with_application().filter(status=Case.Status.NOMINATED)
    groups: dict[Any, list[Case]] = {}
    for case in waiting.order_by("pk"):
        groups.setdefault(case.respondent, []).append(case)
    orphans = groups.pop(None, [])
    offices = [_office(request, office, cases) for office, cases in groups.items()]
    return sorted(offices, key=lambda office: office["name"]), orphans


def _office(request: HttpRequest, office: Any, cases: list[Case]) -> dict[str, Any]:
    mine = request.method == "POST" and request.POST.get("office") == office.code
    form = LetterForm(
        request.POST if mine else None, prefix=office.code, codes=[(case.code, case.code) for case in cases]
    )
    asked = request.GET.get("kasus")
    codes = [case.code for case in cases]
    start = [asked] if asked in codes else [] if asked else codes
    chosen = request.POST.getlist(f"{office.code}-cases") if mine else start
    return {"code": office.code, "name": office.name, "cases": cases, "form": form, "chosen": chosen}


def _send(request: HttpRequest, fields: dict[str, Any]) -> Letter:
    return services.send_letter(
        fields["cases"], by=request.actor, versions=versions_of(request, fields["cases"]), note_text=fields["note"]
    )


def versions_of(request: HttpRequest, codes: list[str]) -> dict[str, int]:
    """The version of each case as the form carried it."""
    versions = {code: request.POST.get(f"version-{code}", "") for code in codes}
    if not all(value.isdigit() for value in versions.values()):
        raise VersionMissing
    return {code: int(value) for code, value in versions.items()}


def answer_rows(request: HttpRequest, letter: Letter) -> list[dict[str, Any]]:
    """Each case of the letter with its evidence and, where an answer may still be given, its form."""
    for_owner = request.actor.has_role("reviewer")
    items = letter.items.filter(is_superseded=False).select_related("case__application__owner", "case__government")
    return [_answer_row(request, item, for_owner) for item in items]


def _answer_row(request: HttpRequest, item: Any, for_owner: bool) -> dict[str, Any]:
    case, prefix = item.case, item.case.code
    open_for_answer = case.is_open and (not item.answer or (item.answer == "deemed_agreed" and not item.late_answer))
    form = None
    if open_for_answer and rules.may_answer(request.actor, case):
        typed = request.method == "POST" and any(
            request.POST.get(f"{prefix}-{name}") for name in ("reply", "reason", "answered_on")
        )
        form = (
            AnswerForm(request.POST, request.FILES, prefix=prefix, for_owner=for_owner)
            if typed
            else AnswerForm(prefix=prefix, for_owner=for_owner)
        )
    settled = (
        _("Sudah dijawab: %(answer)s.") % {"answer": item.get_answer_display().lower()}
        if item.answer
        else _("Tidak menunggu jawaban Anda.")
    )
    return {"case": case, "item": item, "form": form, "evidence": evidence_of(case), "settled": settled}


def _answer_all(request: HttpRequest, rows: list[dict[str, Any]], fields: tuple) -> list[Case]:
    versions = versions_of(request, [row["case"].code for row in rows])
    return [
        services.answer(
            row["case"].code,
            by=request.actor,
            version=versions[row["case"].code],
            reply=typed["reply"],
            reason=typed["reason"],
            evidence=taken(
                typed["evidence"],
                request.actor,
                Document.Kind.SCAN if row["form"].for_owner else Document.Kind.EVIDENCE,
            ),
            answered_on=typed.get("answered_on"),
        )
        for row, typed in zip(rows, fields, strict=True)
    ]


def _answer_page(request: HttpRequest, letter: Letter, rows: list, nothing_chosen: bool) -> HttpResponse:
    answerable = sum(1 for row in rows if row["form"])
    if nothing_chosen:
        messages.error(request, _("Pilih setuju atau keberatan sedikitnya untuk satu kasus."))
    context = {
        "letter": letter,
        "rows": rows,
        "answerable": answerable,
        "for_owner": request.actor.has_role("reviewer"),
        "headline": ngettext(
            "%(n)s aplikasi menunggu jawaban %(office)s", "%(n)s aplikasi menunggu jawaban %(office)s", answerable
        )
        % {"n": answerable, "office": letter.addressee_name},
        "deadline": _headline(letter),
        "submit": ngettext("Kirim jawaban", "Kirim jawaban yang sudah dipilih", answerable),
    }
    status = 400 if nothing_chosen else status_of(row["form"] for row in rows if row["form"])
    return render(request, "deactivation/letter_answer.html", context, status=status)


def _headline(letter: Letter) -> str:
    if letter.status == S.SENT:
        return _("Surat belum terbukti sampai")
    if letter.status == S.DELIVERED:
        late = letter.due_on < clock.today(letter.government.zone)
        words = _("Batas jawab sudah lewat, %(day)s") if late else _("Jawab paling lambat %(day)s")
        return words % {"day": date_format(letter.due_on, "l, j F Y")}
    return _("Surat ini diganti surat lain") if letter.status == S.REPLACED else _("Surat sudah terjawab")


def _tell_overdue(letters: Any) -> None:
    """Mark those of the page that still wait for an answer past their last day; one statement for all."""
    if not letters:
        return
    today = clock.today(letters[0].government.zone)
    late = set(
        Letter.objects.filter(pk__in=[letter.pk for letter in letters]).overdue(today).values_list("pk", flat=True)
    )
    for letter in letters:
        letter.is_overdue = letter.pk in late


def _list_headline(seen: Any) -> str:
    chased = seen.filter(status=S.SENT).count()
    waiting = seen.waiting().count()
    return _("%(waiting)s surat menunggu jawaban, %(chased)s belum terbukti sampai") % {
        "waiting": waiting,
        "chased": chased,
    }


def _send_headline(offices: list) -> str:
    count = sum(len(office["cases"]) for office in offices)
    return ngettext("%(n)s kasus menunggu surat konfirmasi", "%(n)s kasus menunggu surat konfirmasi", count) % {
        "n": count
    }
