"""A running service, and browsers for those who visit it."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import clock
from app.db.engine import Database
from app.queries.people import person_by_email
from app.security import COOKIE
from app.services import sessions
from tests.web.markup import Page


def browser(application: FastAPI) -> TestClient:
    """A browser of somebody who is not signed in. Errors come out as answers, as for everybody."""
    return TestClient(application, raise_server_exceptions=False, follow_redirects=False)


@dataclass(frozen=True)
class Visits:
    """A running service, and browsers for those who visit it."""

    database: Database
    application: FastAPI
    folder: Path
    reader: TestClient

    def link(self, name: str) -> str:
        """The secret of a fresh one-time link for somebody."""
        return link(self.database, name)

    def browser(self) -> TestClient:
        """A browser of somebody who is not signed in."""
        return browser(self.application)

    def signed_in(self, name: str) -> TestClient:
        """A browser in which that person has signed in."""
        browser = self.browser()
        answer = browser.post(f"/sign-in/{self.link(name)}", headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 303
        assert COOKIE in browser.cookies
        return browser

    def page(self, path: str, browser: TestClient | None = None, status: int = 200) -> Page:
        """The page at an address."""
        answer = (browser or self.reader).get(path)
        assert answer.status_code == status, answer.text
        return Page(answer.text)


def link(database: Database, name: str) -> str:
    """The secret of a fresh one-time link for somebody."""
    with database.writing() as session:
        person = person_by_email(session, f"{name}@example.org")
        return sessions.make_link(session, person, by=None, now=clock.now())
