"""Answers that travel compressed: built files, and pages for those who are not signed in.

Whoever is signed in gets pages as they are. Such a page holds the secret of its forms, and can hold words that somebody
else put into its address; how well both compress together would let that person guess the secret, letter by letter,
from the length of many answers. Pages of readers hold no secret.
"""

import gzip
from functools import lru_cache

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.security import COOKIE

_TYPES = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml"})
_SHORTEST = 600
_LEVEL = 6
_BUILT = "/static/"


class Compression:
    """Middleware: compresses what is worth it, for those who take it, where no secret is in it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _may_be(scope):
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _Compressor(send, kept=scope["path"].startswith(_BUILT)).send)


def _may_be(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    takes = [one.partition(";") for one in headers.get("accept-encoding", "").lower().split(",")]
    if not any(name.strip() == "gzip" and how.replace(" ", "") not in ("q=0", "q=0.0") for name, _, how in takes):
        return False
    if scope["method"] == "HEAD" or "range" in headers:
        return False
    return str(scope["path"]).startswith(_BUILT) or (
        COOKIE not in cookie_parser(headers.get("cookie", "")) and "authorization" not in headers
    )


class _Compressor:
    """Holds the beginning of an answer back until its body is there; one that comes in pieces goes as it is."""

    def __init__(self, send: Send, *, kept: bool) -> None:
        self._send = send
        self._kept = kept
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        """Pass a part of the answer on."""
        if message["type"] == "http.response.start" and _is_worth_it(Headers(raw=message["headers"])):
            self._start = message
            return
        start, self._start = self._start, None
        if start is not None:
            headers = MutableHeaders(raw=start["headers"])
            headers.add_vary_header("Accept-Encoding")
            body = message.get("body", b"")
            if len(body) >= _SHORTEST and not message.get("more_body", False):
                # What has a tag is kept for all who ask, so it is compressed once.
                kept = self._kept or "etag" in headers
                made = (_compressed if kept else _compressed.__wrapped__)(body)
                headers["content-encoding"] = "gzip"
                headers["content-length"] = str(len(made))
                message = {**message, "body": made}
            await self._send(start)
        await self._send(message)


def _is_worth_it(headers: Headers) -> bool:
    # A strong tag names exact octets, a weak one what stands there.
    exact = not headers.get("etag", "W/").startswith("W/")
    kind = headers.get("content-type", "").partition(";")[0].strip()
    return kind in _TYPES and "content-encoding" not in headers and not exact


@lru_cache(maxsize=96)
def _compressed(body: bytes) -> bytes:
    """Built files, and pages that are kept for strangers, are the same for everybody: each is compressed once."""
    return gzip.compress(body, _LEVEL, mtime=0)
