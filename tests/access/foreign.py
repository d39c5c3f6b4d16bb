"""Requests of people of one government for what belongs to another, and what the database looks like."""

from itertools import cycle

from django.db import connection, transaction

from apps.deactivation.models import Case, DeskSession, Letter
from apps.inventory.models import Application
from apps.monitoring.models import ExplanationRequest, Finding, UsageReport
from tests.access.asking import send
from tests.access.letters import EVERYBODY
from tests.access.table import TABLE
from tests.access.world import World
from tests.factories_deactivation import make_case

PEOPLE = EVERYBODY[:-2]
VERSIONED = {
    Case: ("case", "waiting", "decided", "optimised", "closed", "nominated", "answered", "on_desk", "recommended"),
    DeskSession: ("session", "minuted"),
    Letter: ("letter", "received_letter"),
    Application: ("registered", "submitted", "draft", "changed"),
    Finding: ("finding",),
    ExplanationRequest: ("explanation", "explained"),
}
STAGES = ("nominated", "answered", "on_desk", "recommended")
# Rows that come and go with being signed in, and say nothing of the register.
BESIDE = ("django_session", "axes_accessattempt", "axes_accessfailurelog", "axes_accesslog")
REASON = {"reason": "Alasan yang cukup panjang"}
# What an act needs besides its reason, so that it would happen were it let through.
BODIES = {
    "api-application-detail": {"year_built": 1999},
    "api-application-withdraw": REASON,
    "api-application-grant-suspension": {**REASON, "starts_on": "2099-01-01", "ends_on": "2099-02-01"},
    "api-application-refuse": REASON,
    "api-application-return-submission": REASON,
    "api-case-withdraw": REASON,
    "api-case-annul": {**REASON, "number": "188/1"},
    "api-case-send-back": REASON,
    "api-case-uphold-objection": REASON,
    "api-case-dismiss-objection": REASON,
    "api-case-return-item": REASON,
    "api-case-raise-objection": REASON,
    "api-case-answer": {"reply": "agreed"},
    "api-case-verify-saving": {"amount": "1000.00"},
    "api-case-settle-condition": {"status": "met", "text": "Sudah"},
    "api-letter-extend-deadline": {**REASON, "days": 3},
    "api-desk-session-cancel": REASON,
    "api-finding-dismiss": REASON,
    "api-finding-ask": {"question": "Mengapa?", "due_on": "2099-01-01"},
    "api-report-ask": {"question": "Mengapa?", "due_on": "2099-01-01"},
    "api-report-return": {"note": "Betulkan"},
    "api-report-save": {"active_users": 7},
    "api-explanation-explain": {"answer": "Libur"},
}


def grown(government, office):
    """A world of its own with a case in every further stage."""
    world = World(government, office)
    world.objects |= {stage: make_case(at=stage, cast=world.cast).code for stage in STAGES}
    return world


def owned(row):
    """Whether the row names an object of a government (and not only an address everybody has)."""
    return bool(row.hidden) and "-" not in row.open


OWNED = [row for row in TABLE if owned(row)]


def requests(random, here, there, count):
    """`count` questions of people of `here` about objects of `there`: whole, mixed with own ones, and named in bodies."""
    kinds = cycle((whole, mixed, whole, named))
    made = 0
    while made < count:
        request = next(kinds)(random, here, there)
        if request:
            made += 1
            yield request


def whole(random, here, there, rows=OWNED):
    """Everything the address names is theirs; the person has the role that may do it at home, or any other."""
    row = random.choice(rows)
    theirs = there.named(row.arguments)
    if theirs == here.named(row.arguments):  # an address each government has for itself
        return None
    return _request(random, row, theirs, there)


def mixed(random, here, there):
    """One part of the address is theirs, the rest one's own."""
    row = random.choice([row for row in OWNED if len(row.arguments) > 1])
    own, theirs = here.named(row.arguments), there.named(row.arguments)
    part = random.choice(sorted(row.arguments))
    if own[part] == theirs[part]:
        return None
    return _request(random, row, {**own, part: theirs[part]}, there)


def _request(random, row, arguments, there):
    method = random.choice(row.methods.split())
    allowed = [letter for letter in row.open if letter in PEOPLE]
    letter = random.choice(allowed) if allowed and random.random() < 0.7 else random.choice(PEOPLE)
    return letter, row.route, method, arguments, BODIES.get(row.route, {}), version_of(row, there)


def version_of(row, world):
    """The version the object has, so that nothing but the right is missing."""
    words = set(row.arguments.values())
    if {"registered", "period"} <= words:
        return UsageReport.objects.get(pk=world.objects["report"]).version
    for model, known in VERSIONED.items():
        for word in words & set(known):
            return model.objects.named(world.objects[word]).get().version
    return 1


def named(random, here, there):
    """The door is one's own, and what is typed names something of theirs."""
    letter, route, words, body = random.choice(REFERENCES)
    typed = body(there.objects, there)
    method = "PATCH" if route == "api-application-detail" else "POST"
    row = next(row for row in TABLE if row.route == route and method in row.methods)
    return letter, route, method, here.named(words), typed, version_of(row._replace(arguments=words), here)


