"""Databases copied for each test and opened by engines that stay, since an engine has to learn its statements."""

import os
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from app import clock
from app.db.engine import Database
from app.services.backups import restore_backup, write_backup

_SHELVES = count()

Copy = Callable[[Path], Database]
"""Open a copy of that database file; it is closed when the test ends."""


def on_postgres() -> bool:
    """Whether every test of the service is to be at home on PostgreSQL (`make test-postgres`)."""
    return os.environ.get("ENGROSS_TEST_HOME") == "postgres"


class PostgresShelf:
    """The same on PostgreSQL: each file is moved there once, as anybody moves an installation, and then copied."""

    def __init__(self, address: str, folder: Path) -> None:
        self._address = address
        self._folder = folder
        self._moved: dict[Path, str] = {}
        self._open: list[Database] = []
        # Several shelves may stand at one server.
        self._number = next(_SHELVES)
        self._administration = create_engine(f"{address}/postgres", isolation_level="AUTOCOMMIT")

    def copy(self, template: Path) -> Database:
        """A copy of this file, as a database of the server."""
        if template not in self._moved:
            self._moved[template] = self._move(template, f"template_{self._number}_{len(self._moved)}")
        name = f"copy_{self._number}_{len(self._open)}"
        self._do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._do(f"CREATE DATABASE {name} TEMPLATE {self._moved[template]}")
        database = Database(f"{self._address}/{name}")
        self._open.append(database)
        return database

    def clear(self) -> None:
        """Close all copies."""
        for database in self._open:
            as_new(database)
            database.close()
        self._open.clear()

    def _move(self, template: Path, name: str) -> str:
        before, after = Database(f"sqlite:///{template}"), Database(f"{self._address}/{name}")
        self._do(f"CREATE DATABASE {name}")
        home = self._folder / name
        home.mkdir()
        write_backup(before, home, self._folder / f"{name}.backup", now=clock.now())
        restore_backup(after, self._folder / f"{name} restored", self._folder / f"{name}.backup")
        before.close()
        after.close()
        return name

    def close(self) -> None:
        """Make no more copies."""
        self._administration.dispose()

    def _do(self, statement: str) -> None:
        with self._administration.connect() as connection:
            connection.exec_driver_sql(statement)


class Shelf:
    """Places for copies, one for each that a test has open at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._places: list[tuple[Path, Database]] = []
        self._taken = 0

    def copy(self, template: Path) -> Database:
        """A copy of this file, in the first place that is free."""
        if self._taken == len(self._places):
            path = self._folder / f"{self._taken}.sqlite3"
            database = Database(f"sqlite:///{path}")
            # No test cuts the power, so none has to wait for the disk.
            event.listen(database.engine, "connect", _wait_for_no_disk)
            self._places.append((path, database))
        path, database = self._places[self._taken]
        self._taken += 1
        shutil.copy(template, path)
        return database

    def clear(self) -> None:
        """Close all copies and take them away."""
        for path, database in self._places[: self._taken]:
            as_new(database)
            database.close()
            for ending in ("", "-wal", "-shm"):
                Path(f"{path}{ending}").unlink(missing_ok=True)
        self._taken = 0


def as_new(database: Database) -> None:
    """Undo what a service does to a database it is given, besides writing into it."""
    database.wake_sender = lambda: None


def _wait_for_no_disk(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()
