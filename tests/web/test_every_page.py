"""Every address that answers with a page is looked at by axe: a new one has to be named in tests/support/every_page."""

from tests.support.every_page import FILES, LEADING, PAGES
from tests.web.visits import Visits


def test_every_page_is_in_the_table(visits: Visits) -> None:
    found = {
        context.path
        for router in visits.application.routes
        if hasattr(router, "effective_route_contexts")
        for context in router.effective_route_contexts()
        if "GET" in (context.methods or set()) and not context.path.startswith("/api/")
    }
    assert found == {*PAGES, *LEADING, *FILES}
