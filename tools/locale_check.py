"""`locale/en` is complete: every message of the source has an English translation, with the same placeholders.

Messages are collected in Python (Babel, and Django's own template lexer), so no gettext tools are needed.
"""

import io
import re
import sys
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import templatize

PROJECT = Path(__file__).resolve().parent.parent
CATALOGUE = PROJECT / "locale" / "en" / "LC_MESSAGES" / "django.po"
_CONTEXT = (1, "c")
KEYWORDS = dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"])
KEYWORDS |= dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2))
KEYWORDS |= dict.fromkeys(["pgettext", "pgettext_lazy"], (_CONTEXT, 2))
KEYWORDS |= dict.fromkeys(["npgettext", "npgettext_lazy"], (_CONTEXT, 2, 3))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def messages_of(path: Path):
    text = path.read_text()
    if path.suffix in {".html", ".txt"}:
        # The rest of a template becomes filling whose indentation means nothing.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    for line, message, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
        yield line, message, context


def sources() -> list[Path]:
    roots = [*(PROJECT / "apps").rglob("*.py"), *(PROJECT / "spbe_portfolio").rglob("*.py")]
    return sorted([*roots, *(PROJECT / "templates").rglob("*.html"), *(PROJECT / "templates").rglob("*.txt")])


def problem(catalogue, message, context) -> str | None:
    """What is wrong with the translation of one message, or nothing."""
    singular = message[0] if isinstance(message, tuple) else message
    if not singular:
        return None
    entry = catalogue.get(singular, context)
    translations = [entry.string] if entry and isinstance(entry.string, str) else list(entry.string if entry else [])
    if not entry or entry.fuzzy or not translations or not all(translations):
        return f"belum diterjemahkan: {singular!r}"
    wanted = set(PLACEHOLDER.findall(message[-1] if isinstance(message, tuple) else message))
    if isinstance(message, str) and any(set(PLACEHOLDER.findall(text)) != wanted for text in translations):
        return f"tempat isian berbeda: {singular!r}"
    return None


def missing() -> list[str]:
    if not CATALOGUE.exists():
        return [f"{CATALOGUE.relative_to(PROJECT)} tidak ada"]
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    found = {}
    for path in sources():
        for line, message, context in messages_of(path):
            what = problem(catalogue, message, context)
            if what:
                found.setdefault(what, f"{path.relative_to(PROJECT)}:{line}")
    return [f"{place}: {what}" for what, place in found.items()] + stale(catalogue)


def stale(catalogue) -> list[str]:
    """The compiled file is what pages read: it must say what the catalogue says."""
    fresh = io.BytesIO()
    write_mo(fresh, catalogue)
    compiled = CATALOGUE.with_suffix(".mo")
    if compiled.exists() and compiled.read_bytes() == fresh.getvalue():
        return []
    return [f"{compiled.relative_to(PROJECT)} bukan dari django.po: jalankan tools/locale_update.py"]


def main() -> int:
    settings.configure()  # the lexer of templates reads its defaults, nothing of this project
    lines = missing()
    print("\n".join(lines[:40]))
    if lines:
        print(f"{len(lines)} pesan tanpa terjemahan Inggris yang benar")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
