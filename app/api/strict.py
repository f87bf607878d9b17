"""How the interface reads JSON: nothing that any two readers could understand differently gets in."""

import json
import math
from collections.abc import Callable, Coroutine

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import answer_once
from app.errors import BadInput, EngrossError, TooLarge

_DEEPEST = 50


BROKEN = b"broken"
"""Stands for a body that could not be read, so that the refusal comes after 401, 404 and 403.

It has to be of a built-in type that no schema accepts: an object of our own would be read as an empty body, attribute
by attribute, wherever every field may be left out.
"""


class StrictRequest(Request):
    """A request whose body is read strictly, and whose faults wait until it is clear who is asking for what."""

    async def body(self) -> bytes:
        try:
            return await super().body()
        except HTTPException as error:
            if error.status_code != 413:
                raise
            self.state.broken_body = TooLarge("A request may have 2 MB at most. Send the sections one by one.")
            self._body = b"too large"
            return self._body

    async def json(self) -> object:
        octets = await self.body()
        if getattr(self.state, "broken_body", None) is not None:
            return BROKEN
        try:
            return await run_in_threadpool(read_json, octets)
        except EngrossError as error:
            self.state.broken_body = error
            return BROKEN


class StrictRoute(APIRoute):
    """A route of the interface: strict JSON, and one answer only for a request that is sent twice under one key."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[None, None, Response]]:
        """The handler with both wrapped around it."""
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            return await answer_once(StrictRequest(request.scope, request.receive), handle)

        return strictly


def read_json(octets: bytes) -> object:
    """The value of a JSON text in UTF-8. BadInput for what is not JSON, and for what only some readers take:

    NaN and infinities, numbers out of range, duplicate names, lone surrogates, NUL, and nesting beyond 50 levels.
    """
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput("JSON has to be in UTF-8.", kind="bad-json") from error
    depth = _deepest(text)
    if depth > _DEEPEST:
        raise BadInput(f"This JSON is nested deeper than {_DEEPEST} levels.", kind="bad-json")
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_int
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadInput(f"This is not JSON: {error.msg} at {where}.", kind="bad-json") from error
    _check_strings(value)
    return value


def _deepest(text: str) -> int:
    """How deep brackets nest, strings left out; a cheap look before the reader recurses."""
    depth = deepest = 0
    inside = escaped = False
    for character in text:
        if inside:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                inside = False
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise BadInput("A name stands twice in one object of this JSON.", kind="bad-json")
    return value


def _constant(_name: str) -> object:
    raise BadInput("JSON has no NaN and no infinities.", kind="bad-json")


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise BadInput("A number in this JSON is too large.", kind="bad-json")
    return value


def _int(text: str) -> int:
    if len(text) > 18:
        raise BadInput("A number in this JSON is too large.", kind="bad-json")
    return int(text)


def _check_strings(value: object) -> None:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if "\x00" in one or any("\ud800" <= c <= "\udfff" for c in one):
                raise BadInput("A text in this JSON holds NUL or half a character.", kind="bad-json")
        elif isinstance(one, dict):
            waiting.extend(one.keys())
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
