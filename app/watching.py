"""Watching over requests: each gets a number, a line in the log, and its place in the figures."""

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.logs import request_number
from app.metrics import Metrics

HEADER = "x-request-id"
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,63}")
_log = logging.getLogger("engross.requests")


class Watching:
    """Middleware around all others. A number that a proxy gave a request is kept, so that both logs agree.

    What is logged is the method, the path without its query, the status and the time; nothing of who asks.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics | None = None) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        number = given if _NUMBER.fullmatch(given) else secrets.token_hex(8)
        request_number.set(number)
        began, status, noted = time.perf_counter(), 500, False
        if self._metrics is not None:
            self._metrics.began()

        async def numbered(message: Message) -> None:
            nonlocal status, noted
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = number
            elif message["type"] == "http.response.body" and not message.get("more_body") and not noted:
                # Before the end of the answer is out: who has it can find it in the log.
                noted = True
                self._note(scope, status, time.perf_counter() - began)
            await send(message)

        try:
            await self.app(scope, receive, numbered)
        finally:
            if not noted:
                self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", None)
        method, path = scope["method"], scope["path"]
        if self._metrics is not None:
            self._metrics.ended(method, route, status, seconds)
        if _log.isEnabledFor(logging.INFO):
            ms = round(seconds * 1000)
            fields = {"method": method, "route": route, "path": path, "status": status, "ms": ms}
            _log.info("%s %s %d in %d ms", method, path, status, ms, extra={"fields": fields})
