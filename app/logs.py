"""Logs: in plain lines or as JSON, each with the number of its request, and never with a secret or a mail address.

Everything that is logged, by us or by a library, tracebacks too, goes through `scrubbed` on its way out.
"""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

LEVELS = {"error": logging.ERROR, "warning": logging.WARNING, "info": logging.INFO, "debug": logging.DEBUG}
FORMATS = ("plain", "json")

request_number: ContextVar[str] = ContextVar("request_number", default="")
"""What the request that is being answered is called in logs; "" outside of requests."""

_OURS = ("engross", "app")

# What hides what. Hashes in hexadecimal stay: nothing can be done with them, and they say which text or file it was.
_RULES = [
    # What PostgreSQL says of a row it refuses: the row, with all its words.
    (re.compile(r"DETAIL:.*?(?=\n\[SQL|\nCONTEXT|\n\(Background|\nThe above|\n\nDuring|\Z)", re.DOTALL), "DETAIL: …"),
    (re.compile(r"(://)[^\s/@]+@"), r"\1…@"),
    (re.compile(r"(/(?:sign-in|invitations|unsubscribe)/)[^\s/?\"'<>]+"), r"\1…"),
    (re.compile(r"\?[\w.~%-]+=[^\s\"'<>]*"), "?…"),
    (
        re.compile(
            r"\b(engross_(?:session|device|login)|\w*password|\w*secret|\w*token|code|state)=[^\s;&,)]+", re.IGNORECASE
        ),
        r"\1=…",
    ),
    (re.compile(r"\b(Bearer|Basic)\s+\S+", re.IGNORECASE), r"\1 …"),
    (re.compile(r"\bengross_[\w-]{20,}"), "engross_…"),
    (re.compile(r"(?<![\w-])(?![0-9a-f]+(?![\w-]))(?=[a-z_-]*[A-Z0-9])[\w-]{40,}(?![\w-])"), "…"),
    (re.compile(r"[\w.+%!#$&'*/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)*"), "…@…"),
]


def scrubbed(text: str) -> str:
    """The same without what nobody should find in a log: links that let in, tokens, passwords, queries, addresses."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text


class _Plain(logging.Formatter):
    """One line for each happening; a traceback stands below it, indented."""

    def format(self, record: logging.LogRecord) -> str:
        number = request_number.get()
        # One happening is one line, whatever signs somebody put into an address.
        words = "".join(sign if sign.isprintable() else " " for sign in scrubbed(record.getMessage()))
        line = f"{_at(record)} {record.levelname:<7} {f'[{number}] ' if number else ''}{words}"
        return line + "".join(f"\n    {one}" for one in _trace(self, record).splitlines())


class _Json(logging.Formatter):
    """One JSON object on a line for each happening."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": _at(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "words": scrubbed(record.getMessage()),
        }
        if number := request_number.get():
            told["request"] = number
        told |= {name: _value(value) for name, value in getattr(record, "fields", {}).items()}
        if trace := _trace(self, record):
            told["trace"] = trace
        return json.dumps(told, ensure_ascii=False)


class _WayOut(logging.Handler):
    """To stderr, wherever that leads at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:
            self.handleError(record)


def configure(*, level: str, format: str) -> None:
    """Let everything that is logged from now on go to stderr by this way alone: ours from ``level`` on.

    Of libraries only warnings are told: what they say below that is about bytes and statements.
    """
    way = _WayOut()
    way.setFormatter(_Json() if format == "json" else _Plain())
    root = logging.getLogger()
    root.handlers[:] = [one for one in root.handlers if not isinstance(one, _WayOut)] + [way]
    root.setLevel(logging.WARNING)
    for name in _OURS:
        ours = logging.getLogger(name)
        ours.setLevel(LEVELS[level])
        # Some libraries silence all others' loggers when they set up their own.
        ours.disabled = False


def _at(record: logging.LogRecord) -> str:
    return f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    # Never with the values of variables: among them are drafts and secrets.
    return scrubbed(formatter.formatException(record.exc_info)) if record.exc_info else ""


def _value(value: object) -> object:
    return value if isinstance(value, int | float | None) else scrubbed(str(value))
