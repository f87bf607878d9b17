"""Answers that never change and are for everybody, such as the PDF of a published edition, kept to be given at once.

Whoever asks for one again does not reach the application: no session, no database, no thread. What may be kept, the
answer itself says, in its Cache-Control. It is kept for a minute and then asked for again, so that a database that was
exchanged behind a running server is not served for long.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Header = tuple[bytes, bytes]

FOR_GOOD = b"public, max-age=31536000, immutable"
_KEPT_FOR = 60.0
_LARGEST, _MOST = 8_000_000, 64_000_000
_BODY_ONLY = frozenset({b"content-type", b"content-length", b"content-disposition"})

# One whole request, as strictly as RFC 9112 has it. What is written in another way is read by the server, as always.
_REQUEST = re.compile(rb"GET (/[!-~]*) HTTP/1\.1\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~]*\r\n)+)\r\n")
# What would have to be looked at, and what says that a request goes on.
_NOT_PLAIN = frozenset(
    {b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"range", b"if-range", b"if-match"}
)
_ONE_TAG = re.compile(rb'(?:W/)?("[!#-~]*")')


class Answer:
    """One answer as it goes over the wire, whole and as "not modified", under the headers the server adds to each."""

    def __init__(self, headers: Sequence[Header], body: bytes, tag: bytes, until: float) -> None:
        self.tag, self.until, self.size = tag, until, len(body)
        self._whole = b"".join(b"%b: %b\r\n" % pair for pair in headers) + b"\r\n" + body
        self._unchanged = b"".join(b"%b: %b\r\n" % pair for pair in headers if pair[0] not in _BODY_ONLY) + b"\r\n"
        self._added: Sequence[Header] | None = None
        self._made = (b"", b"")

    def written(self, added: Sequence[Header], *, unchanged: bool) -> bytes:
        """The bytes of it. ``added`` is the same list until the server's clock moves on."""
        if added is not self._added:
            front = b"".join(b"%b: %b\r\n" % pair for pair in added)
            self._made = (
                b"HTTP/1.1 200 OK\r\n" + front + self._whole,
                b"HTTP/1.1 304 Not Modified\r\n" + front + self._unchanged,
            )
            self._added = added
        return self._made[unchanged]


class Immutable:
    """The answers that are kept, by what was asked for, those asked for last; at most 64 MB of them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()
        self._size = 0

    def keep(self, target: bytes, headers: Sequence[Header], body: bytes) -> None:
        """Keep an answer, if it says that it may be kept."""
        told = dict(headers)
        tag = told.get(b"etag", b"")
        fit = told.get(b"cache-control") == FOR_GOOD and len(told) == len(headers) and len(body) <= _LARGEST
        if not fit or not _ONE_TAG.fullmatch(tag) or b"vary" in told or b"set-cookie" in told:
            return
        self._drop(target)
        self._answers[target] = Answer(headers, body, tag, self._clock() + _KEPT_FOR)
        self._size += len(body)
        while self._size > _MOST:
            self._drop(next(iter(self._answers)))

    def answer(self, request: bytes, added: Sequence[Header]) -> bytes | None:
        """What to answer to the bytes of one whole request; None if the application has to be asked."""
        read = _REQUEST.fullmatch(request)
        found = None if read is None else self._answers.get(read[1])
        if read is None or found is None:
            return None
        headers = _read(read[2])
        if headers is None:
            return None
        if found.until < self._clock():
            self._drop(read[1])
            return None
        self._answers.move_to_end(read[1])
        condition = headers.get(b"if-none-match")
        if condition is None:
            return found.written(added, unchanged=False)
        one = _ONE_TAG.fullmatch(condition)
        # Lists of tags are rare, and left to the application.
        return None if one is None else found.written(added, unchanged=one[1] == found.tag)

    def _drop(self, target: bytes) -> None:
        dropped = self._answers.pop(target, None)
        if dropped is not None:
            self._size -= dropped.size


def _read(lines: bytes) -> dict[bytes, bytes] | None:
    """The headers of a plain request by their names; None if it is not as plain as that."""
    headers: dict[bytes, bytes] = {}
    for line in lines.split(b"\r\n")[:-1]:
        name, _, value = line.partition(b":")
        name = name.lower()
        if name in headers or name in _NOT_PLAIN:
            return None
        headers[name] = value.strip(b" \t")
    stays = headers.get(b"connection", b"keep-alive").lower() == b"keep-alive"
    host = headers.get(b"host", b"")
    return headers if stays and host and b" " not in host and b"\t" not in host else None


class Keeping:
    """Middleware: looks at what leaves, and has the answers kept that never change."""

    def __init__(self, app: ASGIApp, kept: Immutable) -> None:
        self.app = app
        self._kept = kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
            await self.app(scope, receive, send)
            return
        headers: list[Header] | None = None

        async def passing(message: Message) -> None:
            nonlocal headers
            if message["type"] == "http.response.start":
                # A copy: what is added further out, such as the number of a request, is of this answer alone.
                headers = list(message["headers"]) if message["status"] == 200 else None
            elif headers is not None and message["type"] == "http.response.body":
                if not message.get("more_body", False):
                    self._kept.keep(scope["raw_path"], headers, message.get("body", b""))
                headers = None
            await send(message)

        await self.app(scope, receive, passing)
