"""Which act is told to whom, in which words, and how often a mail is tried."""

from apps.notifications.rules import cases, register
from apps.notifications.rules.silence import SILENT
from apps.notifications.rules.telling import Telling, path_of, text_of, words_of

__all__ = [
    "MAX_ATTEMPTS",
    "SILENT",
    "TELLINGS",
    "Telling",
    "path_of",
    "text_of",
    "words_of",
]

MAX_ATTEMPTS = 8  # of a mail
TELLINGS = register.TOLD | cases.TOLD
