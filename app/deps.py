"""What a route may ask for: a session of the database, who is asking, and the thing the address names."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.concurrency import contextmanager_in_threadpool, run_in_threadpool
from sqlalchemy.orm import Session

from app import clock
from app.db.engine import Database
from app.db.models.charters import Charter
from app.db.models.editions import Edition
from app.db.models.proposals import Proposal
from app.db.models.threads import Thread
from app.errors import NotAllowed, NotFound, NotSignedIn
from app.queries.charters import charter_row
from app.queries.editions import edition_row, shown_edition
from app.queries.notices import unread_count
from app.queries.people import Account, TokenScope, account, person_by_session, person_by_token, standing
from app.queries.proposals import proposal_row
from app.queries.thread_readers import thread_row
from app.rules.permissions import FRESH_SESSION, Action, Standing, permitted
from app.security import COOKIE, SAFE_METHODS
from app.services import proposals, sessions, threads
from app.settings import Settings
from app.turns import write_in_turn, writing_turn

# A session in use is noted at most this often, so that reading pages does not write at every click.
_TOUCH_EVERY = timedelta(hours=1)

# What is done to things that everybody can see once they are published.
_ON_EDITIONS = frozenset({Action.READ_EDITIONS, Action.RUN_EDITIONS, Action.MANAGE_MEMBERS})


# A POST only because what it asks about is long. It writes nothing: nobody waits for it, and a reading token may ask.
# The whole path says so: a charter or a section may be called "preview" as well.
_QUESTION = re.compile(
    r"/api/v1/charters/[^/]+/(?:merge-preview|from-word)"
    r"|/[^/]+/(?:(?:propose|proposals/[^/]+/edit)/[^/]+/preview|from-word/look)",
    re.DOTALL,
)


def is_writing(request: Request) -> bool:
    """Whether a request is to change something."""
    if request.method == "POST" and _QUESTION.fullmatch(request.scope["path"]):
        return False
    return request.method not in SAFE_METHODS


async def get_database(request: Request) -> Database:
    """The database of this installation."""
    database = request.app.state.database
    assert isinstance(database, Database)
    return database


async def get_settings(request: Request) -> Settings:
    """The settings of this installation."""
    settings = request.app.state.settings
    assert isinstance(settings, Settings)
    return settings


async def get_session(request: Request, database: Annotated[Database, Depends(get_database)]) -> AsyncIterator[Session]:
    """One transaction for one request: reading for what only asks, else writing, committed before the answer begins.

    A request that is answered under an Idempotency-Key has its transaction already, opened around the whole route.
    """
    opened = getattr(request.state, "session", None)
    if isinstance(opened, Session):
        yield opened
        return
    if database.is_sqlite and not is_writing(request):
        # A session opens nothing before its first question, and to end reading on SQLite waits for nobody.
        with database.reading() as session:
            yield session
        return
    if not is_writing(request):
        async with contextmanager_in_threadpool(database.reading()) as session:
            yield session
        return
    async with writing_turn(request, database), contextmanager_in_threadpool(database.writing()) as session:
        yield session


DatabaseDep = Annotated[Database, Depends(get_database)]
SettingsDep = Annotated[Settings, Depends(get_settings)]
# The scope makes the commit happen before the first byte of the answer: a failed commit is then an error, not a 200.
SessionDep = Annotated[Session, Depends(get_session, scope="function")]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is asking: an account or nobody, and how they proved it. In a browser, ``unread`` notices are counted.

    A ``token`` can be for ``only`` one charter, by its key: everywhere else its bearer is nobody in particular. In a
    browser ``since`` is when they signed in.
    """

    account: Account | None = None
    read_only: bool = False
    session_secret: str | None = None
    unread: int = 0
    token: TokenScope | None = None
    since: datetime | None = None

    @property
    def only(self) -> str | None:
        """The key of the one charter a token is for, None if it is for all."""
        return None if self.token is None else self.token.charter


async def get_visitor(request: Request, database: DatabaseDep) -> Visitor:
    """Who is asking. A bearer token goes before a cookie; one that is not good is NotSignedIn, never ignored."""
    found = Visitor()
    if "authorization" in request.headers or request.cookies.get(COOKIE):
        found, touch = await run_in_threadpool(_visitor, request, database)
        if touch is not None:
            await write_in_turn(request, database, touch)
    # For the page of an error: it says who is signed in.
    request.state.visitor = found
    return found


