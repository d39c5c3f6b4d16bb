"""The counters of an application: what came, the keys it comes with, ready snippets, and days from a sheet."""

import csv
import io
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import signed_in
from apps.core import clock
from apps.core.quarter import Quarter
from apps.core.submit import INVALID, attempt, status_of
from apps.core.templatetags.spbe import tanggal
from apps.core.web import act
from apps.inventory.models import Application
from apps.monitoring import queries, rules, services, usage_sheet
from apps.monitoring.models import UsageToken
from apps.monitoring.services.asking import AGENT

SNIPPETS = (
    ("kirim-pencacah.sh", gettext_lazy("curl dan cron")),
    ("kirim_pencacah.php", "PHP"),
    ("kirim_pencacah.py", "Python"),
)
DAYS_SHOWN = 7
BAR, TALLEST = 8, 56
# name of the light: state whose look it takes, tone, words
LIGHTS = {
    "fresh": ("active", "done", gettext_lazy("diterima")),
    "behind": ("late", "act", gettext_lazy("tertinggal")),
    "silent": ("inactive", "bad", gettext_lazy("berhenti")),
    "none": ("inactive", "", gettext_lazy("belum pernah")),
}


class SheetForm(forms.Form):
    """Days of counters in one file."""

    file = forms.FileField(
        label=gettext_lazy("Berkas hari"),
        help_text=gettext_lazy(
            "XLSX atau CSV dengan kolom Tanggal, Pengguna aktif, Transaksi, dan bila ada Ukuran data (bita)."
        ),
        error_messages={"required": gettext_lazy("Pilih berkas XLSX atau CSV terlebih dahulu.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


@signed_in
@act
def counters(request: HttpRequest, key: str) -> HttpResponse:
    """What came so far; posted, makes a key or ends one."""
    row = get_object_or_404(Application.objects.visible_to(request.actor).named(key))
    if row.merged_into:
        return redirect("monitoring:counters", key=row.merged_into.key)
    if request.method == "POST":
        return _key_act(request, row)
    return page(request, row)


@signed_in
@require_POST
@act
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """Keep the days of a sheet, all of them or none."""
    row = get_object_or_404(Application.objects.visible_to(request.actor).named(key))
    if not rules.may_keep_counters(request.actor, row):
        raise PermissionDenied
    form = SheetForm(request.POST, request.FILES)
    received = attempt(lambda given: _uploaded(request, row, form, given["file"]), form)
    if not received or form.errors:
        return page(request, row, form=form, status=max(status_of([form]), INVALID))
    _say(request, received)
    return redirect("monitoring:counters", key=row.key)


@signed_in
@require_GET
def snippet(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """A snippet as a file, or the empty sheet."""
    get_object_or_404(Application.objects.visible_to(request.actor).named(key))
    if name == "templat-pencacah.csv":
        return _file(name, _sheet(usage_sheet.template()))
    if name not in dict(SNIPPETS):
        raise Http404
    return _file(name, snippet_text(name))


def snippet_text(name: str) -> str:
    """The snippet with the address of this installation."""
    address = settings.BASE_URL + reverse("api-usage")
    return render_to_string(f"monitoring/snippets/{name}.txt", {"address": address, "agent": PurePath(AGENT).parts[0]})


def light(application: Application, today: date) -> dict[str, Any]:
    """Whether counters come, in a word, a tone and a sentence."""
    last = queries.last_counted_day(application)
    state, tone, word = LIGHTS[rules.counters_light(last, today)]
    sentence = _("hari terakhir %(day)s") % {"day": tanggal(last)} if last else _("belum ada hari yang diterima")
    return {"state": state, "tone": tone, "word": word, "sentence": sentence, "last": last}


def page(
    request: HttpRequest, row: Application, *, plain: str = "", form: Any = None, status: int = 200
) -> HttpResponse:
    """The page of counters; `plain` is a key that was made just now."""
    today = clock.today(row.government.zone)
    quarter = Quarter.around(today)
    days = queries.counted_days(row, quarter.starts_on, today)
    may_keep = rules.may_keep_counters(request.actor, row)
    context = {
        "application": row,
        "light": light(row, today),
        "quarter": quarter,
        "received": sum(sample.day < today for sample in days),
        "bars": _bars(days, quarter),
        "expected": (today - quarter.starts_on).days,
        "days": _last_days(days, today, quarter),
        "totals": queries.quarter_totals(row),
        "may_keep": may_keep,
        "tokens": row.usage_tokens.usable().order_by("pk") if may_keep else [],
        "plain": plain,
        "snippets": [{"name": name, "label": label, "text": snippet_text(name)} for name, label in SNIPPETS],
        "form": form or SheetForm(),
        "faults": getattr(form, "faults", []),
    }
    response = render(request, "monitoring/counters.html", context, status=status)
    response["Cache-Control"] = "no-store" if plain else "private"
    return response


def _key_act(request: HttpRequest, row: Application) -> HttpResponse:
    """Make a key, whose plain text is shown once on this very answer, or end one."""
    if not rules.may_keep_counters(request.actor, row):
        raise PermissionDenied
    verb, _separator, key = request.POST.get("act", "").partition("-")
    if verb == "revoke" and key.isdigit():
        token = get_object_or_404(UsageToken, pk=key, application=row)
        services.revoke_usage_token(token.pk, by=request.actor)
        messages.success(request, _("Kunci %(prefix)s… dicabut.") % {"prefix": token.prefix})
        return redirect("monitoring:counters", key=row.key)
    _token, plain = services.create_usage_token(row.pk, by=request.actor)
    return page(request, row, plain=plain)


def _uploaded(request: HttpRequest, row: Application, form: Any, file: Any) -> services.Received | None:
    if file.size > settings.DOCUMENT_MAX_BYTES:
        raise ValidationError({"file": [_("Berkas ini terlalu besar. Bagi menjadi beberapa berkas.")]})
    try:
        samples, form.faults = usage_sheet.read(file.read(), clock.today(row.government.zone))
    except ValidationError as refusal:
        raise ValidationError({"file": refusal.messages}) from refusal
    if form.faults:
        wrong = len(form.faults)
        raise ValidationError({"file": [ngettext(
            "%(n)s isian salah; tidak ada hari yang disimpan. Betulkan menurut daftar di bawah, lalu unggah lagi.",
            "%(n)s isian salah; tidak ada hari yang disimpan. Betulkan menurut daftar di bawah, lalu unggah lagi.",
            wrong) % {"n": wrong}]})  # fmt: skip
    return services.upload_usage(row.pk, samples, by=request.actor)


def _say(request: HttpRequest, received: services.Received) -> None:
    messages.success(request, _("%(n)s hari disimpan.") % {"n": received.kept})
    if received.too_late:
        late = {
            "n": len(received.too_late),
            "first": tanggal(received.too_late[0]),
            "last": tanggal(received.too_late[-1]),
        }
        messages.warning(
            request,
            _("%(n)s hari (%(first)s sampai %(last)s) tidak disimpan: masa lapor triwulannya sudah berakhir.") % late,
        )


def _last_days(days: list, today: date, quarter: Quarter) -> list[dict[str, Any]]:
    """The last days with what came of each; a day without anything says so."""
    known = {sample.day: sample for sample in days}
    shown = [today - timedelta(days=back) for back in range(DAYS_SHOWN)]
    return [{"day": day, "sample": known.get(day), "today": day == today} for day in shown if day >= quarter.starts_on]


def _bars(days: list, quarter: Quarter) -> dict[str, Any]:
    """A bar per received day of the quarter, as high as its active users; the highest says its number."""
    highest = max((sample.active_users for sample in days), default=0)
    bars = []
    for sample in days:
        height = max(round(TALLEST * sample.active_users / highest), 1) if highest else 1
        place = BAR * (sample.day - quarter.starts_on).days
        bars.append({"x": place, "y": TALLEST - height, "height": height, "zero": not sample.active_users})
    return {"bars": bars, "width": BAR * quarter.days, "tallest": TALLEST, "highest": highest}


def _sheet(lines: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return "\ufeff" + text.getvalue()


def _file(name: str, text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
