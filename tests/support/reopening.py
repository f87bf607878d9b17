"""Databases copied for each test and opened by engines that stay, since an engine has to learn its statements."""

import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from app.db.engine import Database

Copy = Callable[[Path], Database]
"""Open a copy of that database file; it is closed when the test ends."""


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
