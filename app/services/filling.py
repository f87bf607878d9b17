"""Filling empty tables with rows of a backup, and setting the counters of the database right."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from app.errors import BadInput
from app.queries.whole_tables import Plain, column_sorts, counters, rows_at_once


def prepare(connection: Connection) -> None:
    """Let rows come in an order in which one points at a later one; all of them have to fit at the end."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")


def fill(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Plain]]) -> int:
    """Put these rows into an empty table; how many there were. BadInput if the table has other columns."""
    sorts = column_sorts(table)
    if set(sorts) != set(columns):
        other = ", ".join(sorted(set(sorts) ^ set(columns)))
        raise BadInput(f"The table {table.name} of the backup has other columns than there are at its step: {other}.")
    back = [(name, sorts[name].back) for name in columns]
    count, coming = 0, iter(rows)
    while part := list(islice(coming, rows_at_once(table))):
        try:
            values = [
                {name: None if value is None else read(value) for (name, read), value in zip(back, row, strict=True)}
                for row in part
            ]
        except ValueError as error:
            raise BadInput(f"A row of the table {table.name} in the backup cannot be read: {error}.") from error
        connection.execute(sa.insert(table), values)
        count += len(part)
    return count


def set_counters(connection: Connection, tables: Sequence[Table], numbers: Mapping[str, int]) -> None:
    """See that no row gets a number that one has or had. ``numbers``: the next one by table, as the backup says."""
    if connection.dialect.name == "sqlite":
        _set_on_sqlite(connection, numbers)
        return
    by_name = {table.name: table for table in tables}
    for name, sequence in counters(connection).items():
        (column,) = by_name[name].primary_key.columns
        highest = connection.scalar(sa.text(f'SELECT max("{column.name}") FROM "{name}"')) or 0
        following = max(highest + 1, numbers.get(name, 1))
        connection.execute(
            sa.text("SELECT setval(CAST(:sequence AS regclass), :n, false)"), {"sequence": sequence, "n": following}
        )


def _set_on_sqlite(connection: Connection, numbers: Mapping[str, int]) -> None:
    # Tables that do not keep count go on after their highest number by themselves.
    keeping = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
    for name, statement in keeping:
        if "AUTOINCREMENT" not in str(statement).upper() or name not in numbers:
            continue
        last = numbers[name] - 1
        connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ? AND seq < ?", (name, last))
        connection.exec_driver_sql(
            "INSERT INTO sqlite_sequence (name, seq) SELECT ?, ? "
            "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?)",
            (name, last, name),
        )
