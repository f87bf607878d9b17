"""The schema: brought up to date by Alembic, and which step a database is at."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.db.engine import Database
from app.db.finding import create_index
from app.resources import migrations


def _config(**given: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations()))
    config.attributes.update(given)
    return config


def migrate(database: Database, step: str = "head") -> None:
    """Bring the database to that step of the migrations, forwards.

    At the newest step the index of the search is made too, if the database could not have one when it came there.
    """
    command.upgrade(_config(engine=database.engine), step)
    if step == "head":
        with database.founding() as connection:
            create_index(connection)


def migrate_within(connection: Connection, step: str = "head") -> None:
    """The same inside a transaction that is open already, which commits it with what else is in it."""
    command.upgrade(_config(connection=connection), step)


def migrate_back(database: Database, step: str) -> None:
    """Take the database back to an earlier step; what only later steps can hold is lost."""
    command.downgrade(_config(engine=database.engine), step)


def current_step(database: Database) -> str | None:
    """The step the database is at, None for an empty one."""
    with database.engine.connect() as connection:
        return step_within(connection)


def step_within(connection: Connection) -> str | None:
    """The same, as a transaction that is open already sees it."""
    return MigrationContext.configure(connection).get_current_revision()


def knows_step(step: str) -> bool:
    """Whether this program knows that step; one it does not know was made by a newer program."""
    return step in known_steps()


def known_steps() -> list[str]:
    """All steps this program knows, the first one first."""
    return [script.revision for script in _scripts().walk_revisions()][::-1]


def newest_step() -> str | None:
    """The newest step this program knows."""
    return _scripts().get_current_head()


@cache
def _scripts() -> ScriptDirectory:
    # Read once: whether the service is ready is asked again and again.
    return ScriptDirectory.from_config(_config())
