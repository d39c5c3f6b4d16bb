"""Log lines as JSON without secrets."""

import json
import logging
import re
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
_SECRET = re.compile(r"(?i)(password|secret|token|authorization|cookie)([\"'=:\s]+)([^\s\"'&,;]+)")
_NIP = re.compile(r"\b(\d{4})\d{10}(\d{4})\b")
_MAIL = re.compile(r"\b([\w.+-])[\w.+-]*(@[\w.-]+\.\w+)")
_FEED = re.compile(r"(/kalender/)[\w-]{20,}")


def masked(text: str) -> str:
    """`text` with secrets removed and personal numbers and addresses shortened."""
    text = _FEED.sub(r"\1***", _SECRET.sub(r"\1\2***", text))
    return _MAIL.sub(r"\1***\2", _NIP.sub(r"\1…\2", text))


class JsonFormatter(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
            "request_id": request_id.get(),
        }
        if record.exc_info:
            line["traceback"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
