"""A whole service over a database with the PEPs charter in it, and people who use it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import clock
from app.cli.sources import read_folder
from app.db.engine import Database
from app.main import create_app
from app.queries.charters import charter_row
from app.queries.people import person_by_email
from app.resources import charter_sources
from app.services import people, sessions
from app.services.imports import import_source
from app.settings import Settings
from app.text.source_values import Source
from tests.support.shapes import look_at

API = "/api/v1/charters/peps"


@cache
def shipped_source(name: str) -> Source:
    """A charter that comes with the product, read once."""
    return read_folder(charter_sources() / name)


def found_charter(database: Database, name: str = "peps") -> None:
    """Import a shipped charter."""
    with database.writing() as session:
        import_source(session, shipped_source(name), key=name, now=clock.now())


def add_person(database: Database, name: str, role: str | None, charter: str = "peps", *, admin: bool = False) -> str:
    """Add somebody by a first name, with a role or none; the answer is an API token of theirs."""
    with database.writing() as session:
        now = clock.now()
        person = people.add_person(session, f"{name}@example.org", name.title(), admin=admin, by=None, now=now)
        if role is not None:
            people.set_role(session, person, charter_row(session, charter), role, by=None, now=now)
        return sessions.create_token(session, person, days=None, read_only=False, by=None, now=now)


def read_only_token(database: Database, name: str) -> str:
    """A token of somebody that can only read."""
    with database.writing() as session:
        person = person_by_email(session, f"{name}@example.org")
        return sessions.create_token(session, person, days=None, read_only=True, by=None, now=clock.now())


@dataclass(frozen=True)
class Site:
    """The service with a client for each person, by role."""

    database: Database
    service: FastAPI
    reader: TestClient
    member: TestClient
    other_member: TestClient
    governor: TestClient
    administrator: TestClient
    stranger: TestClient


def client(database: Database, folder: Path, token: str | None = None) -> TestClient:
    """A client of the service, with a person's token or with none. Errors come out as answers, as for everybody."""
    return client_of(create_app(Settings(data_dir=folder, public_url="http://testserver"), database), token)


def client_of(service: FastAPI, token: str | None = None) -> TestClient:
    """A client of a service that is there already. Each answer in JSON is held against its description."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    client = TestClient(service, headers=headers, raise_server_exceptions=False, follow_redirects=False)
    client.event_hooks = {"response": [look_at]}
    return client


def make_site(database: Database, folder: Path, service: FastAPI | None = None) -> Site:
    """The PEPs charter with two members, a governor, an administrator, and somebody without a role.

    A service that is there already is given this database, which is quicker than making one.
    """
    found_charter(database)
    if service is None:
        service = create_app(Settings(data_dir=folder, public_url="http://testserver"), database)
    service.state.database = database
    return Site(
        database=database,
        service=service,
        reader=client_of(service),
        member=client_of(service, add_person(database, "mara", "member")),
        other_member=client_of(service, add_person(database, "otto", "member")),
        governor=client_of(service, add_person(database, "gilda", "governor")),
        administrator=client_of(service, add_person(database, "ada", None, admin=True)),
        stranger=client_of(service, add_person(database, "stan", None)),
    )
