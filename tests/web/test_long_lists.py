"""Long lists: newer and older pages, filters that are kept, titles that say the page, and what an empty one says."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from app.queries import stretches
from app.web import paging
from tests.support.growth import grow
from tests.support.site import Site
from tests.web.markup import Page, words
from tests.web.visits import Visits, browser


@pytest.fixture
def long(sqlite_site: Site, monkeypatch: pytest.MonkeyPatch) -> Visits:
    """A charter with some of everything, of which five stand on a page."""
    monkeypatch.setattr(paging, "A_PAGE", 5)
    grow(sqlite_site.database, proposals=12, decided=12, threads=12, notices=12)
    return Visits(sqlite_site.database, sqlite_site.service, Path(), browser(sqlite_site.service))


def entries(page: Page) -> list[str]:
    """What stands on a page, by what it is called and where it leads."""
    lists = [one for one in page.all("ul") + page.all("ol") if "rows" in one.attrib.get("class", "")]
    return [
        " ".join([words(item), *(form.attrib["action"] for form in item.iter("form"))]) for one in lists for item in one
    ]


def links(page: Page) -> dict[str, str]:
    """The ways to other pages of the list, by their words."""
    return {
        words(a): a.attrib["href"] for nav in page.all("nav", aria_label="Pages of this list") for a in nav.iter("a")
    }


@pytest.mark.parametrize(
    ("address", "what", "kept"),
    [
        ("/peps/proposals", "proposals", {}),
        ("/peps/proposals?state=decided", "proposals", {"state": ["decided"]}),
        ("/peps/threads?show=open", "comments", {"show": ["open"]}),
        ("/peps/decisions?outcome=rejected", "decisions", {"outcome": ["rejected"]}),
        ("/notices?of=unread", "notices", {"of": ["unread"]}),
    ],
)
def test_a_list_is_walked_down_and_up_again_with_its_filters(
    long: Visits, address: str, what: str, kept: dict[str, list[str]]
) -> None:
    gilda = long.signed_in("gilda")
    down, titles, at = [], [], address
    while at:
        page = long.page(at, gilda)
        down.append(entries(page))
        titles.append(words(page.one("title")))
        at = links(page).get(f"Older {what}", "")
        assert not at or parse_qs(urlsplit(at).query).items() >= kept.items()
    assert len(down) >= 3
    whole = [one for some in down for one in some]
    assert len(whole) == len(set(whole))
    assert "The newest" not in links(long.page(address, gilda))
    assert len(titles) == len(set(titles)) or what in ("notices", "decisions"), titles
    up = []
    while newer := links(page).get(f"Newer {what}"):
        assert "The newest" in links(page)
        page = long.page(newer, gilda)
        up.append(entries(page))
    assert up[-1] == down[0], "the last step up is the first page, filled up"
    assert {one for some in up for one in some} >= {one for some in down[:-1] for one in some}


def test_a_list_says_how_long_it_is_up_to_a_bound(long: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    page = long.page("/peps/proposals")
    assert "Proposals 24 to 20, 24 in all" in page.text
    monkeypatch.setattr(stretches, "MOST_COUNTED", 10)
    monkeypatch.setattr(paging, "MOST_COUNTED", 10)
    assert "more than 10 in all" in long.page("/peps/proposals").text


def test_beyond_the_end_a_list_says_so_and_leads_back(long: Visits) -> None:
    gilda = long.signed_in("gilda")
    for address, back in (
        ("/peps/proposals?before=1", "/peps/proposals"),
        ("/peps/threads?before=1", "/peps/threads?show=open"),
        ("/peps/decisions?before=1", "/peps/decisions"),
        ("/peps/history?before=1", "/peps/history"),
    ):
        page = long.page(address, gilda)
        assert "that far back" in page.text, address
        assert back in page.links, address


def test_a_section_that_is_gone_is_named_and_everything_is_shown(long: Visits) -> None:
    for address in ("/peps/proposals?section=nowhere", "/peps/threads?section=nowhere"):
        assert "There is no section “nowhere” in the text any more" in long.page(address).text
    empty = long.page("/peps/proposals?section=footnotes&state=returned")
    assert "No proposal that is returned touches" in empty.text
    assert "/peps/proposals" in empty.links
