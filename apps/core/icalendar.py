"""Days and hours of a calendar as iCalendar text (RFC 5545): folded lines, escaped words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

PRODUCT = "-//Portofolio SPBE//Tenggat//ID"
LINE_OCTETS = 75


@dataclass(frozen=True)
class Entry:
    """One day to keep in mind, or the hour something begins; `uid` stays the same when it moves, so that calendars follow."""

    uid: str
    day: date
    summary: str
    description: str = ""
    url: str = ""
    starts_at: datetime | None = None
    place: str = ""
    sequence: int = 0
    cancelled: bool = False


def calendar(name: str, entries: Iterable[Entry], stamp: datetime) -> str:
    """The whole file; `stamp` is when it was made."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
            f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H"]  # fmt: skip
    lines = [*head, *(line for entry in entries for line in _event(entry, stamp)), "END:VCALENDAR"]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    """Backslash, semicolon, comma and new line as RFC 5545 §3.3.11 writes them; other control characters go."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n"), ("\r", "\n"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return "".join(sign for sign in text if sign == "\t" or ord(sign) >= 32 and ord(sign) != 127)


def folded(line: str) -> str:
    """Lines of at most 75 octets; a continuation begins with a space and no character is cut (§3.1)."""
    parts, part, size = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > LINE_OCTETS:
            parts.append(part)
            part, size = "", 1
        part, size = part + sign, size + octets
    return "\r\n ".join([*parts, part])


def _event(entry: Entry, stamp: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(entry.uid)}",
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        *_when(entry),
        f"SUMMARY:{escaped(entry.summary)}",
    ]
    lines += [f"SEQUENCE:{entry.sequence}"] if entry.sequence else []
    lines += ["STATUS:CANCELLED"] if entry.cancelled else []
    lines += [f"LOCATION:{escaped(entry.place)}"] if entry.place else []
    lines += [f"DESCRIPTION:{escaped(entry.description)}"] if entry.description else []
    lines += [f"URL:{entry.url}"] if entry.url else []
    return [*lines, "END:VEVENT"]


def _when(entry: Entry) -> list[str]:
    """A whole day takes nobody's time; an hour does, and its end is open."""
    if entry.starts_at:
        return [f"DTSTART:{entry.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"]
    return [
        f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}",
        "TRANSP:TRANSPARENT",
    ]
