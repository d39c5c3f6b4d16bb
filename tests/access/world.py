"""One object of each noun that routes name, and a person in each role, at home and abroad."""

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts import services as accounts
from apps.accounts.models import Membership, Role, User
from apps.audit.models import Event
from apps.catalogue.services import freeze_quarter
from apps.core import clock, codes
from apps.core.quarter import Quarter
from apps.dashboard.services import issue_quarter_report
from apps.deactivation import services as deactivation
from apps.deactivation.models import Case, Decision, IssuedDocument
from apps.inventory import services as inventory
from apps.inventory.models import Application
from apps.monitoring import services as monitoring
from apps.monitoring.models import (
    Assessment,
    Finding,
    GoneCheck,
    Probe,
    ProbeTotal,
    ReminderBatch,
    UsageSample,
    UsageTotal,
)
from apps.notifications import services as notifications
from apps.notifications.models import Delivery, Notification
from apps.webhooks import services as webhooks
from tests import factories
from tests import factories_deactivation as made

FACTS = {"functions": "Mencatat layanan", "platforms": ["web"], "service_kind": "public_service"}


class World:
    """Objects of one agency by the table's word, and a browser per letter of the table."""

    def __init__(self, government="Kota Tirtaraya", office="Dinas Contoh"):
        home = factories.make_government(government)
        self.cast = made.make_cast(home, factories.make_agency(home, office))
        self.people = people_of(self.cast)
        self.objects = {
            **cases_of(self.cast),
            **papers_of(self.cast),
            **register_of(self.cast),
            **views_of(self.cast, self.people["m"]),
        }
        self.objects |= rows_of(self.cast, self.objects)
        self.objects |= quarter_of(self.cast, self.objects)
        self.objects |= office_of(self.cast, self.people)  # last: the clock has come to rest
        roleless = User.objects.create_user(
            f"tanpa-peran-{self.cast.owner.code}@contoh.example", name="Tanpa Peran", password=None
        )
        self.clients = {"-": Browser(), "n": browser_of(roleless)}
        self.clients |= {letter: browser_of(user_of(actor)) for letter, actor in self.people.items()}
        self.keys = keys_of(self.cast, self.people["m"], self.objects)

    def named(self, words):
        """The objects behind words of the table; "=text" stands for itself."""
        return {name: word[1:] if word[0] == "=" else self.objects[word] for name, word in words.items()}


class Browser(Client):
    """Asks and hands back the answer; keeps neither templates nor new cookies, so every question is the first."""

    def __init__(self, **defaults):
        super().__init__(raise_request_exception=False, **defaults)

    def request(self, **request):
        answer = self.handler(self._base_environ(**request))
        answer.path = request["PATH_INFO"]
        return answer


def people_of(cast):
    """`s` works at another agency of the same government, `x` and `y` for another government."""
    home, abroad = cast.government, factories.make_government("Kota Seberang", "Asia/Makassar")
    return {
        "o": cast.operator,
        "h": cast.head,
        "s": factories.make_actor(Role.OPERATOR, home, factories.make_agency(home)),
        "r": cast.reviewer,
        "c": cast.planner,
        "t": cast.treasurer,
        "a": cast.approver,
        "e": factories.make_actor(Role.EXECUTIVE, home),
        "u": factories.make_actor(Role.AUDITOR, home),
        "m": factories.make_actor(Role.ADMINISTRATOR, home),
        "x": factories.make_actor(Role.REVIEWER, abroad),
        "y": factories.make_actor(Role.ADMINISTRATOR, abroad),
    }


def user_of(actor):
    return Membership.objects.select_related("user").get(pk=actor.membership_id).user


def browser_of(user):
    """A signed-in browser of the person."""
    browser = Browser()
    browser.force_login(user, backend="apps.accounts.backends.AccountBackend")
    return browser


