"""Mail from the command line: what is due is sent, and the doctor knocks at the mail server."""

import json
from pathlib import Path

import pytest

from app import clock
from app.db.engine import Database
from app.errors import BadInput
from app.queries.charters import charter_row
from app.queries.follows import people_with_role
from app.rules.notices import Happening
from app.services.notices import tell
from app.settings import MailServer, load_settings
from tests.cli.conftest import Run
from tests.support.mailbox import free_port, mail_server
from tests.support.site import found_charter


@pytest.fixture
def due(engross: Run, tmp_path: Path) -> None:
    """An installation with one mail to send."""
    assert engross("migrate").code == 0
    database = Database(f"sqlite:///{tmp_path / 'data' / 'engross.sqlite3'}")
    found_charter(database)
    assert engross("user", "add", "mara@example.org", "--name", "Mara", "--charter", "peps").code == 0
    with database.writing() as session:
        charter = charter_row(session, "peps")
        tell(
            session,
            charter,
            people_with_role(session, charter),
            kind=Happening.MERGED,
            key="thing 1",
            object="thing 1",
            address="/peps",
            words="Something happened.",
            by=None,
            now=clock.now(),
        )
    database.close()


@pytest.mark.usefixtures("due")
def test_what_is_due_is_sent_and_counted(engross: Run, tmp_path: Path) -> None:
    done = engross("mail", "--json")
    assert done.code == 0
    assert json.loads(done.out) == {"sent": 1, "failed": 0, "given_up": 0, "digests": 0, "waiting": 0}
    (file,) = (tmp_path / "data" / "mail").iterdir()
    assert b"\nTo: mara@example.org" in file.read_bytes()
    assert engross("mail").out == "Sent 0, to be tried again 0, given up 0; 0 in the outbox.\n"


@pytest.mark.usefixtures("due")
def test_mails_go_by_the_server_that_is_set(engross: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server(password=True) as (box, port):
        monkeypatch.setenv("ENGROSS_SMTP_URL", f"smtp://engross:open%20sesame@127.0.0.1:{port}")
        monkeypatch.setenv("ENGROSS_MAIL_FROM", "Our charter <charter@example.org>")
        assert engross("mail").out.startswith("Sent 1,")
        assert box.mails[0]["From"] == "Our charter <charter@example.org>"


@pytest.mark.usefixtures("due")
def test_what_a_mail_server_answers_is_told_without_the_address(engross: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as (box, port):
        box.refusals["mara@example.org"] = "550 <mara@example.org> is not known here"
        monkeypatch.setenv("ENGROSS_SMTP_URL", f"smtp://127.0.0.1:{port}")
        ended = engross("mail")
    assert "given up 1" in ended.out
    assert "550 <…@…> is not known here" in ended.err
    assert "mara" not in ended.err


@pytest.mark.long
def test_the_doctor_says_whether_the_mail_server_lets_us_in_and_never_the_password(
    engross: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(password=True) as (box, port):
        for password, finding in (("open%20sesame", False), ("close%20sesame", True)):
            monkeypatch.setenv("ENGROSS_SMTP_URL", f"smtp://engross:{password}@127.0.0.1:{port}")
            said = engross("doctor")
            assert f"Mail: 127.0.0.1:{port}" in said.out
            assert ("535" in said.out) is finding
            assert "sesame" not in said.out + said.err
            assert "sesame" not in engross("doctor", "--json").out
            assert "sesame" not in repr(load_settings())
        assert box.mails == []
    monkeypatch.setenv("ENGROSS_SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    assert "the mail server 127.0.0.1" in engross("doctor").out


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", MailServer("mail.example.org", 587, "", "", sealed=False)),
        ("smtps://a:b@mail.example.org", MailServer("mail.example.org", 465, "a", "b", sealed=True)),
        ("smtp://a%40x:p%2F%25w@[::1]:2525/", MailServer("::1", 2525, "a@x", "p/%w", sealed=False)),
    ],
)
def test_the_address_of_a_mail_server_is_understood(url: str, server: MailServer) -> None:
    assert load_settings({"ENGROSS_SMTP_URL": url}).mail_server == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://user@mail.example.org",
        "smtp://a:secret@mail.example.org/path",
        "smtp://a:secret@mail.example.org?x=1",
        "smtp://a:secret@mail.example.org:99999",
        "smtp://a:sec#ret@mail.example.org",
        "smtp://a:secret%0d%0a@mail.example.org",
    ],
)
def test_what_cannot_be_a_mail_server_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(BadInput, match="ENGROSS_SMTP_URL") as refusal:
        load_settings({"ENGROSS_SMTP_URL": url})
    assert "secret" not in refusal.value.message


@pytest.mark.parametrize(
    "sender",
    ["nobody", "a@", "A <a@b>, C <c@d>", "A <a b@c>", "x <a@b> y", "jörg@example.org", "A@B <a@b>"],
)
def test_what_cannot_be_a_sender_is_refused(sender: str) -> None:
    with pytest.raises(BadInput, match="ENGROSS_MAIL_FROM"):
        load_settings({"ENGROSS_MAIL_FROM": sender})


@pytest.mark.parametrize(
    ("public", "sender"),
    [
        ("https://charter.example.org", "Engross <engross@charter.example.org>"),
        ("http://127.0.0.1:8000", "Engross <engross@localhost>"),
        ("http://[::1]:8000", "Engross <engross@localhost>"),
        ("", "Engross <engross@localhost>"),
    ],
)
def test_without_a_sender_mails_are_from_the_public_host(public: str, sender: str) -> None:
    assert load_settings({"ENGROSS_PUBLIC_URL": public}).sender == sender


def test_the_hour_of_daily_mails_is_an_hour() -> None:
    assert load_settings({"ENGROSS_DIGEST_HOUR": "23"}).digest_hour == 23
    with pytest.raises(BadInput, match="ENGROSS_DIGEST_HOUR"):
        load_settings({"ENGROSS_DIGEST_HOUR": "24"})
