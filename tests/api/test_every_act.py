"""Every act × everybody, from the description of the interface: a new act that is not in the table fails here.

Each act is sent with a field it does not know. Whoever may do it hears of that field, or of the version that is
missing; everybody else hears first that they are not signed in (401), that it does not exist for them (404), or that
they may not (403). Nothing is ever written.
"""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.db.engine import Database
from tests.support.acts import counted
from tests.support.standings import (
    AMENDMENT,
    ANNEXE,
    DRAFT,
    DRAFT_THREAD,
    EDITION,
    MEMBERS_THREAD,
    OPEN_PROPOSAL,
    PUBLIC_THREAD,
    STANDINGS,
    Place,
    furnish,
    one_loop,
)

OUTSIDE = frozenset({"stranger", "foreign"})
INSIDE = frozenset({"author", "partner", "member", "adviser", "governor"})
READING = frozenset({"reading_author", "reading_governor"})
EVERYBODY = frozenset(STANDINGS)
ASKED_IN = {"open": STANDINGS, "closed": ("nobody", "stranger", "foreign", "administrator", "author", "governor")}
"""Who is asked where: in a closed charter, those for whom it may be different."""

Rule = tuple[frozenset[str], frozenset[str]]
"""Who may do it, and for whom it exists in an open charter; in a closed one nothing does for those outside."""


def may(*names: str, seen: frozenset[str] = EVERYBODY) -> Rule:
    return frozenset(names), seen


MEMBERS = may(*INSIDE)
GOVERNORS = may("governor")
MANAGING = may("governor", "administrator")
AUTHOR = may("author")
AMONG_MEMBERS = EVERYBODY - OUTSIDE
ON_EDITION = may("governor", seen=AMONG_MEMBERS)
ON_PEOPLE = may("governor", "administrator", seen=AMONG_MEMBERS)
SHARED = frozenset({"author", "partner", "reading_author"})
NONE_OF_DRAFT = may(seen=SHARED)

C = "/api/v1/charters/{c}"
P, T, E = f"{C}/proposals/{{n}}", f"{C}/threads/{{t}}", f"{C}/editions/{{key}}"

ACTS: dict[tuple[str, str], Rule] = {
    ("PATCH", C): MANAGING,
    ("POST", f"{C}/leave"): MEMBERS,
    ("PUT", f"{C}/people/{{p}}/advises"): ON_PEOPLE,
    ("PATCH", f"{C}/people/{{p}}"): ON_PEOPLE,
    ("DELETE", f"{C}/people/{{p}}"): ON_PEOPLE,
    ("POST", f"{C}/invitations"): ON_PEOPLE,
    ("POST", f"{C}/invitations/{{i}}/send"): ON_PEOPLE,
    ("DELETE", f"{C}/invitations/{{i}}"): ON_PEOPLE,
    ("PUT", f"{C}/annexes/{{a}}/file"): GOVERNORS,
    ("DELETE", f"{C}/annexes/{{a}}/file"): GOVERNORS,
    ("PUT", f"{C}/logo"): GOVERNORS,
    ("DELETE", f"{C}/logo"): GOVERNORS,
    ("POST", f"{C}/proposals"): MEMBERS,
    ("PATCH", P): AUTHOR,
    ("POST", f"{P}/submit"): AUTHOR,
    ("POST", f"{P}/withdraw"): AUTHOR,
    ("POST", f"{P}/return"): GOVERNORS,
    ("POST", f"{P}/reviews"): MEMBERS,
    ("POST", f"{P}/decisions"): GOVERNORS,
    ("POST", f"{P}/partners"): AUTHOR,
    ("DELETE", f"{P}/partners/{{p}}"): may("author", seen=SHARED),
    ("POST", f"{P}/sign"): may("partner"),
    ("POST", f"{P}/unsign"): may("partner"),
    ("POST", f"{P}/amendments/{{m}}/accept"): AUTHOR,
    ("POST", f"{P}/recommendations"): may("governor", "adviser"),
    ("PUT", f"{P}/review-by"): GOVERNORS,
    ("PUT", f"{P}/following"): MEMBERS,
    ("POST", f"{C}/decisions"): GOVERNORS,
    ("POST", f"{C}/merge-preview"): may(*INSIDE, *READING),
    ("POST", f"{C}/from-word"): may(*INSIDE, *READING),
    ("POST", f"{C}/merge"): GOVERNORS,
    ("POST", f"{C}/revisions/{{n}}/revert"): GOVERNORS,
    ("POST", f"{C}/editions"): GOVERNORS,
    ("PATCH", E): ON_EDITION,
    ("DELETE", E): ON_EDITION,
    ("POST", f"{E}/freeze"): ON_EDITION,
    ("POST", f"{E}/thaw"): ON_EDITION,
    ("POST", f"{E}/signoffs"): ON_EDITION,
    ("POST", f"{E}/approve"): ON_EDITION,
    ("POST", f"{E}/publish"): ON_EDITION,
    ("POST", f"{E}/withdraw"): ON_EDITION,
    ("POST", f"{C}/threads"): MEMBERS,
    ("POST", f"{T}/replies"): MEMBERS,
    ("POST", f"{T}/resolve"): may("author", "governor"),
    ("POST", f"{T}/reopen"): may("author", "governor"),
    ("POST", f"{T}/reattach"): may("author", "governor"),
    ("PUT", f"{T}/following"): MEMBERS,
}
"""Who may do what: to an open proposal, a thread that everybody may read, and an edition that is a draft."""

