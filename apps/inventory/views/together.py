"""One attribute of many records: choose, see every row's change, say why, apply."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.access import only_roles
from apps.audit.models import Event
from apps.core.errors import RuleViolation
from apps.core.submit import attempt, status_of
from apps.inventory import fields, queries, rules, services, trails
from apps.inventory.forms import AttributeForm, ReasonForm, values_of
from apps.inventory.models import Application
from apps.inventory.services import undoing
from apps.inventory.services.together import MOST_TOGETHER
from apps.inventory.templatetags.inventory import in_words
from apps.inventory.views import listing

CHANGES, SAME, REFUSES = "changes", "same", "refuses"
ORDER = (REFUSES, CHANGES, SAME)


@only_roles(rules.OPERATOR, rules.REVIEWER)
def edit_together(request: HttpRequest) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    records = chosen(request, asked)
    context = _choice(request, asked, records)
    if not records or len(records) > MOST_TOGETHER or context["attribute"] is None:
        return render(request, "inventory/together.html", context)
    form = _value_form(asked if request.method == "POST" else None, context["attribute"], records[0])
    context["form"] = form
    if request.method != "POST" or not form.is_valid():
        return render(request, "inventory/together.html", context, status=400 if form.errors else 200)
    return _previewed(request, context, form, records)


@only_roles(rules.OPERATOR, rules.REVIEWER)
def undo_together(request: HttpRequest, pk: int) -> HttpResponse:
    """What taking back an act on many records would do to each; with a reason, the act itself on the rows shown."""
    group = undoing.group_seen(request.actor, pk)
    reason = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = attempt(lambda why: _undone(request, pk, why["reason"]), reason)
        if done:
            messages.success(request, _("%(n)s aplikasi kembali seperti semula.") % {"n": len(done)})
            return redirect("inventory:list")
    attribute = next((one for one in fields.readable_by(request.actor) if one.name == group.details["attribute"]), None)
    if attribute is None:
        raise PermissionDenied
    rows = _ways_back(request.actor, attribute, group)
    context = {"group": group, "label": attribute.label, "reason": reason, **_counted(rows)}
    return render(request, "inventory/undo_together.html", context, status=status_of([reason]))


def chosen(request: HttpRequest, asked: QueryDict) -> list[Application]:
    """The records picked, or all that the list's question finds; one more than may be changed when there are more."""
    if asked.get("semua"):
        query = QueryDict(asked.get("dari", ""))
        found = listing.found_for(request.actor, query, request)
        rows = listing.shown_rows(query, found) if found.form.is_valid() else found.queryset.none()
    else:
        keys = ",".join(asked.getlist("pilih")).split(",")
        rows = queries.seen(request.actor).filter(pk__in=queries.ids_of(request.actor, keys)).order_by("name", "pk")
    rows = rows.select_related("owner", "government", "successor", "super_application")
    return list(rows.prefetch_related("references__reference_code")[: MOST_TOGETHER + 1])


def fates(by: Any, attribute: fields.Attribute, value: Any, records: list[Application]) -> list[dict[str, Any]]:
    """What would become of each record, and why some refuse."""
    rows = [_fate(by, attribute, value, application) for application in records]
    return sorted(rows, key=lambda row: ORDER.index(row["fate"]))


def _previewed(request: HttpRequest, context: dict[str, Any], form: AttributeForm, records: list[Application]) -> Any:
    """The preview; with a reason, the act itself on the rows that were shown."""
    value = form.cleaned_data[context["attribute"].name]
    applies = "rows" in request.POST
    reason = ReasonForm(request.POST if applies else None)
    if applies:
        done = attempt(lambda why: _applied(request, context["attribute"], value, why["reason"]), reason)
        if done:
            messages.success(request, _("%(n)s aplikasi diubah.") % {"n": len(done)})
            return redirect(f"{reverse('inventory:list')}?{context['question']}")
    context |= {"reason": reason, **_counted(fates(request.actor, context["attribute"], value, records))}
    return render(request, "inventory/together_preview.html", context, status=status_of([reason]))


