"""Plain logs: one happening is one line, whatever somebody put into an address."""

import logging
import re

import pytest

from app import logs
from app.logs import configure, request_number


@pytest.fixture(autouse=True)
def _as_before() -> object:
    """Loggers are left as they were found."""
    loggers = [logging.getLogger(name) for name in ("", "engross", "app")]
    before = [(one, one.level, list(one.handlers)) for one in loggers]
    yield
    for one, level, handlers in before:
        one.setLevel(level)
        one.handlers[:] = handlers


def test_one_happening_is_one_line_and_a_traceback_stands_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    configure(level="info", format="plain")
    configure(level="info", format="plain")
    token = request_number.set("abc-123")
    log = logging.getLogger("engross")
    log.info("GET %s", "/peps\n2026-01-01T00:00:00.000Z ERROR   forged\x1b[31m")
    try:
        raise ValueError("of mara@example.org")
    except ValueError:
        log.exception("it failed")
    logging.getLogger("another.library").info("bytes")
    request_number.reset(token)
    first, second, *trace = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"\S+Z INFO    \[abc-123\] GET /peps 2026-01-01T00:00:00.000Z ERROR   forged \[31m", first)
    assert second.endswith("ERROR   [abc-123] it failed")
    assert all(line.startswith("    ") for line in trace)
    assert trace[-1] == "    ValueError: of …@…"


def test_what_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        def write(self, _words: str) -> None:
            raise OSError

    configure(level="warning", format="json")
    monkeypatch.setattr(logs.sys, "stderr", Closed())
    monkeypatch.setattr(logging, "raiseExceptions", False)
    logging.getLogger("engross").warning("said to nobody")
