"""The head every page of an application shares, and values in words."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.context import RequestContext
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.templatetags.spbe import angka, rupiah, tanggal, waktu
from apps.inventory import completeness, fields, past, queries, rules, seals
from apps.inventory.filters import MONTHS
from apps.inventory.models import Address, Application, Attestation, ReferenceCode, Relation
from apps.inventory.rows import words as row_words

register = template.Library()
# name of the tab, label, route, whether it exists for records without a code
TABS = (
    ("summary", _("Ringkasan"), "inventory:detail", True),
    ("architecture", _("Arsitektur"), "inventory:architecture", True),
    ("relations", _("Relasi"), "inventory:relations", True),
    ("costs", _("Biaya"), "inventory:costs", True),
    ("monitoring", _("Pemantauan"), "monitoring:application", False),
    ("counters", _("Pencacah"), "monitoring:counters", False),
    ("cases", _("Kasus"), "deactivation:application_cases", False),
    ("documents", _("Dokumen"), "inventory:documents", True),
    ("history", _("Riwayat"), "inventory:history", True),
)
# Pages that also show the past; the others always show the present.
SHOW_THE_PAST = frozenset({"summary", "architecture", "relations", "costs", "documents"})
MONEY = ("contract_value", "yearly_cost")
LACKING_SHOWN = 3
OWN_WORDS: dict[str, Callable[[Any], Any]] = {
    "text": str,
    "number": angka,
    "date": lambda value: tanggal(date.fromisoformat(value)),
}


@register.simple_tag(takes_context=True)
def application_tabs(context: RequestContext) -> list[dict[str, Any]]:
    """Pages of one application, of the apps that have them."""
    application, request = context["application"], context["request"]
    key = request.resolver_match.kwargs.get("key", application.key)
    counts = _counts(request.actor, application)
    tabs = []
    for name, label, route, always in TABS:
        url = _route(route, key) if always or application.code else ""
        if url:
            then = back_then() if name in SHOW_THE_PAST else ""
            current = url == request.path or (name != "summary" and request.path.startswith(url))
            tabs.append({"url": url + then, "label": label, "current": current, "count": counts.get(name)})
    return tabs


def _counts(by: Any, application: Application) -> dict[str, int]:
    """How many rows wait behind a tab."""
    return {
        "relations": Relation.objects.of(application).seen_by(by).count(),
        "documents": application.documents.readable_by(by).count(),
    }


@register.simple_tag
def lacking_attributes(application: Application) -> dict[str, Any]:
    """The percent of the formula, and what of its attributes is still empty."""
    empty = completeness.lacking(application)
    names = ", ".join(str(attribute.label) for attribute in empty[:LACKING_SHOWN])
    percent = completeness.percent(application)
    return {"percent": percent, "names": names, "more": max(len(empty) - LACKING_SHOWN, 0)}


@register.simple_tag
def seal_of(application: Application) -> Attestation | None:
    """The owner's last word for the record."""
    return seals.latest(application)


@register.simple_tag
def may_attest(by: Any, application: Application) -> bool:
    """Whether to offer the owner's word."""
    present = past.looking() is None and application.status in rules.ATTESTED_IN
    return present and rules.may_attest(by, application)


@register.simple_tag
def looked_back_to() -> past.Moment | None:
    """The moment the page shows, None in the present."""
    return past.looking()


@register.simple_tag
def back_then() -> str:
    """What an address needs to stay in the past the page shows."""
    moment = past.looking()
    return "?" + urlencode({"pada": moment.asked}) if moment else ""


@register.simple_tag
def may_edit(by: Any, application: Application) -> bool:
    """Whether to offer the edit of a registered record; the past is read only."""
    return past.looking() is None and application.code is not None and rules.may_edit(by, application)


@register.simple_tag
def address_of(by: Any, application: Application) -> str:
    """The page of a record as far as this person may read: the record itself, else its public page."""
    if rules.may_read(by, application):
        return _route("inventory:detail", application.key)
    return _route("catalogue:detail", application.code) if application.status in Application.PUBLIC_STATUSES else ""


@register.simple_tag
def usage_known(by: Any, application: Application) -> int | None:
    """The active users of the last quarter, where this person may know them."""
    standing = getattr(application, "standing", None)
    return standing.active_users if standing and rules.may_read(by, application) else None


@register.simple_tag
def days_left(day: date, today: date) -> str:
    """How far the end is, in words; empty when it lies more than a year ahead."""
    left = (day - today).days
    if left < 0:
        return _("sudah lewat")
    if left == 0:
        return _("hari ini")
    return ngettext("tinggal %(n)s hari", "tinggal %(n)s hari", left) % {"n": left} if left <= 366 else ""


@register.simple_tag
def value_of(application: Application, attribute: fields.Attribute) -> Any:
    """The attribute's value in words; empty when nothing is said."""
    name = attribute.name
    if not queries.is_filled(application, name):
        return ""
    if name == "attestation":
        return seals.words(application)
    if name == "addresses":
        return _addresses(application)
    if name == "reference_codes":
        references = [reference.reference_code for reference in application.references.all()]
        return format_html_join(
            "",
            '<span class="d-block"><span class="code">{}</span> {}</span>',
            ((code.code, code.name) for code in references),
        )
    if name in row_words.NEEDED:
        lines = row_words.cells_of(application, name)
        return format_html_join("", '<span class="d-block">{}</span>', ((line,) for line in lines))
    return in_words(attribute, application.value(name))


def in_words(attribute: fields.Attribute, value: Any) -> Any:
    """A value of the attribute as people read it; nothing said is nothing."""
    if value in (None, "", []):
        return ""
    if attribute.name == "reference_codes":
        return ", ".join(ReferenceCode.objects.filter(pk__in=value).order_by("code").values_list("code", flat=True))
    if isinstance(attribute, fields.OwnAttribute) and not attribute.chosen_from:
        return OWN_WORDS[attribute.kind](value)
    words = dict(MONTHS) if attribute.name == "season_months" else dict(attribute.choices)
    if isinstance(value, list):
        return ", ".join(str(words.get(item, item)) for item in value)
    if isinstance(value, Application):
        return format_html('{} <span class="code">{}</span>', value.name, value.key)
    if attribute.name in MONEY:
        return rupiah(value)
    if hasattr(value, "hour"):
        return waktu(value)
    return tanggal(value) if hasattr(value, "month") else words.get(value, value)


def _addresses(application: Application) -> SafeString:
    rows = (
        (address.url, address.url, "" if address.kind == Address.Kind.PUBLIC else _("(jaringan dalam)"))
        for address in application.addresses.all()
    )
    return format_html_join(
        "",
        '<span class="d-block break"><a href="{}" rel="noopener noreferrer">{}</a> <span class="small muted">{}</span></span>',
        rows,
    )


def _route(name: str, key: str) -> str:
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""
