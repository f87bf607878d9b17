"""Coming in on both kinds of database: links by mail and invitations, also when two accept, ask or leave at once."""

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
import sqlalchemy

from app import clock
from app.db.engine import Database
from app.db.models.notices import OutboxMail
from app.db.models.people import Person, Role
from app.db.models.sessions import BrowserSession
from app.errors import EngrossError, NotSignedIn, Refused
from app.queries.charters import charter_row
from app.queries.members import governor_count
from app.queries.people import Account, account, person_by_email
from app.queries.verification import verify
from app.services import invitations, links, people, sessions
from tests.support.mails import deliver, link_in, mails
from tests.support.site import add_person, found_charter


@pytest.fixture
def group(database: Database) -> Database:
    """The PEPs charter with two governors and a member."""
    found_charter(database)
    for name, role in (("gilda", "governor"), ("gero", "governor"), ("mara", "member")):
        add_person(database, name, role)
    return database


def who(database: Database, name: str) -> Account:
    with database.reading() as session:
        return account(person_by_email(session, f"{name}@example.org"))


def invite(database: Database, email: str, role: str = "member") -> None:
    by = who(database, "gilda")
    with database.writing() as session:
        charter = charter_row(session, "peps", lock=True)
        invitations.invite(session, charter, [(email, "")], role, by=by, now=clock.now())


def at_once(database: Database, *acts: Callable[[], object]) -> list[object]:
    """What came of acts that begin at the same moment, an error of ours as itself."""
    ready, found = Barrier(len(acts)), list[object]()

    def run(act: Callable[[], object]) -> None:
        ready.wait(30)
        try:
            found.append(act())
        except EngrossError as error:
            found.append(error)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.reading() as session:
        assert verify(session).faults == ()
    return found


def count(database: Database, of: type) -> int:
    with database.reading() as session:
        return session.scalar(sqlalchemy.select(sqlalchemy.func.count()).select_from(of)) or 0


def test_a_link_asked_for_by_mail_signs_in_once(group: Database, tmp_path: Path) -> None:
    with group.writing() as session:
        for email in ("Mara@example.org", "nobody@example.org"):
            links.ask_for_link(session, email, place="here", leads_to="/peps/working", now=clock.now())
    assert deliver(group, tmp_path).sent == 1
    secret = link_in(mails(tmp_path)[0], "/sign-in/").rpartition("/")[2]

    def sign_in() -> str:
        with group.writing() as session:
            return sessions.sign_in_by_link(session, secret, now=clock.now()).leads_to

    found = at_once(group, sign_in, sign_in)
    assert sorted(map(str, found))[0] == "/peps/working"
    assert sum(isinstance(one, NotSignedIn) for one in found) == 1
    assert count(group, BrowserSession) == 1


def test_two_who_accept_one_invitation_at_once_make_one_person(group: Database, tmp_path: Path) -> None:
    invite(group, "anna@example.org")
    deliver(group, tmp_path)
    secret = link_in(mails(tmp_path, "anna@example.org")[0], "/invitations/").rpartition("/")[2]
    before = count(group, Person)

    def accept() -> str:
        with group.writing() as session:
            return invitations.accept(session, secret, "Anna", now=clock.now())[1].leads_to

    found = at_once(group, accept, accept, accept)
    assert found.count("/peps/welcome") == 1
    assert sum(isinstance(one, NotSignedIn) for one in found) == 2
    assert count(group, Person) == before + 1


def test_two_who_invite_the_same_person_at_once_invite_once(group: Database) -> None:
    by = who(group, "gilda")

    def send() -> int:
        with group.writing() as session:
            charter = charter_row(session, "peps", lock=True)
            people_asked = [("anna@example.org", "Anna")]
            return len(invitations.invite(session, charter, people_asked, "member", by=by, now=clock.now()))

    found = at_once(group, send, send)
    assert found.count(1) == 1
    assert sum(isinstance(one, Refused) for one in found) == 1
    assert count(group, OutboxMail) == 1


def test_two_governors_who_leave_at_once_do_not_both(group: Database) -> None:
    def leave(name: str) -> Callable[[], object]:
        by = who(group, name)

        def act() -> None:
            with group.writing() as session:
                charter = charter_row(session, "peps", lock=True)
                people.change_role(session, charter, by.id, None, by=by, now=clock.now())

        return act

    found = at_once(group, leave("gilda"), leave("gero"))
    assert sum(isinstance(one, Refused) and one.kind == "last-governor" for one in found) == 1
    with group.reading() as session:
        assert governor_count(session, charter_row(session, "peps")) == 1
    assert count(group, Role) == 2


def test_somebody_who_was_removed_and_is_invited_comes_back_as_themselves(group: Database, tmp_path: Path) -> None:
    mara = who(group, "mara")
    with group.writing() as session:
        people.remove_person(session, person_by_email(session, "mara@example.org"), by=None, now=clock.now())
    invite(group, "mara@example.org")
    deliver(group, tmp_path)
    secret = link_in(mails(tmp_path, "mara@example.org")[0], "/invitations/").rpartition("/")[2]
    with group.writing() as session:
        back, _ = invitations.accept(session, secret, "Mara again", now=clock.now())
    assert (back.id, back.name, back.admin) == (mara.id, "Mara again", False)
    with group.reading() as session:
        assert verify(session).faults == ()
