"""Rows and facets of the list, written in Python: a page has hundreds of cells, and a template for each took most of its time."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.template.defaultfilters import slugify
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.markup import filled, filled_each
from apps.core.templatetags.spbe import angka, state, strip
from apps.inventory.cells import Column
from apps.inventory.columns import NUMERIC
from apps.inventory.models import Application
from apps.inventory.templatetags.inventory import back_then, value_of

register = template.Library()
NOTHING = "—"
FACET_VALUE = (
    '<label><input class="form-check-input" type="checkbox" id="s-{}-{}" name="{}" value="{}"{}>'
    '<span class="facet-word">{}</span><span class="n">{}</span></label>'
)
CHECKED = SafeString(" checked")
NUMBER = SafeString(' class="num"')


@register.simple_tag
def list_rows(applications: Iterable[Application], columns: Sequence[Column], may_pick: bool = False) -> SafeString:
    """The rows of the list: the application with its owner and code, then a cell for each column."""
    then = back_then()
    heads = [(NUMBER if one.name in NUMERIC else "", str(capfirst(one.label)), one) for one in columns]
    rows = ((_pick(one) if may_pick else "", _head(one, then), _cells(one, heads)) for one in applications)
    return filled_each('<tr role="row">{}{}{}</tr>', rows, "\n")


def _pick(application: Application) -> SafeString:
    return filled(
        '<td role="cell" class="pick-c"><input class="form-check-input" type="checkbox" name="pilih" value="{}"'
        ' form="pilihan" aria-label="{}"></td>',
        application.key,
        _("Pilih %(name)s") % {"name": application.name},
    )


def _head(application: Application, then: str) -> SafeString:
    return filled(
        '<th scope="row" role="rowheader"><a class="name" href="{}{}">{}</a>'
        '<span class="sub">{} · <span class="code">{}</span></span></th>',
        reverse("inventory:detail", args=[application.key]),
        then,
        application.name,
        application.owner,
        application.key,
    )


def _cells(application: Application, heads: list[tuple[SafeString | str, str, Column]]) -> SafeString:
    cells = ((number, label, _said(application, column)) for number, label, column in heads)
    return filled_each('<td role="cell"{} data-label="{}">{}</td>', cells)


def _said(application: Application, column: Column) -> Any:
    written = CELLS.get(column.name)
    return written(application) if written else value_of(application, column) or NOTHING


@register.simple_tag
def facet_values(name: str, values: list[dict[str, Any]]) -> SafeString:
    """The values of a facet as boxes to tick, each with how many rows it would leave."""
    rows = (
        (name, _slug(one["value"]), name, one["value"], CHECKED if one["chosen"] else "", capfirst(one["label"]),
         angka(one["n"]))
        for one in values
    )  # fmt: skip
    return filled_each(FACET_VALUE, rows)


_slug = lru_cache(1024)(slugify)


def _state(application: Application) -> SafeString:
    if _standing(application, "open_case"):
        return state(application, label=_("Dalam kasus"), tone="act")
    return state(application)


def _verdicts(application: Application) -> SafeString:
    verdicts = _standing(application, "verdicts")
    return strip(verdicts) if verdicts else filled('<span class="muted small">{}</span>', _("belum dinilai"))


def _users(application: Application) -> str:
    users = _standing(application, "active_users")
    return NOTHING if users is None else angka(users)


def _watched(application: Application) -> str:
    return _("dipantau") if _standing(application, "watched") else NOTHING


def _completeness(application: Application) -> Any:
    percent = _standing(application, "completeness")
    return NOTHING if percent is None else percent


def _standing(application: Application, name: str) -> Any:
    """None where nothing stands yet, as of a draft."""
    return getattr(getattr(application, "standing", None), name, None)


CELLS: dict[str, Callable[[Application], Any]] = {
    "status": _state,
    "verdicts": _verdicts,
    "active_users": _users,
    "watched": _watched,
    "completeness": _completeness,
}
