"""One answer for one request: a POST under an Idempotency-Key that comes again gets the answer it got before."""

import hashlib
from collections.abc import Awaitable, Callable

from fastapi.concurrency import contextmanager_in_threadpool
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app import clock
from app.db.engine import Database
from app.deps import get_visitor
from app.errors import BadInput, Refused
from app.queries.answers import KeptReply, kept_answer
from app.queries.people import Account
from app.services.answers import keep_answer
from app.turns import writing_turn

_LONGEST_KEY = 200
_NEVER_KEPT = ("/approve", "/me/tokens")
"""Answers that are not kept: one keeps no transaction open while a PDF is made, the other holds a secret."""

Handler = Callable[[Request], Awaitable[Response]]


async def answer_once(request: Request, handle: Handler) -> Response:
    """Handle a request, or give the answer kept for it. The answer is kept in the transaction of the act itself.

    BadInput if the key was used for another request before, or cannot be one; what the act itself is refused for goes
    before that.
    """
    key = request.headers.get("idempotency-key")
    if key is None or request.method != "POST" or request.scope["path"].endswith(_NEVER_KEPT):
        return await handle(request)
    database: Database = request.app.state.database
    visitor = await get_visitor(request, database)
    if visitor.account is None or visitor.only is not None:
        return await handle(request)
    by = visitor.account
    said = hashlib.sha256(request.url.path.encode() + b"\n" + await request.body()).hexdigest()
    try:
        async with writing_turn(request, database), contextmanager_in_threadpool(database.writing()) as session:
            request.state.session = session
            kept = await run_in_threadpool(kept_answer, session, by, key)
            response = await handle(request) if kept is None else _again(kept, said)
            if kept is None and response.status_code < 300:
                _check_key(key)
                tag = response.headers.get("etag", "")
                reply = KeptReply(said, response.status_code, bytes(response.body).decode(), tag)
                await run_in_threadpool(_keep, session, by, key, reply)
        return response
    except _AnsweredMeanwhile:
        return await run_in_threadpool(_answer_of_another, database, by, key, said)


class _AnsweredMeanwhile(Exception):
    """The same request came at the same moment and was faster."""


def _keep(session: Session, by: Account, key: str, reply: KeptReply) -> None:
    try:
        keep_answer(session, by, key, reply, clock.now())
    except IntegrityError as error:
        raise _AnsweredMeanwhile from error


def _answer_of_another(database: Database, by: Account, key: str, said: str) -> Response:
    with database.reading() as session:
        kept = kept_answer(session, by, key)
    if kept is None:
        raise Refused("A request with this Idempotency-Key failed just now. Send it again.", kind="changed-meanwhile")
    return _again(kept, said)


def _check_key(key: str) -> None:
    if not 0 < len(key) <= _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise BadInput(f"An Idempotency-Key has 1 to {_LONGEST_KEY} printable ASCII characters.", kind="bad-key")


def _again(kept: KeptReply, said: str) -> Response:
    if kept.request_hash != said:
        raise BadInput("This Idempotency-Key was used for another request before.", kind="key-reused")
    return Response(
        kept.body, kept.status, media_type="application/json", headers={"ETag": kept.etag} if kept.etag else None
    )
