"""Telling: who hears of what, as they chose, once, and nobody who has no business with it any more."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from app import clock
from app.db.engine import Database
from app.db.models.notices import Notice, OutboxMail
from app.queries.charters import charter_row
from app.queries.follows import people_with_role
from app.queries.notices import listeners
from app.queries.people import account, person_by_email
from app.rules.notices import Following, Happening
from app.services import following, people
from app.services.choices import choose
from app.services.notices import News, tell, tell_many
from tests.support.acts import adopt, propose, refused, words
from tests.support.site import API, Site, add_person


def told(database: Database) -> dict[str, list[str]]:
    """The sentences everybody was told, oldest first, by first name."""
    with database.reading() as session:
        rows = session.query(Notice).order_by(Notice.id).all()
        found: dict[str, list[str]] = {}
        for row in rows:
            name = next(n for n in NAMES if person_by_email(session, f"{n}@example.org").id == row.person_id)
            found.setdefault(name, []).append(row.words)
    return found


NAMES = ("mara", "otto", "gilda", "ada", "stan")


def mails(database: Database) -> list[str]:
    """To whom mails are in the outbox."""
    with database.reading() as session:
        return sorted(row.to_address for row in session.query(OutboxMail).all())


def choosing(database: Database, name: str, mail: str, listing: str = "shown") -> None:
    """Let somebody choose how they are told."""
    with database.writing() as session:
        person = account(person_by_email(session, f"{name}@example.org"))
        choose(session, person, mail=mail, listing=listing, now=clock.now())


def tell_everybody(database: Database, key: str = "thing 1", kind: Happening = Happening.MERGED) -> None:
    """Tell all five of something."""
    with database.writing() as session:
        charter = charter_row(session, "peps")
        ids = [person_by_email(session, f"{name}@example.org").id for name in NAMES]
        tell(
            session,
            charter,
            ids,
            kind=kind,
            key=key,
            object="thing 1",
            address="/peps",
            words="Something happened.",
            by=None,
            now=datetime(2026, 11, 24, 12, tzinfo=UTC),
        )


def test_a_new_proposal_is_told_to_everybody_with_a_role_but_its_author(site: Site) -> None:
    propose(site.member, "vision", words(site.member, "vision").replace("key", "equal"), title="Equal partners")
    sentence = "Mara put proposal 1 “Equal partners” before everybody."
    assert told(site.database) == {"otto": [sentence], "gilda": [sentence]}
    assert mails(site.database) == ["gilda@example.org", "otto@example.org"]


def test_of_a_draft_nobody_hears(site: Site) -> None:
    made = propose(site.member, "vision", words(site.member, "vision").replace("key", "equal"), submit=False)
    tag = site.member.get(f"{API}/proposals/1").headers["etag"]
    with site.database.writing() as session:
        # Whoever came to follow it, by whatever way, hears of it when it is there for them.
        otto = person_by_email(session, "otto@example.org")
        following.follow_if_new(session, charter_row(session, "peps"), otto.id, "proposal 1", now=clock.now())
    answer = site.member.patch(f"{API}/proposals/1", json={"title": "Better"}, headers={"If-Match": tag})
    assert answer.status_code == 200
    assert made["state"] == "draft"
    assert told(site.database) == {}
    assert site.member.post(f"{API}/proposals/1/submit", json={}).status_code == 200
    assert set(told(site.database)) == {"otto", "gilda"}


def test_author_and_reviewers_hear_what_becomes_of_a_proposal(site: Site) -> None:
    propose(site.member, "vision", words(site.member, "vision").replace("key", "equal"), title="Equal")
    review = {"position": "object", "text": "Of whom?", "change": 1}
    assert site.other_member.post(f"{API}/proposals/1/reviews", json=review).status_code == 201
    assert told(site.database)["mara"] == ["Otto objects to change 1.1 of proposal 1 “Equal”.\n\nOf whom?"]
    tag = site.member.get(f"{API}/proposals/1").headers["etag"]
    site.member.patch(f"{API}/proposals/1", json={"title": "Equal again"}, headers={"If-Match": tag})
    assert told(site.database)["otto"][-1] == "Mara made version 2 of proposal 1 “Equal again”."
    assert site.governor.post(f"{API}/proposals/1/return", json={"reason": "Say why.\n\nPlease."}).status_code == 200
    assert told(site.database)["mara"][-1] == (
        "Gilda returned proposal 1 “Equal again” to its author.\n\nSay why.\n\nPlease."
    )
    assert len(told(site.database)["otto"]) == 2
    assert site.member.post(f"{API}/proposals/1/submit", json={}).status_code == 200
    assert site.member.post(f"{API}/proposals/1/withdraw", json={"reason": "Later."}).status_code == 200
    assert told(site.database)["otto"][-1] == "Mara withdrew proposal 1 “Equal again”.\n\nLater."


def test_submitting_again_is_told_again(site: Site) -> None:
    propose(site.member, "vision", words(site.member, "vision").replace("key", "equal"))
    site.governor.post(f"{API}/proposals/1/return", json={"reason": "Say why."})
    site.member.post(f"{API}/proposals/1/submit", json={})
    assert len(told(site.database)["otto"]) == 2


def test_what_is_refused_tells_nobody(site: Site) -> None:
    propose(site.member, "vision", words(site.member, "vision").replace("key", "equal"))
    adopt(site.governor, 1)
    before = told(site.database)
    refused(site.member.post(f"{API}/proposals/1/withdraw", json={}), 409, "already-decided")
    assert told(site.database) == before


def test_only_those_with_a_role_are_told(site: Site) -> None:
    tell_everybody(site.database)
    assert set(told(site.database)) == {"mara", "otto", "gilda"}
    with site.database.writing() as session:
        charter, otto = charter_row(session, "peps"), person_by_email(session, "otto@example.org")
        people.set_role(session, otto, charter, None, by=None, now=clock.now())
        people.remove_person(session, person_by_email(session, "gilda@example.org"), by=None, now=clock.now())
        ids = [row.person_id for row in session.query(Notice).all()]
        assert [one.email for one in listeners(session, charter, ids)] == ["mara@example.org"]


def test_each_is_told_once_and_as_they_chose(site: Site) -> None:
    choosing(site.database, "mara", "daily")
    choosing(site.database, "otto", "none")
    tell_everybody(site.database)
    tell_everybody(site.database)
    with site.database.reading() as session:
        rows = {row.person_id: row for row in session.query(Notice).all()}
        mara, otto, gilda = (
            rows[person_by_email(session, f"{name}@example.org").id] for name in ("mara", "otto", "gilda")
        )
        assert (mara.digest_on, otto.digest_on, gilda.digest_on) == ("2026-11-24", None, None)
        assert mara.listed
        assert otto.listed
    assert mails(site.database) == ["gilda@example.org"]


def test_whoever_wants_neither_list_nor_mail_leaves_no_trace(site: Site) -> None:
    choosing(site.database, "otto", "none", "none")
    choosing(site.database, "mara", "at_once", "none")
    tell_everybody(site.database)
    assert set(told(site.database)) == {"mara", "gilda"}
    assert mails(site.database) == ["gilda@example.org", "mara@example.org"]
    assert site.member.get("/api/v1/me/notices").json() == []


@pytest.mark.parametrize(("kind", "hears"), [(Happening.COMMENTED, False), (Happening.MENTIONED, True)])
def test_whoever_muted_a_thing_hears_only_what_is_meant_for_them(site: Site, kind: Happening, hears: bool) -> None:
    with site.database.writing() as session:
        charter, otto = charter_row(session, "peps"), person_by_email(session, "otto@example.org")
        following.set_following(session, charter, otto.id, "thing 1", Following.MUTED, now=clock.now())
    tell_everybody(site.database, kind=kind)
    assert ("otto" in told(site.database)) is hears


def test_many_people_do_not_cost_a_question_each(site: Site) -> None:
    def questions(key: str) -> int:
        seen: list[str] = []

        def note(*given: object) -> None:
            seen.append(str(given[2]))

        with site.database.writing() as session:
            charter = charter_row(session, "peps")
            ids = people_with_role(session, charter)
            event.listen(site.database.engine, "before_cursor_execute", note)
            tell(
                session,
                charter,
                ids,
                kind=Happening.MERGED,
                key=key,
                object="thing 2",
                address="/peps",
                words="Something happened.",
                by=None,
                now=clock.now(),
            )
            event.remove(site.database.engine, "before_cursor_execute", note)
        return len(seen)

    few = questions("thing 1")
    for number in range(40):
        add_person(site.database, f"member{number}", "member")
    assert questions("thing 2") == few
    assert len(mails(site.database)) == 3 + 43


def test_many_happenings_are_told_with_as_many_questions_as_a_few_and_each_person_once(site: Site) -> None:
    def news(count: int, first: int) -> list[News]:
        return [
            News(ids, Happening.MERGED, f"thing {n}", f"proposal {n}", "/peps", f"Thing {n} is in.", None)
            for n in range(first, first + count)
        ]

    asked: list[str] = []
    with site.database.writing() as session:
        charter = charter_row(session, "peps")
        ids = [person_by_email(session, f"{name}@example.org").id for name in NAMES[:2]]
        following.set_following(session, charter, ids[1], "proposal 3", Following.MUTED, now=clock.now())

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            asked.append(statement)

        event.listen(site.database.engine, "before_cursor_execute", note)
        try:
            tell_many(session, charter, news(3, 1), now=clock.now())
            few = len(asked)
            tell_many(session, charter, [*news(100, 1), *news(1, 50)], now=clock.now())
        finally:
            event.remove(site.database.engine, "before_cursor_execute", note)
    assert len(asked) == 2 * few
    heard = told(site.database)
    assert sorted(heard["mara"]) == sorted(f"Thing {n} is in." for n in range(1, 101))
    assert sorted(heard["otto"]) == sorted(f"Thing {n} is in." for n in range(1, 101) if n != 3)
