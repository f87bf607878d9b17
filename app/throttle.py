"""How often one visitor may ask for what costs, so that nobody takes the service from the others.

Reading is not counted: pages and files are cheap. What is counted is what writes and what is worked out anew for each
who asks. The measure is GCRA (ATM Forum, 1996; what redis-cell and nginx's limit_req use): one moment per visitor and
kind, at which an even stream of requests would have come this far. Each process counts for itself.
"""

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from math import ceil
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.security import COOKIE, SAFE_METHODS

Refusal = Callable[[Request, int], Awaitable[Response]]
"""How a request that came too soon is answered; the number is the seconds to wait. It may read what was sent."""

MOST_VISITORS = 50_000
"""Beyond so many the one who was quiet for longest is forgotten, so that memory stays bounded."""


class Measure(NamedTuple):
    """So many requests in a minute, of which so many may come at once."""

    a_minute: int
    at_once: int


WRITING = {"visitor": Measure(300, 300), "address": Measure(1500, 1500)}
WORKING = {"visitor": Measure(60, 60), "address": Measure(240, 240)}
"""For one browser or program, and for all behind one network address: an office, a hall at a meeting.

The editor alone writes twice a second while somebody types.
"""

_WORKED_OUT = re.compile(r"/search|/compare/|/merge-preview$|/preview|/from-word|\.pdf$|/provenance")
_FILES = re.compile(r"/static/|/editions/[^/]+\.(?:pdf|zip|html|md|json)$")


class Throttle:
    """Who came how often; one for each process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._even: OrderedDict[str, float] = OrderedDict()

    def wait(self, key: str, measure: Measure) -> int:
        """Count one request under this key. 0 if it may be carried out, else the seconds until one may."""
        now = self._clock()
        apart = 60 / measure.a_minute
        even = max(self._even.pop(key, now), now)
        early = even - now - (measure.at_once - 1) * apart
        if early > 0:
            self._even[key] = even
            return ceil(early)
        self._even[key] = even + apart
        if len(self._even) > MOST_VISITORS:
            self._even.popitem(last=False)
        return 0


class Throttling:
    """Middleware that asks the throttle; ``refuse`` makes the answer of the front the request was made to."""

    def __init__(self, app: ASGIApp, throttle: Throttle, refuse: Refusal) -> None:
        self.app = app
        self._throttle = throttle
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            seconds = self._seconds(scope)
            if seconds:
                answer = await self._refuse(Request(scope, receive), seconds)
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _seconds(self, scope: Scope) -> int:
        kind = _kind(scope)
        if kind is None:
            return 0
        name, measures = kind
        address = scope["client"][0] if scope.get("client") else ""
        visitor = _visitor(scope)
        if visitor is not None:
            seconds = self._throttle.wait(f"{name} {visitor}", measures["visitor"])
            if seconds:
                return seconds
        return self._throttle.wait(f"{name} from {address}", measures["address"])


def _kind(scope: Scope) -> tuple[str, dict[str, Measure]] | None:
    path = scope["path"]
    if scope["method"] not in SAFE_METHODS:
        return "writing", WRITING
    if _WORKED_OUT.search(path) and not _FILES.search(path):
        return "working", WORKING
    return None


def _visitor(scope: Scope) -> str | None:
    """The session or token that speaks, without its secret; None for who has neither."""
    headers = Headers(scope=scope)
    secret = cookie_parser(headers.get("cookie", "")).get(COOKIE) or headers.get("authorization")
    return hashlib.sha256(secret.encode()).hexdigest()[:32] if secret else None
