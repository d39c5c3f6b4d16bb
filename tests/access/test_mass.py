"""Fields that no form offers, sent along with an act that is allowed: none of them is ever written (T-13)."""

import random
from datetime import datetime

import pytest
from django.db import transaction

from apps.accounts.models import Organization, User
from apps.deactivation.models import Case
from apps.inventory.models import Application, SavedView
from apps.monitoring import serializers
from apps.monitoring.models import Finding, UsageReport
from apps.monitoring.services import reports
from tests.access.asking import send

pytestmark = pytest.mark.django_db
SEED = 13
ANYBODY, RECORD = (
    ("id", "pk", "version"),
    ("government", "government_id", "owner_id", "created_by_id", "submitted_by_id"),
)
# Who, which door, the objects in its address, what is rightly sent, the row it writes, and what it may never write.
DOORS = [
    ("o", "api-application-detail", "PATCH", {"key": "changed"}, {"year_built": 2001, "reason": "Tahun benar"}, (Application, "changed"),
     (*ANYBODY, *RECORD, "owner", "code", "reference", "status", "registered_at", "merged_into", "merged_into_id", "retired_at",
      "facts_confirmed_at", "completeness")),
    ("o", "inventory:fill", "POST", {"key": "draft", "step": "=1"}, {"short_name": "Konsep"}, (Application, "draft"),
     (*ANYBODY, *RECORD, "code", "reference", "status", "registered_at", "merged_into", "merged_into_id")),
    ("r", "api-case-withdraw", "POST", {"code": "waiting"}, {"reason": "Masih dipakai"}, (Case, "waiting"),
     (*ANYBODY, "code", "status", "government_id", "application_id", "decision_id", "caretaker_id", "outcome", "retired_at")),
    ("r", "api-finding-dismiss", "POST", {"code": "finding"}, {"reason": "Sudah dijelaskan"}, (Finding, "finding"),
     (*ANYBODY, "code", "kind", "status", "application", "application_id", "opened_in_id", "case_code", "ended_at")),
    ("r", "api-saved-view-detail", "PATCH", {"slug": "shared_view"}, {"name": "Seluruhnya"}, (SavedView, "shared_view"),
     (*ANYBODY, "slug", "government_id", "author_id", "author_name")),
    ("m", "accounts:edit_person", "POST", {"pk": "person"}, {"name": "Nama Benar", "username": "nama@contoh.example"},
     (User, "person"),
     ("id", "is_active", "is_demo", "is_staff", "is_superuser", "password", "password_changed_at", "theme", "last_login")),
    ("m", "accounts:edit_organization", "POST", {"code": "office"}, {"name": "Dinas Benar", "kind": "agency"},
     (Organization, "office"),
     ("id", "code", "government", "government_id", "active_until", "active_from", "is_demo", "time_zone")),
    ("o", "api-report-save", "POST", {"application": "registered", "quarter": "period"}, {"active_users": 7},
     (UsageReport, "report"),
     (*ANYBODY, "status", "period_id", "application_id", "submitted_at", "submitted_by_id", "submitted_by_name", "late",
      "on_paper", "review_note", "reviewed_at", "reviewed_by_id")),
]  # fmt: skip
VALUES = (
    1,
    0,
    999_999,
    True,
    None,
    "1",
    "retired",
    "accepted",
    "executed",
    "2001-01-01",
    "2001-01-01T00:00:00Z",
    "Lain",
)
BY_TEXT = {Organization: "code", SavedView: "slug"}


@pytest.fixture(autouse=True)
def reopened(world):
    """The report is a draft again, so that its door opens."""
    sent = UsageReport.objects.get(pk=world.objects["report"])
    reports.reopen_report(sent.pk, by=world.people["o"], version=sent.version)


def row_of(world, model, word):
    """The row a door writes, as it stands in the table."""
    key = world.objects[word]
    if isinstance(key, int):
        found = model.objects.filter(pk=key)
    else:
        found = model.objects.filter(**{BY_TEXT[model]: key}) if model in BY_TEXT else model.objects.named(key)
    return found.values().get()


def sent(world, door, extra):
    """The row before and after the act with `extra` sent along; the act itself is undone."""
    letter, route, method, words, body, (model, word), _never = door
    with transaction.atomic():
        before = row_of(world, model, word)
        arguments = world.named(words)
        answer = send(world.clients[letter], route, method, arguments, {**body, **extra}, before.get("version", 1))
        assert answer.status_code < 500, (route, extra)
        after = model.objects.filter(pk=before["id"]).values().get()
        transaction.set_rollback(True)
    return before, after, answer.status_code


def told_apart(before, after):
    """What changed, but for the instants of the act."""
    names = (name for name in after if after[name] != before[name])
    return {name: after[name] for name in names if not isinstance(after[name], datetime)}


def extras(choose, door, rightly):
    """One to three fields that may never be written, with values other than what the row has and the act makes."""
    before, changed = rightly
    names = choose.sample(door[-1], choose.randint(1, 3))
    same = {name: {str(before.get(name)), str(changed.get(name))} for name in names}
    return {name: choose.choice([v for v in VALUES if v is not None and str(v) not in same[name]]) for name in names}


def bodies(world, count):
    """Fields written by `count` bodies that should not have been, and how many of the acts went through."""
    choose, written, went = random.Random(SEED), [], 0
    rightly = {}
    for door in DOORS:
        before, after, status = sent(world, door, {})
        assert status < 400, (door[1], status)
        rightly[door[1]] = before, told_apart(before, after)
    for place in range(count):
        door = DOORS[place % len(DOORS)]
        extra = extras(choose, door, rightly[door[1]])
        before, after, status = sent(world, door, extra)
        changed, allowed = told_apart(before, after), rightly[door[1]][1]
        written += [(door[1], extra, changed)] if changed not in ({}, allowed) else []
        went += status < 400
    return written, went


def mass_assignment(world, count, capsys):
    written, went = bodies(world, count)
    line = f"T-13: {count} bodies at {len(DOORS)} doors, {went} acts done: {len(written)} protected fields changed"
    with capsys.disabled():
        print(f"\n{line}")  # noqa: T201
    assert written == []
    assert 0 < went < count  # forms leave out what they do not know, the API refuses it


def test_t13_mass_assignment(world, capsys):
    mass_assignment(world, 48, capsys)


@pytest.mark.faults
def test_t13_mass_assignment_full(world, capsys):
    mass_assignment(world, 500, capsys)


def test_control_a_door_that_takes_whatever_it_is_given(world, monkeypatch):
    """With every column of the report taken in, bodies write what no agency may say."""
    columns = ("status", "late", "on_paper", "review_note", "submitted_by_name")
    monkeypatch.setattr(serializers.Answers.Meta, "fields", (*serializers.Answers.Meta.fields, *columns))
    monkeypatch.setattr(serializers.Answers, "to_internal_value", lambda self, data: dict(data))
    monkeypatch.setattr(reports, "ANSWERS", (*reports.ANSWERS, *columns))
    written, _went = bodies(world, 96)
    assert written and {route for route, _extra, _changed in written} == {"api-report-save"}
