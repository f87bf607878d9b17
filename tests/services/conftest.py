"""A site on SQLite for what acts leave behind."""

import pytest

from tests.support.site import Site


@pytest.fixture
def site(sqlite_site: Site) -> Site:
    """The PEPs charter with people."""
    return sqlite_site