OWN: set[tuple[str, str]] = {
    ("POST", "/api/v1/me/notices/read"),
    ("PUT", "/api/v1/me/notice-choices"),
    ("POST", "/api/v1/me/tokens"),
}
"""What everybody who is signed in may do with what is their own."""

OWN_BY_ID: set[tuple[str, str]] = {("DELETE", "/api/v1/me/tokens/{i}")}
"""The same for what has an id: that of somebody else is not there."""

ON_DRAFT: dict[tuple[str, str], Rule] = {
    **{act: NONE_OF_DRAFT for act in ACTS if act[1].startswith(P)},
    ("PATCH", P): may("author", seen=SHARED),
    ("POST", f"{P}/submit"): may("author", seen=SHARED),
    ("POST", f"{P}/withdraw"): may("author", seen=SHARED),
    ("POST", f"{P}/partners"): may("author", seen=SHARED),
    ("DELETE", f"{P}/partners/{{p}}"): may("author", seen=SHARED),
    ("POST", f"{P}/sign"): may("partner", seen=SHARED),
    ("POST", f"{P}/unsign"): may("partner", seen=SHARED),
    ("POST", f"{P}/reviews"): may("author", "partner", seen=SHARED),
    ("PUT", f"{P}/following"): may("author", "partner", seen=SHARED),
    ("POST", f"{P}/amendments/{{m}}/accept"): may("author", seen=SHARED),
}
"""The same on a draft, which exists for its author and for those it is shared with."""

ON_DRAFT_THREAD: dict[tuple[str, str], Rule] = {
    ("POST", f"{T}/replies"): may("author", "partner", seen=SHARED),
    ("POST", f"{T}/resolve"): may("author", seen=SHARED),
    ("POST", f"{T}/reopen"): may("author", seen=SHARED),
    ("POST", f"{T}/reattach"): may("author", seen=SHARED),
    ("PUT", f"{T}/following"): may("author", "partner", seen=SHARED),
}
"""A thread on a draft exists for the same people, even if it is for all."""

ON_MEMBERS_THREAD = {act: (who, seen & AMONG_MEMBERS) for act, (who, seen) in ACTS.items() if act[1].startswith(T)}

Furnished = tuple[Database, FastAPI, Place, Place]


@pytest.fixture(scope="module")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    folder = tmp_path_factory.mktemp("acts")
    shutil.copy(sqlite_template, folder / "engross.sqlite3")
    database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
    service, *places = furnish(database, folder)
    with one_loop(client for place in places for client in place.people.values()):
        yield database, service, places[0], places[1]
    database.close()


def expected(rule: Rule, name: str, *, closed: bool) -> str:
    """How an act ends for somebody."""
    who, seen = rule
    if name == "nobody":
        return "401"
    if name not in seen or (closed and name in OUTSIDE):
        return "404"
    return "may" if name in who else "403"


def ended(status: int) -> str:
    """The same from an answer."""
    return "may" if status in (422, 428) else str(status)


