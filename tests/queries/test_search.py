"""Search over every kind of standing, and the same answers on both databases."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.engine import Database
from tests.support.acts import propose
from tests.support.site import API, Site, client_of, make_site
from tests.support.standings import DRAFT_THREAD, MEMBERS_THREAD, PUBLIC_THREAD, STANDINGS, Place, furnish, one_loop

OUTSIDE = {"nobody", "stranger", "foreign"}
SHARED = {"author", "partner", "reading_author"}


@pytest.fixture(scope="module")
def places(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, Place]]:
    folder = tmp_path_factory.mktemp("search")
    shutil.copy(sqlite_template, folder / "engross.sqlite3")
    database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
    _, *made = furnish(database, folder)
    with one_loop(client for place in made for client in place.people.values()):
        yield made[0], made[1]
    database.close()


def asked(place: Place, name: str, query: str) -> dict[str, list[int]]:
    answer = place.people[name].get(place.address("/search"), params={"q": query})
    if answer.status_code == 404:
        return {"hidden": []}
    told = answer.json()
    return {"threads": [one["id"] for one in told["threads"]], "drafts": [p["number"] for p in told["proposals"]]}


@pytest.mark.parametrize("name", STANDINGS)
def test_nobody_finds_what_they_may_not_see(places: tuple[Place, Place], name: str) -> None:
    open_one, closed_one = places
    seen = asked(open_one, name, "among us")["threads"]
    assert seen == ([] if name in OUTSIDE else [MEMBERS_THREAD])
    assert asked(open_one, name, "for all")["threads"] == [PUBLIC_THREAD]
    assert asked(open_one, name, "not yet")["threads"] == ([DRAFT_THREAD] if name in SHARED else [])
    assert asked(open_one, name, "a draft")["drafts"] == ([2] if name in SHARED else [])
    if name in OUTSIDE:
        assert asked(closed_one, name, "for all") == {"hidden": []}
    else:
        assert asked(closed_one, name, "for all")["threads"] == [PUBLIC_THREAD]


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    return make_site(database, tmp_path)


def test_both_databases_find_the_same(site: Site) -> None:
    markdown = "The Ångström and the Straße: 100 % of _us_ — naïve ΑΘΗΝΑ, Москва."
    number = propose(site.member, markdown=markdown, title="Über É’s")["number"]
    said = {"proposal": number, "audience": "public", "text": "Señor 50%_off \\ 'quoted' ÇA"}
    thread = site.member.post(f"{API}/threads", json=said).json()["id"]
    reader = client_of(site.service)

    def found(query: str) -> tuple[list[int], list[int]]:
        told = reader.get(f"{API}/search", params={"q": query}).json()
        return [one["number"] for one in told["proposals"]], [one["id"] for one in told["threads"]]

    for query in ("angstrom strasse", "STRASSE", "αθηνα", "москва", "uber e's", "uber naive", '"100 %"', "us -"):
        assert found(query) == ([number], []), query
    for query in ("senor ca", "50%_off", "\\ 'quoted'", "%_", "ca"):
        assert thread in found(query)[1], query
    for query in ("50__off", "5%off", "angstrom senor", "_%"):
        assert found(query) == ([], []), query


def test_the_words_of_an_older_version_are_not_found(site: Site) -> None:
    made = propose(site.member, markdown="A giraffe for everybody.")
    address = f"{API}/proposals/{made['number']}"
    tag = {"If-Match": site.member.get(address).headers["etag"]}
    body = {"title": "Better", "sections": [{"key": "vision", "markdown": "An elephant for everybody."}]}
    edited = site.member.patch(address, json={**body, "base_revision": 1}, headers=tag)
    assert edited.status_code == 200, edited.text

    def found(query: str) -> list[int]:
        told = site.reader.get(f"{API}/search", params={"q": query}).json()
        return [one["number"] for one in told["proposals"]]

    assert found("elephant") == [made["number"]]
    assert found("giraffe") == []
    assert found("better") == [made["number"]]
    assert found("other words") == []
