"""Housekeeping: what is no record and has had its time goes, a little at a time; records are never touched."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app import clock
from app.db.engine import Database
from app.db.models.answers import KeptAnswer
from app.db.models.invitations import Invitation, InvitationLink
from app.db.models.notices import Notice, OutboxMail
from app.db.models.sessions import BrowserSession, SignInLink, SignInRequest
from app.db.models.signing_in import Challenge, KnownDevice, PasswordTry
from app.rules import periods
from app.rules.permissions import IDLE_SESSION
from app.services.links import ASKED

FIRST = 10 * 60.0
EVERY = 6 * 60 * 60.0
"""Seconds after the start when a server tidies for the first time, and then again and again."""

_AT_ONCE = 500
"""So many rows go in one transaction: whoever writes meanwhile waits for a moment only."""

_log = logging.getLogger("engross")


@dataclass(slots=True)
class Tidied:
    """How much of each sort went, or would go."""

    answers: int = 0
    sessions: int = 0
    links: int = 0
    requests: int = 0
    devices: int = 0
    invitation_links: int = 0
    mails: int = 0
    mail_files: int = 0
    notices: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return sum(asdict(self).values())


def tidy(
    database: Database,
    mail_folder: Path,
    *,
    now: datetime,
    pretend: bool = False,
    stopping: Callable[[], bool] = lambda: False,
) -> Tidied:
    """Take away what has had its time by the periods of `app.rules.periods`; ``pretend`` only counts it."""
    tidied = Tidied()
    for name, key, over in _over(now):
        count = _count(database, over) if pretend else _take(database, key, over, stopping)
        setattr(tidied, name, getattr(tidied, name) + count)
    tidied.mail_files = _tidy_files(mail_folder, now, pretend=pretend)
    return tidied


def _over(now: datetime) -> list[tuple[str, InstrumentedAttribute[int], ColumnElement[bool]]]:
    """What is over, by sort: the key of its table, and the condition in SQL."""
    settled = or_(OutboxMail.sent_at.is_not(None), OutboxMail.given_up_at.is_not(None))
    since = func.coalesce(OutboxMail.sent_at, OutboxMail.given_up_at)
    # Most of the addresses that links are asked for may be nobody's here.
    soon = and_(OutboxMail.key.startswith(f"{ASKED} "), OutboxMail.created_at <= now - periods.SIGN_IN_REQUEST)
    gone = select(Invitation.id).where(
        func.coalesce(Invitation.accepted_at, Invitation.taken_back_at, Invitation.ends_at)
        <= now - periods.INVITATION_LINK
    )
    read = and_(Notice.read_at.is_not(None), Notice.read_at <= now - periods.READ_NOTICE)
    unread = Notice.created_at <= now - periods.UNREAD_NOTICE
    ended = or_(BrowserSession.ends_at <= now, BrowserSession.seen_at <= now - IDLE_SESSION)
    return [
        ("answers", KeptAnswer.id, KeptAnswer.created_at <= now - periods.KEPT_ANSWER),
        ("sessions", BrowserSession.id, ended),
        ("links", SignInLink.id, SignInLink.ends_at <= now - periods.LINK_AFTER_ITS_END),
        ("requests", Challenge.id, Challenge.ends_at <= now),
        ("requests", PasswordTry.id, PasswordTry.tried_at <= now - periods.SIGN_IN_REQUEST),
        ("devices", KnownDevice.id, KnownDevice.ends_at <= now),
        ("requests", SignInRequest.id, SignInRequest.asked_at <= now - periods.SIGN_IN_REQUEST),
        ("invitation_links", InvitationLink.id, InvitationLink.invitation_id.in_(gone)),
        ("mails", OutboxMail.id, or_(soon, and_(settled, since <= now - periods.MAIL))),
        # What still waits for somebody's daily mail stays until it was in one.
        ("notices", Notice.id, and_(Notice.digest_on.is_(None), or_(read, unread))),
    ]


def _count(database: Database, over: ColumnElement[bool]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(over)) or 0


def _take(
    database: Database, key: InstrumentedAttribute[int], over: ColumnElement[bool], stopping: Callable[[], bool]
) -> int:
    taken = 0
    while not stopping():
        with database.reading() as session:
            # To ask costs little; to write, even if nothing comes of it, makes others wait.
            ids = session.scalars(select(key).where(over).limit(_AT_ONCE)).all()
        if not ids:
            break
        with database.writing() as session:
            # Looked at again: another server may have been here, or somebody used it.
            taken += len(session.execute(delete(key.class_).where(key.in_(ids), over).returning(key)).all())
    return taken


def _tidy_files(folder: Path, now: datetime, *, pretend: bool) -> int:
    count = 0
    for file in folder.glob("*.eml"):
        with suppress(OSError):
            if datetime.fromtimestamp(file.stat().st_mtime, UTC) <= now - periods.MAIL:
                if not pretend:
                    file.unlink()
                count += 1
    return count


class Housekeeper:
    """The thread of a server that tidies now and then."""

    def __init__(self, database: Database, mail_folder: Path, *, first: float = FIRST, every: float = EVERY) -> None:
        self._database, self._mail_folder = database, mail_folder
        self._first, self._every = first, every
        self._stopping = Event()
        # A thread that dies with the process: what it was about to take away goes the next time.
        self._thread = Thread(target=self._work, name="housekeeper", daemon=True)

    def start(self) -> None:
        """Begin, after a while in which the server has better things to do."""
        self._thread.start()

    def stop(self, patience: float = 5.0) -> None:
        """End after the few rows that are being taken away."""
        self._stopping.set()
        self._thread.join(patience)

    @property
    def alive(self) -> bool:
        """Whether it still tidies."""
        return self._thread.is_alive()

    def _work(self) -> None:
        wait = self._first
        while not self._stopping.wait(wait):
            wait = self._every
            try:
                tidied = tidy(self._database, self._mail_folder, now=clock.now(), stopping=self._stopping.is_set)
                _log.info("Tidied: %d things that had had their time", tidied.total)
            except Exception:
                # What could not go now goes the next time.
                _log.exception("Tidying failed")
