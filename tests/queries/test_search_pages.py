"""Search page by page, with the index of the database and without it: nothing twice, nothing missed, all the same."""

from pathlib import Path

import pytest

from app.db.engine import Database
from app.db.finding import INDEXED, create_index, drop_index, has_index
from app.queries import candidates
from tests.support.acts import propose
from tests.support.growth import grow
from tests.support.site import API, Site, client_of, make_site

SEARCH = f"{API}/search"


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    made = make_site(database, tmp_path)
    grow(database, proposals=30, threads=60)
    return made


def pages(site: Site, sort: str, query: str, limit: int = 7) -> list[object]:
    """Everything of a sort, walked through page by page as the answers lead."""
    address, walked = f"{SEARCH}?q={query}&of={sort}&limit={limit}", []
    while address:
        answer = site.member.get(address)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert len(told[sort]) <= limit
        walked += [(one.get("number"), one.get("id"), one.get("section"), one.get("block")) for one in told[sort]]
        address = answer.links["next"]["url"] if "next" in answer.links else ""
        assert bool(address) == (told["more"] == [sort])
    return walked


def test_every_sort_is_walked_through_with_the_index_and_without_it(
    site: Site, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = [("proposals", "mean+times"), ("threads", "why"), ("working", "patient"), ("proposals", "17+times")]
    found = {}
    for sort, query in queries:
        found[sort, query] = walked = pages(site, sort, query)
        assert len(walked) == len(set(walked)) > 0, (sort, query)
    assert len(found["proposals", "mean+times"]) == 30
    assert len(found["threads", "why"]) == 60
    # A word that is in very many rows is read from the newest row on.
    monkeypatch.setattr(candidates, "MANY", 2)
    assert {asked: pages(site, *asked) for asked in queries} == found
    with database.founding() as connection:
        assert has_index(connection)
        drop_index(connection)
        assert not has_index(connection)
    assert {asked: pages(site, *asked) for asked in queries} == found
    with database.founding() as connection:
        assert create_index(connection)
    monkeypatch.undo()
    assert {asked: pages(site, *asked) for asked in queries} == found


def test_the_index_follows_what_is_written_and_rewritten(site: Site, database: Database) -> None:
    made = propose(site.member, markdown="A giraffe for everybody.")
    address = f"{API}/proposals/{made['number']}"
    tag = {"If-Match": site.member.get(address).headers["etag"]}
    body = {"title": "Better", "sections": [{"key": "vision", "markdown": "An okapi for everybody."}]}
    assert site.member.patch(address, json={**body, "base_revision": 1}, headers=tag).status_code == 200
    said = {"proposal": made["number"], "audience": "public", "text": 'She said "okapi"; 明日 (2 signs).'}
    thread = site.member.post(f"{API}/threads", json=said).json()["id"]
    for query, proposals, threads in (
        ("okapi", [made["number"]], [thread]),
        ("giraffe", [], []),
        ("OKAPI signs", [], [thread]),
        ("明日", [], [thread]),
        ("日", [], [thread]),
        ("(2", [], [thread]),
    ):
        told = site.reader.get(SEARCH, params={"q": query}).json()
        assert [one["number"] for one in told["proposals"]] == proposals, query
        assert [one["id"] for one in told["threads"]] == threads, query
    if database.is_sqlite:
        with database.writing() as session:
            for index in INDEXED.values():
                session.connection().exec_driver_sql(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")


def test_what_is_not_there_for_somebody_leads_on_to_nothing(site: Site) -> None:
    reader = client_of(site.service)
    hidden = site.member.post(
        f"{API}/threads", json={"section": "vision", "audience": "members", "text": "Why among us?"}
    ).json()["id"]
    for after in (f"{hidden}.1", "99999.1"):
        told = reader.get(SEARCH, params={"q": "why", "of": "threads", "after": after}).json()
        assert told["threads"] == [], after
    assert reader.get(SEARCH, params={"q": "why", "of": "threads"}).json()["threads"]


@pytest.mark.parametrize(
    ("of", "after"),
    [("", "3"), ("threads", "3"), ("proposals", "3.1"), ("proposals", "0"), ("threads", "'"), ("nothing", "")],
)
def test_what_no_answer_gave_is_refused(sqlite_site: Site, of: str, after: str) -> None:
    asked = {"q": "why", "after": after} | ({"of": of} if of else {})
    answer = sqlite_site.reader.get(SEARCH, params=asked)
    assert answer.status_code == 422, answer.text


def test_a_paragraph_that_is_gone_begins_the_text_anew(sqlite_site: Site) -> None:
    first = sqlite_site.reader.get(SEARCH, params={"q": "patient", "of": "working", "limit": 3}).json()
    gone = sqlite_site.reader.get(SEARCH, params={"q": "patient", "of": "working", "limit": 3, "after": "zzz"}).json()
    assert gone["working"] == first["working"]
    assert {one["place"].split()[0] for one in first["working"] if one["block"]} <= {"paragraph", "item", "note"}


def test_a_thread_stands_once_where_the_words_were_said_last(site: Site) -> None:
    first, second = (
        site.member.post(
            f"{API}/threads", json={"section": "vision", "audience": "public", "text": f"A wombat, {n}."}
        ).json()["id"]
        for n in range(2)
    )
    for n in range(5):
        assert site.member.post(f"{API}/threads/{first}/replies", json={"text": f"Wombat {n}"}).status_code == 201
    told = site.reader.get(SEARCH, params={"q": "wombat", "of": "threads", "limit": 1})
    assert [(one["id"], one["comment"]) for one in told.json()["threads"]] == [(first, 6)]
    told = site.reader.get(told.links["next"]["url"])
    assert [(one["id"], one["comment"]) for one in told.json()["threads"]] == [(second, 1)]
    assert "next" not in told.links
