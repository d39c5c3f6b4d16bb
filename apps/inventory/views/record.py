"""The pages of one application: what it says, its architecture, its history."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.audit.models import Event
from apps.inventory import fields, queries, rules
from apps.inventory.models import Application, Relation

SUMMARY_STEPS = (1, 2, 5)
ARCHITECTURE_STEPS = (3, 4)
EVENTS_SHOWN = 100


def read(by: Any, key: str) -> Application:
    """The application this person may see, with its rows; 404 otherwise."""
    rows = queries.seen(by).select_related("successor", "super_application", "merged_into", "draft")
    return get_object_or_404(rows.prefetch_related("addresses", "references__reference_code"), _named(key))


def _named(key: str) -> Any:
    return queries.named(key)
