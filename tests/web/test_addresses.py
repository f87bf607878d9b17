"""What an address, a Host header or a shared cache could be used for by somebody who means harm."""

import pytest

from tests.support.every_page import PAGES
from tests.web.visits import Visits

EVIL = "evil.example"

OUTSIDE = (
    "/static/../app/settings.py",
    "/static/%2e%2e/%2e%2e/settings.py",
    "/static/..%2f..%2fsettings.py",
    "/static//etc/passwd",
    "/static/%5c..%5c..%5csettings.py",
    "/static/built/../../pages.py",
    "/peps/editions/..%2f..%2fsecrets.json",
    "/peps/editions/%2e%2e.pdf",
    "/peps/annexes/..%2f..%2fengross.sqlite3",
    "/..%2fpeps",
    "/peps/%00",
    "/static/%00",
)


@pytest.mark.parametrize("address", OUTSIDE)
def test_no_address_leads_out_of_what_is_served(visits: Visits, address: str) -> None:
    for somebody in (visits.reader, visits.signed_in("gilda")):
        answer = somebody.get(address)
        assert answer.status_code == 404, address
        assert "root:" not in answer.text
        assert "SQLite format" not in answer.text


FIXED = [
    (who, path)
    for shown in PAGES.values()
    for who, path in shown
    if who != "ada" and "{" not in path and "2026-11" not in path and not path.endswith((".html", "/agenda"))
]


def test_the_name_by_which_a_visitor_calls_us_is_never_repeated(visits: Visits) -> None:
    browsers = {who: visits.signed_in(who) if who else visits.reader for who, _ in FIXED}
    for who, path in FIXED:
        answer = browsers[who].get(path, headers={"host": EVIL, "x-forwarded-host": EVIL, "forwarded": f"host={EVIL}"})
        assert EVIL not in answer.text, path
        assert not any(EVIL in value for value in answer.headers.values()), path


def test_no_page_of_somebody_is_kept_where_another_could_get_it(visits: Visits) -> None:
    browsers = {who: visits.signed_in(who) for who, _ in FIXED if who}
    for who, path in FIXED:
        if who:
            answer = browsers[who].get(path)
            kept = answer.headers["cache-control"]
            assert "private" in kept or "no-store" in kept, (path, kept)
            assert "public" not in kept, path
            assert "s-maxage" not in kept, path


def test_what_a_candidate_holds_and_who_is_signed_in_never_comes_from_a_shared_cache(visits: Visits) -> None:
    # A page that is the same for everybody may be public only if it is the same for everybody.
    signed, stranger = visits.signed_in("gilda"), visits.browser()
    for path in ("/", "/peps", "/peps/working", "/peps/proposals", "/peps/editions"):
        mine, theirs = signed.get(path), stranger.get(path)
        if "public" in theirs.headers["cache-control"]:
            assert mine.content == theirs.content, path
        assert "set-cookie" not in theirs.headers, path
