"""Pages that also show the past: `?pada=` names a date or an instant, and the address stays true for ever."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import RuleViolation
from apps.inventory import past
from apps.inventory.models import Application

View = Callable[..., HttpResponse]


def looks_back(view: View) -> View:
    """Let the page show the register as it stood at `?pada=`; what may not be seen today is not seen in the past either."""

    @wraps(view)
    def seeing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("pada", "").strip()
        if not asked:
            return view(request, *args, **kwargs)
        try:
            moment = past.read_moment(asked, timezone.get_current_timezone())
        except RuleViolation as refusal:
            return _refused(request, refusal.message, 400)
        return _in_the_past(view, request, moment, *args, **kwargs)

    return seeing


def _in_the_past(view: View, request: HttpRequest, moment: past.Moment, *args: Any, **kwargs: Any) -> HttpResponse:
    if "key" in kwargs:
        kwargs["key"] = present(request.actor, kwargs["key"])
    with past.looking_back(moment, by=request.actor):
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return _refused(request, _("Pada saat itu belum ada catatan aplikasi ini. Pilih tanggal sesudahnya."), 404)


def present(by: Any, key: str) -> int:
    """The id of a record this person may see today; 404 otherwise."""
    pk = Application.objects.visible_to(by).named(key).values_list("pk", flat=True).first()
    if pk is None:
        raise Http404
    return pk


def _refused(request: HttpRequest, message: str, status: int) -> HttpResponse:
    return render(request, "inventory/no_past.html", {"message": message}, status=status)