def cases_of(cast):
    """A case being carried out, one whose decision is objected to, one told to optimise, one at its end."""
    case = made.make_case(at="executing", cast=cast)
    mine = case.checklist.filter(responsible=cast.owner, phase="before").first()
    evidence = made.make_evidence(cast.operator)
    mine = deactivation.complete_item(mine.pk, by=cast.operator, version=mine.version, evidence=evidence)
    decided = made.decide(made.make_case(at="recommended", cast=cast), cast, planned_saving=Decimal(1_000_000))
    paper = made.make_evidence(cast.head, "keberatan")
    deactivation.raise_objection(
        decided.pk, by=cast.head, version=decided.version, reason="Masih dipakai", evidence=paper
    )
    terms = [{"text": "Pasang pencacah", "due_on": date(2099, 1, 1)}]
    optimised = made.make_case(at="decided", cast=cast, outcome="optimise", conditions=terms)
    closed = made.make_case(at="closed", cast=cast)
    dataset = deactivation.list_dataset(
        case.pk, by=cast.operator, version=case.version, name="Arsip", fate="migrate", destination="Arsip daerah"
    )
    signed = deactivation.attach_signed_decision(
        case.decision.code, by=cast.reviewer, kind="scan", evidence=made.make_evidence(cast.reviewer, "tertanda")
    )
    return {
        "signed_decision": signed.pk,
        "dataset": dataset.pk,
        "closed": closed.code,
        "case": case.code,
        "item": mine.pk,
        "bkad_item": case.checklist.filter(responsible=cast.treasurer.seat_id).first().pk,
        "session": made.session_of(case).code,
        "decision": Decision.objects.get(cases=case).code,
        "decided": decided.code,
        "saving": decided.savings.get().pk,
        "document": paper.pk,
        "optimised": optimised.code,
        "condition": optimised.conditions.get().pk,
    }


def papers_of(cast):
    """Letters, one opened by its OPD and one proven by a receipt; signed minutes; a paper anybody may verify."""
    waiting = made.make_case(at="awaiting_answer", cast=cast)
    sent = deactivation.nominate(
        made.make_registered(cast.owner).pk, by=cast.reviewer, ground="need_ended", reason="Tidak diperlukan"
    )
    letter = deactivation.send_letter([sent.pk], by=cast.reviewer, versions={sent.pk: sent.version})
    receipt, today = made.make_evidence(cast.reviewer, "resi"), clock.today(cast.government.zone)
    deactivation.record_delivery(
        letter.pk, by=cast.reviewer, version=letter.version, delivered_on=today, evidence=receipt
    )
    minuted = made.session_of(made.make_case(at="recommended", cast=cast))
    minutes = deactivation.issue_minutes(minuted.pk, by=cast.reviewer, version=minuted.version)
    signed = deactivation.attach_signed_minutes(
        minuted.code, by=cast.reviewer, number=minutes.issued.number, kind="scan",
        evidence=made.make_evidence(cast.reviewer, "tertanda"),
    )  # fmt: skip
    return {
        "waiting": waiting.code,
        "registered": waiting.application.code,
        "letter": made.letter_of(waiting).code,
        "received_letter": letter.code,
        "minuted": minuted.code,
        "minutes": minutes.pk,
        "signed_minutes": signed.pk,
        "paper": IssuedDocument.objects.first().address,
    }


def register_of(cast):
    """A record being typed, one waiting for the reviewer, one that was changed, and the reviewer's uploaded list."""
    draft = inventory.start_draft(by=cast.operator, owner=cast.owner, name="Aplikasi Konsep")
    sent = inventory.start_draft(by=cast.operator, owner=cast.owner, name="Aplikasi Diajukan")
    sent = inventory.save_draft(sent.reference, by=cast.operator, typed={}, values=FACTS)
    sent = inventory.submit(sent.reference, by=cast.operator, version=sent.version)
    listed = SimpleUploadedFile("daftar.csv", f"Nama Aplikasi,OPD\nSatu,{cast.owner.name}\n".encode())
    job = inventory.check_import(listed, by=cast.reviewer, government=cast.government)
    changed = made.make_registered(cast.owner)
    inventory.edit(changed.pk, by=cast.operator, version=changed.version, values={"year_built": 2020}, reason="Uji")
    change = Event.objects.get(subject_id=changed.pk, verb="application.edited")
    objects = {"draft": draft.reference, "submitted": sent.reference, "job": job.pk}
    many = inventory.edit_together(
        [(changed.pk, changed.version + 1)], by=cast.reviewer, attribute="hosting", value="cloud", reason="Uji"
    )
    act = Event.objects.get(subject_id=many[0].pk, details__has_key="together").details["together"]
    return {**objects, "changed": changed.code, "change": change.pk, "act_on_many": act}


