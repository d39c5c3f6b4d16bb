"""From the words of real lists to the register's values. Pure; a word it does not know raises Unreadable."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

UNKNOWN = ("", "-", "–", "n/a", "tidak ada")
FIRST_YEAR, LAST_YEAR = 1980, 2100

OWNERSHIP = {"lokal": "local", "daerah": "local", "milik daerah": "local", "pusat": "central", "milik pusat": "central"}
RAA_CLASS = {"umum": "general", "khusus": "specific"}
STAGE = {
    "aktif": "operation", "beroperasi": "operation", "tidak aktif": "suspended", "nonaktif": "suspended",
    "dihentikan sementara": "suspended", "direncanakan": "planned", "dikembangkan": "development",
}  # fmt: skip
PLATFORM = {
    "website": "web", "web": "web", "mobile": "mobile", "ponsel": "mobile", "android": "mobile", "dekstop": "desktop",
    "desktop": "desktop", "cloud": "cloud", "komputasi awan": "cloud", "lainnya": "other",
}  # fmt: skip
SERVICE_KIND = {
    "pelayanan publik": "public_service",
    "publik": "public_service",
    "administrasi pemerintahan": "administration",
}


@dataclass
class Unreadable(Exception):
    """A cell that cannot be understood, with what the person should write instead."""

    remedy: str


def key_of(text: str) -> str:
    """The form in which names are compared: lower case, words only, one blank between."""
    return " ".join(re.findall(r"\w+", text.lower()))


def choice(text: str, words: dict[str, str]) -> str:
    """The register's value for a word of the list; "" when the cell says nothing."""
    word = text.strip().lower()
    if word in UNKNOWN:
        return ""
    if word not in words:
        raise Unreadable(
            _("“%(word)s” tidak dikenal. Tulis salah satu: %(words)s.") % {"word": text, "words": ", ".join(words)}
        )
    return words[word]


def several(text: str, words: dict[str, str]) -> list[str]:
    """As `choice`, for cells with several values parted by comma, semicolon or slash."""
    found = [choice(part, words) for part in re.split(r"[,;/]", text)]
    return list(dict.fromkeys(value for value in found if value))


def year(text: str) -> int | None:
    """A year of four digits; None when the cell says it is unknown."""
    if text.lower() in UNKNOWN:
        return None
    if not re.fullmatch(r"\d{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
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
    if " " in url or not re.fullmatch(r"[\w.-]+", host) or not (host == "localhost" or "." in host.strip(".")):
        raise Unreadable(
            _("“%(text)s” bukan alamat yang dapat dibuka. Tulis seperti https://contoh.go.id.") % {"text": text}
        )
    return url, "internal" if is_internal(host) else "public"


def is_internal(host: str) -> bool:
    """Whether the host is of an inner network: no public reader could open it."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".local", ".lan", ".internal"))
