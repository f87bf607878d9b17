"""What one act did to many things is one mail to each person, and is sent once like every other."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import clock
from app.db.engine import Database
from app.db.models.notices import OutboxMail
from app.queries.charters import charter_row
from app.queries.follows import people_with_role
from app.queries.people import account, person_by_email
from app.render.post import Delivery, Fate
from app.rules.notices import Happening, MailChoice
from app.services.choices import choose
from app.services.mailing import FIRST_WAIT, HOLD, MOST_SINGLY
from app.services.notices import News, tell_many
from app.services.sending import send_due
from app.settings import Settings
from tests.support.acts import propose
from tests.support.mailbox import mail_server, mailing_settings, two_senders
from tests.support.mails import mails
from tests.support.site import API, Site, add_person, found_charter

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TO_MARA = "mara@example.org"


def settings(tmp_path: Path) -> Settings:
    """Mails become files."""
    return Settings(data_dir=tmp_path, public_url="https://charter.example.org")


@pytest.fixture
def group(database: Database) -> Database:
    """The PEPs charter with two members, on each kind of database."""
    found_charter(database)
    for name in ("mara", "otto"):
        add_person(database, name, "member")
    return database


def act(database: Database, count: int, *, at: datetime = NOON, kind: Happening = Happening.REVERTED) -> None:
    """One act does something to so many things, and tells everybody."""
    with database.writing() as session:
        charter = charter_row(session, "peps")
        everybody = people_with_role(session, charter)
        news = [
            News(everybody, kind, f"{at} {n}", f"thing {n}", f"/peps/things/{n}", f"Thing {n} happened.", None)
            for n in range(count)
        ]
        tell_many(session, charter, news, now=at)


def unsettled(database: Database) -> int:
    """How many mails are neither sent nor given up."""
    with database.reading() as session:
        waiting = session.query(OutboxMail).filter(OutboxMail.sent_at.is_(None), OutboxMail.given_up_at.is_(None))
        return waiting.count()


class Door:
    """A way to send that does with each mail what the next of these says, and takes all later ones."""

    def __init__(self, *does: Fate | type[BaseException]) -> None:
        self.does = list(does)
        self.names: list[str] = []

    def send(self, _mail: object, name: str) -> Delivery:
        self.names.append(name)
        next_one = self.does.pop(0) if self.does else Fate.SENT
        if isinstance(next_one, type):
            raise next_one
        return Delivery(next_one, "" if next_one is Fate.SENT else "Not now.")

    def close(self) -> None:
        pass


def test_decisions_made_at_one_go_are_one_mail_with_each_in_it(sqlite_site: Site, tmp_path: Path) -> None:
    site = sqlite_site
    numbers = [propose(site.member, markdown=f"Words, {n}.", title=f"Wish {n}")["number"] for n in range(5)]
    send_due(site.database, settings(tmp_path))
    before = len(mails(tmp_path, TO_MARA))
    verdicts = [{"ref": f"{n}.1", "outcome": "rejected", "reason": f"Not so, {n}."} for n in numbers]
    assert site.governor.post(f"{API}/decisions", json=verdicts).status_code == 201
    send_due(site.database, settings(tmp_path))
    (mail,) = mails(tmp_path, TO_MARA)[before:]
    assert mail["Subject"] == "Patient Engagement Professionals Industry Community: decisions on 5 proposals"
    assert mail["List-Unsubscribe"].startswith("<https://charter.example.org/unsubscribe/")
    assert mail["List-Id"] == "<peps.charter.example.org>"
    assert mail["References"] is None
    for kind in ("plain", "html"):
        said = mail.get_body((kind,)).get_content()
        assert "Decisions on 5 proposals" in said
        assert "You get this because you follow these proposals." in said
        for n, number in enumerate(numbers):
            assert f"Proposal {number}: Wish {n}" in said
            assert f"Not so, {number}." in said
            assert f"https://charter.example.org/peps/proposals/{number}" in said
    assert unsettled(site.database) == 0
    assert len(site.member.get("/api/v1/me/notices", params={"unread": True}).json()) == 5


def test_a_few_go_one_by_one_and_acts_are_not_mixed(group: Database, tmp_path: Path) -> None:
    act(group, MOST_SINGLY)
    later = NOON + timedelta(microseconds=1)
    act(group, MOST_SINGLY, at=later)
    counts = send_due(group, settings(tmp_path), now=lambda: later)
    assert (counts.sent, counts.waiting) == (2 * 2 * MOST_SINGLY, 0)
    act(group, 60, at=later + timedelta(seconds=1))
    counts = send_due(group, settings(tmp_path), now=lambda: NOON + timedelta(minutes=1))
    assert (counts.sent, counts.waiting) == (2, 0)
    said = mails(tmp_path, TO_MARA)[-1]
    assert str(said["Subject"]).endswith(": 60 things happened")
    assert "And 10 things more: https://charter.example.org/notices" in said.get_body(("plain",)).get_content()


def test_two_senders_at_once_send_each_of_them_once(group: Database, tmp_path: Path) -> None:
    for number in range(6):
        act(group, 2 * MOST_SINGLY, at=NOON + timedelta(seconds=number))
    with mail_server() as (box, port):
        counts = two_senders(group, mailing_settings(tmp_path, port), NOON + timedelta(minutes=1))
    assert sum(one.sent for one in counts) == 6 * 2
    assert sorted(box.recipients()) == ["mara@example.org"] * 6 + ["otto@example.org"] * 6
    told = [f"Thing {n} happened" for n in range(2 * MOST_SINGLY)]
    assert all(words in mail.get_body(("plain",)).get_content() for mail in box.mails for words in told)


def test_it_is_tried_again_as_the_same_mail_and_given_up_as_a_whole(group: Database, tmp_path: Path) -> None:
    act(group, 8)
    door = Door(Fate.LATER, Fate.NEVER)
    counts = send_due(group, settings(tmp_path), door, now=lambda: NOON)
    assert (counts.failed, counts.given_up, counts.sent) == (1, 1, 0)
    assert unsettled(group) == 8
    counts = send_due(group, settings(tmp_path), door, now=lambda: NOON + FIRST_WAIT)
    assert (counts.sent, unsettled(group)) == (1, 0)
    assert door.names[2] == door.names[0] != door.names[1]


def test_who_dies_over_it_leaves_all_of_it_to_the_next(group: Database, tmp_path: Path) -> None:
    act(group, 8)
    door = Door(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        send_due(group, settings(tmp_path), door, now=lambda: NOON)
    counts = send_due(group, settings(tmp_path), door, now=lambda: NOON + HOLD - timedelta(seconds=1))
    assert (counts.sent, counts.waiting) == (1, 8)
    counts = send_due(group, settings(tmp_path), door, now=lambda: NOON + HOLD)
    assert (counts.sent, counts.waiting) == (1, 0)
    assert door.names[2] == door.names[0] != door.names[1]


def test_whoever_turned_mails_off_or_left_gets_none_of_it(group: Database, tmp_path: Path) -> None:
    act(group, 8)
    with group.writing() as session:
        charter = charter_row(session, "peps")
        assert len(people_with_role(session, charter)) == 2
        who = account(person_by_email(session, TO_MARA))
        choose(session, who, mail=MailChoice.NONE, listing="shown", now=clock.now())
    counts = send_due(group, settings(tmp_path), now=lambda: NOON)
    assert (counts.sent, counts.waiting) == (1, 0)
    assert [mail["To"] for mail in mails(tmp_path)] == ["otto@example.org"]