def _counted(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The rows, how many of each fate, and what the button sends: ids with the versions shown."""
    changing = [row["application"] for row in rows if row["fate"] == CHANGES]
    return {
        "rows": rows,
        "counts": {fate: sum(row["fate"] == fate for row in rows) for fate in ORDER},
        "versions": " ".join(f"{application.pk}:{application.version}" for application in changing),
    }


def _ways_back(by: Any, attribute: fields.Attribute, group: Event) -> list[dict[str, Any]]:
    """What each record of the act would become, and why some cannot go back any more."""
    changes = {change.subject_id: change for change in undoing.changes_of(group)}
    later = undoing.later_than(changes.values())
    records = queries.seen(by).select_related("successor", "super_application").filter(pk__in=changes)
    rows = []
    for application in records.order_by("name", "pk"):
        change = changes[application.pk]
        said = change.details["changes"][attribute.name]
        before, after = (trails.in_words(attribute, text) for text in said)
        why = _why_not(by, application, attribute.name, None)
        if not why and undoing.touched_by_later(application, change, later):
            why = _("Sudah diubah lagi sesudahnya.")
        fate = REFUSES if why else CHANGES
        rows.append({"application": application, "fate": fate, "why": why, "before": after, "after": before})
    return sorted(rows, key=lambda row: ORDER.index(row["fate"]))


def _undone(request: HttpRequest, act: int, reason: str) -> list[Application]:
    return services.undo_together(act, _rows(request.POST.get("rows", "")), by=request.actor, reason=reason)


def _choice(request: HttpRequest, asked: QueryDict, records: list[Application]) -> dict[str, Any]:
    offered = fields.changed_together(request.actor)
    name = asked.get("atribut", "")
    groups = [(label, [a for a in offered if a.step == number]) for number, label in fields.STEPS.items()]
    return {
        "records": records[:MOST_TOGETHER],
        "too_many": len(records) > MOST_TOGETHER,
        "most": MOST_TOGETHER,
        "keys": ",".join(application.key for application in records[:MOST_TOGETHER]),
        "question": asked.get("dari", ""),
        "attribute": next((attribute for attribute in offered if attribute.name == name), None),
        "groups": [(label, attributes) for label, attributes in groups if attributes],
    }


def _value_form(data: Any, attribute: fields.Attribute, first: Application) -> AttributeForm:
    empty = Application(government=first.government, owner=first.owner)
    return AttributeForm(data, application=empty, attributes=[attribute])


def _fate(by: Any, attribute: fields.Attribute, value: Any, application: Application) -> dict[str, Any]:
    before = values_of(application, [attribute.name])[attribute.name]
    row = {"application": application, "fate": CHANGES, "why": "", "before": in_words(attribute, before)}
    why = _why_not(by, application, attribute.name, value)
    if why:
        row |= {"fate": REFUSES, "why": why}
    elif before == value:
        row["fate"] = SAME
    return row | {"after": in_words(attribute, value)}


def _why_not(by: Any, application: Application, name: str, value: Any) -> str:
    if not rules.may_change(by, application):
        return _("Bukan aplikasi OPD Anda.")
    if application.status not in rules.EDITABLE:
        return _("Tidak dapat diubah selagi %(state)s.") % {"state": application.get_status_display().lower()}
    if name in rules.FOLLOWING_NAMES and name in rules.following(application):
        return _("Mengikuti rincian di tab Biaya.")
    return _("Aplikasi tidak dapat menunjuk dirinya sendiri.") if value == application else ""


def _applied(request: HttpRequest, attribute: fields.Attribute, value: Any, reason: str) -> list[Application]:
    return services.edit_together(
        _rows(request.POST["rows"]), by=request.actor, attribute=attribute.name, value=value, reason=reason
    )


def _rows(text: str) -> list[tuple[int, int]]:
    """Ids and the versions that were shown."""
    try:
        return [(int(pk), int(version)) for pk, _sep, version in (part.partition(":") for part in text.split())]
    except ValueError:
        raise RuleViolation(_("Daftar baris tidak terbaca. Buat pratinjau lagi."), code="unreadable") from None
