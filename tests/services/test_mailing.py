"""The outbox: each mail is sent once, by one sender, tried again when it fails, and given up when it must be."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads

import pytest
from fastapi.testclient import TestClient

from app.db.engine import Database
from app.db.models.notices import OutboxMail
from app.main import create_app
from app.queries.charters import charter_row
from app.queries.follows import people_with_role
from app.queries.mailing import Told
from app.queries.people import account, person_by_email
from app.render.mail import Letter, message, notice_letter
from app.render.post import Delivery, Fate
from app.rules.notices import Happening, MailChoice
from app.services import mailing, people
from app.services.choices import choose
from app.services.mailing import HOLD, PATIENCE, claim
from app.services.notices import tell
from app.services.sending import Counts, Sender, send_due
from app.settings import Settings
from tests.support.mailbox import Mailbox, free_port, mail_server, mailing_settings, two_senders
from tests.support.site import add_person, found_charter

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MEMBERS = ("mara", "otto", "gilda")


@pytest.fixture
def group(database: Database) -> Database:
    """The PEPs charter with three members, on each kind of database."""
    return settle(database)


@pytest.fixture
def small_group(sqlite_database: Database) -> Database:
    """The same on SQLite alone."""
    return settle(sqlite_database)


def settle(database: Database) -> Database:
    """Make the charter and its members."""
    found_charter(database)
    for name in MEMBERS:
        add_person(database, name, "member")
    return database


@pytest.fixture
def post() -> Iterator[tuple[Mailbox, int]]:
    """A mail server."""
    with mail_server() as running:
        yield running


def happen(
    database: Database, number: int = 1, *, at: datetime = NOON, words: str = "Something happened.", quote: str = ""
) -> None:
    """Something happens that everybody is told of."""
    with database.writing() as session:
        charter = charter_row(session, "peps")
        tell(
            session,
            charter,
            people_with_role(session, charter),
            kind=Happening.MERGED,
            key=f"thing {number}",
            object=f"thing {number}",
            address=f"/peps/things/{number}",
            words=words,
            by=None,
            now=at,
            quote=quote,
        )


def chosen(database: Database, name: str, mail: str) -> None:
    """Somebody chooses when to get mail."""
    with database.writing() as session:
        who = account(person_by_email(session, f"{name}@example.org"))
        choose(session, who, mail=mail, listing="shown", now=NOON)


def sent(database: Database, settings: Settings, at: datetime = NOON) -> Counts:
    """What is due at that moment is sent."""
    return send_due(database, settings, now=lambda: at)


def outbox(database: Database) -> list[OutboxMail]:
    """All mails of the outbox."""
    with database.reading() as session:
        rows = session.query(OutboxMail).order_by(OutboxMail.id).all()
        session.expunge_all()
        return rows


def test_what_happened_reaches_everybody_at_once(group: Database, tmp_path: Path, post: tuple[Mailbox, int]) -> None:
    box, port = post
    happen(group, words="Gilda merged change 12.1.", quote="Equal partners.")
    settings = mailing_settings(tmp_path, port)
    assert sent(group, settings) == Counts(sent=3)
    assert box.recipients() == [f"{name}@example.org" for name in sorted(MEMBERS)]
    mail = box.mails[0]
    assert mail["Subject"] == "Gilda merged change 12.1."
    assert mail["From"] == "Engross <engross@charter.example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOON
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for body in (plain, html):
        assert "Gilda merged change 12.1." in body
        assert "Equal partners." in body
        assert "https://charter.example.org/peps/things/1" in body
        assert "Patient Engagement Professionals" in body
        assert "https://charter.example.org/notices/choices" in body
        assert "https://charter.example.org/unsubscribe/" in body
    assert mail["List-Unsubscribe"].startswith("<https://charter.example.org/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent(group, settings) == Counts()
    assert len(box.mails) == 3


def test_whoever_wants_no_mail_gets_none_and_daily_ones_get_one_a_day(
    group: Database, tmp_path: Path, post: tuple[Mailbox, int]
) -> None:
    box, port = post
    settings = mailing_settings(tmp_path, port, digest_hour=6)
    chosen(group, "mara", MailChoice.DAILY)
    chosen(group, "otto", MailChoice.NONE)
    happen(group, 1, words="First.")
    happen(group, 2, at=NOON + timedelta(hours=1), words="Second.", quote="In these words.")
    assert sent(group, settings, NOON + timedelta(hours=2)).sent == 2
    assert set(box.recipients()) == {"gilda@example.org"}
    morning = datetime(2026, 11, 25, 6, tzinfo=UTC)
    assert sent(group, settings, morning - timedelta(seconds=1)) == Counts()
    # What happens at the very hour is for the next day.
    happen(group, 3, at=morning, words="Third.")
    counts = sent(group, settings, morning)
    assert (counts.sent, counts.digests) == (2, 1)
    digest = next(mail for mail in box.mails if mail["To"] == "mara@example.org")
    assert digest["Subject"] == "Patient Engagement Professionals Industry Community: 2 things happened"
    for kind in ("plain", "html"):
        body = digest.get_body((kind,)).get_content()
        assert body.index("First.") < body.index("Second.") < body.index("In these words.")
        assert "Third." not in body
        assert "https://charter.example.org/peps/things/2" in body
    for later in (timedelta(minutes=1), timedelta(hours=5), timedelta(hours=23)):
        assert sent(group, settings, morning + later) == Counts()
    assert sent(group, settings, morning + timedelta(days=1)).digests == 1
    assert sent(group, settings, morning + timedelta(days=2)).digests == 0
    assert box.recipients().count("mara@example.org") == 2
    assert "otto@example.org" not in box.recipients()


def test_a_day_that_nobody_was_there_to_mail_is_made_up_for(small_group: Database, tmp_path: Path) -> None:
    settings = mailing_settings(tmp_path)
    for name in MEMBERS:
        chosen(small_group, name, MailChoice.DAILY)
    happen(small_group)
    assert sent(small_group, settings, NOON + timedelta(days=9)).digests == 3


def test_daily_mails_go_by_charter(small_group: Database, tmp_path: Path, post: tuple[Mailbox, int]) -> None:
    box, port = post
    found_charter(small_group, "isop-pateg")
    with small_group.writing() as session:
        mara = person_by_email(session, "mara@example.org")
        people.set_role(session, mara, charter_row(session, "isop-pateg"), "member", by=None, now=NOON)
    chosen(small_group, "mara", MailChoice.DAILY)
    for key, number in (("peps", 1), ("isop-pateg", 2), ("peps", 3)):
        with small_group.writing() as session:
            tell(
                session,
                charter_row(session, key),
                [person_by_email(session, "mara@example.org").id],
                kind=Happening.MERGED,
                key=f"thing {number}",
                object="thing",
                address=f"/{key}",
                words=f"Number {number}.",
                by=None,
                now=NOON,
            )
    sent(small_group, mailing_settings(tmp_path, port), NOON + timedelta(days=1))
    (mail,) = box.mails
    assert mail["Subject"] == "Your charters: 3 things happened"
    body = mail.get_body(("plain",)).get_content()
    order = [body.index(words) for words in ("ISoP", "Number 2.", "Patient Engagement Prof", "Number 1.", "Number 3.")]
    assert order == sorted(order)


def test_a_server_that_is_down_is_tried_again(group: Database, tmp_path: Path) -> None:
    port = free_port()
    settings = mailing_settings(tmp_path, port)
    happen(group)
    # One mail finds out; the others wait for the next run.
    assert sent(group, settings) == Counts(failed=1, waiting=3)
    failed = next(mail for mail in outbox(group) if mail.last_error)
    assert failed.due_at == NOON + timedelta(minutes=1)
    assert f"127.0.0.1:{port}" in failed.last_error
    with mail_server(port) as (box, _):
        assert sent(group, settings, NOON + timedelta(seconds=30)).sent == 2
        assert sent(group, settings, NOON + timedelta(minutes=1)).sent == 1
        assert sent(group, settings, NOON + timedelta(days=1)) == Counts()
        assert len({mail["Message-ID"] for mail in box.wait_for(3)}) == len(box.mails) == 3


@pytest.mark.long
def test_waits_grow_and_after_three_days_a_mail_is_given_up(small_group: Database, tmp_path: Path) -> None:
    for name in ("otto", "gilda"):
        chosen(small_group, name, MailChoice.NONE)
    settings = mailing_settings(tmp_path, free_port())
    happen(small_group)
    at, waits = NOON, []
    for _ in range(100):
        sent(small_group, settings, at)
        (mail,) = outbox(small_group)
        if mail.given_up_at is not None:
            break
        waits.append(int((mail.due_at - at).total_seconds() // 60))
        at = mail.due_at
    assert waits[:11] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert set(waits[10:]) == {360}
    assert PATIENCE <= at - NOON < PATIENCE + timedelta(hours=6)
    assert sent(small_group, settings, at + timedelta(days=1)) == Counts()


def test_a_recipient_who_is_refused_for_good_is_given_up_and_the_others_are_not(
    small_group: Database, tmp_path: Path, post: tuple[Mailbox, int]
) -> None:
    box, port = post
    box.refusals = {"mara@example.org": "550 5.1.1 nobody here of that name", "otto@example.org": "451 later"}
    happen(small_group)
    settings = mailing_settings(tmp_path, port)
    counts = sent(small_group, settings)
    assert (counts.sent, counts.given_up, counts.failed) == (1, 1, 1)
    mara = next(mail for mail in outbox(small_group) if mail.to_address == "mara@example.org")
    assert mara.given_up_at == NOON
    assert "nobody here of that name" in mara.last_error
    box.refusals = {}
    assert sent(small_group, settings, NOON + timedelta(minutes=1)).sent == 1
    assert box.recipients() == ["gilda@example.org", "otto@example.org"]


def test_what_the_server_does_not_take_is_tried_again(
    small_group: Database, tmp_path: Path, post: tuple[Mailbox, int]
) -> None:
    box, port = post
    box.answer = "451 out of space"
    happen(small_group)
    settings = mailing_settings(tmp_path, port)
    assert sent(small_group, settings).failed == 3
    box.answer = "250 taken"
    assert sent(small_group, settings, NOON + timedelta(minutes=1)).sent == 3


def test_two_senders_at_once_send_each_mail_once(group: Database, tmp_path: Path, post: tuple[Mailbox, int]) -> None:
    box, port = post
    chosen(group, "mara", MailChoice.DAILY)
    for number in range(8):
        happen(group, number, at=NOON + timedelta(seconds=number))
    settings = mailing_settings(tmp_path, port)
    counts = two_senders(group, settings, NOON + timedelta(days=1))
    assert sum(one.sent for one in counts) == 17
    assert sum(one.digests for one in counts) == 1
    ids = [mail["Message-ID"] for mail in box.mails]
    assert len(ids) == len(set(ids)) == 17


def test_a_mail_that_one_holds_nobody_else_takes_until_the_hold_is_over(group: Database) -> None:
    for name in ("otto", "gilda"):
        chosen(group, name, MailChoice.NONE)
    happen(group)
    with group.writing() as session:
        mail = claim(session, address="https://charter.example.org", now=NOON)
    assert mail is not None
    for later, taken in ((HOLD - timedelta(seconds=1), False), (HOLD, True)):
        with group.writing() as session:
            again = claim(session, address="https://charter.example.org", now=NOON + later)
        assert (again is not None) is taken
        assert again is None or again.key == mail.key


class BreaksOff:
    """A way to send that ends with the process, as kill -9 would, after the mail was handed in."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.ids: list[str] = []

    def send(self, mail: object, name: str) -> Delivery:
        self.names.append(name)
        self.ids.append(mail["Message-ID"])  # type: ignore[index]
        if len(self.names) == 1:
            raise KeyboardInterrupt
        return Delivery(Fate.SENT)

    def close(self) -> None:
        pass