def views_of(cast, administrator):
    """A view all agencies see, one of the operator's own, and an attribute the government added."""
    shared = inventory.save_view(by=cast.reviewer, name="Semua OPD", query="", shared="government")
    own = inventory.save_view(by=cast.operator, name="Punya saya", query="q=antrean")
    attribute = inventory.add_attribute(by=administrator, label="Kode aset", kind="text")
    return {"shared_view": shared.slug, "own_view": own.slug, "attribute": attribute.key}


def rows_of(cast, objects):
    """A tie, a cost, a contract and a restricted file of the registered record."""
    other = made.make_registered(cast.owner, name="Aplikasi Lain")
    paper = SimpleUploadedFile("uji.csv", b"temuan,keadaan\nSatu,ditutup\n")
    values = {
        "relation": (inventory.RELATION, {"target": other, "direction": "sends"}),
        "cost": (inventory.COST, {"year": 2026, "kind": "hosting", "amount": Decimal(1)}),
        "contract": (inventory.CONTRACT, {"number": "1", "vendor": "PT Contoh", "amount": Decimal(1),
                                          "starts_on": date(2026, 1, 1), "ends_on": date(2099, 1, 1)}),
        "record_document": (inventory.DOCUMENT, {"kind": "security_test", "title": "Uji", "upload": paper}),
    }  # fmt: skip
    return {word: noted(cast, objects["registered"], noun, given) for word, (noun, given) in values.items()}


def noted(cast, code, noun, values):
    version = Application.objects.get(code=code).version
    return inventory.add_row(noun, code, by=cast.operator, version=version, values=values, reason="Pendataan").pk


def office_of(cast, people):
    """People, offices and settings; an invitation not yet used; a mail that could not be sent."""
    _user, invitation = accounts.invite(
        by=people["m"],
        name=f"Orang Baru {cast.owner.code}",
        username=f"baru-{cast.owner.code}@contoh.example",
        role=Role.OPERATOR,
        seat=cast.owner,
        starts_on=date(2020, 1, 1),
    )
    told = Event.objects.filter(government_id=cast.government.pk).first()
    notification = Notification.objects.create(
        event=told, person_id=cast.operator.person_id, subject="Kasus", text="Dibuka"
    )
    mail = Delivery.objects.create(
        key=f"surat-{cast.owner.code}",
        notification=notification,
        address="orang@contoh.example",
        status=Delivery.Status.DEAD,
    )
    plan = inventory.plan_reorganization(
        by=people["m"], office=cast.owner, kind="rename", new_name="Dinas Baru", decree="Perwali 12/2026",
        effective_on=clock.today(cast.government.zone) + timedelta(days=90),
    )  # fmt: skip
    hook, _secret = webhooks.subscribe(
        by=people["m"], organization=cast.government, name="Dasbor", url="https://93.184.215.14/terima",
        types=["id.go.spbe.application.registered"],
    )  # fmt: skip
    return {
        "webhook": hook.code,
        "webhook_delivery": str(webhooks.try_out(hook.code, by=people["m"]).pk),
        "reorganization": plan.code,
        "person": cast.operator.person_id,
        "membership": cast.operator.membership_id,
        "office": cast.owner.code,
        "year": clock.now().year,
        "invitation": invitation,
        "calendar": notifications.renew_calendar(by=cast.operator),
        "mail": mail.pk,
    }


