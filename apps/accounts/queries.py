"""Reads about people and offices."""

from typing import Any

from apps.accounts.actor import Actor
from apps.accounts.models import Membership, User
from apps.core import clock


def current_memberships(user: User) -> Any:
    """The person's memberships in force today, on the calendar of UTC+7 (the westernmost zone ends a day last)."""
    today = clock.now().date()
    return (
        Membership.objects.filter(user=user)
        .current(today)
        .select_related("user", "seat", "scope", "scope__government")
        .order_by("pk")
    )


def actor_of_session(user: Any, session: Any) -> tuple[Actor, Membership | None]:
    """The actor chosen in this session, else of the first membership; the public when there is none."""
    if not user.is_authenticated:
        return Actor.anonymous(), None
    memberships = list(current_memberships(user))
    if not memberships:
        return Actor.anonymous(), None
    chosen = next((m for m in memberships if m.pk == session.get("membership")), memberships[0])
    return Actor.of(chosen), chosen
