"""An act whose commit fails is answered with an error, never with success, and leaves nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError

from app.db.engine import Database
from tests.support.acts import counted, propose
from tests.support.site import API, Site

BODY = {"title": "T", "base_revision": 1, "sections": [{"key": "vision", "markdown": "Another."}], "submit": True}
FAILURES = {
    "a full disk": (OperationalError("COMMIT", {}, OSError("database or disk is full")), 503),
    "a rule of the database": (IntegrityError("COMMIT", {}, OSError("foreign key")), 409),
    "something unforeseen": (RuntimeError("unforeseen"), 500),
}


@contextmanager
def failing(database: Database, error: Exception) -> Iterator[None]:
    """A database on which no commit succeeds."""

    def fail(_connection: sqlalchemy.Connection) -> None:
        raise error

    event.listen(database.engine, "commit", fail)
    try:
        yield
    finally:
        event.remove(database.engine, "commit", fail)


@pytest.mark.parametrize(("error", "status"), FAILURES.values(), ids=FAILURES.keys())
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}], ids=["once", "under a key"])
def test_a_failed_commit_is_an_error_and_nothing_is_written(
    site: Site, error: Exception, status: int, headers: dict[str, str]
) -> None:
    propose(site.member, "goals", "Other goals.")
    rows = counted(site.database)
    with failing(site.database, error):
        for client, path, body in (
            (site.member, "proposals", BODY),
            (site.other_member, "proposals/1/reviews", {"position": "support"}),
            (site.governor, "proposals/1/decisions", [{"change": 1, "outcome": "adopted"}]),
            (site.governor, "editions", {"revision": 1, "date": "2027-01"}),
        ):
            answer = client.post(f"{API}/{path}", json=body, headers=headers)
            assert answer.status_code == status, (path, answer.text[:300])
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "disk" not in answer.text
    assert counted(site.database) == rows
    assert site.member.post(f"{API}/proposals", json=BODY, headers=headers).status_code == 201


@pytest.mark.sqlite_itself
def test_a_rule_that_is_only_checked_at_the_commit_fails_the_act(sqlite_site: Site) -> None:
    """A row that breaks a foreign key is found by SQLite itself when the transaction ends."""
    site = sqlite_site
    rows = counted(site.database)

    def defer(connection: sqlalchemy.Connection) -> None:
        if connection.get_execution_options().get("engross_writes"):
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            connection.exec_driver_sql(
                "INSERT INTO reviews (proposal_id, version, person_id, position, text, created_at) "
                "VALUES (999, 1, 1, 'support', '', '2026-01-01')"
            )

    event.listen(site.database.engine, "begin", defer)
    answer = site.member.post(f"{API}/proposals", json=BODY)
    event.remove(site.database.engine, "begin", defer)
    assert answer.status_code == 409, answer.text[:300]
    assert counted(site.database) == rows
