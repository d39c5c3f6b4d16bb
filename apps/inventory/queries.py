"""Reading the register: what a person sees of it, completeness."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from apps.audit.models import Event
from apps.inventory import fields, past
from apps.inventory.models import Address, Application


def seen(by: Any) -> QuerySet:
    """The applications of this reader with what a row shows, now or at the moment looked back to."""
    return past.visible(by).select_related("owner", "government", "standing")


def events_of(application: Application) -> QuerySet[Event]:
    """The acts on one record, newest first; of the past those before the moment looked back to."""
    events = Event.objects.filter(subject_type="inventory.application", subject_id=application.pk).order_by("-pk")
    moment = past.looking()
    return events.filter(at__lte=moment.at) if moment else events


def ids_of(by: Any, keys: Iterable[str]) -> QuerySet:
    """Ids of the records with these codes or references, of those the person may see."""
    known = list(keys)
    return Application.objects.visible_to(by).filter(Q(code__in=known) | Q(reference__in=known)).values("pk")


def readable_addresses(by: Any) -> QuerySet:
    """Addresses this reader may know: the public only the public ones."""
    rows = Address.objects.all()
    knows = by.is_authenticated and by.role != "client"
    return rows if knows else rows.filter(kind=Address.Kind.PUBLIC)


def is_filled(application: Application, name: str) -> bool:
    """Whether anything is said of the attribute."""
    if name == "reference_codes":
        return bool(application.references.all())
    if name == "attestation":
        return bool(application.attestations.all())
    if name == "relations":
        return bool(application.relations_out.all() or application.relations_in.all())
    if name in fields.ROW_ATTRIBUTES:
        return bool(getattr(application, name).all())
    return application.value(name) not in (None, "", [])
