"""`verify` names any column of any table of the record that somebody changed by hand, any row taken out, any added.

Which columns are no part of the record, and why, stands in the two tables here; a new column fails until it is either
covered or named in one of them. What they say is told to operators in docs/security.md.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Table, UniqueConstraint, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.base import Base, Moment
from app.db.engine import Database
from app.queries.verification import verify
from tests.support.reopening import PostgresShelf

NO_RECORD = {
    "challenges": "a question to a browser, gone in minutes",
    "follows": "what somebody wants to hear of, changed at every comment",
    "invitation_links": "hashes of secrets that only open invitations need, whose record is verified",
    "kept_answers": "answers kept for a day for requests that are sent twice",
    "known_devices": "hashes of secrets by which a browser is known again, until they end",
    "notices": "what people were told; the acts they tell of have records",
    "outbox": "mails on their way",
    "password_tries": "bounds how often somebody guesses, for a day",
    "sessions": "who is signed in just now, until it ends",
    "sign_in_links": "one-time links of a quarter of an hour",
    "sign_in_requests": "bounds how often links are asked for, for a day",
    "unsent": "what somebody is typing and has not sent",
}
LEFT = {
    ("api_tokens", "id"): "a number nothing else means",
    ("api_tokens", "name"): "what its owner calls it",
    ("api_tokens", "used_at"): "noted at every use",
    ("attachments", "id"): "a number nothing else means",
    ("changes", "fit"): "noted for lists, found anew for whoever reads the change",
    ("changes", "fit_revision"): "the same",
    ("changes", "folded"): "for searching alone, made of the words beside it",
    ("charters", "origins_up_to"): "how far provenance is written down; what is written is verified",
    ("changes", "id"): "a number nothing else means: changes are known by proposal and number",
    ("decisions", "id"): "a number nothing else means but the order, which is verified",
    ("departures", "id"): "a number nothing else means",
    ("edition_attachments", "id"): "a number nothing else means",
    ("edition_files", "id"): "a number nothing else means",
    ("editions", "lock"): "counts changes, so that none is lost",
    ("files", "pages"): "a count shown beside a PDF, whose bytes are verified",
    ("linked_accounts", "id"): "a number nothing else means",
    ("linked_accounts", "issuer"): "that there is an account is verified, not which one",
    ("linked_accounts", "subject"): "the same",
    ("linked_accounts", "linked_at"): "the same",
    ("merged_changes", "id"): "a number nothing else means",
    ("notice_choices", "unsubscribe_secret"): "can do nothing but turn mails off",
    ("notice_choices", "updated_at"): "what was chosen is verified",
    ("passkeys", "name"): "what its owner calls it",
    ("passkeys", "handle"): "names its owner to their device",
    ("passkeys", "credential"): "that there is a passkey is verified, not which device holds it",
    ("passkeys", "public_key"): "the same",
    ("passkeys", "uses"): "noted at every use",
    ("passkeys", "created_at"): "that there is a passkey is verified",
    ("passkeys", "used_at"): "noted at every use",
    ("passwords", "hash"): "that there is a password is verified; it is hashed anew when the method changes",
    ("passwords", "changed_at"): "that there is a password is verified",
    ("proposal_partners", "id"): "a number nothing else means",
    ("proposal_versions", "id"): "a number nothing else means",
    ("proposal_versions", "folded"): "for searching alone, made of the words beside it",
    ("proposals", "lock"): "counts changes, so that none is lost",
    ("records", "id"): "a number nothing else means: records are known by chain and number, which are hashed",
    ("recommendations", "id"): "a number nothing else means but the order, which is verified",
    ("reviews", "id"): "a number nothing else means but the order, which is verified",
    ("revisions", "id"): "a number nothing else means",
    ("roles", "id"): "a number nothing else means",
    ("signoffs", "id"): "a number nothing else means but the order, which is verified",
    ("thread_comments", "id"): "a number nothing else means",
    ("thread_comments", "folded"): "for searching alone, made of the words beside it",
    ("threads", "lock"): "counts changes, so that none is lost",
}
HARMLESS_WHEN_ADDED = {
    "bodies": "a text that no revision speaks of is shown nowhere",
    "files": "bytes that nothing speaks of are served nowhere",
}
WORDS = ("changes", "decisions", "proposal_versions", "reviews", "revisions", "thread_comments")
"""What is looked at every time: who said and decided which words. All other tables belong to the long tests."""

TABLES = {name: table for name, table in Base.metadata.tables.items() if name not in NO_RECORD}


@dataclass
class Tampering:
    """An installation, and a transaction over it in which no rule of the database stands in the way."""

    connection: Connection

    def faults_of(self, *statements: object) -> tuple[str, ...] | None:
        """What is named when this was done; it is undone again. None if the database itself cannot hold it."""
        undo = self.connection.begin_nested()
        try:
            for statement in statements:
                self.connection.execute(statement)  # type: ignore[call-overload]
            with Session(self.connection) as session:
                return verify(session).faults
        except IntegrityError:
            return None
        finally:
            undo.rollback()

    def rows(self, table: Table) -> Sequence[dict[str, object]]:
        """All rows of a table."""
        return [dict(row) for row in self.connection.execute(select(table).order_by(*table.primary_key)).mappings()]


def tampering(database: Database) -> Iterator[Tampering]:
    """Begin to tamper."""
    with database.engine.execution_options(engross_writes=True).connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield Tampering(connection)
        connection.rollback()


@pytest.fixture(scope="module")
def at_hand(everything_happened: Path) -> Iterator[Tampering]:
    """It, on SQLite."""
    database = Database(f"sqlite:///{everything_happened}")
    yield from tampering(database)
    database.close()


def others(
    column: Column[object], rows: Sequence[dict[str, object]], row: dict[str, object], all_rows: object
) -> object:
    """Another value that could stand in this column of this row."""
    value = row[column.name]
    known = [one[column.name] for one in rows]
    for key in column.foreign_keys:
        targets = [one[key.column.name] for one in all_rows.rows(key.column.table)]  # type: ignore[attr-defined]
        other = next((target for target in targets if target != value), None)
        if other is not None and not (alone(column) and other in known):
            return other
    python = column.type.python_type
    if value is None:
        value = next((one for one in known if one is not None), None)
        if value is not None and not alone(column):
            return value
        moment = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
        return moment if isinstance(column.type, Moment) else {int: 1, str: "x", date: moment.date()}[python]
    if python is bool:
        return not value
    if python is int:
        return max(one for one in known if one is not None) + 1 if alone(column) else value + 1  # type: ignore[operator,type-var]
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    if isinstance(value, bytes):
        return value + b"x"
    assert isinstance(value, str)
    if value[:1] in ("{", "[") and json.loads(value):
        return reworded(value)
    few = sorted({one for one in known if isinstance(one, str) and one != value})
    return few[0] if 0 < len(few) < 5 and not alone(column) else value + "x"


def alone(column: Column[object]) -> bool:
    """Whether no two rows may share a value, or a value together with others."""
    unique = [c for c in column.table.constraints if isinstance(c, UniqueConstraint)]
    return column.primary_key or bool(column.unique) or any(column.name in c.columns for c in unique)


def reworded(stored: str) -> str:
    """The same JSON with one letter of the last word in it changed."""
    at = max(n for n, sign in enumerate(stored) if sign.isalnum())
    return f"{stored[:at]}{'7' if stored[at] != '7' else '8'}{stored[at + 1 :]}"


def where(table: Table, row: dict[str, object]) -> Sequence[object]:
    """The condition that finds this row alone."""
    return [column == row[column.name] for column in table.primary_key]


def silent(found: Tampering, table: Table, most: int) -> list[str]:
    """Columns that are to be covered and that somebody could change unseen, or the other way round."""
    rows = found.rows(table)
    assert rows, f"nothing ever happened to {table.name}"
    picked = rows[:: max(1, len(rows) // most)][:most]
    told = []
    for column in table.columns:
        reason = LEFT.get((table.name, column.name))
        for row in picked:
            value = others(column, rows, row, found)
            assert value != row[column.name]
            change = update(table).where(*where(table, row)).values({column.name: value})  # type: ignore[arg-type]
            faults = found.faults_of(change)
            if reason is None and faults == ():
                told.append(f"{column.name}: {row[column.name]!r} became {value!r} of {where_of(table, row)}")
            # A number can say in which order things came, which is verified; what else is left out is not looked at.
            if reason is not None and faults and not isinstance(value, int):
                told.append(f"{column.name} is left out, but {faults[0]}")
    return told


def where_of(table: Table, row: dict[str, object]) -> str:
    return str({column.name: row[column.name] for column in table.primary_key})


def test_every_column_there_is_is_covered_or_left_out_with_a_reason() -> None:
    assert NO_RECORD.keys() <= Base.metadata.tables.keys()
    for table, column in LEFT:
        assert column in TABLES[table].columns, f"{table}.{column} is no more"
    assert all([*NO_RECORD.values(), *LEFT.values(), *HARMLESS_WHEN_ADDED.values()])


def test_an_installation_in_which_everything_happened_fits_its_records(at_hand: Tampering) -> None:
    assert at_hand.faults_of() == ()


@pytest.mark.parametrize("name", WORDS)
def test_any_column_changed_by_hand_is_named(at_hand: Tampering, name: str) -> None:
    assert silent(at_hand, TABLES[name], 1) == []


@pytest.mark.long
@pytest.mark.parametrize("name", TABLES)
def test_any_column_of_many_rows_changed_by_hand_is_named(at_hand: Tampering, name: str) -> None:
    assert silent(at_hand, TABLES[name], 4) == []


@pytest.mark.parametrize("name", WORDS)
def test_any_row_taken_out_or_added_by_hand_is_named(at_hand: Tampering, name: str) -> None:
    taken_out_or_added(at_hand, TABLES[name], 1)


@pytest.mark.long
@pytest.mark.parametrize("name", TABLES)
def test_any_of_many_rows_taken_out_or_added_by_hand_is_named(at_hand: Tampering, name: str) -> None:
    taken_out_or_added(at_hand, TABLES[name], 4)


def taken_out_or_added(found: Tampering, table: Table, most: int) -> None:
    """Take rows out, one at a time, and put another one in that differs where it must."""
    rows = found.rows(table)
    for row in rows[:: max(1, len(rows) // most)][:most]:
        assert found.faults_of(delete(table).where(*where(table, row))), f"{where_of(table, row)} was taken out"  # type: ignore[arg-type]
        tried = [found.faults_of(insert(table).values(twin)) for twin in twins(table, rows, row, found)]
        added = [faults for faults in tried if faults is not None]
        assert added, "none could be added"
        assert all(added) or table.name in HARMLESS_WHEN_ADDED, f"{where_of(table, row)} was doubled"


def twins(
    table: Table, rows: Sequence[dict[str, object]], row: dict[str, object], found: Tampering
) -> Iterator[dict[str, object]]:
    """Rows like this one, that differ as little as the database asks for."""
    mine = [column for column in table.columns if alone(column)]
    together = [column for column in mine if not (column.unique or list(table.primary_key) == [column])]
    for one in together or [None]:
        changed = [c for c in mine if c is one or c not in together]
        yield {**row, **{c.name: others(c, rows, row, found) for c in changed}}


@pytest.fixture
def on_postgres(everything_happened: Path, postgres_address: str, tmp_path: Path) -> Iterator[Tampering]:
    """The same installation, moved to PostgreSQL."""
    shelf = PostgresShelf(postgres_address, tmp_path)
    database = shelf.copy(everything_happened)
    yield from tampering(database)
    shelf.clear()
    shelf.close()


@pytest.mark.long
@pytest.mark.postgres
def test_any_column_changed_by_hand_is_named_on_postgresql(on_postgres: Tampering) -> None:
    assert on_postgres.faults_of() == ()
    # The same questions in another dialect: what is asked of the rest does not differ from these.
    some = {name: TABLES[name] for name in (*WORDS, "records", "people", "editions", "threads")}
    found = {name: silent(on_postgres, table, 1) for name, table in some.items()}
    for table in some.values():
        taken_out_or_added(on_postgres, table, 1)
    assert {name: told for name, told in found.items() if told} == {}
