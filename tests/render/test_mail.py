"""Mails as they leave: nothing in a name or a title gets into a header, and no words are lost."""

import ssl
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render.mail import POLICY, digest_letter, mail_name, message, notice_letter
from app.render.post import Fate, MailFolder, MailWire
from app.rules.notices import Topic
from app.settings import MailServer
from tests.support.mailbox import free_port, mail_server

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ADDRESS = "https://charter.example.org"
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Content-Type",
}
HOSTILE = [
    "A title\r\nBcc: everybody@example.org",
    "A title\nContent-Type: text/html\n\n<script>alert(1)</script>",
    "A title\rX-Injected: yes",
    "A title\x85X-Injected: yes",
    "A title\u2028X-Injected: yes\u2029\x0b\x0c\x1c\x1d\x1e",
    "=?utf-8?q?=0d=0aBcc:_everybody=40example.org?=",
    "Wörter über Größe, 患者, 🎈" * 20,
    "W" * 400,
    "\u202eevil\u202c \x00 \x1b[2J",
    "<img src=x onerror=alert(1)>\"'&amp;{{ 7 * 7 }}",
    "." + "\n.\n" * 3,
]


@dataclass(frozen=True)
class Told:
    """Something that is told."""

    sentence: str
    quote: str = ""
    address: str = "/peps/proposals/1"
    why: str = "follow proposal 1"
    organisation: str = "Our group"
    charter: str = ""
    topic: Topic | None = None
    personal: bool = False
    button: str = "See it"


def mailed(told: Told, key: str = "1 peps: review 1", to: str = "mara@example.org") -> EmailMessage:
    """The mail about that, as it is sent."""
    return message(
        notice_letter(told, address=ADDRESS, unsubscribe="/unsubscribe/secret"),
        key=key,
        to=to,
        sender="Engross <engross@charter.example.org>",
        address=ADDRESS,
        unsubscribe="/unsubscribe/secret",
        now=NOON,
    )


def received(octets: bytes) -> EmailMessage:
    """A mail as its reader's program understands it."""
    made = message_from_bytes(octets, policy=policy.default)
    assert isinstance(made, EmailMessage)
    return made


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_that_people_write_gets_into_the_headers(words: str) -> None:
    octets = mailed(Told(words, quote=words, organisation=words)).as_bytes(policy=POLICY)
    assert octets.isascii()
    head = octets.partition(b"\r\n\r\n")[0]
    assert b"\n" not in head.replace(b"\r\n", b"")
    got = received(octets)
    assert set(got.keys()) == HEADERS
    assert len(got.keys()) == len(HEADERS)
    assert [part.get_content_type() for part in got.iter_parts()] == ["text/plain", "text/html"]
    assert not got.defects
    html = got.get_body(("html",)).get_content()
    assert "<script" not in html
    assert "<img" not in html
    assert "49" not in html or "7 * 7" in html


@given(st.text(max_size=300))
def test_no_text_at_all_makes_a_header(words: str) -> None:
    got = received(mailed(Told(f"A{words}")).as_bytes(policy=POLICY))
    assert set(got.keys()) == HEADERS
    assert len(got["Subject"]) <= 1_000


def test_a_long_title_is_cut_in_the_subject_and_whole_in_the_mail() -> None:
    title = "word " * 60 + "end."
    got = received(mailed(Told(title)).as_bytes(policy=POLICY))
    assert got["Subject"].endswith("…")
    assert len(got["Subject"]) <= 150
    assert title in got.get_body(("plain",)).get_content()


def test_what_cannot_be_seen_is_shown_by_its_number() -> None:
    got = received(mailed(Told("Turned \u202earound", quote="Hidden \u200bspace")).as_bytes(policy=POLICY))
    for kind in ("plain", "html"):
        body = got.get_body((kind,)).get_content()
        assert "Turned [U+202E]around" in body
        assert "Hidden [U+200B]space" in body
    assert got["Subject"] == "Turned [U+202E]around"


