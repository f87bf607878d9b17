"""Every act on a thread, for every kind of person, in every state: 401, 404, 403, 409 and 422 in their order."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.db.engine import Database
from tests.support.acts import by_hand, counted, propose
from tests.support.site import API, add_person, client_of, found_charter, make_site, read_only_token
from tests.support.threads import comment, comment_on_words

CLOSED = "/api/v1/charters/isop-pateg"
PEOPLE = ("nobody", "ended", "stranger", "foreign", "reading", "author", "member", "governor", "administrator")
SIGNED_IN = {"nobody": 401, "ended": 401}
ABSENT = {**dict.fromkeys(PEOPLE, 404), **SIGNED_IN}
# Thread 1 is for members, 2 public, 3 resolved and for members, 4 on a draft, 5 for members of the closed charter.
COMMENTING = {**SIGNED_IN, "stranger": 403, "foreign": 403, "reading": 403, "administrator": 403}
ON_MEMBERS = {**COMMENTING, "stranger": 404, "foreign": 404}
SETTLING = {**COMMENTING, "member": 403}
SETTLING_MEMBERS = {**ON_MEMBERS, "member": 403}
ON_DRAFT = {**ABSENT, "author": 422, "reading": 403}
CLOSED_TO = {**ABSENT, "foreign": 422, "administrator": 403}

WRITES = {
    ("POST", f"{API}/threads"): COMMENTING,
    ("POST", f"{API}/threads/1/replies"): ON_MEMBERS,
    ("POST", f"{API}/threads/2/replies"): COMMENTING,
    ("POST", f"{API}/threads/3/replies"): ON_MEMBERS,
    **{("POST", f"{API}/threads/1/{act}"): SETTLING_MEMBERS for act in ("resolve", "reopen", "reattach")},
    **{("POST", f"{API}/threads/2/{act}"): SETTLING for act in ("resolve", "reopen", "reattach")},
    **{("POST", f"{API}/threads/4/{act}"): ON_DRAFT for act in ("replies", "resolve", "reopen", "reattach")},
    ("PUT", f"{API}/threads/1/following"): ON_MEMBERS,
    ("PUT", f"{API}/threads/2/following"): COMMENTING,
    ("PUT", f"{API}/threads/4/following"): ON_DRAFT,
    ("PUT", f"{API}/proposals/1/following"): ON_DRAFT,
    **{("POST", f"{API}/threads/{n}/replies"): ABSENT for n in ("99", "0", "-1", "x", "99999999999", "%00")},
    ("POST", f"{CLOSED}/threads"): CLOSED_TO,
    ("POST", f"{CLOSED}/threads/1/replies"): CLOSED_TO,
    ("POST", f"{CLOSED}/threads/1/resolve"): CLOSED_TO,
}
SEEN_INSIDE = {"nobody": 404, "ended": 401, "stranger": 404, "foreign": 404}
READS = {
    f"{API}/threads": {"ended": 401},
    f"{API}/threads?mine=me": SIGNED_IN,
    f"{API}/threads/1": SEEN_INSIDE,
    f"{API}/threads/2": {"ended": 401},
    f"{API}/threads/3": SEEN_INSIDE,
    f"{API}/threads/4": {**dict.fromkeys(PEOPLE, 404), "ended": 401, "author": 200, "reading": 200},
    f"{API}/threads/1/following": {**SEEN_INSIDE, "administrator": 403},
    f"{API}/threads/2/following": {**SIGNED_IN, "stranger": 403, "foreign": 403, "administrator": 403},
    f"{CLOSED}/threads": {**dict.fromkeys(PEOPLE, 404), "ended": 401, "foreign": 200, "administrator": 200},
    f"{CLOSED}/threads/1": {**dict.fromkeys(PEOPLE, 404), "ended": 401, "foreign": 200, "administrator": 200},
}


@dataclass(frozen=True)
class World:
    """Everybody, and threads to do something with."""

    database: Database
    people: dict[str, TestClient]


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("for-whom")
    shutil.copy(sqlite_template, folder / "engross.sqlite3")
    database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
    site = make_site(database, folder)
    found_charter(database, "isop-pateg")
    by_hand(database, "UPDATE charters SET open = false WHERE key = 'isop-pateg'")
    foreign = client_of(site.service, add_person(database, "petra", "member", "isop-pateg"))
    comment_on_words(site.member)
    comment_on_words(site.member, audience="public")
    comment_on_words(site.member)
    assert site.member.post(f"{API}/threads/3/resolve").status_code == 200
    propose(site.member, "vision", "A vision of mine alone.", submit=False)
    comment(site.member, proposal=1, audience="public")
    sections = foreign.get(f"{CLOSED}/revisions/head").json()["sections"]
    body = {"section": sections[0]["key"], "text": "Hm.", "audience": "public"}
    assert foreign.post(f"{CLOSED}/threads", json=body).status_code == 201
    yield World(
        database,
        {
            "nobody": site.reader,
            "ended": client_of(site.service, "engross_no-such-token"),
            "stranger": site.stranger,
            "foreign": foreign,
            "reading": client_of(site.service, read_only_token(database, "mara")),
            "author": site.member,
            "member": site.other_member,
            "governor": site.governor,
            "administrator": site.administrator,
        },
    )
    database.close()


@pytest.mark.parametrize(("method", "path"), WRITES, ids=lambda value: value)
def test_an_act_is_refused_for_the_first_reason_there_is(world: World, method: str, path: str) -> None:
    before = counted(world.database)
    answers = {name: c.request(method, path, json={"no such field": 1}) for name, c in world.people.items()}
    assert {name: a.status_code for name, a in answers.items()} == {n: WRITES[method, path].get(n, 422) for n in PEOPLE}
    assert counted(world.database) == before


@pytest.mark.parametrize("path", READS)
def test_a_reading_shows_what_there_is_for_that_person(world: World, path: str) -> None:
    answers = {name: client.get(path).status_code for name, client in world.people.items()}
    assert answers == {name: READS[path].get(name, 200) for name in PEOPLE}


def test_lists_leave_out_what_does_not_exist_for_that_person(world: World) -> None:
    seen = {
        name: [one["id"] for one in client.get(f"{API}/threads").json()]
        for name, client in world.people.items()
        if name != "ended"
    }
    assert seen == {
        **{name: [2] for name in ("nobody", "stranger", "foreign")},
        **{name: [4, 3, 2, 1] for name in ("author", "reading")},
        **{name: [3, 2, 1] for name in ("member", "governor", "administrator")},
    }


@pytest.mark.parametrize(
    ("thread", "act", "status"),
    [(1, "resolve", 200), (1, "reopen", 409), (3, "resolve", 409), (3, "reopen", 200)],
)
@pytest.mark.parametrize("who", ["author", "governor"])
def test_a_thread_is_settled_in_the_state_in_which_it_can_be(
    world: World, thread: int, act: str, status: int, who: str
) -> None:
    path = f"{API}/threads/{thread}"
    assert world.people[who].post(f"{path}/{act}").status_code == status
    if status == 200:
        back = {"resolve": "reopen", "reopen": "resolve"}[act]
        assert world.people[who].post(f"{path}/{back}").status_code == 200
