"""Names and purposes brought to the words that tell applications apart; the same for the column and for what is typed."""

from typing import Any

from django.db.models import CharField, Func, TextField, Value
from django.db.models.functions import Coalesce, Concat, Left, Lower, NullIf, Trim

# Words that most names of a register share: they make everything look alike.
GENERIC = (
    "aplikasi", "sistem", "informasi", "manajemen", "layanan", "pelayanan", "berbasis", "web", "website", "online",
    "daring", "elektronik", "digital", "terpadu", "terintegrasi", "portal", "mobile", "android", "versi", "e", "si",
    "dan", "untuk", "pada", "di", "dari", "yang", "kota", "kabupaten", "provinsi", "pemerintah", "daerah", "dinas", "badan",
)  # fmt: skip
DOING = (
    "mencatat", "mengolah", "menyajikan", "mengelola", "pengelolaan", "melakukan", "menampilkan", "memberikan", "membantu",
    "pencatatan", "pengolahan", "penyajian", "data", "secara", "dengan", "oleh",
)  # fmt: skip
PURPOSE_LENGTH = 400


def key_of(text: Any) -> Trim:
    """Lower case, letters and digits only, one blank between words."""
    return Trim(Lower(_replaced(text, r"[^[:alnum:]]+")))


class Without(Func):
    """A text in lower case without these words: letters and digits only, one blank between what is left.

    Each word stands between two blanks of its own when it is taken out: over a long list that costs a quarter of what a
    pattern of all of them costs. A low line belongs to the word it touches.
    """

    def __init__(self, text: Any, *words: str, **extra: Any) -> None:
        self.words = words
        super().__init__(text, output_field=TextField(), **extra)

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:
        text, params = compiler.compile(self.get_source_expressions()[0])
        said, given = f"' ' || regexp_replace(lower({text}), '[^[:alnum:]_]+', '  ', 'g') || ' '", list(params)
        for word in self.words:
            said, given = f"replace({said}, %s, '')", [*given, f" {word} "]
        return f"TRIM(BOTH FROM regexp_replace({said}, '[ _]+', ' ', 'g'))", given


def core_of(name: Any) -> Coalesce:
    """The key of a name without the words most names share; the whole name when nothing else is in it."""
    return Coalesce(NullIf(Without(name, *GENERIC), Value("")), Lower(name), output_field=CharField())


def purpose_of(functions: Any, services: Any) -> Left:
    """The words that say what an application is for, from its functions and services."""
    said = Concat(functions, Value(" "), services, output_field=TextField())
    return Left(Without(said, *GENERIC, *DOING), PURPOSE_LENGTH)


def _replaced(text: Any, pattern: str, **kind: Any) -> Func:
    return Func(text, Value(pattern), Value(" "), Value("g"), function="regexp_replace", **kind)
