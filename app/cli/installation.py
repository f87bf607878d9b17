"""The installation a command works on: its settings and its database, brought up to date."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.db.engine import Database
from app.db.schema import current_step, migrate, newest_step
from app.settings import Settings, load_settings


@contextmanager
def opened(*, up_to_date: bool = True) -> Iterator[tuple[Settings, Database]]:
    """The settings and the database of this installation; missing tables are made unless ``up_to_date`` is False."""
    settings = load_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    try:
        if up_to_date and current_step(database) != newest_step(database):
            migrate(database)
        yield settings, database
    finally:
        database.close()