def test_a_mail_keeps_its_name_and_another_has_another() -> None:
    assert mailed(Told("A"))["Message-ID"] == mailed(Told("A"))["Message-ID"]
    names = {mail_name("1 a", ADDRESS), mail_name("1 b", ADDRESS), mail_name("1 a", "https://other.example.org")}
    assert len(names) == 3


def test_addresses_in_headers_stand_on_one_line() -> None:
    octets = mailed(Told("A")).as_bytes(policy=POLICY)
    assert b"\r\nList-Unsubscribe: <https://charter.example.org/unsubscribe/secret>\r\n" in octets


def test_a_daily_mail_counts_what_it_does_not_tell() -> None:
    letter = digest_letter([Told(f"Thing {n}.") for n in range(60)], address=ADDRESS, unsubscribe="/unsubscribe/x")
    assert letter.subject == "Our group: 60 things happened"
    for body in (letter.text, letter.html):
        assert "Thing 49." in body
        assert "Thing 50." not in body
        assert "10 things more" in body


def test_a_mail_is_written_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path / "mail")
    assert folder.send(mailed(Told("A")), "name").fate is Fate.SENT
    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["name.eml"]
    (tmp_path / "mail" / "other.eml").mkdir()
    refused = folder.send(mailed(Told("A")), "other")
    assert refused.fate is Fate.CLOSED
    assert "could not be written" in refused.reason
    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == ["name.eml", "other.eml"]


def test_an_address_with_other_letters_goes_where_the_server_takes_it() -> None:
    with mail_server() as (box, port):
        wire = MailWire(MailServer("127.0.0.1", port, "", "", sealed=False))
        assert wire.send(mailed(Told("A"), to="jörg@example.org"), "name").fate is Fate.SENT
        wire.close()
        assert box.recipients() == ["jörg@example.org"]


def test_a_server_that_knows_us_takes_mails_and_one_that_does_not_says_so_without_the_password() -> None:
    with mail_server(password=True) as (box, port):
        wire = MailWire(MailServer("127.0.0.1", port, "engross", "open sesame", sealed=False))
        assert wire.check() == ""
        assert wire.send(mailed(Told("A")), "a").fate is Fate.SENT
        assert wire.send(mailed(Told("B")), "b").fate is Fate.SENT
        wire.close()
        # Two mails of one run go over one connection.
        assert box.signed_in == ["engross"] * 2
        stranger = MailWire(MailServer("127.0.0.1", port, "engross", "guessed wrong", sealed=False))
        done = stranger.send(mailed(Told("C")), "c")
        assert done.fate is Fate.CLOSED
        assert "535" in done.reason
        assert "guessed" not in done.reason
        assert len(box.mails) == 2


def test_a_password_is_not_sent_in_the_clear_beyond_this_machine() -> None:
    with mail_server(password=True) as (box, port):
        # A name of this machine that is not known as one.
        wire = MailWire(MailServer("0.0.0.0", port, "engross", "open sesame", sealed=False))
        assert "in the clear" in wire.check()
        assert box.signed_in == []


def test_a_server_that_is_not_there_is_named() -> None:
    port = free_port()
    reason = MailWire(MailServer("127.0.0.1", port, "engross", "open sesame", sealed=False)).check()
    assert f"127.0.0.1:{port}" in reason
    assert "sesame" not in reason


def test_a_server_that_speaks_no_tls_is_not_used_where_tls_is_asked_for() -> None:
    with mail_server() as (box, port):
        wire = MailWire(MailServer("127.0.0.1", port, "", "", sealed=True), patience=10)
        assert wire.send(mailed(Told("A")), "a").fate is Fate.CLOSED
        assert box.mails == []


@pytest.mark.openssl
def test_tls_is_begun_where_it_is_offered(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]
    made += ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with mail_server(starttls=context) as (box, port):
        wire = MailWire(MailServer("127.0.0.1", port, "", "", sealed=False))
        assert wire.send(mailed(Told("A")), "a").fate is Fate.SENT
        wire.close()
        assert len(box.mails) == 1