def _visitor(request: Request, database: Database) -> tuple[Visitor, Callable[[Session], None] | None]:
    now = clock.now()
    authorization = request.headers.get("authorization")
    if authorization is not None:
        scheme, _, secret = authorization.partition(" ")
        with database.reading() as session:
            found = person_by_token(session, secret.strip(), now) if scheme.lower() == "bearer" else None
            if found is None:
                raise NotSignedIn("This token is not known here, or it has ended. Ask for a new one.", kind="bad-token")
            bearer, scope = account(found[0]), found[1]
        idle = scope.used_at is None or now - scope.used_at > _TOUCH_EVERY
        touch_token = partial(sessions.touch_token, secret=secret.strip(), now=now)
        return Visitor(bearer, read_only=scope.read_only, token=scope), touch_token if idle else None
    secret = request.cookies[COOKIE]
    with database.reading() as session:
        signed_in = person_by_session(session, secret, now)
        if signed_in is None:
            return Visitor(), None
        person, row = signed_in
        who = account(person)
        visitor = Visitor(who, session_secret=secret, unread=unread_count(session, who), since=row.created_at)
        seen = row.seen_at
    return visitor, partial(sessions.touch, secret=secret, now=now) if now - seen > _TOUCH_EVERY else None


VisitorDep = Annotated[Visitor, Depends(get_visitor)]


async def get_account(request: Request, visitor: VisitorDep) -> Account:
    """Who is asking, for what is their own: NotSignedIn for nobody; a token that only reads may change nothing."""
    if visitor.account is None:
        raise NotSignedIn("Sign in first, or send a token.")
    if is_writing(request):
        refuse_read_only(visitor)
    if visitor.only is not None:
        raise NotAllowed("This token is for one charter alone, and this is about all of you.", kind="token-scope")
    return visitor.account


async def get_account_in_browser(account: Annotated[Account, Depends(get_account)], visitor: VisitorDep) -> Account:
    """The same for what lets somebody in: only who sits at a browser changes that, and no program with a token."""
    if visitor.session_secret is None:
        raise NotAllowed("A program cannot do this with a token. Sign in with a browser.", kind="browser-only")
    return account


async def get_fresh_account(
    account: Annotated[Account, Depends(get_account_in_browser)], visitor: VisitorDep
) -> Account:
    """The same for what somebody at an open screen of another must not do: they have signed in just now."""
    if not is_fresh(visitor):
        raise NotAllowed(
            "For this you have to have signed in just now, so that nobody does it at a screen you left open.",
            kind="not-fresh",
        )
    return account


def is_fresh(visitor: Visitor) -> bool:
    """Whether somebody has signed in with this browser just now."""
    return visitor.since is not None and clock.now() - visitor.since <= FRESH_SESSION


AccountDep = Annotated[Account, Depends(get_account)]
BrowserDep = Annotated[Account, Depends(get_account_in_browser)]
FreshDep = Annotated[Account, Depends(get_fresh_account)]


@dataclass(frozen=True, slots=True)
class CharterAccess:
    """A charter somebody asked for, and what they may do with it."""

    session: Session
    charter: Charter
    visitor: Visitor
    standing: Standing
    allowed: frozenset[Action]

    @property
    def by(self) -> Account:
        """The acting person; NotSignedIn if nobody is signed in."""
        if self.visitor.account is None:
            raise NotSignedIn("Sign in first.")
        return self.visitor.account

    def may(self, action: Action) -> bool:
        """Whether they may do that."""
        return action in self.allowed

    def require(self, action: Action) -> None:
        """NotAllowed unless they may do that, NotSignedIn if signing in might help.

        NotFound if they may not even see what it is done to: the working text, and all that hangs on it.
        """
        if action in self.allowed:
            return
        if Action.READ_WORKING_TEXT not in self.allowed and action not in _ON_EDITIONS:
            raise NotFound("There is nothing at this address.")
        if self.visitor.account is None:
            raise NotSignedIn("Sign in first.")
        raise NotAllowed(f"With your role in this charter you cannot {action}.")


def for_members(at: CharterAccess) -> None:
    """NotFound, like a wrong address, for whoever does not belong to this charter: what members know of each other."""
    if not at.may(Action.READ_MEMBERS_THREADS):
        raise NotFound("There is nothing at this address.")


def get_charter(
    c: Annotated[str, Path(description="The key of the charter")],
    request: Request,
    visitor: VisitorDep,
    session: SessionDep,
) -> CharterAccess:
    """The charter of the address, as far as it exists for whoever asks. Writes hold its row until they are done."""
    if request.method not in SAFE_METHODS and visitor.account is None:
        raise NotSignedIn("Sign in first.")
    return charter_access(session, c, visitor, writes=is_writing(request))


def charter_access(session: Session, key: str, visitor: Visitor, *, writes: bool) -> CharterAccess:
    """A charter by its key, for whoever asks: NotSignedIn for a write by nobody, NotFound for what they may not see."""
    if visitor.only not in (None, key):
        visitor = Visitor()
    if writes and visitor.account is None:
        raise NotSignedIn("Sign in first.")
    charter = charter_row(session, key, lock=writes)
    stands = standing(session, visitor.account, charter)
    allowed = permitted(stands, open_charter=charter.open)
    if Action.READ_WORKING_TEXT not in allowed and shown_edition(session, charter, clock.today()) is None:
        raise NotFound("There is no charter at this address.")
    return CharterAccess(session, charter, visitor, stands, allowed)


