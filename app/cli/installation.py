"""The installation a command works on: its settings and its database, brought up to date."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import ArgumentError

from app import clock
from app.db.engine import Database
from app.db.schema import current_step, knows_step, migrate, newest_step
from app.errors import BadInput, Unavailable
from app.queries.keys import current_key_row
from app.services import edition_files, keys, origins
from app.settings import Settings, load_settings


@contextmanager
def opened(*, up_to_date: bool = True) -> Iterator[tuple[Settings, Database]]:
    """The settings and the database of this installation; missing tables are made unless ``up_to_date`` is False."""
    settings = load_settings()
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"The data folder {settings.data_dir} cannot be used: {error.strerror}. ENGROSS_DATA_DIR names another one."
        ) from error
    database, step = _database(settings)
    try:
        if up_to_date and step != newest_step(database):
            if step is not None and not knows_step(database, step):
                raise Unavailable(newer_database(step))
            migrate(database)
        if up_to_date:
            bring_up_to_date(database)
        yield settings, database
    finally:
        database.close()


def bring_up_to_date(database: Database) -> None:
    """Make what an earlier version of the program did not, and the signing key at the first start."""
    origins.catch_up(database)
    with database.reading() as session:
        has_key = current_key_row(session) is not None
    if not has_key:
        with database.writing() as session:
            keys.key_pair(session, now=clock.now())
    edition_files.catch_up(database)


def newer_database(step: str) -> str:
    """What to say of a database that this program is too old for."""
    return (
        f"The database is at step {step}, which a newer version of Engross made. Use that version; nothing was changed."
    )


def _database(settings: Settings) -> tuple[Database, str | None]:
    """The database and the step it is at."""
    try:
        database = Database(settings.database)
        return database, current_step(database)
    except (ArgumentError, ValueError, TypeError) as error:
        # What lies in the address is not repeated: it can hold a password.
        raise BadInput(
            "ENGROSS_DATABASE_URL cannot be understood. It looks like sqlite:////srv/engross/engross.sqlite3 "
            "or postgresql+psycopg://user:password@host:5432/name."
        ) from error
