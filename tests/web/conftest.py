"""What the tests of the pages share: a service with two charters, a life behind one of them, and people in browsers."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy
from fastapi import FastAPI

from app.db.engine import Database
from app.main import create_app
from app.settings import Settings
from tests.support.reopening import Copy
from tests.web.life import live
from tests.web.visits import Visits, browser


@pytest.fixture(scope="session")
def lived_in(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which members have proposed, governors have decided and merged, and editions were made."""
    folder = tmp_path_factory.mktemp("lived-in")
    path = folder / "template.sqlite3"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    live(database, folder)
    database.close()
    plain = sqlalchemy.create_engine(f"sqlite:///{path}", isolation_level="AUTOCOMMIT")
    with plain.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    plain.dispose()
    return path


@pytest.fixture(scope="session")
def application(lived_in: Path) -> FastAPI:
    """The service, put together once: that takes longer than most tests."""
    database = Database(f"sqlite:///{lived_in}")
    return create_app(Settings(data_dir=lived_in.parent, public_url="http://testserver"), database)


@pytest.fixture
def visits(lived_in: Path, application: FastAPI, copied: Copy, tmp_path: Path) -> Visits:
    """The lived-in service, over a fresh copy of its database for each test."""
    database = copied(lived_in)
    application.state.database = database
    return Visits(database, application, tmp_path, browser(application))