CharterDep = Annotated[CharterAccess, Depends(get_charter)]


@dataclass(frozen=True, slots=True)
class ProposalAccess:
    """A proposal somebody asked for."""

    at: CharterAccess
    proposal: Proposal


def get_proposal(
    n: Annotated[int, Path(description="The number of the proposal", ge=1, le=999_999_999)], at: CharterDep
) -> ProposalAccess:
    """The proposal of the address, as far as it exists for whoever asks."""
    if not at.may(Action.READ_WORKING_TEXT):
        raise NotFound(f"There is no proposal {n} in this charter.")
    return ProposalAccess(at, proposal_row(at.session, at.charter, n, at.visitor.account))


ProposalDep = Annotated[ProposalAccess, Depends(get_proposal)]


@dataclass(frozen=True, slots=True)
class EditionAccess:
    """An edition somebody asked for."""

    at: CharterAccess
    edition: Edition


def get_edition(
    key: Annotated[str, Path(description="The key of the edition, like 2025-05", max_length=10)], at: CharterDep
) -> EditionAccess:
    """The edition of the address, as far as it exists for whoever asks."""
    unpublished = at.may(Action.READ_UNPUBLISHED_EDITIONS)
    return EditionAccess(at, edition_row(at.session, at.charter, key, unpublished=unpublished))


EditionDep = Annotated[EditionAccess, Depends(get_edition)]


@dataclass(frozen=True, slots=True)
class ThreadAccess:
    """A thread somebody asked for."""

    at: CharterAccess
    thread: Thread


def get_thread(
    t: Annotated[int, Path(description="The number of the thread", ge=1, le=999_999_999)], at: CharterDep
) -> ThreadAccess:
    """The thread of the address, as far as it exists for whoever asks."""
    return ThreadAccess(at, thread_row(at.session, at.charter, t, at.visitor.account, at.allowed))


ThreadDep = Annotated[ThreadAccess, Depends(get_thread)]


def require(action: Action) -> Callable[[Request, CharterAccess], Awaitable[None]]:
    """A dependency that refuses whoever may not do this; a token that only reads may do nothing that writes."""

    async def check(request: Request, at: CharterDep) -> None:
        _check(request, at, action)

    return check


def require_on_proposal(action: Action) -> Callable[[Request, ProposalAccess], Awaitable[None]]:
    """The same for what is done to one proposal: whether it is there comes before whether it may be done."""

    async def check(request: Request, where: ProposalDep) -> None:
        _check(request, where.at, action)

    return check


async def require_author(request: Request, where: ProposalDep) -> None:
    """The same for what only the author of a proposal may do to it."""
    _check(request, where.at, Action.PROPOSE)
    proposals.check_author(where.proposal, where.at.by)


def require_on_thread(action: Action) -> Callable[[Request, ThreadAccess], Awaitable[None]]:
    """The same for what is done to one thread."""

    async def check(request: Request, where: ThreadDep) -> None:
        _check(request, where.at, action)

    return check


async def require_settling(request: Request, where: ThreadDep) -> None:
    """The same for what only who opened a thread, and governors, may do with it."""
    _check(request, where.at, Action.COMMENT)
    threads.check_may_settle(where.thread, where.at.by, where.at.allowed)


def require_on_edition(action: Action) -> Callable[[Request, EditionAccess], Awaitable[None]]:
    """The same for what is done to one edition."""

    async def check(request: Request, where: EditionDep) -> None:
        _check(request, where.at, action)

    return check


def may_approve(
    c: Annotated[str, Path(description="The key of the charter")],
    key: Annotated[str, Path(description="The key of the edition")],
    visitor: VisitorDep,
    database: DatabaseDep,
) -> None:
    """The permission to approve an edition, in a transaction of its own: making the PDF must not keep one open."""
    if visitor.account is None:
        raise NotSignedIn("Sign in first.")
    with database.reading() as session:
        at = charter_access(session, c, visitor, writes=False)
        edition_row(session, at.charter, key, unpublished=at.may(Action.READ_UNPUBLISHED_EDITIONS))
        at.require(Action.RUN_EDITIONS)
    refuse_read_only(visitor)


def _check(request: Request, at: CharterAccess, action: Action) -> None:
    at.require(action)
    if is_writing(request):
        refuse_read_only(at.visitor)


def refuse_read_only(visitor: Visitor) -> None:
    """NotAllowed for a token that only reads."""
    if visitor.read_only:
        raise NotAllowed("This token can only read.", kind="read-only-token")
