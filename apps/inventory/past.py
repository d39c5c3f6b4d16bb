"""The register as it stood on any date: who may look back, and what stands in for the tables meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.audit.past import Shadow, as_of, remembered, unknown, written_once
from apps.core import clock
from apps.core.errors import RuleViolation
from apps.core.models import ImmutableModel
from apps.inventory.models import Application, Standing, Sunset

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Moment:
    """An instant somebody looks back to, in the words of the address it was asked with."""

    at: datetime
    asked: str
    # The records an office may see today; None where the past row alone decides.
    own: list[int] | None = field(default=None, repr=False)

    @property
    def whole_day(self) -> bool:
        """Whether the end of a day is meant."""
        return "T" not in self.asked


_looking: ContextVar[Moment | None] = ContextVar("looking_back", default=None)


def read_moment(asked: str, zone: tzinfo) -> Moment:
    """A date means its end in `zone`, an ISO instant itself; RuleViolation when unreadable or still to come."""
    try:
        instant = _instant(asked.strip().replace(" ", "+"), zone)
    except ValueError:
        instant = None
    if instant is None:
        raise RuleViolation(_("Tulis tanggal seperti 2026-06-30."), code="unreadable_date")
    if instant > clock.now() + ONE_DAY:
        raise RuleViolation(_("Tanggal itu belum tiba. Pilih hari ini atau sebelumnya."), code="future_date")
    return Moment(instant, asked.strip().replace(" ", "+"))


def looking() -> Moment | None:
    """The moment looked back to, None in the present."""
    return _looking.get()


@contextmanager
def looking_back(moment: Moment, *, by: Any) -> Iterator[Moment]:
    """Show the register as it stood; an office goes on seeing what it may see today, and nothing it no longer may."""
    own = None if by.is_system or by.is_government_wide else list(_present(by).values_list("pk", flat=True))
    moment = Moment(moment.at, moment.asked, own)
    token = _looking.set(moment)
    try:
        with as_of(moment.at, shadows()):
            yield moment
    finally:
        _looking.reset(token)


def day_shown(zone: tzinfo) -> date:
    """Today, or the day looked back to, on the calendar of `zone`."""
    moment = looking()
    return moment.at.astimezone(zone).date() if moment else clock.today(zone)


def lasting(lines: Iterator[Any]) -> Iterator[Any]:
    """A stream that goes on reading the moment looked back to after the view has answered."""
    moment = looking()
    return lines if moment is None else _again(lines, moment)


def visible(by: Any) -> QuerySet:
    """The applications this person may see, now or at the moment looked back to."""
    moment = looking()
    if moment is None or moment.own is None:
        return Application.objects.visible_to(by)
    begun = Q(status=Application.Status.DRAFT) & ~Q(owner__in=by.organization_ids)
    return Application.objects.filter(pk__in=moment.own).exclude(begun)


def _again(lines: Iterator[Any], moment: Moment) -> Iterator[Any]:
    with as_of(moment.at, shadows()):
        yield from lines


def shadows() -> list[Shadow]:
    """What stands in for each table of the register; names of offices are those of the day."""
    return [remembered(Organization, before_first=True), unknown(Standing), unknown(Sunset), *_own_shadows()]


def _own_shadows() -> Iterator[Shadow]:
    for model in apps.get_app_config("inventory").get_models():
        if hasattr(model, "history"):
            yield remembered(model)
        elif issubclass(model, ImmutableModel) and hasattr(model, "WRITTEN_AT"):
            yield written_once(model, model.WRITTEN_AT)


def _present(by: Any) -> QuerySet[Application]:
    return Application.objects.visible_to(by)


def _instant(asked: str, zone: tzinfo) -> datetime | None:
    day = parse_date(asked)
    if day:
        return datetime.combine(day, time.max, tzinfo=zone)
    instant = parse_datetime(asked)
    return instant.replace(tzinfo=instant.tzinfo or zone) if instant else None
