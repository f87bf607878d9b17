"""Turns for writing: so many requests write at once, and the others wait without holding anything that those need.

A request that writes needs a thread for each of its steps, and a second connection to find out who is asking. If thirty
wait for the database each in a thread and on a connection, none is left for the one that has it, and all wait for each
other until their patience ends. So they wait here, in the order in which they came.
"""

from asyncio import Semaphore
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from app.db.engine import Database

ON_SQLITE, ON_POSTGRESQL = 1, 12
"""SQLite has one writer anyway. On PostgreSQL it has to be less than half of the connections."""


class Turns:
    """The turns of one process."""

    def __init__(self) -> None:
        self._on_sqlite, self._on_postgresql = Semaphore(ON_SQLITE), Semaphore(ON_POSTGRESQL)

    @asynccontextmanager
    async def take(self, request: Request, database: Database) -> AsyncIterator[None]:
        """Wait for a turn of this request and keep it for the block; one that has its turn goes on at once."""
        if getattr(request.state, "has_turn", False):
            yield
            return
        async with self._on_sqlite if database.is_sqlite else self._on_postgresql:
            request.state.has_turn = True
            try:
                yield
            finally:
                request.state.has_turn = False


def writing_turn(request: Request, database: Database) -> AbstractAsyncContextManager[None]:
    """The turn of a request that is about to write."""
    turns = request.app.state.turns
    assert isinstance(turns, Turns)
    return turns.take(request, database)


async def write_in_turn(request: Request, database: Database, act: Callable[[Session], None]) -> None:
    """Do one small thing in a transaction of its own, when it is this request's turn."""
    async with writing_turn(request, database):
        await run_in_threadpool(_write, database, act)


def _write(database: Database, act: Callable[[Session], None]) -> None:
    with database.writing() as session:
        act(session)
