"""Errors on their way out: each front tells them in its own form, and nothing leaves without a word of help."""

import logging

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app.api.problems import error_problem, problem, status_of, validation_problem
from app.errors import BadInput, EngrossError, NotAllowed, Refused, TooMany, Unavailable
from app.logs import request_number
from app.security import protect
from app.watching import HEADER
from app.web.errors import error_page, haste_page, status_page, typed_words

_log = logging.getLogger("engross")
_WORDS = {
    404: ("Not found", "There is nothing at this address."),
    405: ("Not possible here", "This address does not take this kind of request."),
    408: (
        "Too slow",
        "What you sent did not arrive in time. Go back, your browser still has it, and send it again with a better "
        "connection.",
    ),
    413: ("Too large", "A request may have 2 MB at most."),
}


def install(application: FastAPI) -> None:
    """Translate every error once, for the front the request was made to."""
    application.add_exception_handler(EngrossError, _ours)
    application.add_exception_handler(StaleDataError, _raced)
    application.add_exception_handler(IntegrityError, _raced)
    application.add_exception_handler(OperationalError, _busy)
    application.add_exception_handler(TimeoutError, _busy)
    application.add_exception_handler(DataError, _unholdable)
    application.add_exception_handler(RequestValidationError, _invalid)
    application.add_exception_handler(HTTPException, _status)
    application.add_exception_handler(Exception, _unforeseen)


def _for_programs(request: Request) -> bool:
    return request.url.path.startswith("/api/")


async def _ours(request: Request, error: Exception) -> Response:
    """An error of ours; to a form that could not be taken, what was typed into it comes back."""
    assert isinstance(error, EngrossError)
    if status_of(error) >= 500:
        _log.error("%s %s: %s", request.method, request.url.path, error)
    if _for_programs(request):
        return error_problem(request, error)
    return await run_in_threadpool(error_page, request, error, await typed_words(request))


async def _raced(request: Request, _error: Exception) -> Response:
    """Two acts met on one thing, and the database let the first one through."""
    return await _ours(
        request, Refused("Somebody else changed this at the same moment. Look again.", kind="changed-meanwhile")
    )


async def _unholdable(request: Request, _error: Exception) -> Response:
    """PostgreSQL does not even look for a text with a NUL in it, nor for a number beyond its columns."""
    words = "This names a character or a number that nothing here can have. Check the address or what was typed."
    return await _ours(request, BadInput(words, kind="invalid"))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if not _for_programs(request):
        # An address that cannot be one names nothing; a form of ours never sends what its fields do not allow.
        status, title, words = (404, *_WORDS[404])
        if any(fault["loc"][:1] not in (("path",), ("query",)) for fault in error.errors()):
            status, title, words = 422, "Something is missing", "A field of the form is missing or too long."
        return await run_in_threadpool(status_page, request, status, title, words, await typed_words(request))
    if any(fault["loc"][:1] == ("path",) for fault in error.errors()):
        return problem(404, "not-found", "There is nothing at this address.")
    return validation_problem(request, error)


def _status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title, words = _WORDS.get(error.status_code, ("This did not work", "Go back and try again."))
    if _for_programs(request):
        kind = {404: "not-found", 405: "method-not-allowed", 408: "too-slow", 413: "too-large"}.get(
            error.status_code, "refused"
        )
        return problem(error.status_code, kind, words, headers=error.headers)
    answer = status_page(request, error.status_code, title, words)
    answer.headers.update(error.headers or {})
    return answer


def refuse_cross_site(request: Request) -> Response:
    """The answer to a request that another site made a signed-in browser send."""
    words = "This was sent from another site, so it was not carried out. Open the page on this site and send it there."
    refusal = NotAllowed(words, kind="cross-site")
    return error_problem(request, refusal) if _for_programs(request) else error_page(request, refusal)


async def refuse_haste(request: Request, seconds: int) -> Response:
    """The answer to one request too many in a short time; a form of ours is handed back, to be sent once more."""
    words = f"So much at once is not carried out. Wait {'a second' if seconds == 1 else f'{seconds} seconds'}"
    answer = (
        error_problem(request, TooMany(f"{words}, and send it again."))
        if _for_programs(request)
        else await haste_page(request, words)
    )
    answer.headers["retry-after"] = str(seconds)
    return answer


def _unforeseen(request: Request, error: Exception) -> Response:
    _log.exception("%s %s failed", request.method, request.url.path, exc_info=error)
    number = request_number.get()
    words = "Something went wrong on our side, and nothing was changed. Please try again later."
    if number:
        words += f" Whoever runs this service finds it in the log under the number {number}."
    if _for_programs(request):
        answer: Response = problem(500, "internal", words)
    else:
        answer = status_page(request, 500, "This did not work", words)
    # This answer is made outside of all middleware, so the protective headers are set here.
    protect(answer.headers, secure=request.app.state.settings.secure)
    # The server closes the connection after such an error. Who is told so does not send their next request into it,
    # where it would be lost without an answer.
    answer.headers["connection"] = "close"
    if number:
        answer.headers[HEADER] = number
    return answer


async def _busy(request: Request, error: Exception) -> Response:
    """The database did not answer, or somebody else held it for too long."""
    _log.error("%s %s: %s", request.method, request.url.path, error)
    refusal = Unavailable("The database is too busy just now. Nothing was changed; please try again.", kind="busy")
    return await _ours(request, refusal)
