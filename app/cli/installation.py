"""The installation a command works on: its settings and its database, brought up to date."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import ArgumentError

from app import clock
from app.db.engine import Database
from app.db.schema import current_step, knows_step, migrate, newest_step
from app.errors import BadInput, Unavailable
from app.logs import configure
from app.queries.keys import current_key_row
from app.services import edition_files, keys, origins, stocktaking
from app.services.backups import FOLDER, write_backup
from app.settings import Settings, load_settings


@contextmanager
def opened(*, up_to_date: bool = True) -> Iterator[tuple[Settings, Database]]:
    """The settings and the database of this installation; missing tables are made unless ``up_to_date`` is False."""
    settings = load_settings()
    configure(level=settings.log_level, format=settings.log_format)
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"The data folder {settings.data_dir} cannot be used: {error.strerror}. ENGROSS_DATA_DIR names another one."
        ) from error
    database = _database(settings)
    try:
        if up_to_date:
            bring_to_newest_step(settings, database)
            bring_up_to_date(database)
        yield settings, database
    finally:
        database.close()


def bring_to_newest_step(settings: Settings, database: Database, *, backup: bool = True) -> None:
    """Migrate the database if it is at an earlier step; what it held is backed up first, for the way back.

    Unavailable, and nothing is changed, for a database of a newer program or if the backup cannot be written.
    """
    if current_step(database) == newest_step():
        return
    # Backing up while another server migrates, the two would wait for each other.
    with database.alone():
        _migrate(settings, database, backup=backup)


def _migrate(settings: Settings, database: Database, *, backup: bool) -> None:
    step, newest = current_step(database), newest_step()
    if step == newest:
        return
    if step is not None and not knows_step(step):
        raise Unavailable(newer_database(step))
    if step is not None and backup:
        now = clock.now()
        file = settings.data_dir / FOLDER / f"before-step-{newest}-{now:%Y-%m-%dT%H%M%SZ}-{os.getpid()}.engross"
        try:
            write_backup(database, settings.data_dir, file, now=now)
        except Unavailable as error:
            raise Unavailable(
                f"{error.message} So the database was left at step {step}: make room, or back it up yourself and run "
                "`engross migrate --no-backup`."
            ) from error
        click.echo(f"The database is brought from step {step} to {newest}. What it was is in {file}.", err=True)
    migrate(database)


def bring_up_to_date(database: Database) -> None:
    """Make what an earlier version of the program did not, and the signing key at the first start."""
    origins.catch_up(database)
    stocktaking.catch_up(database)
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


def _database(settings: Settings) -> Database:
    """The database, which answers."""
    try:
        database = Database(settings.database)
        current_step(database)
        return database
    except (ArgumentError, ValueError, TypeError) as error:
        # What lies in the address is not repeated: it can hold a password.
        raise BadInput(
            "ENGROSS_DATABASE_URL cannot be understood. It looks like sqlite:////srv/engross/engross.sqlite3 "
            "or postgresql+psycopg://user:password@host:5432/name."
        ) from error