def test_a_mail_sent_again_because_nobody_knows_whether_it_went_out_is_known_as_the_same(small_group: Database) -> None:
    for name in ("otto", "gilda"):
        chosen(small_group, name, MailChoice.NONE)
    happen(small_group)
    way, settings = BreaksOff(), mailing_settings(Path("nowhere"))
    with pytest.raises(KeyboardInterrupt):
        send_due(small_group, settings, way, now=lambda: NOON)
    assert send_due(small_group, settings, way, now=lambda: NOON + HOLD).sent == 1
    assert way.names[0] == way.names[1]
    assert way.ids[0] == way.ids[1]


def test_without_a_server_mails_are_files_for_their_owner_alone_and_the_same_mail_is_the_same_file(
    small_group: Database, tmp_path: Path
) -> None:
    settings = mailing_settings(tmp_path)
    happen(small_group, words="Größe & “Wörter”")
    assert sent(small_group, settings).sent == 3
    files = sorted((tmp_path / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml"] * 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700
    assert all(b"\nSubject: =?utf-8?" in file.read_bytes() for file in files)
    with small_group.writing() as session:
        for mail in session.query(OutboxMail).all():
            mail.sent_at = None
    assert sent(small_group, settings).sent == 3
    assert sorted((tmp_path / "mail").iterdir()) == files


def test_a_folder_that_cannot_be_written_is_tried_again(small_group: Database, tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    happen(small_group)
    assert sent(small_group, mailing_settings(tmp_path)).failed == 1
    (tmp_path / "mail").unlink()
    assert sent(small_group, mailing_settings(tmp_path), NOON + timedelta(minutes=1)).sent == 3


def test_nobody_is_mailed_what_they_may_or_want_not_hear_of_any_more(
    small_group: Database, tmp_path: Path, post: tuple[Mailbox, int]
) -> None:
    box, port = post
    happen(small_group)
    chosen(small_group, "mara", MailChoice.NONE)
    with small_group.writing() as session:
        otto = person_by_email(session, "otto@example.org")
        people.set_role(session, otto, charter_row(session, "peps"), None, by=None, now=NOON)
        people.remove_person(session, person_by_email(session, "gilda@example.org"), by=None, now=NOON)
    assert sent(small_group, mailing_settings(tmp_path, port)) == Counts()
    assert box.mails == []
    assert {mail.last_error for mail in outbox(small_group)} == {
        "They turned mails off.",
        "There is nothing to tell them any more: they have no role in the charter, or may not see it.",
        "They were removed.",
    }


def test_daily_mails_tell_nothing_of_a_charter_one_left(small_group: Database, tmp_path: Path) -> None:
    for name in MEMBERS:
        chosen(small_group, name, MailChoice.DAILY)
    happen(small_group)
    chosen(small_group, "mara", MailChoice.NONE)
    with small_group.writing() as session:
        otto = person_by_email(session, "otto@example.org")
        people.set_role(session, otto, charter_row(session, "peps"), None, by=None, now=NOON)
    settings = mailing_settings(tmp_path)
    assert sent(small_group, settings, NOON + timedelta(days=1)).digests == 1
    assert [mail.to_address for mail in outbox(small_group)] == ["gilda@example.org"]


def test_a_mail_that_cannot_be_made_keeps_nobody_else_from_theirs(
    small_group: Database, tmp_path: Path, post: tuple[Mailbox, int]
) -> None:
    box, port = post
    happen(small_group)
    with small_group.writing() as session:
        mail = session.query(OutboxMail).filter_by(to_address="gilda@example.org").one()
        mail.to_address = "gilda@example.org\r\nBcc: everybody@example.org"
    counts = sent(small_group, mailing_settings(tmp_path, port))
    assert (counts.sent, counts.given_up) == (2, 1)
    assert box.recipients() == ["mara@example.org", "otto@example.org"]


def test_a_mail_whose_words_cannot_be_made_keeps_nobody_else_from_theirs(
    small_group: Database, tmp_path: Path, post: tuple[Mailbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, port = post
    settings = mailing_settings(tmp_path, port)

    def faulty(told: Told, *, address: str, unsubscribe: str, reply_to: str) -> Letter:
        if told.sentence == "Badly.":
            raise LookupError("a fault of the program")
        return notice_letter(told, address=address, unsubscribe=unsubscribe, reply_to=reply_to)

    happen(small_group, 1, words="Badly.")
    happen(small_group, 2, words="Well.")
    with monkeypatch.context() as patched:
        patched.setattr(mailing, "notice_letter", faulty)
        assert sent(small_group, settings).sent == 3
    assert {mail["Subject"] for mail in box.mails} == {"Well."}
    assert {mail.last_error for mail in outbox(small_group) if mail.last_error} == {
        "It could not be made: a fault of the program"
    }
    assert sent(small_group, settings, NOON + timedelta(minutes=1)).sent == 3


def test_the_servers_thread_is_woken_by_the_commit_and_stops_at_once(
    group: Database, tmp_path: Path, post: tuple[Mailbox, int]
) -> None:
    box, port = post
    sender = Sender(group, mailing_settings(tmp_path, port), every=3600)
    sender.start()
    happen(group, 1, at=datetime.now(UTC))
    box.wait_for(3)
    happen(group, 2, at=datetime.now(UTC))
    box.wait_for(6)
    sender.stop(patience=60)
    assert not sender.alive
    happen(group, 3, at=datetime.now(UTC))
    assert len(box.mails) == 6


def test_a_running_service_sends_by_itself_and_stops_sending_when_it_ends(
    small_group: Database, tmp_path: Path, post: tuple[Mailbox, int]
) -> None:
    box, port = post
    with TestClient(create_app(mailing_settings(tmp_path, port), small_group)):
        happen(small_group, at=datetime.now(UTC))
        box.wait_for(3)
    assert not [thread for thread in enumerate_threads() if thread.name == "mail sender"]


def test_a_fault_does_not_end_the_servers_thread(
    small_group: Database, tmp_path: Path, post: tuple[Mailbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    box, port = post
    failed = Event()

    def broken() -> None:
        failed.set()
        raise RuntimeError("the database is away")

    sender = Sender(small_group, mailing_settings(tmp_path, port), every=3600)
    with monkeypatch.context() as away:
        away.setattr(small_group, "reading", broken)
        sender.start()
        assert failed.wait(60)
    happen(small_group, at=datetime.now(UTC))
    box.wait_for(3)
    sender.stop(patience=60)


def test_the_sign_of_a_mail_says_nothing_of_what_is_in_it(small_group: Database) -> None:
    happen(small_group, words="A secret matter.")
    with small_group.writing() as session:
        mail = claim(session, address="https://charter.example.org", now=NOON)
    assert mail is not None
    made = message(
        mail.letter,
        key=mail.key,
        to=mail.to,
        sender="Engross <engross@charter.example.org>",
        address="https://charter.example.org",
        unsubscribe=mail.unsubscribe,
        now=NOON,
    )
    assert "thing" not in made["Message-ID"]
    assert made["Message-ID"].endswith("@charter.example.org>")
