"""Where mails go: handed in at a mail server, or written as files where there is none."""

import os
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from app.render.mail import POLICY
from app.settings import MailServer, Settings

PATIENCE = 30
"""Seconds a mail server may take for each answer."""

_LONGEST_REASON = 500


class Fate(StrEnum):
    """What became of a mail that was to be sent."""

    SENT = "sent"
    LATER = "later"
    NEVER = "never"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a mail, and why in words: ``CLOSED`` means that nothing else can be sent just now either."""

    fate: Fate
    reason: str = ""


class Post(Protocol):
    """A way for mails to go."""

    def send(self, mail: EmailMessage, name: str) -> Delivery:
        """Send one mail, or say why not. ``name`` is the same whenever the same mail is sent again."""
        ...

    def close(self) -> None:
        """Nothing more is to be sent for now."""
        ...


def open_post(settings: Settings) -> Post:
    """The way mails go in this installation."""
    server = settings.mail_server
    return MailFolder(settings.mail_folder) if server is None else MailWire(server)


def mail_way(settings: Settings) -> str:
    """Where mails go, in words; without the password."""
    server = settings.mail_server
    if server is None:
        return f"files in {settings.mail_folder.resolve()}"
    return f"{server.host}:{server.port}, from {settings.sender}"


def mail_trouble(settings: Settings) -> str:
    """Why no mail could be handed in just now, "" if it could; nothing is sent for that."""
    server = settings.mail_server
    return "" if server is None else MailWire(server, patience=10).check()


class MailFolder:
    """Mails become files that only their owner can read; the same mail sent again is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, mail: EmailMessage, name: str) -> Delivery:
        """Write the mail as a whole, or not at all."""
        beside = self._folder / f".{name}.{os.getpid()}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(_octets(mail))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._folder / f"{name}.eml")
        except OSError as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            return Delivery(Fate.CLOSED, f"The mail could not be written: {error.strerror}.")
        return Delivery(Fate.SENT)

    def close(self) -> None:
        """There is nothing to close."""


class MailWire:
    """Mails are handed in at a mail server, several over one connection."""

    def __init__(self, server: MailServer, patience: float = PATIENCE) -> None:
        self._server = server
        self._patience = patience
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def send(self, mail: EmailMessage, name: str) -> Delivery:  # noqa: ARG002 (the server knows it by its Message-ID)
        """Hand in one mail."""
        try:
            line = self._ready()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Delivery(Fate.CLOSED, in_words(error, self._server))
        try:
            line.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            code, reason = next(iter(refused.recipients.values()))
            return Delivery(Fate.NEVER if 500 <= code < 600 else Fate.LATER, _said(code, reason))
        except smtplib.SMTPNotSupportedError:
            return Delivery(Fate.NEVER, "The mail server takes no addresses with letters beyond a to z.")
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as refused:
            # It may be this mail or the server as a whole; the next one will tell.
            self.close()
            return Delivery(Fate.LATER, _said(refused.smtp_code, refused.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Delivery(Fate.CLOSED, in_words(error, self._server))
        return Delivery(Fate.SENT)

    def check(self) -> str:
        """Knock at the server and sign in; "" if it would take mails, else why not."""
        try:
            self._ready()
        except (OSError, smtplib.SMTPException) as error:
            return in_words(error, self._server)
        finally:
            self.close()
        return ""

    def close(self) -> None:
        """Hang up."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(OSError, smtplib.SMTPException):
                line.quit()
            line.close()

    def _ready(self) -> smtplib.SMTP:
        """A connection that takes mails: the one there is, if it still answers, else a new one."""
        if self._line is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._line.rset()[0] == 250:
                    return self._line
            self.close()
        self._line = self._connected()
        return self._line

    def _connected(self) -> smtplib.SMTP:
        server, tls = self._server, ssl.create_default_context()
        if server.loopback:
            # The certificate of a server on this machine is often its own, and nobody can stand in between.
            tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
        if server.sealed:
            line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=self._patience, context=tls)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=self._patience)
        try:
            line.ehlo_or_helo_if_needed()
            if not server.sealed and line.has_extn("starttls"):
                line.starttls(context=tls)
                line.ehlo()
            elif not server.sealed and server.user and not server.loopback:
                raise smtplib.SMTPException("it offers no TLS, and a password is not sent in the clear; try smtps://")
            if server.user:
                line.login(server.user, server.password)
        except BaseException:
            line.close()
            raise
        return line


def in_words(error: Exception, server: MailServer) -> str:
    """Why a mail server could not be used. Nothing of the password is in it."""
    where = f"the mail server {server.host}:{server.port}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"Signing in at {where} failed: {_said(error.smtp_code, error.smtp_error)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{where.capitalize()} refused: {_said(error.smtp_code, error.smtp_error)}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {where} is not good: {error.verify_message}."
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error) or type(error).__name__
    return f"With {where} it did not work: {reason}."[:_LONGEST_REASON]


def _said(code: int, reason: bytes | str) -> str:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return " ".join(f"{code} {text}".replace("\0", " ").split())[:_LONGEST_REASON]


def _octets(mail: EmailMessage) -> bytes:
    policy = POLICY if str(mail["To"]).isascii() else POLICY.clone(utf8=True)
    return mail.as_bytes(policy=policy)
