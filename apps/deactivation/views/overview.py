"""The overview of cases as a page with a month's calendar, and as files."""

import calendar
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core import clock
from apps.deactivation.models import OPEN_STATUSES
from apps.deactivation.queries import calendar as due
from apps.deactivation.queries import overview, overview_tables
from apps.inventory.tables import sheets_response, table_response

LATE_SHOWN = 10
SHOWN_A_DAY = 3


@signed_in
@require_GET
def case_overview(request: HttpRequest) -> HttpResponse:
    found = overview.overview(request.actor)
    late = found.late
    context = {
        "found": found,
        "ages": overview.age_labels(),
        "steps": [(status, status.label) for status in OPEN_STATUSES],
        "rows": [{**row, "median": found.medians.get(row["status"])} for row in found.board],
        "offices": [
            {**row, "cells": [row["medians"].get(status) for status in OPEN_STATUSES]} for row in found.offices
        ],
        "late": late[:LATE_SHOWN],
        "late_hidden": len(late[LATE_SHOWN:]),
        "headline": _headline(len(found.standings), len(late)),
        **_month_of(request),
    }
    return render(request, "deactivation/overview.html", context)


@signed_in
@require_GET
def overview_file(request: HttpRequest, form: str) -> HttpResponse:
    """XLSX with every table of the page, or CSV with one line an open case; the trail keeps who took it."""
    found = overview.overview(request.actor)
    name, (title, head, rows) = "ringkasan-kasus", overview_tables.open_cases(found)
    if form == "xlsx":
        answer = sheets_response(name, overview_tables.tables(found))
    else:
        answer = table_response(form, name, head, rows)
    government = Organization.objects.get(pk=request.actor.government_id)
    record(request.actor, "cases.exported", government, organization=government, form=form, rows=len(rows), title=title)
    return answer


def _headline(still_open: int, late: int) -> str:
    if not still_open:
        return _("Tidak ada kasus yang berjalan")
    if not late:
        return ngettext(
            "%(n)s kasus berjalan, tidak ada yang terlambat",
            "%(n)s kasus berjalan, tidak ada yang terlambat",
            still_open,
        ) % {"n": still_open}
    return ngettext(
        "%(late)s dari %(n)s kasus berjalan terlambat", "%(late)s dari %(n)s kasus berjalan terlambat", still_open
    ) % {"n": still_open, "late": late}


def _month_of(request: HttpRequest) -> dict[str, Any]:
    """The weeks of the month in `bulan` (2026-11; none is this month), each day with what is due."""
    zone = Organization.objects.get(pk=request.actor.government_id).zone
    today = clock.today(zone)
    first = _first_day(request.GET.get("bulan", ""), today)
    following = (first + timedelta(days=31)).replace(day=1)
    entries = due.calendar(request.actor, first, following - timedelta(days=1), zone)
    days: dict[date, list[due.Entry]] = {}
    for entry in entries:
        days.setdefault(entry.day, []).append(entry)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return {
        "month": first,
        "entries": entries,
        "weeks": [[_day(day, first, today, days.get(day, [])) for day in week] for week in weeks],
        "before": (first - timedelta(days=1)).strftime("%Y-%m"),
        "after": following.strftime("%Y-%m"),
    }


def _first_day(asked: str, today: date) -> date:
    if not asked:
        return today.replace(day=1)
    try:
        return date.fromisoformat(f"{asked}-01")
    except ValueError as error:
        raise Http404 from error


def _day(day: date, first: date, today: date, entries: list[due.Entry]) -> dict[str, Any]:
    inside = day.month == first.month
    own = entries if inside else []
    return {
        "day": day,
        "inside": inside,
        "today": day == today,
        "entries": own[:SHOWN_A_DAY],
        "more": own[SHOWN_A_DAY:],
    }
