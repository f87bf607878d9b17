"""How often the database is asked: as often for a charter with a long history as for one with a short one."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy
from sqlalchemy.orm import Session

from app import clock
from app.queries.charters import charter_row
from app.queries.editions import editions
from app.queries.origins import origins
from tests.support.acts import adopt, decide, merge, propose, words
from tests.support.site import API, Site


@contextmanager
def questions(session: Session) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    engine = session.get_bind()
    sqlalchemy.event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        sqlalchemy.event.remove(engine, "before_cursor_execute", note)


def merged(site: Site, old: str, new: str) -> int:
    """The number of a proposal of other words for the vision that was merged."""
    number = propose(site.member, "vision", words(site.member, "vision").replace(old, new))["number"]
    adopt(site.governor, number)
    merge(site.governor, f"{number}.1")
    return number


def asked_for_origins(site: Site) -> int:
    with site.database.reading() as session:
        charter = charter_row(session, "peps")
        with questions(session) as asked:
            origins(session, charter, 1, charter.head)
    return len(asked)


def asked_for_editions(site: Site) -> int:
    with site.database.reading() as session:
        charter = charter_row(session, "peps")
        with questions(session) as asked:
            editions(session, charter, unpublished=True, today=clock.today())
    return len(asked)


def test_the_origins_of_many_merges_are_one_question(sqlite_site: Site) -> None:
    merged(sqlite_site, "key partners", "equal partners")
    assert asked_for_origins(sqlite_site) == 1
    merged(sqlite_site, "equal partners", "full partners")
    merged(sqlite_site, "full partners", "good partners")
    assert asked_for_origins(sqlite_site) == 1


def test_an_origin_tells_of_the_last_decision_alone(sqlite_site: Site) -> None:
    site = sqlite_site
    text = words(site.member, "vision")
    number = propose(site.member, "vision", text.replace("key partners", "equal partners"))["number"]
    adopt(site.governor, number)
    other = text.replace("key partners", "full partners")
    verdict = {"change": 1, "outcome": "adopted_amended", "text": other, "reason": "Clearer.", "supersedes": True}
    decide(site.governor, number, verdict)
    merge(site.governor, f"{number}.1")
    with site.database.reading() as session:
        charter = charter_row(session, "peps")
        [[origin]] = origins(session, charter, 1, charter.head).values()
        assert (origin.ref, origin.author, origin.decided_by, origin.amended) == ("1.1", "Mara", "Gilda", True)
        assert origins(session, charter, charter.head, charter.head) == {}


def test_many_editions_are_listed_in_as_many_questions_as_few(sqlite_site: Site) -> None:
    before = asked_for_editions(sqlite_site)
    for day in ("2027-01-01", "2027-02-01", "2027-03-01"):
        answer = sqlite_site.governor.post(f"{API}/editions", json={"revision": 1, "date": day})
        assert answer.status_code == 201, answer.text
    assert asked_for_editions(sqlite_site) == before
