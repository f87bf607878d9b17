"""Tidying: what has had its time goes, everything else stays, and records are never touched."""

import os
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import func, insert, select

from app import clock
from app.db.base import Base
from app.db.engine import Database
from app.db.models.answers import KeptAnswer
from app.db.models.invitations import Invitation, InvitationLink
from app.db.models.notices import Notice, OutboxMail
from app.db.models.sessions import BrowserSession, SignInLink, SignInRequest
from app.queries.charters import charter_row
from app.queries.people import person_by_email
from app.queries.verification import verify
from app.services import tidying
from app.services.tidying import Housekeeper, tidy
from tests.support.acts import propose, words
from tests.support.site import Site, add_person, found_charter

NOW = clock.now()
LONG_AGO, LATELY = NOW - timedelta(days=1000), NOW - timedelta(hours=1)


def traces(database: Database) -> None:
    """One of each sort that has had its time, and one that has not; named "old" and "new"."""
    with database.writing() as session:
        person, charter = person_by_email(session, "mara@example.org").id, charter_row(session, "peps").id
        for name, at in (("old", LONG_AGO), ("new", LATELY)):
            mail = {"to_address": f"{name}@example.org", "subject": name, "text": "", "html": "", "due_at": at}
            told = {"person_id": person, "charter_id": charter, "kind": "merged", "object": "thing 1", "address": "/"}
            asked = session.execute(
                insert(SignInRequest)
                .values(mailbox_hash=name, place_hash=name, asked_at=at)
                .returning(SignInRequest.id)
            ).scalar_one()
            invited = session.execute(
                insert(Invitation)
                .values(charter_id=charter, email=f"{name}@x.org", name="", role="member", invited_by=person)
                .values(created_at=at, sent_at=at, ends_at=at, taken_back_at=at)
                .returning(Invitation.id)
            ).scalar_one()
            session.add_all(
                [
                    KeptAnswer(person_id=person, key=name, request_hash="", status=200, body="", created_at=at),
                    SignInLink(secret_hash=name, person_id=person, ends_at=at, used_at=at),
                    BrowserSession(secret_hash=name, person_id=person, created_at=at, seen_at=at, ends_at=at),
                    InvitationLink(invitation_id=invited, secret_hash=name),
                    OutboxMail(**mail, key=f"{name} sent", created_at=at, sent_at=at),
                    OutboxMail(**mail, key=f"{name} given up", created_at=at, given_up_at=at),
                    OutboxMail(**mail, key=f"{name} waiting", created_at=at),
                    OutboxMail(**mail, key=f"sign-in {asked}", created_at=at, sent_at=at),
                    Notice(**told, key=f"{name} read", words="", created_at=at, read_at=at),
                    Notice(**told, key=f"{name} unread", words="", created_at=at),
                    Notice(**told, key=f"{name} for a daily mail", words="", created_at=at, digest_on="2020-01-01"),
                ]
            )
        session.add(
            BrowserSession(
                secret_hash="in use",
                person_id=person,
                created_at=LATELY,
                seen_at=LATELY,
                ends_at=NOW + timedelta(days=9),
            )
        )


@pytest.fixture
def used(database: Database) -> Database:
    """The PEPs charter with somebody, and their traces."""
    found_charter(database)
    add_person(database, "mara", "member")
    traces(database)
    return database


def keys(database: Database, column: object) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(column)))  # type: ignore[call-overload]


def test_what_has_had_its_time_goes_and_nothing_else(used: Database, tmp_path: Path) -> None:
    before = tidy(used, tmp_path, now=NOW, pretend=True)
    tidied = tidy(used, tmp_path, now=NOW)
    assert tidied == before
    assert (tidied.answers, tidied.links, tidied.sessions, tidied.requests) == (1, 1, 2, 1)
    assert (tidied.invitation_links, tidied.mails, tidied.notices) == (1, 3, 2)
    assert keys(used, KeptAnswer.key) == {"new"}
    assert keys(used, SignInLink.secret_hash) == {"new"}
    assert keys(used, BrowserSession.secret_hash) == {"in use"}
    assert keys(used, SignInRequest.mailbox_hash) == {"new"}
    assert keys(used, InvitationLink.secret_hash) == {"new"}
    assert {key for key in keys(used, OutboxMail.key) if not key.startswith("sign-in")} == {
        "old waiting",
        "new waiting",
        "new sent",
        "new given up",
    }
    assert keys(used, Notice.key) == {"old for a daily mail", "new for a daily mail", "new read", "new unread"}
    assert tidy(used, tmp_path, now=NOW).total == 0


def test_tidying_touches_no_table_but_those_of_traces(sqlite_site: Site, tmp_path: Path) -> None:
    propose(sqlite_site.member, "vision", words(sqlite_site.member, "vision") + " So be it.")
    traces(sqlite_site.database)

    def counts() -> dict[str, int]:
        with sqlite_site.database.reading() as session:
            return {
                name: session.scalar(select(func.count()).select_from(table)) or 0
                for name, table in Base.metadata.tables.items()
            }

    before = counts()
    tidy(sqlite_site.database, tmp_path, now=NOW + timedelta(days=10_000))
    after = counts()
    fewer = {name for name in before if after[name] < before[name]}
    assert fewer == {
        "kept_answers",
        "sessions",
        "sign_in_links",
        "sign_in_requests",
        "invitation_links",
        "outbox",
        "notices",
    }
    with sqlite_site.database.reading() as session:
        # The invitations of this test were made by hand, without records.
        assert [fault for fault in verify(session).faults if "invitation" not in fault] == []


def test_more_than_goes_at_once_goes_too(sqlite_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "_AT_ONCE", 3)
    with sqlite_site.database.writing() as session:
        person = person_by_email(session, "mara@example.org").id
        session.add_all(
            SignInLink(secret_hash=str(n), person_id=person, ends_at=LONG_AGO, used_at=None) for n in range(10)
        )
    assert tidy(sqlite_site.database, tmp_path, now=NOW).links == 10


def test_mails_that_became_files_go_by_their_age_and_other_files_stay(
    sqlite_database: Database, tmp_path: Path
) -> None:
    for name, at in (("old.eml", LONG_AGO), ("new.eml", LATELY), ("old.txt", LONG_AGO)):
        (tmp_path / name).write_text("")
        os.utime(tmp_path / name, (at.timestamp(), at.timestamp()))
    assert tidy(sqlite_database, tmp_path, now=NOW, pretend=True).mail_files == 1
    assert tidy(sqlite_database, tmp_path, now=NOW).mail_files == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["new.eml", "old.txt"]


def test_a_server_tidies_by_itself_and_goes_on_after_a_failure(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again, turns = Event(), []

    def turn(*given: object, **_named: object) -> tidying.Tidied:
        turns.append(given)
        if len(turns) == 1:
            raise RuntimeError
        again.set()
        return tidying.Tidied()

    monkeypatch.setattr(tidying, "tidy", turn)
    keeper = Housekeeper(sqlite_database, tmp_path, first=0, every=0.01)
    keeper.start()
    assert again.wait(60)
    keeper.stop(60)
    assert not keeper.alive
