"""A site on SQLite for what acts leave behind."""

from pathlib import Path

import pytest

from app.db.engine import Database
from tests.support.site import Site, make_site


@pytest.fixture
def site(sqlite_database: Database, tmp_path: Path) -> Site:
    """The PEPs charter with people."""
    return make_site(sqlite_database, tmp_path)
