"""What never changes is answered at the door of the server, the same to the byte, and nothing else is."""

import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.db.engine import Database
from app.immutable import FOR_GOOD, Immutable
from app.main import create_app
from app.settings import Settings
from tests.support.browser import Served, serving
from tests.support.published import Lived

PDF = "/peps/editions/2025-05.pdf"
TAG = b'"0123abc"'
HEADERS = [(b"etag", TAG), (b"cache-control", FOR_GOOD), (b"content-length", b"4"), (b"content-type", b"text/plain")]
PLAIN = b"GET /a HTTP/1.1\r\nHost: here\r\n"


@pytest.fixture(scope="module")
def served_editions(twice_published: Lived, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("door")
    shutil.copytree(twice_published.folder, folder, dirs_exist_ok=True)
    with serving(folder) as one:
        yield one


class Line:
    """A connection on which bytes are written and whole answers read."""

    def __init__(self, served: Served) -> None:
        at = urlsplit(served.address)
        self._socket = socket.create_connection((at.hostname, at.port), timeout=30)
        self._read = self._socket.makefile("rb")

    def ask(self, path: str, *headers: str, method: str = "GET") -> None:
        lines = (f"{method} {path} HTTP/1.1", "Host: testserver", *headers, "", "")
        self._socket.sendall("\r\n".join(lines).encode())

    def answer(self, *, body: bool = True) -> tuple[int, dict[str, str], bytes]:
        status = int(self._read.readline().split()[1])
        headers = {}
        while line := self._read.readline().strip():
            name, _, value = line.decode().partition(": ")
            headers[name.lower()] = value
        length = int(headers.get("content-length", 0)) if body and status != 304 else 0
        return status, headers, self._read.read(length)

    def close(self) -> None:
        self._read.close()
        self._socket.close()


@pytest.fixture
def line(served_editions: Served) -> Iterator[Line]:
    one = Line(served_editions)
    yield one
    one.close()


def asked(line: Line, path: str, *headers: str) -> tuple[int, dict[str, str], bytes]:
    line.ask(path, *headers)
    return line.answer()


def without_its_own(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in ("date", "x-request-id")}


def test_a_pdf_is_the_same_from_the_application_and_at_the_door(line: Line) -> None:
    # With a query nothing is kept, and nothing answered at the door.
    status, told, file = asked(line, f"{PDF}?")
    assert (status, file[:5]) == (200, b"%PDF-")
    for _ in range(3):
        again = asked(line, PDF)
        assert again[0] == 200
        assert without_its_own(again[1]) == without_its_own(told)
        assert again[2] == file
    same = asked(line, f"{PDF}?", f"If-None-Match: {told['etag']}")
    at_door = asked(line, PDF, f"If-None-Match: W/{told['etag']}")
    assert (same[0], at_door[0]) == (304, 304)
    assert {*same[1]} - {*at_door[1]} <= {"content-disposition", "x-request-id"}
    assert at_door[1]["etag"] == told["etag"]
    assert asked(line, PDF, 'If-None-Match: "another"')[0] == 200


def test_on_one_connection_the_door_and_the_application_answer_in_the_order_of_the_questions(line: Line) -> None:
    asked(line, PDF)
    for path in (PDF, "/healthz", PDF, "/peps/editions/2025-05", PDF):
        line.ask(path)
    kinds = [line.answer()[1]["content-type"].partition(";")[0] for _ in range(5)]
    assert kinds == ["application/pdf", "text/plain", "application/pdf", "text/html", "application/pdf"]
    line.ask(PDF, method="HEAD")
    status, told, _ = line.answer(body=False)
    assert (status, told["content-type"]) == (200, "application/pdf")


def test_what_is_not_published_is_never_answered_at_the_door(line: Line) -> None:
    for path in ("/peps/compare/2025-05...1.pdf", "/peps", "/peps/editions/2099-01.pdf"):
        first, second = asked(line, path), asked(line, path)
        assert first[0] == second[0]
        assert "immutable" not in second[1]["cache-control"]


def kept(now: list[float]) -> Immutable:
    made = Immutable(lambda: now[0])
    made.keep(b"/a", HEADERS, b"word")
    return made


def test_a_plain_request_is_answered_and_a_minute_later_the_application_is_asked_again() -> None:
    now = [0.0]
    answers = kept(now)
    found = answers.answer(PLAIN + b"Accept: */*\r\nConnection: Keep-Alive\r\n\r\n", [(b"date", b"today")])
    assert found is not None
    assert found.startswith(b"HTTP/1.1 200 OK\r\ndate: today\r\n")
    assert found.endswith(b"\r\n\r\nword")
    unchanged = answers.answer(PLAIN + b"If-None-Match: " + TAG + b"\r\n\r\n", [(b"date", b"tomorrow")])
    assert unchanged is not None
    assert re.match(rb"HTTP/1\.1 304 Not Modified\r\ndate: tomorrow\r\n", unchanged)
    assert b"content-length" not in unchanged
    assert unchanged.endswith(b"\r\n\r\n")
    now[0] = 61.0
    assert answers.answer(PLAIN + b"\r\n", []) is None


@pytest.mark.parametrize(
    "request_bytes",
    [
        PLAIN,
        PLAIN + b"Content-Length: 3\r\n\r\n",
        PLAIN + b"Transfer-Encoding: chunked\r\n\r\n",
        PLAIN + b"Connection: close\r\n\r\n",
        PLAIN + b"Connection : keep-alive\r\n\r\n",
        PLAIN + b"Host: there\r\n\r\n",
        PLAIN + b"Range: bytes=0-1\r\n\r\n",
        PLAIN + b"Expect: 100-continue\r\n\r\n",
        PLAIN + b'If-None-Match: "a", "b"\r\n\r\n',
        PLAIN + b" folded: x\r\n\r\n",
        PLAIN + b"X: a\x00b\r\n\r\n",
        PLAIN + b"\r\n" + PLAIN + b"\r\n",
        PLAIN.replace(b"\r\n", b"\n") + b"\n",
        b"GET /a HTTP/1.1\r\n\r\n",
        b"GET /a HTTP/1.0\r\nHost: here\r\n\r\n",
        b"HEAD /a HTTP/1.1\r\nHost: here\r\n\r\n",
        b"GET /a? HTTP/1.1\r\nHost: here\r\n\r\n",
        b"GET http://here/a HTTP/1.1\r\nHost: here\r\n\r\n",
    ],
)
def test_what_is_not_one_whole_plain_request_is_left_to_the_server(request_bytes: bytes) -> None:
    assert kept([0.0]).answer(request_bytes, []) is None


@pytest.mark.parametrize(
    "headers",
    [
        [(b"etag", TAG), (b"cache-control", b"private, no-cache")],
        [(b"cache-control", FOR_GOOD)],
        [*HEADERS, (b"set-cookie", b"a=b")],
        [*HEADERS, (b"vary", b"accept-encoding")],
        [*HEADERS, (b"etag", b'"other"')],
    ],
)
def test_only_what_is_for_everybody_and_for_good_is_kept(headers: list[tuple[bytes, bytes]]) -> None:
    answers = Immutable()
    answers.keep(b"/b", headers, b"word")
    assert answers.answer(b"GET /b HTTP/1.1\r\nHost: here\r\n\r\n", []) is None


def test_no_more_is_kept_than_there_is_room_for() -> None:
    answers = Immutable()
    for n in range(12):
        answers.keep(f"/{n}".encode(), HEADERS, bytes(7_000_000))
    held = [n for n in range(12) if answers.answer(f"GET /{n} HTTP/1.1\r\nHost: here\r\n\r\n".encode(), [])]
    assert held == [*range(3, 12)]


def test_where_each_request_is_logged_none_is_answered_at_the_door(sqlite_template: Path, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{sqlite_template}")
    assert create_app(Settings(data_dir=tmp_path), database).state.kept is not None
    assert create_app(Settings(data_dir=tmp_path, log_level="info"), database).state.kept is None
    database.close()
