"""Every act the trail records is told in a sentence or kept silent on purpose."""

import re
from pathlib import Path

import pytest

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.notifications import rules, services
from apps.notifications.models import Notification
from tests import factories

APPS = Path(__file__).resolve().parents[2] / "apps"
FAMILIES = {verb.split(".")[0] for verb in (*rules.TELLINGS, *rules.SILENT)}
VERB = re.compile(r"\"([a-z_]+)\.([a-z_]+)\"")


def recorded_verbs():
    """Literal verbs of the services, of the families of nouns the trail knows."""
    sources = [*APPS.glob("*/services/**/*.py"), *APPS.glob("*/services.py")]
    found = (match.groups() for path in sources for match in VERB.finditer(path.read_text("utf-8")))
    return {f"{noun}.{verb}" for noun, verb in found if noun in FAMILIES} - MODELS


# Names of models in quotes look like verbs.
MODELS = frozenset({"deactivation.decision", "accounts.organization", "inventory.application", "monitoring.finding"})


def test_no_recorded_verb_is_forgotten():
    verbs = recorded_verbs()
    assert len(verbs) > 80
    assert verbs - set(rules.TELLINGS) - rules.SILENT == set()


def test_no_verb_is_both_told_and_silent():
    assert not set(rules.TELLINGS) & rules.SILENT


@pytest.mark.parametrize("verb", rules.TELLINGS)
def test_a_telling_has_a_sentence_an_audience_and_a_page(verb):
    telling = rules.TELLINGS[verb]
    words = rules.words_of("APL-2026-000001/2026-Q3", {})
    subject = str(telling.subject) % words
    assert "%" not in subject and "{" not in rules.path_of(telling, words)
    assert str(telling.text).endswith(".") and (telling.office or telling.wide)
    assert rules.path_of(telling, words).startswith("/")


@pytest.mark.django_db
def test_the_owner_reads_the_reason_and_where_to_go():
    government = factories.make_government()
    agency, other = factories.make_agency(government), factories.make_agency(government)
    operator = factories.make_actor("operator", government, agency)
    factories.make_actor("operator", government, other)
    event = record(
        Actor.system(), "report.returned", agency, reason="Angka kosong", organization=agency, period="2026-Q3"
    )
    services.tell_some()
    note = Notification.objects.get(event=event)
    assert (note.person_id, note.path) == (operator.person_id, "/triwulan/2026-Q3/lapor/")
    assert note.text == "Perbaiki dan kirim lagi sebelum masa lapor ditutup. Alasan: “Angka kosong”"
