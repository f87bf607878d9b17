"""Everybody who may stand towards a charter in some way, and one thing of each kind that acts are done to."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import clock
from app.db.engine import Database
from app.main import create_app
from app.queries.people import person_by_email
from app.services import sessions
from app.services.imports import import_source
from app.settings import Settings
from app.text.snapshot import Annexe
from tests.support.acts import by_hand
from tests.support.site import add_person, client_of, read_only_token, shipped_source

ROLES = {
    "author": "member",
    "partner": "member",
    "member": "member",
    "adviser": "member",
    "governor": "governor",
    "administrator": None,
    "stranger": None,
}
"""Who is there for each charter, and in which role."""

STANDINGS = ("nobody", *ROLES, "foreign", "reading_author", "reading_governor")
"""Everybody: ``foreign`` governs another charter, and two tokens can only read."""

MEMBERS_THREAD, PUBLIC_THREAD, DRAFT_THREAD = 1, 2, 3
OPEN_PROPOSAL, DRAFT, AMENDMENT = 1, 2, 3
EDITION = "2027-01"
ANNEXE = "by-laws"


@dataclass(frozen=True)
class Place:
    """A charter, everybody who stands towards it, and the ids of its people."""

    key: str
    people: dict[str, TestClient]
    ids: dict[str, int]

    def address(self, path: str) -> str:
        """The address below which everything about this charter is."""
        return f"/api/v1/charters/{self.key}{path}"


def furnish(
    database: Database, folder: Path, *, keys: tuple[str, str] = ("open", "closed")
) -> tuple[FastAPI, Place, Place]:
    """A service with an open and a closed charter, in which the same things were done, and a third one elsewhere."""
    source = shipped_source("isop-pateg")
    source = replace(source, front=replace(source.front, annexes=(Annexe(ANNEXE, "By-laws"),)))
    with database.writing() as session:
        for key in (*keys, "elsewhere"):
            import_source(session, source, key=key, now=clock.now())
    service = create_app(Settings(data_dir=folder, public_url="http://testserver"), database)
    foreign = client_of(service, add_person(database, "fay", "governor", "elsewhere"))
    open_one, closed_one = (_settle(database, service, key, foreign) for key in keys)
    by_hand(database, "UPDATE charters SET open = (key = :key)", key=keys[0])
    return service, open_one, closed_one


def _settle(database: Database, service: FastAPI, key: str, foreign: TestClient) -> Place:
    people = {"nobody": client_of(service), "foreign": foreign}
    ids = {}
    for name, role in ROLES.items():
        admin = name == "administrator"
        token = add_person(database, f"{name}.{key}", role, key, admin=admin)
        people[name] = client_of(service, token)
        with database.reading() as session:
            ids[name] = person_by_email(session, f"{name}.{key}@example.org").id
    for name in ("author", "governor"):
        people[f"reading_{name}"] = client_of(service, read_only_token(database, f"{name}.{key}"))
    place = Place(key, people, ids)
    _act(place)
    return place


def _act(place: Place) -> None:
    author, partner, governor = (place.people[name] for name in ("author", "partner", "governor"))

    def done(by: TestClient, path: str, body: object) -> None:
        answer = by.post(place.address(path), json=body)
        assert answer.status_code < 300, answer.text

    need = {"base_revision": 1, "sections": [{"key": "need", "markdown": "Another need, in other words."}]}
    done(author, "/proposals", {**need, "title": "Shown", "submit": True})
    done(author, "/proposals", {**need, "title": "A draft"})
    amendment = {"kind": "amendment", "to": OPEN_PROPOSAL}
    other = {"base_revision": 1, "sections": [{"key": "need", "markdown": "Another need, in better words."}]}
    done(place.people["member"], "/proposals", {**other, "title": "Better", "relation": amendment, "submit": True})
    for number in (OPEN_PROPOSAL, DRAFT):
        done(author, f"/proposals/{number}/partners", {"person": place.ids["partner"]})
    done(author, "/threads", {"section": "need", "text": "Among us.", "audience": "members"})
    done(author, "/threads", {"section": "need", "text": "For all.", "audience": "public"})
    done(author, "/threads", {"proposal": DRAFT, "text": "Not yet.", "audience": "public"})
    done(governor, "/editions", {"revision": 1, "date": EDITION})
    done(governor, "/invitations", {"people": [{"email": f"invited.{place.key}@example.org"}], "role": "member"})
    place.ids["invited"] = governor.get(place.address("/invitations")).json()[0]["id"]
    adviser = place.address(f"/people/{place.ids['adviser']}")
    tag = {"If-Match": governor.get(adviser).headers["etag"]}
    named = governor.put(f"{adviser}/advises", json={"advises": True}, headers=tag)
    assert named.status_code < 300, named.text
    assert partner.get(place.address(f"/proposals/{DRAFT}")).status_code == 200


@contextmanager
def one_loop(clients: Iterable[TestClient]) -> Iterator[None]:
    """Let many clients share one event loop, which is much of the time that a thousand requests take."""
    with start_blocking_portal() as portal:
        for client in clients:
            client.portal = portal
        yield


def sign_in(service: FastAPI, database: Database, name: str) -> TestClient:
    """A browser in which somebody has signed in, by the first part of their address."""
    with database.writing() as session:
        person = person_by_email(session, f"{name}@example.org")
        secret = sessions.make_link(session, person, by=None, now=clock.now())
    browser = client_of(service)
    answer = browser.post(f"/sign-in/{secret}", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303, answer.text
    return browser
