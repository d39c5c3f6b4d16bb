"""The row of places at the top of every page, by role; the counts come from whoever knows them."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.translation import gettext_lazy

register = template.Library()

OFFICE = ("operator", "agency_head", "reviewer", "companion", "approver", "executive", "auditor")
# key of its count, label, path, roles (none: everybody signed in)
PLACES = (
    ("home", gettext_lazy("Beranda"), "/", ()),
    ("applications", gettext_lazy("Aplikasi"), "/aplikasi/", OFFICE),
    (
        "periods",
        gettext_lazy("Triwulan"),
        "/triwulan/",
        ("operator", "agency_head", "reviewer", "approver", "executive", "auditor"),
    ),
    ("findings", gettext_lazy("Temuan"), "/temuan/", ("reviewer", "auditor")),
    ("cases", gettext_lazy("Kasus"), "/kasus/", OFFICE),
    ("desk", gettext_lazy("Desk reviu"), "/desk/", ("reviewer", "companion", "approver", "executive", "auditor")),
    ("reports", gettext_lazy("Laporan"), "/laporan/", OFFICE),
    ("administration", gettext_lazy("Pengelolaan"), "/pengelolaan/", ("administrator",)),
    ("catalogue", gettext_lazy("Katalog"), "/katalog/", ("administrator",)),
)
PUBLIC = (
    ("catalogue", gettext_lazy("Katalog"), "/katalog/", ()),
    ("api", gettext_lazy("Dokumentasi API"), "/api/v1/docs/", ()),
)


@register.inclusion_tag("components/_navigation.html", takes_context=True)
def navigation_row(context: RequestContext) -> dict[str, Any]:
    """Places for the role; a ready list in the context (label, url, count, current) is taken as it is."""
    given, request = context.get("navigation"), context.get("request")
    if isinstance(given, list | tuple) and given:
        return {"places": given}
    counts = given if isinstance(given, dict) else {}
    actor, path = getattr(request, "actor", None), getattr(request, "path", "")
    places = [place for place in PLACES if actor and (not place[3] or actor.role in place[3])]
    known = actor is not None and actor.is_authenticated
    return {
        "places": [
            {"label": label, "url": url, "count": counts.get(key), "current": _is_here(url, path)}
            for key, label, url, _roles in (places if known else PUBLIC)
        ]
    }


@register.simple_tag
def place(key: str) -> str:
    """The path of a place of the product, for frames that stand before the apps' own routes."""
    return next(url for name, _label, url, _roles in PLACES if name == key)


def _is_here(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
