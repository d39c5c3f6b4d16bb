"""What every page says in the same words and shapes: icons, verdicts, states, money, dates and quarters."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from django import forms, template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.core.markup import filled, filled_each
from apps.core.quarter import Quarter

register = template.Library()

EMPTY = "—"
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
ICON_NAME = re.compile(r"^[a-z0-9-]+$")
VERDICTS = {
    "active": gettext_lazy("Dipakai"),
    "idle": gettext_lazy("Tidak dipakai"),
    "unreported": gettext_lazy("Tidak lapor"),
    "exempt": gettext_lazy("Dikecualikan"),
    "conflict": gettext_lazy("Bertentangan"),
}
# status: (icon, tone); what is not here is neutral
STATES = {
    "draft": ("file-text", ""),
    "submitted": ("send", ""),
    "returned": ("arrow-back-up", "bad"),
    "refused": ("ban", "ended"),
    "withdrawn": ("arrow-back-up", "ended"),
    "registered": ("circle-check", ""),
    "merged": ("git-merge", "ended"),
    "retiring": ("progress-down", "act"),
    "retired": ("archive", "ended"),
    "accepted": ("check", "done"),
    "scheduled": ("calendar-event", ""),
    "open": ("circle-dot", "act"),
    "closing": ("loader-2", ""),
    "closed": ("lock", "ended"),
    "taken_up": ("briefcase", ""),
    "dismissed": ("circle-x", "ended"),
    "resolved": ("check", "done"),
    "verified": ("check", "done"),
    "done": ("check", "done"),
    "executed": ("check", "done"),
    "missing": ("pencil", "act"),
    "late": ("clock-exclamation", "act"),
    "reported": ("check", "done"),
    "not_due": ("calendar-off", ""),
    "annulled": ("circle-x", "ended"),
    "overdue": ("clock-exclamation", "bad"),
    "deemed_agreed": ("message-off", ""),
    "agreed": ("check", "done"),
    "objected": ("message-exclamation", "bad"),
    "decided": ("gavel", "done"),
    "active": ("circle-check", "done"),
    "ended": ("circle-off", "ended"),
    "inactive": ("circle-off", "ended"),
    "expired": ("clock-off", "ended"),
    "upcoming": ("calendar-event", ""),
    "waiting": ("clock", ""),
    "answers": ("world-search", "bad"),
    "gone": ("world-off", "done"),
    "reused": ("git-merge", "ended"),
    "pending": ("clock", ""),
    "sent": ("check", "done"),
    "dead": ("alert-circle", "bad"),
    "paused": ("player-pause", "act"),
    "unasked": ("circle-off", "ended"),
}


@lru_cache(maxsize=512)
def _icon_paths(name: str) -> str:
    if not ICON_NAME.match(name):
        raise LookupError(f"not an icon name: {name!r}")
    source = Path(settings.NODE_MODULES) / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
    if not source.is_file():
        raise LookupError(f"no such icon: {name!r}")
    return " ".join(re.findall(r"<(?:path|circle|rect|line)\b[^>]*/>", source.read_text("utf-8")))


@register.simple_tag
def icon(name: str, extra: str = "", label: str = "") -> SafeString:
    """An outline icon inlined; silent for screen readers unless it carries a label of its own."""
    return _drawn(name, f"icon {extra}".strip(), str(label))


@lru_cache(1024)
def _drawn(name: str, classes: str, label: str) -> SafeString:
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.5"'
        ' stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>',
        classes,
        spoken,
        mark_safe(_icon_paths(name)),
    )


@register.filter
def angka(value: Any) -> str:
    """4812.5 -> "4.812,5"; nothing -> a dash."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return EMPTY
    if not number.is_finite():
        return EMPTY
    text = f"{number.normalize():,f}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".").replace("-", "−")


@register.filter
def rupiah(value: Any) -> str:
    """1250000 -> "Rp1.250.000", in whole rupiah."""
    try:
        number = Decimal(str(value)).quantize(Decimal(1))
    except InvalidOperation:
        return EMPTY
    sign = "−" if number < 0 else ""
    return f"{sign}Rp{abs(number):,}".replace(",", ".")


@register.filter
def persen(value: Any) -> str:
    """0.425 -> "43 %"."""
    if value is None:
        return EMPTY
    return f"{angka((Decimal(str(value)) * 100).quantize(Decimal(1), ROUND_HALF_UP))} %"


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def tanggal(value: date | datetime | None, form: str = "") -> str:
    """ "21 November 2026"; form "hari" puts the weekday before it, "singkat" leaves the year out."""
    if not value:
        return EMPTY
    pattern = {"hari": "l, j F Y", "singkat": "j F", "bulan": "F Y"}.get(form, "j F Y")
    return date_format(_local(value), pattern)


@register.filter
def waktu(value: datetime | None, form: str = "") -> str:
    """ "21 November 2026 15.10 WIB" in the active zone; form "jam" gives the hour alone."""
    if not value:
        return EMPTY
    local = timezone.localtime(value)
    clock = f"{local:%H.%M} {local.tzname()}"
    return clock if form == "jam" else f"{date_format(local, 'j F Y')} {clock}"


@register.filter
def triwulan(value: Any, form: str = "") -> str:
    """A quarter, its code or a period -> "Triwulan III 2026"; form "singkat" -> "TW III 2026", only for column heads."""
    if not value:
        return EMPTY
    quarter = Quarter.parse(value) if isinstance(value, str) else value
    year, number = quarter.year, getattr(quarter, "number", None) or quarter.quarter
    word = "TW" if form == "singkat" else _("Triwulan")
    return f"{word} {ROMAN[int(number)]} {year}"