def outcomes(place: Place, act: tuple[str, str], **objects: object) -> dict[str, str]:
    """How that act on these objects ends for everybody."""
    method, template = act
    values = {"c": place.key, "n": OPEN_PROPOSAL, "t": PUBLIC_THREAD, "m": AMENDMENT, "key": EDITION, "a": ANNEXE}
    address = template.format(**{**values, "p": place.ids["partner"], "i": place.ids["invited"], **objects})
    body = None if method == "DELETE" else {"no such field": 1}
    people = ((name, place.people[name]) for name in ASKED_IN[place.key])
    return {name: ended(client.request(method, address, json=body).status_code) for name, client in people}


def assert_as(places: Sequence[Place], act: tuple[str, str], rule: Rule, **objects: object) -> None:
    for place in places:
        closed = place.key == "closed"
        wanted = {name: expected(rule, name, closed=closed) for name in ASKED_IN[place.key]}
        assert outcomes(place, act, **objects) == wanted, (act, place.key)


def test_every_act_of_the_interface_is_in_the_table(furnished: Furnished) -> None:
    described = furnished[1].openapi()["paths"]
    acts = {(m.upper(), path) for path, of in described.items() for m in of if m in ("post", "put", "patch", "delete")}
    assert acts == set(ACTS) | OWN | OWN_BY_ID


@pytest.mark.parametrize("act", ACTS, ids=" ".join)
def test_an_act_is_refused_to_everybody_who_may_not(furnished: Furnished, act: tuple[str, str]) -> None:
    database, _, open_one, closed_one = furnished
    before = counted(database)
    assert_as((open_one, closed_one), act, ACTS[act])
    assert counted(database) == before


@pytest.mark.parametrize("act", ON_DRAFT, ids=" ".join)
def test_a_draft_is_there_for_its_author_and_partners_alone(furnished: Furnished, act: tuple[str, str]) -> None:
    database, _, open_one, _ = furnished
    before = counted(database)
    assert_as((open_one,), act, ON_DRAFT[act], n=DRAFT)
    assert counted(database) == before


@pytest.mark.parametrize("act", ON_MEMBERS_THREAD, ids=" ".join)
def test_a_thread_for_members_or_on_a_draft_is_not_there_for_others(furnished: Furnished, act: tuple[str, str]) -> None:
    database, _, open_one, _ = furnished
    before = counted(database)
    assert_as((open_one,), act, ON_MEMBERS_THREAD[act], t=MEMBERS_THREAD)
    assert_as((open_one,), act, ON_DRAFT_THREAD[act], t=DRAFT_THREAD)
    assert counted(database) == before


@pytest.mark.parametrize("act", sorted(OWN), ids=" ".join)
def test_what_is_ones_own_is_changed_by_everybody_who_is_signed_in(furnished: Furnished, act: tuple[str, str]) -> None:
    wanted = {name: "403" if name in READING else "401" if name == "nobody" else "may" for name in STANDINGS}
    assert outcomes(furnished[2], act) == wanted


@pytest.mark.parametrize("act", sorted(OWN_BY_ID), ids=" ".join)
def test_what_is_somebody_elses_own_is_not_there(furnished: Furnished, act: tuple[str, str]) -> None:
    wanted = {name: "403" if name in READING else "401" if name == "nobody" else "404" for name in STANDINGS}
    assert outcomes(furnished[2], act, i=999_999) == wanted


def test_readings_show_drafts_and_threads_to_whom_they_are_for(furnished: Furnished) -> None:
    for place, closed in ((furnished[2], False), (furnished[3], True)):
        for path, seen in (
            (f"/proposals/{DRAFT}", SHARED),
            (f"/proposals/{DRAFT}/redline", SHARED),
            (f"/proposals/{DRAFT}/partners", SHARED),
            (f"/threads/{DRAFT_THREAD}", SHARED),
            (f"/threads/{MEMBERS_THREAD}", AMONG_MEMBERS - {"nobody"}),
            (f"/threads/{PUBLIC_THREAD}", EVERYBODY),
            (f"/proposals/{OPEN_PROPOSAL}", EVERYBODY),
        ):
            here = seen - OUTSIDE - {"nobody"} if closed else seen
            found = {name: place.people[name].get(place.address(path)).status_code for name in ASKED_IN[place.key]}
            assert found == {name: 200 if name in here else 404 for name in found}, (place.key, path)
