"""What one act says, to whom, and the page it leads to."""

from dataclasses import dataclass

from django.utils.dateparse import parse_date
from django.utils.translation import gettext

from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.core.templatetags.spbe import tanggal

OWNER = ("operator", "agency_head")
LONGEST_TITLE = 80


@dataclass(frozen=True)
class Telling:
    """A sentence and what to do; `office` roles hear it for their own office, `wide` ones for their government.

    `personal` ones are told only to the person the event names.
    """

    subject: object
    text: object
    office: tuple[str, ...] = ()
    wide: tuple[str, ...] = ()
    path: str = ""
    personal: bool = False


def words_of(code: str, details: dict) -> dict[str, str]:
    """What a sentence and a path may name: code, quarter, how many are left and for how long, what ends and when."""
    named = str(details.get("quarter") or details.get("period") or code.rpartition("/")[2])
    try:
        quarter = Quarter.parse(named)
    except RuleViolation:
        return {"code": code, "quarter": "", "period": "", **_counted(details), **_ending(details)}
    named_quarter = {"quarter": quarter.label, "period": str(quarter)}
    return {"code": code, **named_quarter, **_counted(details), **_ending(details)}


def _counted(details: dict) -> dict[str, str]:
    days = details.get("days")
    left = gettext("%(n)s hari lagi") % {"n": days} if days else gettext("hari terakhir")
    return {"left": str(details.get("left", "")), "days": left, "recipients": str(details.get("recipients", ""))}


def _ending(details: dict) -> dict[str, str]:
    until = details.get("until")
    day = tanggal(parse_date(until)) if isinstance(until, str) else ""
    return {"title": str(details.get("title", ""))[:LONGEST_TITLE], "until": day}


def path_of(telling: Telling, words: dict[str, str]) -> str:
    """The page the sentence leads to."""
    return telling.path.format(code=words["code"], quarter=words["period"])


def text_of(telling: Telling, reason: str) -> str:
    """What to do, and the reason that was given."""
    return f"{telling.text} {gettext('Alasan: “%(reason)s”') % {'reason': reason}}" if reason else str(telling.text)