# Who, which door of their own, and a body that names what is not theirs.
REFERENCES = [
    ("r", "api-case-list", {}, lambda o, _: {"application": o["changed"], "ground": "technical", "reason": "Usang"}),
    ("o", "api-case-list", {}, lambda o, _: {"application": o["changed"], "ground": "owner_request"}),
    ("r", "api-case-list", {}, lambda o, _: {"application": o["registered"], "ground": "idle", "finding": o["finding"]}),
    ("r", "api-letter-list", {}, lambda o, _: {"cases": {o["nominated"]: 1}}),
    ("r", "api-desk-session-add-to-agenda", {"code": "session"}, lambda o, _: {"cases": [o["answered"]]}),
    ("r", "api-desk-session-invite", {"code": "session"}, lambda o, _: {"organizations": [o["office"]]}),
    ("r", "api-desk-session-record-attendance", {"code": "session"}, lambda o, _: {"organization": o["office"], "name": "Tamu"}),
    ("r", "api-case-postpone", {"code": "on_desk"}, lambda o, _: {"session": o["session"], **REASON}),
    ("r", "api-case-recommend", {"code": "on_desk"}, lambda o, _: {"session": o["session"], "outcome": "deactivate", **REASON}),
    ("c", "api-case-give-opinion", {"code": "on_desk"}, lambda o, _: {"session": o["session"], "stance": "agree"}),
    ("r", "api-case-name-caretaker", {"code": "nominated"}, lambda o, _: {"organization": o["office"], **REASON}),
    ("a", "api-decision-list", {}, lambda o, _: {"decree_number": "1", "legal_basis": "Perwal", "cases": [{"case": o["recommended"], "version": 1}]}),
    ("o", "api-application-list", {}, lambda o, _: {"name": "Titipan", "owner": o["office"]}),
    ("r", "api-application-list", {}, lambda o, _: {"name": "Titipan", "owner": o["office"]}),
    ("o", "api-application-detail", {"key": "changed"}, lambda o, _: {"successor": o["changed"]}),
    ("o", "api-application-detail", {"key": "changed"}, lambda o, _: {"super_application": o["registered"]}),
    ("r", "api-application-merge", {"key": "changed"}, lambda o, _: {"survivor": o["registered"], "survivor_version": 1, **REASON}),
    ("o", "api-period-submit-reports", {"code": "period"}, lambda o, _: {"applications": [o["registered"]]}),
    ("r", "api-period-remind", {"code": "period"}, lambda o, _: {"organization": o["office"]}),
    ("m", "accounts:grant", {"pk": "person"}, lambda o, t: {"role": "operator", "seat": t.cast.owner.pk, "starts_on": "2027-01-01"}),
    ("m", "accounts:invite", {}, lambda o, t: {"name": "Titipan", "username": "titipan@contoh.example", "role": "operator", "seat": t.cast.owner.pk, "starts_on": "2027-01-01"}),
    ("m", "accounts:create_organization", {}, lambda o, t: {"name": "Dinas Titipan", "kind": "agency", "parent": t.cast.government.pk}),
    ("m", "accounts:create_token", {}, lambda o, t: {"name": "Titipan", "organization": t.cast.owner.pk, "scopes": "read", "expires_on": "2027-06-01"}),
    ("o", "inventory:start", {}, lambda o, t: {"name": "Aplikasi titipan", "owner": t.cast.owner.pk, "different": "on"}),
    ("r", "deactivation:nominate", {}, lambda o, _: {"application": o["changed"], "ground": "technical", "reason": "Usang"}),
    ("r", "deactivation:send_letter", {}, lambda o, _: {"office": o["office"], f"{o['office']}-cases": o["nominated"]}),
    ("a", "deactivation:decide", {}, lambda o, _: {"cases": o["recommended"], "decree_number": "1"}),
    ("o", "monitoring:counters", {"key": "registered"}, lambda o, _: {"act": f"revoke-{o['usage_token']}"}),
    ("r", "monitoring:review", {"code": "period"}, lambda o, _: {"act": f"accept-{o['report']}", f"version-{o['report']}": 2}),
    ("o", "monitoring:files", {"code": "period", "key": "registered"}, lambda o, _: {"act": f"remove-{o['file']}"}),
    ("o", "accounts:switch_role", {}, lambda o, _: {"membership": o["membership"]}),
]  # fmt: skip


def put(clients, request):
    """The answer to one request; what it wrote stays, so that it shows."""
    letter, route, method, arguments, body, version = request
    with transaction.atomic():
        return send(clients[letter], route, method, arguments, body, version)


def print_of_everything():
    """A hash of every row of every table but those of being signed in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        tables = [name for (name,) in cursor.fetchall() if name not in BESIDE]
        return {table: _print_of(cursor, table) for table in tables}


def _print_of(cursor, table):
    cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{table}\" t")
    return cursor.fetchone()[0]
