"""One answer for one request: a POST under an Idempotency-Key that comes again gets the answer it got before."""

import hashlib
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app import clock
from app.deps import get_visitor
from app.errors import BadInput, Refused
from app.queries.answers import KeptReply, kept_answer
from app.services.answers import keep_answer

_LONGEST_KEY = 200
Handler = Callable[[Request], Awaitable[Response]]


async def answer_once(request: Request, handle: Handler) -> Response:
    """Handle a request, or give the answer kept for it. The answer is kept in the transaction of the act itself.

    BadInput if the key was used for another request before.
    """
    key = request.headers.get("idempotency-key")
    if key is None or request.method != "POST" or request.scope["path"].endswith("/approve"):
        return await handle(request)
    if not 0 < len(key) <= _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise BadInput(f"An Idempotency-Key has 1 to {_LONGEST_KEY} printable ASCII characters.")
    database = request.app.state.database
    visitor = await run_in_threadpool(get_visitor, request, database)
    if visitor.account is None:
        return await handle(request)
    said = hashlib.sha256(request.url.path.encode() + b"\n" + await request.body()).hexdigest()
    context = database.writing()
    session = await run_in_threadpool(context.__enter__)
    request.state.session = session
    try:
        kept = await run_in_threadpool(kept_answer, session, visitor.account, key)
        if kept is not None:
            response = _again(kept, said)
        else:
            response = await handle(request)
            if response.status_code < 300:
                body = bytes(response.body).decode()
                reply = KeptReply(said, response.status_code, body)
                try:
                    await run_in_threadpool(keep_answer, session, visitor.account, key, reply, clock.now())
                except IntegrityError as error:
                    raise _at_once() from error
    except BaseException as error:
        if not await run_in_threadpool(context.__exit__, type(error), error, error.__traceback__):
            raise
        raise AssertionError("a transaction never swallows an error") from error
    try:
        await run_in_threadpool(context.__exit__, None, None, None)
    except IntegrityError as error:
        raise _at_once() from error
    return response


def _at_once() -> Refused:
    return Refused("A request with this Idempotency-Key is being answered right now. Send it again.", kind="key-in-use")


def _again(kept: KeptReply, said: str) -> Response:
    if kept.request_hash != said:
        raise BadInput("This Idempotency-Key was used for another request before.", kind="key-reused")
    return Response(kept.body, kept.status, media_type="application/json")
