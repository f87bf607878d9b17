"""The service as programs see it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.db.engine import Database
from tests.support.site import Site, make_site


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
def sqlite_site(furnished_site: tuple[Path, Site], tmp_path: Path) -> Iterator[Site]:
    """The same on SQLite alone, for what does not depend on the database: quick, since people and charter are copied.

    All tests share one service, which is given another database for each.
    """
    path, made = furnished_site
    shutil.copy(path, tmp_path / "engross.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'engross.sqlite3'}")
    made.service.state.database = database
    yield replace(made, database=database)
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def site(request: pytest.FixtureRequest, furnished_site: tuple[Path, Site], tmp_path: Path) -> Site:
    """The PEPs charter with people, on each kind of database."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_site")
    return make_site(request.getfixturevalue("postgres_database"), tmp_path, furnished_site[1].service)
