"""Who gets which refusal: 401, then 404, then 403, then 413 or 422, for every act and every kind of person.

Each act is sent with a field it does not know. Whoever may do it hears of that field (422); everybody else must hear
first that they are not signed in, that it does not exist for them, or that they may not. Nothing is ever written.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.db.engine import Database
from tests.support.acts import by_hand, counted, propose, refused
from tests.support.site import API, add_person, client_of, found_charter, make_site, read_only_token

CLOSED = "/api/v1/charters/isop-pateg"
PEOPLE = ("nobody", "ended", "stranger", "foreign", "reading", "author", "member", "governor", "administrator")

SIGNED_IN = {"nobody": 401, "ended": 401}
MEMBERS = {**SIGNED_IN, "stranger": 403, "foreign": 403, "reading": 403, "administrator": 403}
GOVERNORS = {**MEMBERS, "author": 403, "member": 403}
MANAGING = {**GOVERNORS, "administrator": 422}
ON_DRAFT_EDITION = {**GOVERNORS, "stranger": 404, "foreign": 404}
AUTHOR = {**MEMBERS, "member": 403, "governor": 403}
ABSENT = {**dict.fromkeys(PEOPLE, 404), **SIGNED_IN}
DRAFT = {**ABSENT, "author": 422, "reading": 403}
CLOSED_TO = {**ABSENT, "foreign": 422, "administrator": 403}
CLOSED_GOVERNING = {**CLOSED_TO, "foreign": 403}

WRITES = {
    ("POST", f"{API}/proposals"): MEMBERS,
    ("PATCH", f"{API}/proposals/1"): AUTHOR,
    ("POST", f"{API}/proposals/1/submit"): AUTHOR,
    ("POST", f"{API}/proposals/1/withdraw"): AUTHOR,
    ("POST", f"{API}/proposals/1/return"): GOVERNORS,
    ("POST", f"{API}/proposals/1/reviews"): MEMBERS,
    ("POST", f"{API}/proposals/1/decisions"): GOVERNORS,
    ("POST", f"{API}/proposals/1/partners"): AUTHOR,
    ("DELETE", f"{API}/proposals/1/partners/2"): ABSENT,
    **{("POST", f"{API}/proposals/1/{act}"): {**AUTHOR, "author": 403} for act in ("sign", "unsign")},
    ("POST", f"{API}/proposals/1/amendments/1/accept"): AUTHOR,
    ("POST", f"{API}/proposals/1/amendments/99/accept"): ABSENT,
    ("POST", f"{API}/proposals/1/recommendations"): GOVERNORS,
    ("PUT", f"{API}/proposals/1/review-by"): GOVERNORS,
    ("PATCH", API): MANAGING,
    ("PUT", f"{API}/people/1/advises"): {**MANAGING, "stranger": 404, "foreign": 404},
    ("PUT", f"{API}/people/999/advises"): ABSENT,
    # It writes nothing, so a token that only reads may ask.
    ("POST", f"{API}/merge-preview"): {**MEMBERS, "reading": 422},
    ("POST", f"{API}/merge"): GOVERNORS,
    ("POST", f"{API}/decisions"): GOVERNORS,
    ("POST", f"{API}/revisions/1/revert"): GOVERNORS,
    **{("POST", f"{API}/revisions/{n}/revert"): ABSENT for n in ("99", "x", "0")},
    ("POST", f"{API}/editions"): GOVERNORS,
    **{("POST", f"{API}/editions/2027-01/{act}"): ON_DRAFT_EDITION for act in ("freeze", "thaw", "signoffs")},
    **{("POST", f"{API}/editions/2027-01/{act}"): ON_DRAFT_EDITION for act in ("approve", "publish", "withdraw")},
    # A draft is its author's alone, whatever one does with it.
    ("PATCH", f"{API}/proposals/2"): DRAFT,
    ("POST", f"{API}/proposals/2/submit"): DRAFT,
    ("POST", f"{API}/proposals/2/withdraw"): DRAFT,
    ("POST", f"{API}/proposals/2/reviews"): DRAFT,
    ("POST", f"{API}/proposals/2/partners"): DRAFT,
    ("POST", f"{API}/proposals/2/sign"): {**DRAFT, "author": 403},
    ("POST", f"{API}/proposals/1/amendments/2/accept"): {
        **AUTHOR,
        **dict.fromkeys(PEOPLE[2:], 404),
        "author": 422,
        "reading": 403,
    },
    ("POST", f"{API}/proposals/2/recommendations"): {**DRAFT, "author": 403},
    ("PUT", f"{API}/proposals/2/review-by"): {**DRAFT, "author": 403},
    ("POST", f"{API}/proposals/2/return"): {**DRAFT, "author": 403},
    ("POST", f"{API}/proposals/2/decisions"): {**DRAFT, "author": 403},
    # What there is not.
    **{("POST", f"{API}/proposals/{n}/decisions"): ABSENT for n in ("99", "0", "-1", "x", "99999999999", "1.5", "%00")},
    **{("PATCH", f"{API}/proposals/{n}"): ABSENT for n in ("99", "x")},
    **{("POST", f"{API}/editions/{key}/freeze"): ABSENT for key in ("1999-01", "2027-01-01-01", "%00")},
    **{("POST", f"{API}/editions/{key}/approve"): ABSENT for key in ("1999-01", "2027-01-01-01", "%00")},
    **{
        ("POST", f"/api/v1/charters/{key}/proposals"): ABSENT for key in ("none", "PEPS", "%00", "%ED%A0%80", "p" * 200)
    },
    ("POST", "/api/v1/charters/none/editions/2027-01/approve"): ABSENT,
    # A closed charter does not exist for those outside, administrators apart.
    ("POST", f"{CLOSED}/proposals"): CLOSED_TO,
    ("PATCH", CLOSED): {**CLOSED_GOVERNING, "administrator": 422},
    ("POST", f"{CLOSED}/proposals/1/recommendations"): CLOSED_GOVERNING,
    ("POST", f"{CLOSED}/merge-preview"): CLOSED_TO,
    ("POST", f"{CLOSED}/merge"): CLOSED_GOVERNING,
    ("POST", f"{CLOSED}/decisions"): CLOSED_GOVERNING,
    ("POST", f"{CLOSED}/revisions/1/revert"): CLOSED_GOVERNING,
    ("POST", f"{CLOSED}/proposals/1/reviews"): CLOSED_TO,
    ("POST", f"{CLOSED}/proposals/1/decisions"): CLOSED_GOVERNING,
    ("POST", f"{CLOSED}/editions"): CLOSED_GOVERNING,
    ("POST", f"{CLOSED}/editions/2027-01/approve"): {**ABSENT, "foreign": 404},
}

OPEN_TO_ALL = {"ended": 401}
IN_PEPS = {"nobody": 404, "ended": 401, "stranger": 404, "foreign": 404}
READS = {
    "/api/v1/charters": OPEN_TO_ALL,
    "/api/v1/me": SIGNED_IN,
    API: OPEN_TO_ALL,
    f"{API}/revisions": OPEN_TO_ALL,
    f"{API}/revisions/head": OPEN_TO_ALL,
    f"{API}/revisions/1": OPEN_TO_ALL,
    f"{API}/records": OPEN_TO_ALL,
    f"{API}/compare/1...working": OPEN_TO_ALL,
    f"{API}/proposals": OPEN_TO_ALL,
    f"{API}/proposals/1": OPEN_TO_ALL,
    f"{API}/proposals/1/redline": OPEN_TO_ALL,
    f"{API}/proposals?awaiting=me": SIGNED_IN,
    f"{API}/proposals/1/partners": OPEN_TO_ALL,
    f"{API}/people": IN_PEPS,
    f"{API}/people/1": IN_PEPS,
    f"{API}/people/999": {**dict.fromkeys(PEOPLE, 404), "ended": 401},
    f"{API}/editions": OPEN_TO_ALL,
    f"{API}/editions/2027-01": IN_PEPS,
    f"{API}/compare/1...2027-01": IN_PEPS,
    **{
        f"{API}/proposals/2{rest}": {**dict.fromkeys(PEOPLE, 404), "ended": 401, "author": 200, "reading": 200}
        for rest in ("", "/redline", "/redline?format=html", "/partners")
    },
    **{
        f"{API}{path}": {**dict.fromkeys(PEOPLE, 404), "ended": 401}
        for path in (
            "/revisions/0", "/revisions/2", "/revisions/x", "/revisions/%00", "/revisions/99999999999",
            "/proposals/99", "/proposals/0", "/proposals/x", "/editions/1999-01", "/editions/%00", "/compare/1",
            "/compare/1...9",             "/compare/1...%00", "/compare/...",
        )
    },
    f"{API}/no-such-thing": dict.fromkeys(PEOPLE, 404),
    **{
        f"{CLOSED}{path}": {**dict.fromkeys(PEOPLE, 404), "ended": 401, "foreign": 200, "administrator": 200}
        for path in (
            "", "/revisions", "/revisions/head", "/records", "/proposals", "/proposals/1", "/proposals/1/redline",
            "/editions", "/compare/1...working", "/people",
        )
    },
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """Everybody, and things to do something with."""

    database: Database
    people: dict[str, TestClient]


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("order")
    shutil.copy(sqlite_template, folder / "engross.sqlite3")
    database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
    site = make_site(database, folder)
    found_charter(database, "isop-pateg")
    by_hand(database, "UPDATE charters SET open = false WHERE key = 'isop-pateg'")
    foreign = client_of(site.service, add_person(database, "petra", "member", "isop-pateg"))
    reading = client_of(site.service, read_only_token(database, "mara"))
    people = {
        "nobody": site.reader,
        "ended": client_of(site.service, "engross_no-such-token"),
        "stranger": site.stranger,
        "foreign": foreign,
        "reading": reading,
        "author": site.member,
        "member": site.other_member,
        "governor": site.governor,
        "administrator": site.administrator,
    }
    propose(site.member, "vision", "Another vision.")
    propose(site.member, "vision", "A vision of mine alone.", submit=False)
    made = site.governor.post(f"{API}/editions", json={"revision": 1, "date": "2027-01"})
    assert made.status_code == 201
    body = {
        "title": "t",
        "base_revision": 1,
        "submit": True,
        "sections": [{"key": "need", "markdown": "Another need."}],
    }
    assert foreign.post(f"{CLOSED}/proposals", json=body).status_code == 201
    yield World(database, people)
    database.close()


@pytest.mark.parametrize(("method", "path"), WRITES, ids=lambda value: value)
def test_an_act_is_refused_for_the_first_reason_there_is(world: World, method: str, path: str) -> None:
    before = counted(world.database)
    answers = {name: c.request(method, path, json={"no such field": 1}) for name, c in world.people.items()}
    expected = {name: WRITES[method, path].get(name, 422) for name in PEOPLE}
    assert {name: answer.status_code for name, answer in answers.items()} == expected
    broken = {"content": b"{", "headers": {"content-type": "application/json"}}
    for name in ("author", "stranger"):
        assert world.people[name].request(method, path, **broken).status_code == expected[name]
    for answer in answers.values():
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"].startswith("/problems/")
        assert ("www-authenticate" in answer.headers) == (answer.status_code == 401)
    assert counted(world.database) == before


@pytest.mark.parametrize("path", READS)
def test_a_reading_shows_what_there_is_for_that_person(world: World, path: str) -> None:
    answers = {name: client.get(path).status_code for name, client in world.people.items()}
    assert answers == {name: READS[path].get(name, 200) for name in PEOPLE}


def test_lists_leave_out_what_does_not_exist_for_that_person(world: World) -> None:
    seen = {
        name: {
            "charters": [c["key"] for c in client.get("/api/v1/charters").json()],
            "proposals": [p["number"] for p in client.get(f"{API}/proposals").json()],
            "editions": [e["key"] for e in client.get(f"{API}/editions").json()],
        }
        for name, client in world.people.items()
        if name != "ended"
    }
    assert seen["nobody"] == {"charters": ["peps"], "proposals": [1], "editions": []} == seen["stranger"]
    assert seen["foreign"] == {"charters": ["isop-pateg", "peps"], "proposals": [1], "editions": []}
    assert seen["author"] == {"charters": ["peps"], "proposals": [2, 1], "editions": ["2027-01"]} == seen["reading"]
    assert seen["member"] == {"charters": ["peps"], "proposals": [1], "editions": ["2027-01"]} == seen["governor"]
    assert seen["administrator"]["charters"] == ["isop-pateg", "peps"]


def test_a_draft_cannot_be_merged_or_tried_out_by_its_name(world: World) -> None:
    for name in ("author", "member", "governor"):
        answer = world.people[name].post(f"{API}/merge-preview", json={"changes": ["2.1"]})
        refused(answer, 404, "not-found")
    body = {"changes": ["2.1"], "base_revision": 1}
    refused(world.people["governor"].post(f"{API}/merge", json=body), 404, "not-found")


def test_a_draft_of_others_is_in_no_collision_and_in_no_record_that_strangers_read(world: World) -> None:
    assert world.people["nobody"].get(f"{API}/proposals/1").json()["changes"][0]["collides_with"] == []


def test_a_closed_charter_with_a_public_edition_shows_that_and_nothing_else(world: World) -> None:
    by_hand(
        world.database,
        "INSERT INTO editions (charter_id, key, revision, label, effective, state, state_reason, created_at, lock) "
        "SELECT id, '2020-01', 1, 'January 2020', '2020-01-01', 'published', '', '2020-01-01 00:00:00', 1 "
        "FROM charters WHERE key = 'isop-pateg'",
    )
    try:
        for name in ("nobody", "stranger", "member", "governor"):
            client = world.people[name]
            shown = client.get(CLOSED)
            assert shown.status_code == 200
            assert shown.json()["head"] is None
            assert client.get(f"{CLOSED}/editions/2020-01").status_code == 200
            for path in (
                "/revisions",
                "/revisions/1",
                "/records",
                "/proposals",
                "/proposals/1",
                "/compare/1...2020-01",
            ):
                assert client.get(CLOSED + path).status_code == 404, path
            if name != "nobody":
                for path in ("/proposals", "/merge", "/merge-preview", "/proposals/1/decisions"):
                    assert client.post(CLOSED + path, json={}).status_code == 404, path
                assert client.post(f"{CLOSED}/editions/2020-01/withdraw", json={}).status_code == 403
    finally:
        by_hand(world.database, "DROP TRIGGER keep_editions_delete")
        by_hand(world.database, "DELETE FROM editions WHERE key = '2020-01'")