def quarter_of(cast, objects):
    """A closed quarter with counters, a probe, an assessment and a finding, then an open one in which the agency reported."""
    application = Case.objects.get(code=objects["waiting"]).application
    quarter = Quarter.of(clock.now(), cast.government.zone).next()
    closed = opened(cast, quarter)
    monitoring.receive_usage(application, [{"day": quarter.starts_on, "active_users": 3}])
    probe = Probe.objects.create(
        application=application, url="https://contoh.example/", at=clock.now(), outcome="reached"
    )
    clock.travel_to(closed.closes_at + timedelta(minutes=1))
    closed = monitoring.close_period(closed.pk, by=cast.system)
    finding = Finding.objects.create(
        code=codes.next_code("TMN", quarter.year),
        application=application,
        kind=Finding.Kind.STALE,
        opened_in=closed,
        quarters=[str(quarter)],
    )
    period = opened(cast, quarter.next())
    said = {"used": True, "active_users": 20, "transactions": 40, "attested": True}
    monitoring.save_report(period.pk, application.pk, by=cast.operator, values=said)
    file = monitoring.attach_file(
        period.pk, application.pk, by=cast.operator, document=made.make_evidence(cast.operator, "rekap")
    )
    report = monitoring.submit_reports(period.pk, by=cast.operator, applications=[application.pk])[0]
    return {
        **asked_about(cast, report),
        "file": file.pk,
        "report": report.pk,
        "batch": ReminderBatch.objects.create(period=period, rung="T-14", status="held", recipients=1).pk,
        "period": period.code,
        "quarter_report": issue_quarter_report(closed.pk, by=cast.system).number,
        "government": cast.government.code,
        "frozen_quarter": freeze_quarter(closed.pk, by=cast.system).period.code,
        "finding": finding.code,
        "assessment": Assessment.objects.filter(application=application).first().pk,
        "usage_day": UsageSample.objects.get(application=application).pk,
        "usage_total": UsageTotal.objects.get(application=application, span="quarter").pk,
        "probe": probe.pk,
        "gone_check": GoneCheck.objects.create(
            application=application, url=probe.url, retired_at=probe.at, after_days=30, due_at=probe.at
        ).pk,
        "probe_total": ProbeTotal.objects.get(application=application, span="quarter").pk,
    }


def asked_about(cast, report):
    """A question of the reviewer with its answer and file, and one that waits."""
    ask = {"by": cast.reviewer, "version": report.version, "question": "Dari mana?", "due_on": date(2099, 1, 1)}
    explained = monitoring.ask_about_report(report.pk, **ask)
    paper = made.make_evidence(cast.operator, "penjelasan")
    monitoring.explain(explained.pk, by=cast.operator, version=explained.version, answer="Rekap", document=paper)
    return {"explained": explained.code, "explanation": monitoring.ask_about_report(report.pk, **ask).code}


def opened(cast, quarter):
    """The quarter's period, the clock just inside its window."""
    period = monitoring.schedule_period(cast.government, quarter)
    clock.travel_to(period.opens_at + timedelta(hours=1))
    return monitoring.open_period(period.pk, by=cast.system)


def keys_of(cast, administrator, objects):
    """Keys of the API: one that reads for the reviewer, one of a service client, one of an application's counters."""
    terms = {"by": administrator, "organization": cast.government, "expires_at": clock.now() + timedelta(days=30)}
    held = Membership.objects.get(pk=cast.reviewer.membership_id)
    reading, reads = accounts.create_token(name="Skrip", scopes=["read"], membership=held, **terms)
    _token, client = accounts.create_token(name="Katalog", scopes=["catalogue"], **terms)
    usage_token, counter = monitoring.create_usage_token(objects["registered"], by=cast.operator)
    objects |= {"token": reading.pk, "usage_token": usage_token.pk}
    return {"read": reads, "client": client, "usage": counter}
