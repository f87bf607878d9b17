"""The service as programs see it."""

from pathlib import Path

import pytest

from app.db.engine import Database
from tests.support.site import Site, make_site


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    """The PEPs charter with people, on each kind of database."""
    return make_site(database, tmp_path)


@pytest.fixture
def sqlite_site(sqlite_database: Database, tmp_path: Path) -> Site:
    """The same on SQLite alone, for what does not depend on the database."""
    return make_site(sqlite_database, tmp_path)
