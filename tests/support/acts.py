"""What people do through the interface, said in one line each; what is not as it should be fails at once."""

from collections.abc import Mapping, Sequence

import sqlalchemy
from fastapi.testclient import TestClient

from app.db.base import Base
from app.db.engine import Database
from tests.support.site import API

Json = dict[str, object]


def head(client: TestClient) -> dict:
    """The working text."""
    answer = client.get(f"{API}/revisions/head")
    assert answer.status_code == 200, answer.text
    return answer.json()


def section(client: TestClient, key: str) -> dict:
    """One section of the working text."""
    return next(s for s in head(client)["sections"] if s["key"] == key)


def words(client: TestClient, key: str) -> str:
    """The Markdown of one section of the working text."""
    return section(client, key)["markdown"].strip()


def propose(
    client: TestClient,
    key: str = "vision",
    markdown: str | None = None,
    *,
    sections: Sequence[Mapping[str, object]] | None = None,
    front: Mapping[str, object] | None = None,
    base: int | None = None,
    title: str = "Other words",
    submit: bool = True,
) -> dict:
    """A proposal of one section's Markdown, or of whatever ``sections`` and ``front`` say; open unless told not to."""
    body: Json = {
        "title": title,
        "rationale": "It says better what we mean.",
        "base_revision": head(client)["number"] if base is None else base,
        "submit": submit,
    }
    if front is not None:
        body["front"] = front
    if sections is not None:
        body["sections"] = sections
    elif markdown is not None:
        body["sections"] = [{"key": key, "markdown": markdown}]
    answer = client.post(f"{API}/proposals", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def decide(client: TestClient, number: int, *verdicts: Mapping[str, object]) -> dict:
    """Decisions on a proposal."""
    answer = client.post(f"{API}/proposals/{number}/decisions", json=list(verdicts))
    assert answer.status_code == 201, answer.text
    return answer.json()


def adopt(client: TestClient, number: int, *changes: int) -> dict:
    """The adoption of changes of a proposal (of its first, if none is named)."""
    return decide(client, number, *({"change": c, "outcome": "adopted"} for c in changes or (1,)))


def merge(client: TestClient, *changes: str, **more: object) -> dict:
    """A merge onto the newest revision."""
    body = {"changes": list(changes), "base_revision": head(client)["number"], **more}
    answer = client.post(f"{API}/merge", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def refused(answer: object, status: int, kind: str) -> dict:
    """The problem an answer tells, which has to be of that status and kind."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text[:600]}"  # type: ignore[attr-defined]
    assert answer.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
    told = answer.json()  # type: ignore[attr-defined]
    assert told["type"].rpartition("/")[2] == kind, told
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told


def counted(database: Database) -> dict[str, int]:
    """How many rows each table has: what a refused act must not change."""
    with database.engine.connect() as connection:
        return {
            name: connection.execute(sqlalchemy.text(f'SELECT count(*) FROM "{name}"')).scalar_one()
            for name in sorted(Base.metadata.tables)
        }


def by_hand(database: Database, statement: str, **values: object) -> None:
    """A statement of SQL, as somebody with the password of the database would send it."""
    with database.engine.execution_options(engross_writes=True).begin() as connection:
        connection.execute(sqlalchemy.text(statement), values)


def tamper(database: Database, statement: str) -> int:
    """The same against all rules: no foreign key and no trigger stands in the way. How many rows it met."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            met = connection.exec_driver_sql(statement).rowcount
            connection.exec_driver_sql("BEGIN")
        return met
    with database.engine.execution_options(engross_writes=True).begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        return connection.execute(sqlalchemy.text(statement.replace(":", "\\:"))).rowcount
