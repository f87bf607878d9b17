"""What grows with a charter: a page asks the database as often with two hundred proposals as with ten."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy
from fastapi.testclient import TestClient

from app.db.engine import Database
from app.queries.awaiting import counts
from app.queries.charters import charter_row
from app.queries.people import account, person_by_email
from app.rules.permissions import Role, Standing
from tests.support.growth import grow
from tests.support.site import API, Site, client_of, make_site
from tests.web.visits import Visits, browser

PAGES = [
    "/peps/proposals",
    "/peps/proposals?state=open",
    "/peps/awaiting",
    "/peps/threads",
    "/peps/desk",
    "/peps/decisions",
    "/peps/history",
    "/peps/working",
    "/peps/search?q=words",
    "/peps/search?q=giraffe+elephant",
    "/peps/people",
    "/notices",
    "/me",
]
COUNTING = {"/peps/proposals", "/peps/proposals?state=open", "/peps/threads", "/peps/decisions"}
"""A list of more than a page asks once more: how long it is, up to a bound."""

LISTS = [
    f"{API}/proposals",
    f"{API}/proposals?awaiting=me",
    f"{API}/proposals?section=vision",
    f"{API}/awaiting",
    f"{API}/threads",
    f"{API}/decisions",
    f"{API}/revisions",
    f"{API}/records",
    f"{API}/search?q=words",
]


@pytest.fixture(scope="module")
def grown(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Site]]:
    """The same charter with ten open proposals and with two hundred, and everything else in like number."""
    sites: dict[int, Site] = {}
    for size in (10, 200):
        folder = tmp_path_factory.mktemp(f"grown-{size}")
        shutil.copy(sqlite_template, folder / "engross.sqlite3")
        database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
        sites[size] = make_site(database, folder)
        grow(database, proposals=size, decided=size, threads=size, notices=size)
    yield sites
    for site in sites.values():
        site.database.close()


@contextmanager
def asked(database: Database) -> Iterator[list[str]]:
    """The questions the database is asked meanwhile."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            found.append(statement)

    sqlalchemy.event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sqlalchemy.event.remove(database.engine, "before_cursor_execute", note)


def questions(site: Site, client: TestClient, address: str) -> list[str]:
    # Once before, so that what is kept for all requests of the process is there for both.
    assert client.get(address).status_code == 200, client.get(address).text[:2000]
    with asked(site.database) as found:
        client.get(address)
    return found


def told_apart(few: list[str], many: list[str]) -> str:
    rest = list(many)
    for one in few:
        if one in rest:
            rest.remove(one)
    return "\n\n".join(rest)


@pytest.mark.long
@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_no_more_questions_when_there_is_more(grown: dict[int, Site], address: str) -> None:
    few, many = (
        questions(site, Visits(site.database, site.service, Path(), browser(site.service)).signed_in("gilda"), address)
        for site in grown.values()
    )
    assert len(many) <= len(few) + (address in COUNTING), told_apart(few, many)
    assert len(few) <= 30


@pytest.mark.long
@pytest.mark.parametrize("address", LISTS)
def test_a_list_of_the_interface_asks_no_more_either(grown: dict[int, Site], address: str) -> None:
    few, many = (questions(site, site.governor, address) for site in grown.values())
    assert len(many) <= len(few), told_apart(few, many)


@pytest.mark.long
def test_the_numbers_beside_every_page_take_one_question(grown: dict[int, Site]) -> None:
    site = grown[200]
    with site.database.reading() as session:
        charter, gilda = charter_row(session, "peps"), account(person_by_email(session, "gilda@example.org"))
        with asked(site.database) as found:
            told = counts(session, charter, gilda, Standing(role=Role.GOVERNOR))
    assert len(found) == 1
    assert told.to_decide == 100, "each number goes up to a hundred"
    assert told.many


@pytest.mark.long
def test_a_list_reads_no_words_of_changes(grown: dict[int, Site]) -> None:
    site = grown[200]
    found = questions(site, client_of(site.service), "/peps/proposals")
    of_changes = [one for one in found if "FROM changes" in one]
    assert of_changes
    assert all("THEN changes.operation" in one for one in of_changes if "changes.operation" in one)


@pytest.mark.long
def test_writing_asks_no_more_questions_when_there_is_more(grown: dict[int, Site]) -> None:
    def acts(site: Site) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        # Once before, so that what is kept for all requests of the process is there for both.
        for round in (1, 2):
            text = site.governor.get(f"{API}/revisions/head").json()
            section = next(s for s in text["sections"] if s["key"] == "vision")
            body = {
                "title": f"One more, {round}",
                "base_revision": text["number"],
                "sections": [{"key": "vision", "markdown": f"{section['markdown'].rstrip()}\n\nMore, {round}.\n"}],
                "submit": True,
            }
            with asked(site.database) as found["propose"]:
                made = site.governor.post(f"{API}/proposals", json=body)
            assert made.status_code == 201, made.text
            at = f"{API}/proposals/{made.json()['number']}"
            tag = {"If-Match": made.headers["ETag"]}
            with asked(site.database) as found["edit"]:
                edited = site.governor.patch(at, json={"title": f"Better, {round}"}, headers=tag)
            assert edited.status_code == 200, edited.text
            with asked(site.database) as found["review"]:
                assert site.governor.post(f"{at}/reviews", json={"position": "support"}).status_code == 201
            said = {"proposal": made.json()["number"], "audience": "members", "text": "Why so?"}
            with asked(site.database) as found["thread"]:
                assert site.governor.post(f"{API}/threads", json=said).status_code == 201
            verdict = [{"change": 1, "outcome": "rejected", "reason": "No."}]
            with asked(site.database) as found["decide"]:
                assert site.governor.post(f"{at}/decisions", json=verdict).status_code == 201
        return found

    few, many = (acts(site) for site in grown.values())
    for act in few:
        assert len(many[act]) <= len(few[act]), f"{act}: {told_apart(few[act], many[act])}"
