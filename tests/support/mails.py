"""The mails an installation without a mail server has written, and the links in them."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from app.db.engine import Database
from app.services.sending import Counts, send_due
from app.settings import Settings

PUBLIC = "http://testserver"


def deliver(database: Database, folder: Path) -> Counts:
    """Send what is in the outbox, as files in this folder."""
    return send_due(database, Settings(data_dir=folder, public_url=PUBLIC))


def mails(folder: Path, to: str = "") -> list[EmailMessage]:
    """The mails that were written, the newest last; those to one address, if it is given."""
    found: list[EmailMessage] = []
    for file in sorted((folder / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        if not to or str(mail["To"]) == to:
            found.append(mail)
    return found


def words_of(mail: EmailMessage) -> str:
    """What a mail says, as plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage, begins: str = "/") -> str:
    """The path of the first link of a mail that begins so."""
    return re.findall(rf"https?://[^/\s]+({re.escape(begins)}[\w-]+)", words_of(mail))[0]
