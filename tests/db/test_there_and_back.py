"""Steps of the schema up, down and up again, over an installation in which everything has happened.

What an earlier step can hold is the same to the byte after the way there and back; a step that would break what it
cannot hold is refused, and changes nothing.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.installation import bring_up_to_date
from app.db.engine import Database
from app.db.schema import current_step, known_steps, migrate, migrate_back, newest_step
from app.queries.verification import verify
from app.queries.whole_tables import plain_rows, tables_within
from tests.support.published import Lived
from tests.support.reopening import Copy, PostgresShelf
from tests.support.site import API, client

pytestmark = pytest.mark.long
Rows = dict[str, dict[str, list[object]]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Copy]:
    """Opens copies of SQLite files, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("copied")
        return
    shelf = PostgresShelf(request.getfixturevalue("postgres_address"), tmp_path)
    yield shelf.copy
    shelf.clear()
    shelf.close()


def rows(database: Database) -> Rows:
    """What is in every table, by column; rows in an order that both ways share."""
    with database.snapshot() as connection:
        found = {}
        for table in tables_within(connection):
            columns = list(zip(*sorted(plain_rows(connection, table), key=repr), strict=True))
            found[table.name] = {c.name: list(columns[n]) if columns else [] for n, c in enumerate(table.columns)}
        return found


def assert_same(one: Rows, other: Rows, *, grown: tuple[str, ...]) -> None:
    """All that stands in the tables and columns of ``one`` stands in the ``other``; some tables may hold more there."""
    for table, columns in one.items():
        for column, values in columns.items():
            was, there = Counter(map(repr, values)), Counter(map(repr, other[table][column]))
            assert was <= there if table in grown else was == there, f"{table}.{column}"


# The way to the first of these leads over all the others; twice more it turns round in between.
@pytest.mark.parametrize("step", ["0004", "0007", known_steps()[-2]])
def test_everything_that_a_step_can_hold_goes_there_and_back(
    opened: Copy, everything_happened: Path, step: str, tmp_path: Path
) -> None:
    database = opened(everything_happened)
    before = rows(database)
    migrate_back(database, step)
    assert current_step(database) == step
    there = rows(database)
    assert_same(there, before, grown=("files",))
    migrate(database)
    bring_up_to_date(database)
    assert current_step(database) == newest_step()
    # What is made anew when a newer program takes over has records and files of its own.
    assert_same(there, rows(database), grown=("edition_files", "files", "records", "signing_keys"))
    service = client(database, tmp_path)
    for path in ("/peps", "/peps/working", "/peps/history", "/peps/decisions", f"{API}/proposals/4"):
        assert service.get(path).status_code == 200, path
    with database.reading() as session:
        lost = [fault for fault in verify(session).faults if not about_what_cannot_be_held(fault)]
    assert lost == []


def about_what_cannot_be_held(fault: str) -> bool:
    """Whether verify names what the earlier step has no place for: it is gone, and that is found."""
    words = (
        "the file of",
        "its annexes and logo",
        "passkeys of",
        "passwords of",
        "linked accounts of",
        "tokens of",
        "invitation ",
        "the leaving of",
        "its file “",
        "when its file",
        "signing key",
        "its settings",
        "it was imported from",
    )
    return any(word in fault for word in words)


def test_a_step_that_cannot_hold_what_happened_is_refused_and_changes_nothing(
    opened: Copy, everything_happened: Path
) -> None:
    database = opened(everything_happened)
    migrate_back(database, "0004")
    before = rows(database)
    with pytest.raises(RuntimeError, match="Restore the backup"):
        migrate_back(database, "0003")
    assert current_step(database) == "0004"
    assert rows(database) == before


def test_what_the_first_steps_can_hold_goes_there_and_back(opened: Copy, twice_published: Lived) -> None:
    database = opened(twice_published.path)
    before = rows(database)
    for step in ("0003", "0002", "0001"):
        migrate_back(database, step)
        there = rows(database)
        assert_same(there, before, grown=("files",))
        migrate(database)
        bring_up_to_date(database)
        before = rows(database)
        assert_same(there, before, grown=("files", "records"))
