"""What anybody may read: public records with public attributes, of one government or of several."""

from typing import Any

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet

from apps.accounts.models import Organization
from apps.catalogue.models import CatalogueFile, Snapshot
from apps.inventory import fields
from apps.inventory.models import Address, Application, Publication

Status = Application.Status
SNAPSHOTS = "snapshots"
PACKED = ("csv", "json", "ndjson")
ENDED = (Status.RETIRED,)
# The detail page says these in its head or its notes.
IN_THE_HEAD = (
    "name",
    "description",
    "addresses",
    "status",
    "successor",
    "retired_at",
    "retired_because",
    "merged_into",
)


def governments() -> list[Organization]:
    """Those with a catalogue."""
    return list(Organization.objects.filter(kind=Organization.Kind.GOVERNMENT).order_by("name"))


def chosen_government(offered: list[Organization], code: str) -> Organization | None:
    """The only one there is, else the one asked for."""
    if len(offered) == 1:
        return offered[0]
    return next((government for government in offered if government.code == code), None)


def published(government: Organization | None) -> QuerySet:
    """Public records with what a card shows; inner addresses are not even read."""
    rows = Application.objects.public()
    if government:
        rows = rows.filter(government=government)
    public = Address.objects.filter(kind=Address.Kind.PUBLIC)
    return rows.select_related("owner", "government").prefetch_related(
        Prefetch("addresses", public, "public_addresses")
    )


def whole(government: Organization | None) -> QuerySet:
    """Every public record of a government, or of all, in the order of their registration."""
    rows = Application.objects.public().order_by("pk")
    return rows.filter(government=government) if government else rows


def documents(government: Organization | None) -> QuerySet:
    """The stored document of each of these records, in the same order."""
    rows = Publication.objects.filter(body__isnull=False)
    if government:
        rows = rows.filter(government_id=government.pk)
    return rows.order_by("application_id").values_list("body", flat=True)


def columns_of(government: Organization | None) -> list[fields.Attribute]:
    """The public attributes; of one government's records also those it added, the one chosen or the only one there is."""
    chosen = [government] if government else governments()
    return fields.public_fields(chosen[0].pk if len(chosen) == 1 else None)


def folder_of(form: str) -> str:
    """Where the files of the whole catalogue in this form lie, apart so that each sweep tidies its own."""
    return f"catalogue/{form}"


def moments(government: Organization | None) -> dict[str, Any]:
    """When the first public record was registered and when one last changed."""
    return whole(government).order_by().aggregate(issued=Min("registered_at"), modified=Max("updated_at"))


def ict_office(government: Organization) -> Organization | None:
    """Who keeps the register: the office of communication and informatics."""
    return Organization.objects.filter(government=government, function=Organization.Function.ICT_OFFICE).first()


def whole_file(form: str) -> CatalogueFile | None:
    """The last file the clock wrote."""
    return CatalogueFile.objects.filter(form=form).first()


def snapshots(government: Organization | None) -> QuerySet[Snapshot]:
    """The frozen catalogues, the newest first."""
    rows = Snapshot.objects.select_related("period__government")
    return rows.filter(period__government=government) if government else rows


def figures(government: Organization | None) -> dict[str, Any]:
    """The catalogue in numbers, and when it last changed."""
    rows = Application.objects.public()
    if government:
        rows = rows.filter(government=government)
    alive = ~Q(status__in=ENDED)
    return rows.aggregate(
        registered=Count("pk", filter=alive),
        for_public=Count("pk", filter=alive & Q(service_kind="public_service")),
        local=Count("pk", filter=alive & Q(ownership="local")),
        retired=Count("pk", filter=~alive),
        updated_at=Max("updated_at"),
    )


def facts(government_id: int) -> list[fields.Attribute]:
    """Public attributes the detail page lists, the government's own among them."""
    return [attribute for attribute in fields.public_fields(government_id) if attribute.name not in IN_THE_HEAD]


def public_relative(other: Application | None) -> Application | None:
    """Another record, if anybody may read of it."""
    return other if other and other.status in Application.PUBLIC_STATUSES else None


def replaced_by(application: Application) -> list[Application]:
    """What this one replaced, as far as public."""
    return list(Application.objects.public().filter(successor=application).order_by("name"))
