"""A real mail server on this machine that keeps what it is handed, and can be told to refuse."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Barrier, Condition, Thread

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.db.engine import Database
from app.services.sending import Counts, send_due
from app.settings import Settings

WAIT = 60


class Mailbox:
    """What a mail server got. ``refusals`` are its answers to recipients it does not take, by address."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.octets: list[bytes] = []
        self.refusals: dict[str, str] = {}
        self.answer = "250 taken"
        self.signed_in: list[str] = []
        self.for_known_users = False
        self._changed = Condition()

    async def handle_RCPT(
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient, or refuse."""
        if self.for_known_users and not session.authenticated:
            return "530 sign in first"
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 taken"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Take a mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        if self.answer.startswith("250"):
            with self._changed:
                self.octets.append(content)
                made = message_from_bytes(content, policy=policy.default)
                assert isinstance(made, EmailMessage)
                self.mails.append(made)
                self._changed.notify_all()
        return self.answer

    def sign_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        """Let the user in who knows the password "open sesame"."""
        self.signed_in.append(given.login.decode())
        return AuthResult(success=given.password == b"open sesame", handled=False)

    def wait_for(self, number: int) -> list[EmailMessage]:
        """The mails, once there are so many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.mails) >= number, WAIT), f"only {len(self.mails)} mails came"
            return list(self.mails)

    def recipients(self) -> list[str]:
        """Whom the mails went to, by address."""
        return sorted(str(mail["To"]) for mail in self.mails)


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(
    port: int | None = None, *, password: bool = False, starttls: ssl.SSLContext | None = None
) -> Iterator[tuple[Mailbox, int]]:
    """A running mail server with an empty mailbox, and its port; with ``password`` it takes mails from known users.

    With ``starttls`` it takes mails over TLS only.
    """
    box = Mailbox()
    where = port or free_port()
    box.for_known_users = password
    more = {"authenticator": box.sign_in, "auth_require_tls": False} if password else {}
    if starttls is not None:
        more = {"tls_context": starttls, "require_starttls": True}
    controller = Controller(box, hostname="127.0.0.1", port=where, **more)
    controller.start()
    try:
        yield box, where
    finally:
        controller.stop()


def mailing_settings(folder: Path, port: int | None = None, *, user: str = "", digest_hour: int = 6) -> Settings:
    """The settings of an installation that hands its mails in at that port, or writes them as files."""
    smtp = f"smtp://{user}127.0.0.1:{port}" if port else ""
    return Settings(data_dir=folder, public_url="https://charter.example.org", smtp_url=smtp, digest_hour=digest_hour)


def two_senders(database: Database, settings: Settings, at: datetime) -> list[Counts]:
    """What is due at that moment is sent by two at once, each with a database of its own, as another process has."""
    counts: list[Counts] = []
    together = Barrier(2)

    def work() -> None:
        own = Database(database.url)
        together.wait()
        counts.append(send_due(own, settings, now=lambda: at))
        own.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts
