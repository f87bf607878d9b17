"""Every refusal of the interface as problem+json (RFC 9457): a stable type, words that help, no echo of input."""

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.requests import Request

from app.api.schemas import Body
from app.errors import (
    BadInput,
    EngrossError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    PreconditionNeeded,
    Refused,
    Stale,
    TooLarge,
    TooMany,
    Unavailable,
)

STATUS: Mapping[type[EngrossError], int] = {
    BadInput: 422,
    NotSignedIn: 401,
    NotAllowed: 403,
    NotFound: 404,
    TooLarge: 413,
    Refused: 409,
    Stale: 412,
    PreconditionNeeded: 428,
    TooMany: 429,
    Unavailable: 503,
}
"""Which status each branch of the error tree answers with, in both fronts."""


def status_of(error: EngrossError) -> int:
    """The status for an error: that of its nearest named ancestor."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def problem(
    status: int,
    kind: str,
    detail: str,
    details: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """An answer in problem+json; ``details`` become members of their own."""
    value: dict[str, object] = dict(details or {})
    value.update(type=f"/problems/{kind}", title=HTTPStatus(status).phrase, status=status, detail=detail)
    return JSONResponse(value, status, media_type="application/problem+json", headers=dict(headers or {}))


def error_problem(_request: Request, error: EngrossError) -> JSONResponse:
    """An error of ours as a problem."""
    status = status_of(error)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return problem(status, error.kind, error.message, error.details, headers)


def validation_problem(request: Request, error: RequestValidationError) -> JSONResponse:
    """A request that is not of the form it should be: where each fault is, and what is wrong, without the value."""
    broken: EngrossError | None = getattr(request.state, "broken_body", None)
    if broken is not None:
        return error_problem(request, broken)
    faults = [
        {"where": ".".join(_safe(part) for part in fault["loc"]), "what": str(fault["msg"])}
        for fault in error.errors()[:50]
    ]
    told = "; ".join(f"{f['where']}: {f['what']}" for f in faults[:5])
    return problem(422, "invalid", f"This request is not of the form it should be. {told}", {"faults": faults})


def _safe(part: object) -> str:
    """A place in the request. Names that the sender made up are not repeated."""
    return str(part) if isinstance(part, int) or part in _places() else "?"


@cache
def _places() -> frozenset[str]:
    """Every name a schema gives to a part of a request."""
    names = {
        "body",
        "path",
        "query",
        "header",
        "awaiting",
        "state",
        "section",
        "format",
        "limit",
        "after",
        "outcome",
        "from",
        "to",
        "q",
        "unread",
    }
    waiting: list[type[BaseModel]] = [Body]
    while waiting:
        schema = waiting.pop()
        names.update(field.alias or name for name, field in schema.model_fields.items())
        waiting.extend(schema.__subclasses__())
    return frozenset(names)
