"""Other ways to sign in, on each kind of database: what can be done once is done once, also by two at a time."""

import json
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy

from app import clock
from app.db.models.signing_in import Challenge, KnownDevice, LinkedAccount, Password, PasswordTry
from app.errors import NotSignedIn
from app.queries.own_data import own_data
from app.queries.people import account, person_by_email
from app.queries.verification import verify
from app.rules.site import Site as Address
from app.services import accounts, challenges, passkeys, passwords, people, sessions
from tests.support.authenticator import Authenticator
from tests.support.site import Site

HERE = Address("charter.example.org", "https://charter.example.org")


def test_two_answers_at_once_to_one_question_let_one_in(site: Site) -> None:
    now, device = clock.now(), Authenticator(HERE.origin)
    with site.database.writing() as session:
        mara = account(person_by_email(session, "mara@example.org"))
        asked = json.loads(passkeys.options_to_add(session, mara, HERE, place="", now=now))
        passkeys.add(session, mara, HERE, "Phone", device.make(asked), now=now)
    with site.database.writing() as session:
        asked = json.loads(passkeys.options_to_use(session, HERE, place="", now=now))
    answer = device.use(asked)

    def once(_: int) -> bool:
        try:
            with site.database.writing() as session:
                return bool(passkeys.sign_in(session, HERE, answer, now=now))
        except NotSignedIn:
            return False

    with ThreadPoolExecutor(4) as several:
        assert sorted(several.map(once, range(4))) == [False, False, False, True]


def test_a_password_and_a_linked_account_come_and_go(site: Site) -> None:
    now = clock.now()
    with site.database.writing() as session:
        mara = account(person_by_email(session, "mara@example.org"))
        passwords.keep(session, mara, passwords.hashed("lamp orbit teaspoon"), here=None, now=now)
    with site.database.writing() as session:
        tried = passwords.begin_try(session, "mara@example.org", place="a", device="", now=now)
    assert passwords.fits(tried, "lamp orbit teaspoon")
    assert not passwords.fits(tried, "another one at all")
    with site.database.writing() as session:
        assert passwords.sign_in(session, tried, now=now)
        assert accounts.sign_in(session, "https://a.example", "1", "mara@example.org", now=now)
        assert accounts.sign_in(session, "https://a.example", "1", "", now=now)
        assert session.scalars(sqlalchemy.select(PasswordTry)).all() == []
    with site.database.writing() as session:
        # Changed in the moment between the check and the session.
        passwords.keep(session, mara, passwords.hashed("kettle viola anchovy"), here=None, now=now)
    try:
        with site.database.writing() as session:
            passwords.sign_in(session, tried, now=now)
        raise AssertionError("the old password let somebody in")
    except NotSignedIn:
        pass
    with site.database.writing() as session:
        challenges.ask(session, "add passkey", now=now, person=mara.id)
        people.remove_person(session, person_by_email(session, "mara@example.org"), by=None, now=now)
        for table in (Password, LinkedAccount, KnownDevice, Challenge):
            assert session.scalars(sqlalchemy.select(table)).all() == [], table
    with site.database.reading() as session:
        assert verify(session).faults == ()
        assert own_data(session, mara)["profile"]


def test_browsers_that_are_known_are_bounded(site: Site) -> None:
    with site.database.writing() as session:
        mara = person_by_email(session, "mara@example.org")
        for _ in range(sessions.MOST_DEVICES + 3):
            sessions.begin(session, mara, now=clock.now())
    with site.database.reading() as session:
        assert len(session.scalars(sqlalchemy.select(KnownDevice)).all()) == sessions.MOST_DEVICES
