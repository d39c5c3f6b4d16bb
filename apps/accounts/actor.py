"""Who acts: the `by` of every service."""

from dataclasses import dataclass, field
from typing import Self

from apps.accounts.models import Membership, Organization, Role

# Roles whose scope is their whole government.
GOVERNMENT_WIDE = frozenset(
    {Role.REVIEWER, Role.COMPANION, Role.APPROVER, Role.EXECUTIVE, Role.AUDITOR, Role.ADMINISTRATOR}
)
SYSTEM, CLIENT, PUBLIC = "system", "client", "public"


@dataclass(frozen=True)
class Actor:
    """A person in one role at one seat, the system, an API client, or the public; immutable for one request."""

    person_id: int | None
    name: str
    role: str
    seat_id: int | None = None
    seat_function: str = ""
    scope_id: int | None = None
    government_id: int | None = None
    membership_id: int | None = None
    acting: str = ""
    scopes: frozenset[str] = frozenset({"read", "write"})
    organization_ids: frozenset[int] = field(default=frozenset(), repr=False, compare=False)

    @classmethod
    def of(cls, membership: Membership, **changes: object) -> Self:
        """The actor a membership makes; one statement for the scope when it is an office's own."""
        wide = membership.role in GOVERNMENT_WIDE
        beneath = () if wide else Organization.objects.within(membership.scope_id).values_list("pk", flat=True)
        return cls(
            person_id=membership.user_id,
            name=membership.user.name,
            role=membership.role,
            seat_id=membership.seat_id,
            seat_function=membership.seat.function,
            scope_id=membership.scope_id,
            government_id=membership.scope.government_id or membership.scope_id,
            membership_id=membership.pk,
            acting=membership.acting,
            organization_ids=frozenset(beneath),
            **changes,
        )

    @classmethod
    def system(cls) -> Self:
        """The clock's own hand; it may do what sweeps do and sees everything."""
        return cls(None, "Sistem", SYSTEM)

    @classmethod
    def anonymous(cls) -> Self:
        return cls(None, "Publik", PUBLIC, scopes=frozenset())

    @property
    def is_system(self) -> bool:
        return self.role == SYSTEM

    @property
    def is_authenticated(self) -> bool:
        return self.role != PUBLIC

    @property
    def is_outside(self) -> bool:
        """The public, and systems with a key of their own: they read what is public and no more."""
        return self.role in (PUBLIC, CLIENT)

    @property
    def is_government_wide(self) -> bool:
        return self.role in GOVERNMENT_WIDE

    def has_role(self, *roles: str) -> bool:
        return self.role in roles

    def covers(self, organization: Organization) -> bool:
        """Whether the office lies in the actor's scope."""
        if self.is_system:
            return True
        if self.is_government_wide:
            return self.government_id in (organization.government_id, organization.pk)
        return organization.pk in self.organization_ids
