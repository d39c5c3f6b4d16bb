"""Bodies as clients send them."""

import io
import re
from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

SUSPICIOUS = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


class JSONParser(parsers.JSONParser):
    """JSON; ParseError (400) for what nests too deeply, and for characters that no text can hold: NUL and half a pair."""

    def parse(self, stream: IO[bytes], *args: Any, **kwargs: Any) -> Any:
        body = stream.read()
        try:
            said = super().parse(io.BytesIO(body), *args, **kwargs)
            unwritable = SUSPICIOUS.search(body) and any(UNWRITABLE.search(text) for text in _texts(said))
        except RecursionError as error:
            raise ParseError(_("Isi bersarang terlalu dalam.")) from error
        if unwritable:
            raise ParseError(_("Isi memuat karakter yang bukan huruf (NUL atau separuh pasangan UTF-16)."))
        return said


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
