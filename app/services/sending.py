"""Sending what is in the outbox: once when asked, and by a thread of the server as soon as something is there."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread

from app import clock
from app.db.engine import Database
from app.queries.mailing import due_mails, waiting_count
from app.render.mail import mail_name, message
from app.render.post import Fate, Post, open_post
from app.services.mailing import ClaimedMail, claim, mark_failed, mark_sent, write_digests
from app.settings import Settings

EVERY = 60.0
"""Seconds after which the thread looks again, also if nobody woke it."""

_log = logging.getLogger("engross")


@dataclass(slots=True)
class Counts:
    """What became of the mails of one run; ``waiting`` are those still in the outbox after it."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    digests: int = 0
    waiting: int = 0


def send_due(
    database: Database,
    settings: Settings,
    post: Post | None = None,
    *,
    now: Callable[[], datetime] = clock.now,
    stopping: Callable[[], bool] = lambda: False,
) -> Counts:
    """Send every mail that is due. A server that cannot be reached ends the run: the others are tried at the next one.

    No transaction is open while something is sent, so that a slow mail server holds nobody up.
    """
    counts = Counts()
    counts.digests = write_digests(
        database, address=settings.address, hour=settings.digest_hour, now=now(), reply_to=settings.mail_reply_to
    )
    way = post or open_post(settings)
    try:
        while not stopping() and _send_next(database, settings, way, counts, now):
            pass
    finally:
        way.close()
    with database.reading() as session:
        counts.waiting = waiting_count(session)
    return counts


def _send_next(database: Database, settings: Settings, way: Post, counts: Counts, now: Callable[[], datetime]) -> bool:
    """Send the mail that waits longest; whether it is worth trying another one."""
    with database.reading() as session:
        # To ask costs little; to write, even if nothing comes of it, makes others wait.
        if not due_mails(session, now(), limit=1):
            return False
    with database.writing() as session:
        mail = claim(session, address=settings.address, now=now(), reply_to=settings.mail_reply_to)
    if mail is None:
        return False
    fate, reason = _deliver(settings, way, mail, now())
    with database.writing() as session:
        if fate is Fate.SENT:
            mark_sent(session, mail, now=now())
            counts.sent += 1
        elif mark_failed(session, mail, reason, for_good=fate is Fate.NEVER, now=now()):
            counts.given_up += 1
        else:
            counts.failed += 1
    if fate is not Fate.SENT:
        _log.warning("Mail %d was not sent: %s", mail.id, reason)
    return fate is not Fate.CLOSED


def _deliver(settings: Settings, way: Post, mail: ClaimedMail, now: datetime) -> tuple[Fate, str]:
    try:
        made = message(
            mail.letter,
            key=mail.key,
            to=mail.to,
            sender=settings.sender,
            address=settings.address,
            unsubscribe=mail.unsubscribe,
            now=now,
            reply_to=settings.mail_reply_to,
        )
        done = way.send(made, mail_name(mail.key, settings.address))
    except (ValueError, UnicodeError) as error:
        # A mail that cannot be made at all, by an address that is none, must not keep the others.
        return Fate.NEVER, f"This mail cannot be made: {error}"[:500]
    return done.fate, done.reason


class Sender:
    """The thread of a server that sends what is due: woken by the commit that wrote a mail, and every minute."""

    def __init__(self, database: Database, settings: Settings, *, every: float = EVERY) -> None:
        self._database = database
        self._settings = settings
        self._every = every
        self._woken = Event()
        self._stopping = Event()
        # A thread that dies with the process: a mail server that does not answer keeps nobody from stopping.
        self._thread = Thread(target=self._work, name="mail sender", daemon=True)

    def start(self) -> None:
        """Begin, with what was left in the outbox."""
        self._database.wake_sender = self._woken.set
        self._thread.start()

    def stop(self, patience: float = 5.0) -> None:
        """End after the mail that is being sent; at most so many seconds are waited for it."""
        self._database.wake_sender = lambda: None
        self._stopping.set()
        self._woken.set()
        self._thread.join(patience)

    @property
    def alive(self) -> bool:
        """Whether it still sends."""
        return self._thread.is_alive()

    def _work(self) -> None:
        while True:
            try:
                send_due(self._database, self._settings, stopping=self._stopping.is_set)
            except Exception:
                # Whatever happened, the next mail has to be sent; what this one held is tried again later.
                _log.exception("Sending mail failed")
            self._woken.wait(self._every)
            self._woken.clear()
            if self._stopping.is_set():
                return
