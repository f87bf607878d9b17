"""The schema: brought up to date by Alembic, and which step a database is at."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.db.engine import Database
from app.resources import migrations


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations()))
    config.attributes["engine"] = database.engine
    return config


def migrate(database: Database, step: str = "head") -> None:
    """Bring the database to that step of the migrations, forwards."""
    command.upgrade(_config(database), step)


def migrate_back(database: Database, step: str) -> None:
    """Take the database back to an earlier step; what only later steps can hold is lost."""
    command.downgrade(_config(database), step)


def current_step(database: Database) -> str | None:
    """The step the database is at, None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def knows_step(database: Database, step: str) -> bool:
    """Whether this program knows that step; one it does not know was made by a newer program."""
    return any(script.revision == step for script in ScriptDirectory.from_config(_config(database)).walk_revisions())


def newest_step(database: Database) -> str | None:
    """The newest step this program knows."""
    return ScriptDirectory.from_config(_config(database)).get_current_head()
