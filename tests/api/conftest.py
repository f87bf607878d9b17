"""The service as programs see it."""

from pathlib import Path

import pytest

from tests.support.site import Site, make_site

HERE = Path(__file__).parent


MATTERS = {"test_racing", "test_failing_commit", "test_journey", "test_lists", "test_register", "test_bad_input"}
"""Where the kind of database decides: locks, failing commits, order, days, odd characters, and one whole way."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Elsewhere `make test` is content with SQLite, and `make test-all` repeats everything on PostgreSQL."""
    for item in items:
        if item.path.parent == HERE and item.path.stem not in MATTERS and item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.long)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def site(request: pytest.FixtureRequest, furnished_site: tuple[Path, Site], tmp_path: Path) -> Site:
    """The PEPs charter with people, on each kind of database."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_site")
    return make_site(request.getfixturevalue("postgres_database"), tmp_path, furnished_site[1].service)
