"""Whole tables as rows of plain values, the same from either kind of database and at any step of the schema.

A backup is made of them. The tables are read as they are in the database, not as the models of this program have them:
so what an earlier version left can be backed up before it is touched.
"""

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection, MetaData, Table, select

from app.db.finding import PREFIX
from app.errors import BadInput

_STEP = "alembic_version"

Plain = str | int | bool | None
"""What a row of a backup holds: JSON without lists and objects."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of column: how its values become plain ones and come back."""

    name: str
    out: Callable[[object], Plain]
    back: Callable[[Plain], object]


def _same(value: object) -> Plain:
    if not isinstance(value, str | int):
        raise BadInput(f"A {type(value).__name__} stands where words or a number were expected.")
    return value


def _moment(value: object) -> Plain:
    assert isinstance(value, datetime)
    return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()


def _day(value: object) -> Plain:
    assert isinstance(value, date)
    return value.isoformat()


def _octets(value: object) -> Plain:
    assert isinstance(value, bytes | memoryview)
    return base64.b64encode(bytes(value)).decode("ascii")


# The first that fits counts: a moment is no day, though Python calls it one.
_SORTS: Sequence[tuple[type, Sort]] = [
    (sa.Boolean, Sort("truth", lambda value: bool(value), lambda plain: bool(plain))),
    (sa.Integer, Sort("number", _same, lambda plain: plain)),
    (sa.DateTime, Sort("moment", _moment, lambda plain: datetime.fromisoformat(str(plain)))),
    (sa.Date, Sort("day", _day, lambda plain: date.fromisoformat(str(plain)))),
    (sa.LargeBinary, Sort("octets", _octets, lambda plain: base64.b64decode(str(plain), validate=True))),
    (sa.String, Sort("words", _same, lambda plain: plain)),
]


def tables_within(connection: Connection) -> list[Table]:
    """Every table but the one that holds the step and those of the search's index, each after those it points at."""
    found = MetaData()
    found.reflect(bind=connection, only=lambda name, _: not name.startswith(PREFIX))
    return [table for table in found.sorted_tables if table.name != _STEP]


def column_sorts(table: Table) -> dict[str, Sort]:
    """The columns of a table by name, each with its sort. BadInput for a column of a sort nobody has thought of."""
    return {column.name: _sort_of(table, column) for column in table.columns}


def _sort_of(table: Table, column: sa.Column[object]) -> Sort:
    for kind, sort in _SORTS:
        if isinstance(column.type, kind):
            return sort
    raise BadInput(f"The column {column.name} of the table {table.name} is of a sort that no backup can hold.")


def plain_rows(connection: Connection, table: Table) -> Iterator[list[Plain]]:
    """The rows of a table in the order of its key, a few at a time: the same rows in the same order every time."""
    sorts = list(column_sorts(table).values())
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query, execution_options={"yield_per": rows_at_once(table)}):
        yield [None if value is None else sort.out(value) for sort, value in zip(sorts, row, strict=True)]


def rows_at_once(table: Table) -> int:
    """So many rows of a table are held at a time: few where one can have megabytes."""
    return 8 if any(isinstance(column.type, sa.LargeBinary) for column in table.columns) else 500


def next_numbers(connection: Connection) -> dict[str, int]:
    """By table, the number its next row will have, where the database keeps count itself.

    Also numbers of rows that are gone are not given again, for some things are known by them elsewhere.
    """
    if connection.dialect.name == "sqlite":
        if not sa.inspect(connection).has_table("sqlite_sequence"):
            return {}
        counted = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").all()
        return {name: last + 1 for name, last in sorted(map(tuple, counted))}
    numbers = {}
    for table, sequence in counters(connection).items():
        last, called = connection.exec_driver_sql(f"SELECT last_value, is_called FROM {sequence}").one()
        numbers[table] = last + 1 if called else last
    return numbers


def counters(connection: Connection) -> dict[str, str]:
    """By table, the sequence that PostgreSQL numbers its rows with."""
    found = {}
    for table in tables_within(connection):
        key = list(table.primary_key.columns)
        if len(key) == 1 and isinstance(key[0].type, sa.Integer):
            named = connection.scalar(
                sa.text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": key[0].name}
            )
            if named is not None:
                found[table.name] = str(named)
    return found