def _word(verdict: str) -> str:
    return str(VERDICTS.get(verdict, _("Belum dinilai")))


def _glyph(verdict: str) -> SafeString:
    if verdict not in VERDICTS:
        return mark_safe("")
    return format_html('<svg viewBox="0 0 16 16" aria-hidden="true"><use href="#v-{}"/></svg>', verdict)


@register.simple_tag
def verdict(value: str | None, box: bool = False, low_use: bool = False) -> SafeString:
    """Shape, word, colour; low use is a word beside "Dipakai", never a sixth shape."""
    if not value:
        return format_html('<span class="muted small">{}</span>', _word(""))
    classes = f"verdict{' verdict-box' if box else ''} v-{value}"
    note = format_html(' <span class="low-use">{}</span>', _("(rendah)")) if low_use else ""
    return format_html('<span class="{}">{}{}{}</span>', classes, _glyph(value), _word(value), note)


@register.simple_tag
def verdict_glyph(value: str | None) -> SafeString:
    """The shape alone, for a table whose caption or neighbour says the word."""
    if value not in VERDICTS:
        return format_html('<span class="muted">{}</span>', EMPTY)
    return format_html(
        '<svg class="v-{}" viewBox="0 0 16 16" width="16" height="16" role="img" aria-label="{}">'
        '<use href="#v-{}"/></svg>',
        value,
        _word(value),
        value,
    )


def _quarter_and_verdict(item: Any) -> tuple[str, str]:
    """An assessment, a mapping, or a pair of quarter and verdict."""
    if isinstance(item, dict):
        where, what = item.get("quarter") or item.get("period") or item.get("label"), item.get("verdict")
    elif isinstance(item, tuple | list):
        where, what = item
    else:
        where, what = item.period, item.verdict
    return where if isinstance(where, str) else triwulan(where), what or ""


def _spoken(pairs: list[tuple[str, str]]) -> str:
    parts = []
    for word, run in groupby(pairs, key=lambda pair: _word(pair[1])):
        quarters = [quarter for quarter, _verdict in run]
        span = quarters[0] if len(quarters) == 1 else f"{quarters[0]} {_('sampai')} {quarters[-1]}"
        parts.append(f"{span} {word.lower()}")
    return "; ".join(parts)


@register.simple_tag
def strip(assessments: Iterable[Any]) -> SafeString:
    """Eight quarters, old to new, as one drawing with one sentence."""
    pairs = [_quarter_and_verdict(item) for item in assessments][-8:]
    if not pairs:
        return format_html('<span class="muted small">{}</span>', _word(""))
    offset = 8 - len(pairs)
    glyphs = filled_each(
        '<use href="#v-{}" class="v-{}" x="{}" y="1" width="16" height="16"/>',
        ((what, what, 1 + 20 * (offset + place)) for place, (_q, what) in enumerate(pairs) if what in VERDICTS),
    )
    return filled(
        '<span class="strip" role="img" aria-label="{}">'
        '<svg viewBox="0 0 160 18" width="160" height="18" aria-hidden="true">{}</svg></span>',
        _spoken(pairs),
        glyphs,
    )


@register.simple_tag
def state(subject: Any, label: str = "", tone: str = "") -> SafeString:
    """The state of a record; a bare status word needs its label."""
    status = str(getattr(subject, "status", subject) or "")
    shown = label or _status_word(subject, status)
    name, usual = STATES.get(status, ("circle-dot", ""))
    classes = f"state state-{tone or usual}" if tone or usual else "state"
    return _stated(classes, name, str(shown))


def _status_word(subject: Any, status: str) -> str:
    """The word of its state; `get_status_display` makes all choices anew for each row of a list."""
    if known := getattr(subject, "Status", None):
        return str(known(status).label)
    return str(subject.get_status_display()) if hasattr(subject, "get_status_display") else status


@lru_cache(1024)
def _stated(classes: str, icon_name: str, word: str) -> SafeString:
    return format_html('<span class="{}">{}{}</span>', classes, icon(icon_name), word)


def _control_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


@register.simple_tag
def control(field: forms.BoundField) -> SafeString:
    """The input of a bound field with the classes of the theme; names its help and its error by itself."""
    widget = field.field.widget
    classes = [_control_class(widget), widget.attrs.get("class", ""), "is-invalid" if field.errors else ""]
    return field.as_widget(attrs={"class": " ".join(name for name in classes if name)})


@register.filter
def control_kind(field: forms.BoundField) -> str:
    """How the label stands to the input: "hidden", "check", "group", "file" or "line"."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "file" if isinstance(widget, forms.FileInput) else "line"


@register.filter
def percent_of(part: Any, whole: Any) -> int:
    """Whole percents for an SVG width."""
    return round(100 * part / whole) if whole else 0


MESSAGE_TONES = {
    "success": ("note-good", "circle-check"),
    "warning": ("note-warn", "alert-triangle"),
    "error": ("note-bad", "alert-circle"),
}
ACTING = {"plt": pgettext_lazy("acting", "Plt."), "plh": pgettext_lazy("acting", "Plh.")}


@register.filter
def message_tone(level_tag: str) -> str:
    """The class of a note for a message level."""
    return MESSAGE_TONES.get(level_tag, ("", ""))[0]


@register.filter
def message_icon(level_tag: str) -> str:
    """The icon of a note for a message level."""
    return MESSAGE_TONES.get(level_tag, ("", "info-circle"))[1]


@register.filter
def acting_word(value: str) -> str:
    """ "plt" -> "Plt."; a definitive holder -> nothing."""
    return str(ACTING.get(value, ""))
