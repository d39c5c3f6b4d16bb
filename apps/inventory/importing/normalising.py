"""From the words of real lists to the register's values, as JSON holds them. Pure; a word it does not know raises Unreadable."""

import ipaddress
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

UNKNOWN = ("", "-", "–", "n/a", "tidak ada")
FIRST_YEAR, LAST_YEAR = 1980, 2100
LONGEST_ADDRESS = 500

# Words of real lists beside the register's own (labels in every language of the product, and the values themselves).
WORDS = {
    "ownership": {"lokal": "local", "daerah": "local", "pusat": "central"},
    "stage": {
        "aktif": "operation", "tidak aktif": "suspended", "nonaktif": "suspended",
    },
    "platforms": {
        "website": "web", "android": "mobile", "mobile": "mobile", "dekstop": "desktop", "lainnya": "other",
    },
    "service_kind": {"publik": "public_service"},
}  # fmt: skip
MONTHS = {str(number): number for number in range(1, 13)}


@dataclass
class Unreadable(Exception):
    """A cell that cannot be understood, with what the person should write instead."""

    remedy: str


@lru_cache(maxsize=4096)
def key_of(text: str) -> str:
    """The form in which names are compared: lower case, words only, one blank between."""
    return " ".join(re.findall(r"\w+", text.lower()))


def words_of(name: str, choices: list[tuple[Any, Any]]) -> dict[str, Any]:
    """Every word a cell of this attribute may hold, in lower case, with the value it means."""
    said: dict[str, Any] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said |= {str(label).lower(): value for value, label in choices}
    return said | {str(value).lower(): value for value, _label in choices if value} | WORDS.get(name, {})


def choice(text: str, words: dict[str, Any]) -> Any:
    """The register's value for a word of the list; "" when the cell says nothing."""
    word = text.strip().lower()
    if word in words:
        return words[word]
    if word in UNKNOWN:
        return ""
    known: dict[Any, str] = {}
    for said, value in words.items():
        known.setdefault(value, said)
    raise Unreadable(
        _("“%(word)s” tidak dikenal. Tulis salah satu: %(words)s.") % {"word": text, "words": ", ".join(known.values())}
    )


def several(text: str, words: dict[str, Any]) -> list[Any]:
    """As `choice`, for cells with several values parted by comma, semicolon or slash."""
    found = [choice(part, words) for part in parted(text, r"[,;/\n]")]
    return list(dict.fromkeys(value for value in found if value))


def parted(text: str, by: str = r"[,;\n]") -> list[str]:
    """The parts of a cell with several values, each once."""
    parts = (" ".join(part.split()) for part in re.split(by, text))
    return list(dict.fromkeys(part for part in parts if part.lower() not in UNKNOWN))


def lines(text: str) -> str:
    """A text of several lines, without the blanks that lists collect around and inside."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()


def day(text: str) -> str | None:
    """A day as 2026-01-31; also read as 31/01/2026 and 31-01-2026."""
    if text.lower() in UNKNOWN:
        return None
    for shape in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, shape).date().isoformat()
        except ValueError:
            continue
    raise Unreadable(_("“%(text)s” bukan tanggal. Tulis seperti 2026-01-31, atau kosongkan.") % {"text": text})


def number(text: str) -> int | float | None:
    """A number, written with a comma or a point."""
    if text.lower() in UNKNOWN:
        return None
    said = text.replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", said):
        raise Unreadable(_("“%(text)s” bukan angka. Tulis seperti 12 atau 12,5.") % {"text": text})
    return int(said) if float(said).is_integer() and "." not in said else float(said)


def rupiah(text: str) -> int | None:
    """Whole rupiah, written with or without Rp and dots; a trailing ,00 is read over."""
    if text.lower() in UNKNOWN:
        return None
    digits = re.sub(r"(?i)^rp\.?\s*", "", text).removesuffix(",00").replace(".", "").replace(" ", "")
    if not re.fullmatch(r"[0-9]{1,15}", digits):
        raise Unreadable(_("“%(text)s” bukan jumlah rupiah. Tulis angka saja seperti 64200000.") % {"text": text})
    return int(digits)


def year(text: str) -> int | None:
    """A year of four digits; None when the cell says it is unknown."""
    if text.lower() in UNKNOWN:
        return None
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise Unreadable(_("“%(text)s” bukan tahun. Tulis empat angka seperti 2019, atau kosongkan.") % {"text": text})
    return int(text)


def address(text: str) -> tuple[str, str] | None:
    """(url, kind) of a written address, scheme added where it lacks; None when there is none."""
    if text.lower() in UNKNOWN:
        return None
    url = text if re.match(r"(?i)https?://", text) else f"http://{text}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        parts.port  # noqa: B018  reading it checks it
    except ValueError:
        host = ""
    if (
        re.search(r"\s", url)
        or len(url) > LONGEST_ADDRESS
        or not re.fullmatch(r"[\w.-]+", host)
        or not (host == "localhost" or "." in host.strip("."))
    ):
        raise Unreadable(
            _("“%(text)s” bukan alamat yang dapat dibuka. Tulis seperti https://contoh.go.id.") % {"text": text}
        )
    return url, "internal" if is_internal(host) else "public"


def is_internal(host: str) -> bool:
    """Whether the host is of an inner network: no public reader could open it."""
    if ":" in host or host[-1:].isdigit():
        with suppress(ValueError):
            return not ipaddress.ip_address(host).is_global
    return host == "localhost" or host.endswith((".local", ".lan", ".internal"))
