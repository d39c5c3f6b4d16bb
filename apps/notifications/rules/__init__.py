"""Which act is told to whom, in which words, and when a mail is tried again."""

from apps.notifications.rules import cases, register
from apps.notifications.rules.mail import FIRST_WAIT, LONGEST_WAIT, MAX_ATTEMPTS, wait_after
from apps.notifications.rules.silence import SILENT
from apps.notifications.rules.telling import Telling, path_of, text_of, words_of

__all__ = [
    "FIRST_WAIT",
    "LONGEST_WAIT",
    "MAX_ATTEMPTS",
    "SILENT",
    "TELLINGS",
    "Telling",
    "path_of",
    "text_of",
    "wait_after",
    "words_of",
]

TELLINGS = register.TOLD | cases.TOLD
