"""Bring `locale/en` up to the source: new messages in, dead ones out, translations from JSON files merged, .mo compiled.

Usage: python tools/locale_update.py [translations.json …]; each file maps an Indonesian message to its English one (a list
of two for plural forms). Without a file it lists what still lacks a translation.
"""

import json
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings

from locale_check import CATALOGUE, PROJECT, messages_of, sources


def wanted() -> Catalog:
    """Every message of the source with the files it stands in."""
    catalogue = Catalog(locale="en", project="Portofolio SPBE", charset="utf-8")
    for path in sources():
        for _line, message, context in messages_of(path):
            if (message[0] if isinstance(message, tuple) else message) != "":
                catalogue.add(message, locations=[(str(path.relative_to(PROJECT)), None)], context=context)
    return catalogue


def translated(files: list[str]) -> dict[str, object]:
    """Translations known so far, the given files over the catalogue."""
    known: dict[str, object] = {}
    if CATALOGUE.exists():
        with CATALOGUE.open("rb") as file:
            for message in read_po(file, locale="en"):
                key = message.id[0] if isinstance(message.id, tuple) else message.id
                said = message.string if isinstance(message.string, str) else all(message.string)
                if key and said and not message.fuzzy:
                    known[key] = message.string
    for name in files:
        known.update(json.loads(Path(name).read_text(encoding="utf-8")))
    return known


def write(catalogue: Catalog) -> None:
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=0, sort_output=True, omit_header=False)
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def main() -> int:
    settings.configure()  # the lexer of templates reads its defaults, nothing of this project
    known, catalogue, lacking = translated(sys.argv[1:]), wanted(), []
    for message in catalogue:
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        if not key:
            continue
        text = known.get(key)
        if text is None:
            lacking.append(key)
        elif isinstance(message.id, tuple):
            message.string = tuple(text) if isinstance(text, list | tuple) else (text, text)
        else:
            message.string = text if isinstance(text, str) else text[0]
    write(catalogue)
    print(json.dumps(lacking, ensure_ascii=False, indent=0))
    return 0


if __name__ == "__main__":
    sys.exit(main())
