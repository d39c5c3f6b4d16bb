"""Setting a paper from JSON: text reaches the typesetter as data only, and the same input gives the same bytes."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import typst


def typeset(template: Path, content: dict[str, Any], issued_on: date, **pictures: bytes) -> bytes:
    """The PDF of `template` with `content`, dated `issued_on`; its folder's `paper.typ` and `pictures` lie beside it."""
    instant = datetime.combine(issued_on, time(), UTC)
    files = {
        "main.typ": template.read_bytes(),
        "paper.typ": (template.parent / "paper.typ").read_bytes(),
        "content.json": json.dumps(content, ensure_ascii=False).encode(),
        **{name.replace("_", "."): picture for name, picture in pictures.items()},
    }
    return typst.compile(files, format="pdf", timestamp=int(instant.timestamp()), ignore_system_fonts=True)
