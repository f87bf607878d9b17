"""Protection of every request: who may post from where, and the headers each answer carries."""

import asyncio
import hashlib
import hmac
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request, cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.tokens import same

COOKIE = "engross_session"
DEVICE = "engross_device"
"""The cookie by which a browser is known that somebody has signed in with before; alone it lets nobody in."""

SLOWEST = 10_000
"""Bytes a second at which a long body may come; a telephone in the country has more."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

# The secret in the address is the authority, and mail programs post there (RFC 8058): where from does not matter.
_BY_SECRET = "/unsubscribe/"

Refusal = Callable[[Request], Response]
"""How a request from another site is answered, by the front it was made to."""


class Protection:
    """Middleware: refuses writes that another site made a signed-in browser send, and sets the protective headers.

    A request that carries the session cookie and changes something has to come from our own pages: the browser says
    so in Sec-Fetch-Site, older ones in Origin. One that says neither is let through marked as unproven, and the form
    that reads it then asks for the form token. Requests with a bearer token and no cookie are exempt: no other site
    can make a browser send those.
    """

    def __init__(self, app: ASGIApp, address: str, refuse: Refusal) -> None:
        self.app = app
        self._refuse = refuse
        self._host = urlsplit(address).netloc.lower()
        self._secure = address.startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                protect(MutableHeaders(scope=message), secure=self._secure)
            await send(message)

        headers = Headers(scope=scope)
        proven = self._proven(scope, headers)
        # Programs send no forms of ours, so there is no token that could speak for them.
        if proven is False or (proven is None and scope["path"].startswith("/api/")):
            await self._refuse(Request(scope))(scope, receive, guarded)
            return
        scope.setdefault("state", {})["origin_proven"] = proven is True
        await self.app(scope, receive, guarded)

    def _proven(self, scope: Scope, headers: Headers) -> bool | None:
        """Whether the request comes from our own pages; None if it does not say."""
        if scope["method"] in SAFE_METHODS or scope["path"].startswith(_BY_SECRET):
            return True
        carries_session = COOKIE in cookie_parser(headers.get("cookie", ""))
        if not carries_session and headers.get("authorization"):
            return True
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin" or (site == "none" and not carries_session)
        origin = headers.get("origin")
        if origin is not None:
            try:
                host = urlsplit(origin).netloc.lower()
            except ValueError:
                return False
            return host in {self._host, headers.get("host", "").lower()} and host != ""
        return None if carries_session else True


class BodyLimit:
    """Middleware: a body that is longer than it may be, or comes too slowly, is not read on.

    Whoever asks for the body then hears of it as an HTTPException 413 or 408, and can first answer what goes before
    that, whatever length was announced. Only where ``uploads`` fits the path of a request, a whole file may be sent:
    ``longest_upload`` bytes. A body has ``patience`` seconds, and one more for each `SLOWEST` bytes that came.
    """

    def __init__(
        self, app: ASGIApp, longest: int, uploads: re.Pattern[str], longest_upload: int, patience: float
    ) -> None:
        self.app = app
        self._patience = patience
        self._longest = longest
        self._uploads = uploads
        self._longest_upload = longest_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        announced = int(length) if length.isascii() and length.isdigit() and len(length) < 18 else 0
        longest = self._longest_upload if self._uploads.fullmatch(scope["path"]) else self._longest
        read = 0
        whole = False
        clock = asyncio.get_running_loop().time
        began = clock()

        async def limited() -> Message:
            nonlocal read, whole
            if whole:
                # Only whether the other side is still there is left to hear.
                return await receive()
            if announced > longest:
                raise HTTPException(413)
            try:
                message = await asyncio.wait_for(receive(), began + self._patience + read / SLOWEST - clock())
            except TimeoutError:
                raise HTTPException(408, headers={"connection": "close"}) from None
            whole = not message.get("more_body", False)
            read += len(message.get("body", b""))
            if read > longest:
                raise HTTPException(413)
            return message

        await self.app(scope, limited, send)


def protect(headers: MutableHeaders, *, secure: bool) -> None:
    """Set the protective headers on an answer; ``secure`` where the public address is https."""
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("cache-control", "private, no-cache")
    if secure:
        headers.setdefault("strict-transport-security", "max-age=31536000")


def form_token(session_secret: str) -> str:
    """What a form of ours carries to prove that it is ours: made from the session's secret, which no other site has."""
    return hmac.new(session_secret.encode(), b"engross form", hashlib.sha256).hexdigest()


def form_token_fits(session_secret: str, token: str) -> bool:
    """Whether a form token belongs to that session."""
    return same(form_token(session_secret), token)
