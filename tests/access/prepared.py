"""For each operation of the API an object in the state the act needs, a person who may, and what the example must name.

A new route gets its row in `table_api.py`; when its object there is not in the state its act needs, a line in `NEEDS`.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.accounts import services as accounts
from apps.core import clock
from apps.core.quarter import Quarter
from apps.deactivation import services as deactivation
from apps.deactivation.models import Case, ChecklistItem, Condition, Dataset, DeskSession, Letter, Minutes, Saving
from apps.deactivation.rules import DATASETS_STEP
from apps.inventory import services as inventory
from apps.inventory.models import Application, ImportJob, Reorganization, SavedView
from apps.monitoring import services as monitoring
from apps.monitoring.models import Period, ReminderBatch, UsageReport
from apps.webhooks import services as webhooks
from apps.webhooks.models import Subscription
from tests import factories
from tests import factories_deactivation as made
from tests.access import foreign
from tests.access.letters import PUBLIC, Row
from tests.access.table_api import API
from tests.access.world import FACTS, Browser

PDF = ("bukti.pdf", b"%PDF-1.4 bukti uji", "application/pdf")
CSV = ("daftar.csv", b"Nama Aplikasi,OPD\nAntrean Baru,Dinas Contoh\n", "text/csv")
# A number, so that no name server is asked; the product only examines it.
PUBLIC_ADDRESS = "https://93.184.215.14/terima"
FILES = {"evidence": PDF, "document": PDF, "scan": PDF, "upload": PDF}


class Need(NamedTuple):
    """Whose act it is, the objects its address names, what of the example is about the world, and the version it asks."""

    letter: str = ""
    about: dict = {}
    body: Callable[[dict], dict] = lambda objects: {}
    query: dict = {}
    files: dict = {}


class Door(NamedTuple):
    """An operation about something that exists."""

    parameters: dict
    letter: str
    version: int | None
    body: dict
    query: dict
    files: dict


def doors(world, operations):
    """{(path, method): door} of every operation of the document."""
    found = {}
    for row in [*API, Row("api-usage", "POST", "k")]:
        for method in row.methods.split():
            need = NEEDS.get((row.route, method)) or NEEDS.get(row.route) or Need()
            words = {**row.arguments, **need.about}
            place = template_of(reverse(row.route, kwargs=world.named(words)), method, operations)
            if place and place not in found:
                found[place] = _door(world, row, need, words, place)
    return found


def template_of(address, method, operations):
    """The operation an address belongs to, the most literal first; None for what the document leaves out."""
    for path, of in sorted(operations, key=lambda one: one[0].count("{")):
        if of.upper() == method and re.fullmatch(pattern_of(path), address):
            return path, of
    return None


def pattern_of(path):
    return re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+?)", re.escape(path))


def _door(world, row, need, words, place):
    address = reverse(row.route, kwargs=world.named(words))
    letters = [letter for letter in row.open if letter not in "-nxys"] or [row.open[-1]]
    letter = need.letter or ("r" if row.open == PUBLIC else letters[0])
    parameters = re.fullmatch(pattern_of(place[0]), address).groupdict()
    version = None if place[1] == "get" else version_of(words, world)
    return Door(parameters, letter, version, need.body(world.objects), need.query, {**FILES, **need.files})


def version_of(words, world):
    """The version of the most particular thing the address names; 1 when it names none."""
    if set(words) == {"application", "quarter"}:
        found = (
            UsageReport.objects.filter(application__code=world.objects[words["application"]]).order_by("-pk").first()
        )
        return found.version if found else 1
    if "period" in words.values():
        return Period.objects.get(government=world.cast.government, closed_at=None).version
    for name, word in reversed(words.items()):
        model = BY_ARGUMENT.get(name)
        if model:
            return model.objects.get(pk=world.objects[word]).version
    if set(words.values()) & {"shared_view", "own_view"}:
        return SavedView.objects.get(slug=world.objects[words["slug"]]).version
    for word in words.values():
        model = BY_WORD.get(word)
        if model:
            return model.objects.named(world.objects[word]).get().version
    return 1


BY_ARGUMENT = {"item": ChecklistItem, "dataset": Dataset, "condition": Condition, "saving": Saving}
BY_WORD = {word: model for model, words in foreign.VERSIONED.items() for word in words}
MORE = {
    Case: ("requested", "fresh", "closable"),
    DeskSession: ("scheduled", "sitting", "drafted_session"),
    Letter: ("unproven_letter", "delivered_letter"),
    Application: ("loose", "complete", "unreported", "drafted"),
    Reorganization: ("reorganization", "due_reorganization"),
    ImportJob: ("job", "unclear_job", "taken_job", "doubtful_job"),
    Subscription: ("webhook", "paused_webhook"),
    ReminderBatch: ("batch",),
}
BY_WORD |= {word: model for model, words in MORE.items() for word in words}


def ready(government="Kota Tirtaraya", office="Dinas Contoh"):
    """A world with an object in every state some act of the API begins from."""
    world = foreign.grown(government, office)
    objects, cast = world.objects, world.cast
    inventory.load_security_form()
    objects |= _cases(cast, objects)
    objects |= _sessions(cast, objects)
    objects |= _records(cast)
    objects |= _reports(cast, objects)
    objects |= _lists(cast, objects)
    objects |= _offices(world)
    world.clients["k"] = Browser(HTTP_AUTHORIZATION=f"Bearer {world.keys['usage']}")
    return world


def _cases(cast, objects):
    asked = deactivation.nominate(
        made.make_registered(cast.owner).pk, by=cast.operator, ground="owner_request", reason="Sudah diganti"
    )
    ended = made.decide(made.make_case(at="recommended", cast=cast), cast, planned_saving=Decimal(900_000))
    ended = made.finish_phase(made.walk_on(ended, cast, "executed"), cast, "after")
    fresh = made.decide(made.make_case(at="recommended", cast=cast), cast)
    letter = deactivation.send_letter([made.make_case(at="nominated", cast=cast).pk], by=cast.reviewer)
    delivered = deactivation.record_delivery(
        deactivation.send_letter([made.make_case(at="nominated", cast=cast).pk], by=cast.reviewer).pk,
        by=cast.reviewer, version=1, delivered_on=clock.today(cast.government.zone), evidence=made.make_evidence(cast.reviewer),
    )  # fmt: skip
    saving = ended.savings.get()
    saving = deactivation.verify_saving(saving.pk, by=cast.treasurer, version=saving.version, amount=Decimal(900_000))
    running = Case.objects.get(code=objects["case"])
    moved = deactivation.list_dataset(
        running.pk, by=cast.operator, version=running.version, name="Log", fate="migrate", destination="Arsip"
    )
    deactivation.settle_dataset(
        moved.pk, by=cast.operator, version=moved.version, evidence=made.make_evidence(cast.operator)
    )
    return {
        "requested": asked.code,
        "unproven_letter": letter.code,
        "ownerless": _ownerless(cast),
        "closable": ended.code,
        "fresh": fresh.code,
        "delivered_letter": delivered.code,
        "verified_saving": saving.pk,
        "moved_dataset": moved.pk,
        "open_item": running.checklist.filter(responsible=cast.owner, phase="before", status="open")
        .exclude(key=DATASETS_STEP)
        .first()
        .pk,
    }


def _ownerless(cast):
    """A case about what an office used before it was dissolved."""
    gone = factories.make_agency(cast.government, "Dinas Bubar")
    left = deactivation.nominate(
        made.make_registered(gone).pk, by=cast.reviewer, ground="need_ended", reason="Dinasnya bubar"
    )
    gone.active_until = date(2020, 1, 1)
    gone.save()
    return left.code


def _sessions(cast, objects):
    planned = deactivation.schedule_session(
        by=cast.reviewer, title="Desk", held_at=clock.now() + timedelta(days=9), place="Aula"
    )
    discussed = Case.objects.get(code=objects["on_desk"])
    sitting = made.session_of(discussed)
    deactivation.give_opinion(discussed.pk, by=cast.planner, session_id=sitting.pk, stance="agree")
    drafted = made.session_of(Case.objects.get(code=objects["recommended"]))
    deactivation.draft_minutes(drafted.pk, by=cast.reviewer, version=drafted.version, text="Rancangan")
    return {"scheduled": planned.code, "drafted_session": drafted.code, "sitting": sitting.code}


def _records(cast):
    whole = inventory.start_draft(by=cast.operator, owner=cast.owner, name="Aplikasi Lengkap")
    inventory.save_draft(whole.reference, by=cast.operator, typed={}, values=FACTS)
    return {"complete": whole.reference, "loose": made.make_registered(cast.owner).code}


def _reports(cast, objects):
    period = Period.objects.filter(government=cast.government).latest("pk")
    due = Application.objects.filter(pk__in=period.due.values("application"), owner=cast.owner)
    unheard = list(due.exclude(code=objects["registered"]).order_by("pk")[:3])
    said = {"used": True, "active_users": 20, "transactions": 40, "attested": True}
    for application in unheard[::2]:
        monitoring.save_report(period.pk, application.pk, by=cast.operator, values=said)
    monitoring.submit_reports(period.pk, by=cast.operator, applications=[unheard[2].pk])
    return {"drafted": unheard[0].code, "unreported": unheard[1].code, "reported": unheard[2].code}


def _lists(cast, objects):
    def job(text):
        upload = SimpleUploadedFile("daftar.csv", text.encode())
        return inventory.check_import(upload, by=cast.reviewer, government=cast.government)

    unclear = job(f"Nama Aplikasi,OPD,Entah\nDua,{cast.owner.name},x\n")
    known = Application.objects.get(code=objects["loose"])
    taken = job(f"Nama Aplikasi,OPD,Tahun Pembuatan\n{known.name},{cast.owner.name},2019\n")
    taken = inventory.commit_import(taken.pk, by=cast.reviewer, version=taken.version)
    made.make_registered(cast.owner, name="Antrean Puskesmas Keliling")
    doubtful = job(f"Nama Aplikasi,OPD\nAntrian Puskesmas Keliling,{cast.owner.name}\n")
    return {"unclear_job": unclear.pk, "taken_job": taken.pk, "doubtful_job": doubtful.pk}


def _offices(world):
    cast = world.cast
    other = factories.make_agency(cast.government, "Dinas Penerus")
    acting = [factories.make_membership("agency_head", cast.government, cast.owner, acting="plt") for _ in range(2)]
    until = clock.today(cast.government.zone) + timedelta(days=20)
    delegate = accounts.delegate_reporting(acting[0].user_id, by=cast.head, until=until, reason="Cuti")
    due = inventory.plan_reorganization(
        by=world.people["m"], office=other, kind="rename", new_name="Dinas Penerus Baru", decree="Perwali 13/2026",
        effective_on=clock.today(cast.government.zone),
    )  # fmt: skip
    return {
        "other_office": other.code,
        "third_office": factories.make_agency(cast.government, "Dinas Ketiga").code,
        "delegate": delegate.pk,
        "colleague": acting[1].user_id,
        "due_reorganization": due.code,
        "paused_webhook": _paused(world.people["m"], cast.government).code,
    }


def _paused(administrator, government):
    hook, _secret = webhooks.subscribe(
        by=administrator, organization=government, name="Gudang", url=PUBLIC_ADDRESS, types=["id.go.spbe.case.closed"]
    )
    return webhooks.pause(hook.code, by=administrator, version=hook.version)


def later(days):
    """A day from now on, as the API takes it."""
    return str(clock.now().date() + timedelta(days=days))


def row(word):
    return lambda o: {"id": o[word]}


NEEDS = {
    # the register
    ("api-application-list", "POST"): Need(body=lambda o: {"owner": o["office"]}),
    ("api-application-detail", "DELETE"): Need("o", {"key": "draft"}),
    ("api-application-detail", "PATCH"): Need("o", {"key": "changed"}),
    "api-application-similar": Need("o", query={"name": "Antrean Puskesmas"}),
    "api-application-edit-together": Need("o", body=lambda o: {"rows": versions(o, "changed", "loose")}),
    "api-application-undo-together": Need(
        "r", body=lambda o: {"act": o["act_on_many"], "rows": versions(o, "changed")}
    ),
    "api-application-undo": Need("o", {"key": "changed"}, lambda o: {"event": o["change"]}),
    "api-application-merge": Need(
        "r", {"key": "loose"}, lambda o: {"survivor": o["changed"], "survivor_version": versions(o, "changed")[0]["version"]}
    ),
    "api-application-attest": Need("h"),
    "api-application-submit": Need("o", {"key": "complete"}),
    "api-application-add-relation": Need("o", body=lambda o: {"target": o["changed"]}),
    "api-application-change-relation": Need("o", body=lambda o: {"id": o["relation"], "target": o["changed"]}),
    "api-application-add-cost": Need("o", body=lambda o: {"contract": "1"}),
    "api-application-change-cost": Need("o", body=lambda o: {"id": o["cost"], "contract": "1"}),
    "api-application-change-contract": Need("o", body=row("contract")),
    "api-application-change-document": Need("o", body=row("record_document")),
    "api-application-remove-relation": Need("o", body=row("relation")),
    "api-application-remove-cost": Need("o", body=row("cost")),
    "api-application-remove-contract": Need("o", body=row("contract")),
    "api-application-remove-document": Need("o", body=row("record_document")),
    ("api-import-list", "POST"): Need("r", files={"file": CSV}),
    "api-import-match-columns": Need("r", {"pk": "unclear_job"}),
    "api-import-answer-rows": Need("r", {"pk": "doubtful_job"}, lambda o: {"answers": {"2": "register"}}),
    "api-import-undo": Need("r", {"pk": "taken_job"}),
    ("api-reorganization-list", "POST"): Need(
        "m", body=lambda o: {"office": o["third_office"], "effective_on": later(60)}
    ),
    "api-reorganization-detail": Need("m"),
    "api-reorganization-execute": Need("m", {"code": "due_reorganization"}),
    ("api-webhook-list", "POST"): Need("m", body=lambda o: {"organization": o["office"], "url": PUBLIC_ADDRESS}),
    ("api-webhook-detail", "PATCH"): Need("m", body=lambda o: {"url": PUBLIC_ADDRESS}),
    "api-webhook-resume": Need("m", {"code": "paused_webhook"}),
    ("api-delegations", "POST"): Need("h", body=lambda o: {"person_id": o["colleague"], "until": later(10)}),
    "api-delegation-recall": Need("h", {"pk": "delegate"}),
    ("api-saved-view-detail", "PATCH"): Need("r"),
    ("api-saved-view-detail", "DELETE"): Need("r"),
    # the quarter
    "api-usage": Need("k", body=lambda o: {"samples": [{"day": later(-1), "active_users": 12, "transactions": 90}]}),
    ("api-usage-token-list", "POST"): Need("o", body=lambda o: {"application": o["registered"]}),
    ("api-thresholds", "POST"): Need("r", body=lambda o: {"starts_in": next_quarter(o)}),
    "api-thresholds-what-if": Need("r", query={
        "active_users": 5, "transactions": 1, "low_use_users": 5, "probes": 30, "probe_days": 30, "look_back": 4,
    }),
    "api-period-extend-closing": Need("r", body=lambda o: {"closes_at": closing(o)}),
    "api-period-remind": Need("r", body=lambda o: {"organization": o["office"]}),
    "api-period-submit-reports": Need("o", body=lambda o: {"reports": [{"application": o["drafted"], "version": 1}]}),
    "api-quarter-report-detail": Need("r"),
    "api-finding-ask": Need("r", body=lambda o: {"due_on": later(14)}),
    "api-report-ask": Need("r", {"application": "reported"}, body=lambda o: {"due_on": later(14)}),
    "api-report-save": Need("o", {"application": "drafted"}),
    "api-report-attach": Need("o", {"application": "drafted"}, files={"file": PDF}),
    "api-report-enter-for": Need("r", {"application": "unreported"}),
    # the cases
    ("api-case-list", "POST"): Need("r", body=lambda o: {"application": o["changed"]}),
    "api-case-sign-request": Need("h", {"code": "requested"}),
    "api-case-answer": Need("h", {"code": "waiting"}),
    "api-case-raise-objection": Need("h", {"code": "fresh"}),
    "api-case-uphold-objection": Need("a", {"code": "decided"}),
    "api-case-dismiss-objection": Need("a", {"code": "decided"}),
    "api-case-give-opinion": Need("t", {"code": "on_desk"}, lambda o: {"session": o["sitting"]}),
    "api-case-recommend": Need("r", {"code": "on_desk"}, lambda o: {"session": o["sitting"]}),
    "api-case-postpone": Need("r", {"code": "on_desk"}, lambda o: {"session": o["sitting"]}),
    "api-case-send-back": Need("a", {"code": "recommended"}),
    "api-case-withdraw": Need("r", {"code": "waiting"}),
    "api-case-annul": Need("a", {"code": "fresh"}),
    "api-case-close": Need("r", {"code": "closable"}),
    "api-case-name-caretaker": Need("r", {"code": "ownerless"}, lambda o: {"organization": o["other_office"]}),
    "api-case-complete-item": Need("o", {"code": "case", "item": "open_item"}),
    "api-case-verify-dataset": Need("r", {"dataset": "moved_dataset"}),
    "api-case-return-dataset": Need("r", {"dataset": "moved_dataset"}),
    "api-case-record-realised": Need(
        "t", {"code": "closable", "saving": "verified_saving"}, lambda o: {"year": clock.now().year}
    ),
    ("api-letter-list", "POST"): Need("r", body=lambda o: {"cases": {o["nominated"]: 1}}),
    "api-letter-record-delivery": Need("r", {"code": "unproven_letter"}, lambda o: {"delivered_on": later(0)}),
    "api-letter-extend-deadline": Need("r", {"code": "delivered_letter"}),
    "api-letter-open": Need("o", {"code": "unproven_letter"}),
    "api-desk-session-start": Need("r", {"code": "scheduled"}),
    "api-desk-session-cancel": Need("r", {"code": "scheduled"}),
    "api-desk-session-add-to-agenda": Need("r", {"code": "scheduled"}, lambda o: {"cases": [o["answered"]]}),
    "api-desk-session-invite": Need("r", {"code": "scheduled"}, lambda o: {"organizations": [o["office"]]}),
    "api-desk-session-record-attendance": Need("r", {"code": "sitting"}, lambda o: {"organization": o["office"]}),
    "api-desk-session-draft-minutes": Need("r", {"code": "drafted_session"}),
    "api-desk-session-remark-on-minutes": Need("o", {"code": "drafted_session"}),
    "api-desk-session-issue-minutes": Need("r", {"code": "drafted_session"}),
    "api-desk-session-amend-minutes": Need("r", {"code": "minuted"}),
    "api-desk-session-attach-signed-minutes": Need("r", {"code": "minuted"}, lambda o: {"number": Minutes.objects.get(pk=o["minutes"]).issued.number}),
    ("api-decision-list", "POST"): Need("a", body=lambda o: {"cases": [decided(o)]}),
}  # fmt: skip


def versions(objects, *words):
    """Records as somebody read them just now."""
    return [{"key": objects[word], "version": Application.objects.get(code=objects[word]).version} for word in words]


def decided(objects):
    case = Case.objects.get(code=objects["recommended"])
    return {"case": case.code, "version": case.version}


def closing(objects):
    """A week after the open quarter would close."""
    open_now = Period.objects.order_by("pk").last()
    return (open_now.closes_at + timedelta(days=7)).isoformat()


def next_quarter(objects):
    return str(Quarter.parse(objects["period"]).next())
