"""What all tests share: databases of both kinds, and the count of what this machine cannot run."""

import gc
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy
from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient
from hypothesis import Phase, settings

from app.db.base import Base
from app.db.engine import Database
from app.db.schema import migrate
from tests.support import requirements
from tests.support.installation import furnish
from tests.support.postgres import find_binaries, postgres_server
from tests.support.published import Lived, lived
from tests.support.reopening import Copy, PostgresShelf, Shelf, as_new, on_postgres
from tests.support.site import Site, make_site

# No test is about time: on a busy machine an example may take as long as it takes.
settings.register_profile("patient", deadline=None)
# `make test`, which people run again and again, tries fewer examples than `make test-all`.
settings.register_profile("quick", deadline=None, max_examples=30)
# The check of a submission tries the same examples each time: it judges the change, and finds no older fault by luck.
settings.register_profile("check", deadline=None, derandomize=True, database=None)
settings.register_profile("quick check", settings.get_profile("check"), max_examples=30)
# For mutation testing (`make mutate`): the same examples each time, and no search for the smallest one that fails.
settings.register_profile(
    "mutation", derandomize=True, database=None, deadline=None, phases=(Phase.explicit, Phase.generate)
)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--hypothesis-profile"):
        return
    quick = "not long" in (config.option.markexpr or "")
    if requirements.required():
        settings.load_profile("quick check" if quick else "check")
    else:
        settings.load_profile("quick" if quick else "patient")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    requirements.mark_missing(items)
    if on_postgres():
        about_sqlite = [item for item in items if item.get_closest_marker("sqlite_itself")]
        items[:] = [item for item in items if item not in about_sqlite]
        config.hook.pytest_deselected(items=about_sqlite)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, number in requirements.left_out.items():
        terminalreporter.write_line(f"NOT RUN HERE: {number} tests that need {name}. Install it to run them.", red=True)


@pytest.fixture(scope="session", autouse=True)
def _one_loop_for_all_clients() -> Iterator[None]:
    # As under a real server: a client without one starts a thread and a loop of its own for each request.
    with start_blocking_portal() as portal:
        TestClient.portal = portal
        yield
        TestClient.portal = None


@pytest.fixture(scope="session", autouse=True)
def _rubbish_is_looked_for_less_often() -> None:
    # What was imported stays, and going through it again and again takes a tenth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


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


@pytest.fixture(scope="session")
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf | PostgresShelf]:
    """The places for copies of databases."""
    folder = tmp_path_factory.mktemp("copies")
    if not on_postgres():
        yield Shelf(folder)
        return
    moved = PostgresShelf(request.getfixturevalue("postgres_address"), folder)
    yield moved
    moved.close()


@pytest.fixture
def copied(shelf: Shelf | PostgresShelf) -> Iterator[Copy]:
    """Opens a copy of a SQLite file for this test."""
    yield shelf.copy
    shelf.clear()


@pytest.fixture
def sqlite_database(sqlite_template: Path, copied: Copy) -> Database:
    """An empty SQLite database."""
    return copied(sqlite_template)


@pytest.fixture(scope="session")
def _postgres_engine(postgres_address: str) -> Iterator[Database]:
    database = Database(f"{postgres_address}/engross_tests")
    yield database
    database.close()


@pytest.fixture
def postgres_database(_postgres_engine: Database) -> Iterator[Database]:
    """An empty PostgreSQL database; it is emptied after the test, which is much faster than making a new one."""
    database = _postgres_engine
    yield database
    emptying = "; ".join(f'DELETE FROM "{table}"' for table in Base.metadata.tables)
    with database.engine.begin() as connection:
        # Without the triggers that keep approved editions, and without the order that foreign keys ask for.
        connection.exec_driver_sql(f"SET session_replication_role = replica; {emptying}")
        connection.exec_driver_sql("SET session_replication_role = DEFAULT")
    as_new(database)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database, once of each kind."""
    found = request.getfixturevalue(f"{request.param}_database")
    assert isinstance(found, Database)
    return found


@pytest.fixture(scope="session")
def twice_published(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """A charter with two published editions, made once; to be read, or copied."""
    return lived(sqlite_template, tmp_path_factory.mktemp("twice-published"))


@pytest.fixture(scope="session")
def everything_happened(twice_published: Lived, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an installation in which everything has happened at least once; to be read, or copied."""
    folder = tmp_path_factory.mktemp("everything")
    shutil.copy(twice_published.path, folder / "engross.sqlite3")
    database = Database(f"sqlite:///{folder / 'engross.sqlite3'}")
    furnish(database, folder)
    database.close()
    return folder / "engross.sqlite3"


@pytest.fixture(scope="session")
def furnished_site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Site]:
    """The PEPs charter with people on SQLite, made once; the path is that of the file to be copied."""
    folder = tmp_path_factory.mktemp("furnished")
    path = folder / "engross.sqlite3"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    made = make_site(database, folder)
    # The last connection to close leaves one file that holds everything.
    database.close()
    return path, made


@pytest.fixture
def sqlite_site(furnished_site: tuple[Path, Site], copied: Copy) -> Site:
    """The same on SQLite alone, for what does not depend on the database: quick, since people and charter are copied.

    All tests share one service, which is given another database for each.
    """
    path, made = furnished_site
    database = copied(path)
    made.service.state.database = database
    return replace(made, database=database)
