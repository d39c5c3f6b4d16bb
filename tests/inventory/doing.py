"""An office with its people, and records in any state of a registration."""

from apps.audit.models import Event
from apps.inventory import services
from apps.inventory.models import Application
from tests.factories import make_actor, make_agency

COMPLETE = {"functions": "Mencatat layanan", "platforms": ["web"], "service_kind": "public_service"}


class Office:
    """One office of the government with the people a registration needs."""

    def __init__(self, government):
        self.government = government
        self.agency = make_agency(government, "Dinas Kesehatan")
        self.operator = make_actor("operator", government, self.agency)
        self.reviewer = make_actor("reviewer", government)
        self.stranger = make_actor("operator", government, make_agency(government, "Dinas Lain"))

    def draft(self, name="Antrean Puskesmas", **values):
        made = services.start_draft(by=self.operator, owner=self.agency, name=name)
        return services.save_draft(made.reference, by=self.operator, typed={}, values={**COMPLETE, **values})

    def submitted(self, name="Antrean Puskesmas", **values):
        made = self.draft(name, **values)
        return services.submit(made.reference, by=self.operator, version=made.version)

    def returned(self, name="Antrean Puskesmas"):
        sent = self.submitted(name)
        return services.return_submission(
            sent.reference, by=self.reviewer, version=sent.version, reason="Uraian kurang"
        )

    def withdrawn(self, name="Antrean Puskesmas"):
        sent = self.submitted(name)
        return services.withdraw(sent.reference, by=self.operator, version=sent.version)

    def refused(self, name="Antrean Puskesmas"):
        sent = self.submitted(name)
        return services.refuse(sent.reference, by=self.reviewer, version=sent.version, reason="Bukan aplikasi")

    def registered(self, name="Antrean Puskesmas", **values):
        sent = self.submitted(name, **values)
        return services.register(sent.reference, by=self.reviewer, version=sent.version)

    def retiring(self, name="Antrean Puskesmas", **values):
        return services.begin_retiring(self.registered(name, **values).pk, by=self.reviewer, reason="KSS-2026-0001")

    def retired(self, name="Antrean Puskesmas", **values):
        return services.retire(self.retiring(name, **values).pk, by=self.reviewer, reason="KSS-2026-0001")

    def person(self, role):
        """Someone in this role; operators and heads at the owner's office."""
        own = role in ("operator", "agency_head")
        return make_actor(role, self.government, self.agency if own else None)


def fresh(application):
    return Application.objects.get(pk=application.pk)


def last_event(application):
    return Event.objects.filter(subject_id=application.pk, subject_type="inventory.application").order_by("-pk")[0]
