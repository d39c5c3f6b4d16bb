"""The pages of one application: what it says, its architecture."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.core import clock
from apps.inventory import completeness, fields, past, queries, rules, trails
from apps.inventory.models import Application
from apps.inventory.views.looking import looks_back

SUMMARY_STEPS = (1, 2, 5)
ARCHITECTURE_STEPS = (3, 4)
EVENTS_BESIDE = 5
VERBS = {
    "application.drafted": _("Konsep dibuat"),
    "application.submitted": _("Diajukan"),
    "application.returned": _("Dikembalikan untuk diperbaiki"),
    "application.refused": _("Ditolak"),
    "application.registered": _("Pendaftaran diterima, kode diberikan"),
    "application.withdrawn": _("Ditarik oleh OPD"),
    "application.edited": _("Keterangan diubah"),
    "application.attested": _("Dinyatakan benar oleh pemilik"),
    "application.categorised": _("Kategori keamanan dijawab"),
    "application.change_undone": _("Perubahan dibatalkan"),
    "application.facts_confirmed": _("Fakta pengecualian dikonfirmasi"),
    "application.suspension_granted": _("Penangguhan diberikan"),
    "application.held": _("Ditahan oleh proses lain"),
    "application.hold_released": _("Penahanan selesai"),
    "application.retiring": _("Penonaktifan dimulai"),
    "application.retiring_cancelled": _("Penonaktifan dibatalkan"),
    "application.sunset_announced": _("Tanggal berhenti diumumkan"),
    "application.sunset_worded": _("Pemberitahuan penghentian ditulis"),
    "application.retired": _("Dipensiunkan"),
    "application.reactivated": _("Diaktifkan kembali"),
    "application.merged": _("Digabung ke aplikasi lain"),
    "application.reassigned": _("Pindah pemilik karena perubahan organisasi"),
    "application.absorbed": _("Menerima gabungan aplikasi lain"),
    "contract.expiring": _("Akhir kontrak diingatkan"),
    "document.expiring": _("Akhir dokumen diingatkan"),
    "application.relation_added": _("Hubungan ditambahkan"),
    "application.relation_changed": _("Hubungan diubah"),
    "application.relation_removed": _("Hubungan dihapus"),
    "application.cost_added": _("Biaya ditambahkan"),
    "application.cost_changed": _("Biaya diubah"),
    "application.cost_removed": _("Biaya dihapus"),
    "application.contract_added": _("Kontrak ditambahkan"),
    "application.contract_changed": _("Kontrak diubah"),
    "application.contract_removed": _("Kontrak dihapus"),
    "application.document_added": _("Dokumen ditambahkan"),
    "application.document_changed": _("Dokumen diubah"),
    "application.document_removed": _("Dokumen dihapus"),
}


def read(by: Any, key: str | int) -> Application:
    """The application this person may see, with its rows; 404 otherwise."""
    # Another application is seldom named; joined each time, its seventy columns cost more to plan than to fetch.
    rows = queries.seen(by).select_related("owner", "standing", "draft", "sunset__successor")
    beside = (
        "successor",
        "super_application",
        "merged_into",
        "addresses",
        "references__reference_code",
        "attestations",
    )
    return get_object_or_404(rows.prefetch_related(*beside).named(key))


@signed_in
@require_GET
@looks_back
def detail(request: HttpRequest, key: str) -> HttpResponse:
    old = Application.objects.merged().named(key).select_related("merged_into").first()
    if old:
        return to_survivor(request.actor, old)
    application = read(request.actor, key)
    if application.key != key and not past.looking():
        return redirect("inventory:detail", application.key)
    context = {
        "application": application,
        "merged": list(application.merged_from.order_by("-updated_at")),
        "groups": groups(request.actor, application, SUMMARY_STEPS),
        "costs": newest_costs(application),
        "contract": application.contracts.first(),
        "today": clock.today(application.government.zone),
        "facts": application.confirmed_facts.first(),
        "suspensions": list(application.suspensions.order_by("-ends_on")),
        "trail": trail(request.actor, application, EVENTS_BESIDE),
        **offers(request.actor, application),
    }
    return render(request, "inventory/detail.html", context)


@signed_in
@require_GET
@looks_back
def architecture(request: HttpRequest, key: str) -> HttpResponse:
    application = read(request.actor, key)
    context = {
        "application": application,
        "groups": groups(request.actor, application, ARCHITECTURE_STEPS),
        "reads_security": fields.BY_NAME["security_category"] in fields.readable_by(request.actor),
    }
    return render(request, "inventory/architecture.html", context)


def to_survivor(by: Any, application: Application) -> HttpResponse:
    """The old code leads to what it went into: the record, or its public page for who may read only that."""
    survivor = application.merged_into
    page = "inventory:detail" if rules.may_read(by, survivor) else "catalogue:detail"
    return redirect(page, survivor.key)


@signed_in
@require_GET
@looks_back
def completeness_page(request: HttpRequest, key: str) -> HttpResponse:
    application = read(request.actor, key)
    readable = set(fields.readable_by(request.actor))
    context = {
        "application": application,
        "formula": completeness.explained(application),
        "percent": completeness.percent(application),
        "readable": readable,
        "reached": sum(part["reached"] for part in completeness.explained(application)),
        "total": completeness.TOTAL,
    }
    return render(request, "inventory/completeness.html", context)


def groups(by: Any, application: Application, steps: tuple[int, ...]) -> list[dict[str, Any]]:
    """What the record says, step by step, of what this person may read."""
    readable = fields.readable_by(by)
    return [
        {
            "number": number,
            "label": fields.STEPS[number],
            "attributes": [
                attribute
                for attribute in readable
                if attribute.step == number
                and attribute.name != "name"
                and queries.is_filled(application, attribute.name)
            ],
        }
        for number in steps
    ]


def newest_costs(application: Application) -> dict[str, Any] | None:
    """The newest budget year with its rows and sum."""
    rows = list(application.costs.all())
    newest = [row for row in rows if row.year == rows[0].year]
    return {"year": newest[0].year, "rows": newest, "total": sum(row.amount for row in newest)} if rows else None


def offers(by: Any, application: Application) -> dict[str, bool]:
    """The acts this person may do with the record as it stands now; none with one of the past."""
    if past.looking():
        return {}
    status = application.status
    typed_on, sent = status in rules.TYPED_ON, status == Application.Status.SUBMITTED
    writes = rules.may_submit(by, application)
    lives = status in (Application.Status.REGISTERED, Application.Status.RETIRING)
    return {
        "may_fill": typed_on and writes,
        "may_delete": status == Application.Status.DRAFT and writes,
        "may_withdraw": rules.may_withdraw(by, application) and (sent or status == Application.Status.RETURNED),
        "may_judge": sent and rules.may_judge_submission(by, application),
        "may_attest": lives and rules.may_attest(by, application),
        "may_confirm": lives and rules.may_confirm_facts(by, application),
        "may_merge": status == Application.Status.REGISTERED and rules.may_merge(by, application),
    }


def trail(by: Any, application: Application, limit: int) -> list[dict[str, Any]]:
    """The acts on the record, newest first, with what changed of what this person may read."""
    readable = {attribute.name: attribute for attribute in fields.readable_by(by)}
    events = queries.events_of(application)[:limit]
    return [{**trails.told(event, readable), "words": VERBS.get(event.verb, event.verb)} for event in events]
