"""What all tests share: databases of both kinds, and the count of what this machine cannot run."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy
from hypothesis import Phase, settings

from app.db.base import Base
from app.db.engine import Database
from app.db.schema import migrate
from tests.support import requirements
from tests.support.postgres import find_binaries, postgres_server

# For mutation testing (`make mutate`): the same examples each time, and no search for the smallest one that fails.
settings.register_profile(
    "mutation", derandomize=True, database=None, deadline=None, phases=(Phase.explicit, Phase.generate)
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    requirements.mark_missing(items)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, number in requirements.left_out.items():
        terminalreporter.write_line(f"NOT RUN HERE: {number} tests that need {name}. Install it to run them.", red=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database at the newest step, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    plain = sqlalchemy.create_engine(f"sqlite:///{path}", isolation_level="AUTOCOMMIT")
    with plain.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    plain.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """A PostgreSQL server with a database `engross_tests` at the newest step."""
    binaries = find_binaries()
    assert binaries is not None
    # Not in pytest's own folder: another run of the tests clears that away under a server that is still up.
    with TemporaryDirectory(prefix="engross-postgres-") as folder, postgres_server(binaries, Path(folder)) as address:
        _administer(address, "CREATE DATABASE engross_tests")
        database = Database(f"{address}/engross_tests")
        migrate(database)
        database.close()
        yield address


def _administer(address: str, statement: str) -> None:
    engine = sqlalchemy.create_engine(f"{address}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database."""
    path = tmp_path / "engross.sqlite3"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def postgres_database(postgres_address: str) -> Iterator[Database]:
    """An empty PostgreSQL database; it is emptied after the test, which is much faster than making a new one."""
    database = Database(f"{postgres_address}/engross_tests")
    yield database
    emptying = "; ".join(f'DELETE FROM "{table}"' for table in Base.metadata.tables)
    with database.engine.begin() as connection:
        # Without the triggers that keep approved editions, and without the order that foreign keys ask for.
        connection.exec_driver_sql(f"SET session_replication_role = replica; {emptying}")
        connection.exec_driver_sql("SET session_replication_role = DEFAULT")
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database, once of each kind."""
    found = request.getfixturevalue(f"{request.param}_database")
    assert isinstance(found, Database)
    return found
