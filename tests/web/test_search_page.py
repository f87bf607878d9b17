"""Search: what is found, by whom, and that no query does harm."""

import pytest

from app.queries.search import search
from tests.web.markup import Page, words
from tests.web.visits import Visits

SEARCH = "/peps/search"


def found(visits: Visits, query: str, name: str | None = None, charter: str = "peps") -> Page:
    browser = visits.signed_in(name) if name else visits.reader
    answer = browser.get(f"/{charter}/search", params={"q": query})
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def results(page: Page) -> dict[str, list[str]]:
    """The links of what was found, by the heading it stands under."""
    told: dict[str, list[str]] = {}
    for section in page.all("section"):
        heading = words(next(section.iter("h2")))
        told[heading] = [a.attrib["href"] for a in section.iter("a")]
    return told


def test_the_field_is_on_every_page_of_a_charter(visits: Visits) -> None:
    for path in ("/peps", "/peps/working", "/peps/proposals/3", "/peps/history"):
        form = visits.page(path).one("form", role="search")
        assert form.attrib["action"] == SEARCH, path


def test_words_are_found_in_the_text_in_proposals_and_in_comments(visits: Visits) -> None:
    page = found(visits, "independent voice")
    assert list(results(page)) == ["Proposals"]
    assert results(page)["Proposals"] == ["/peps/proposals/3", "/peps/proposals/3#change.1"]
    assert "change.1" in visits.page("/peps/proposals/3").ids
    assert [words(e) for e in page.all("mark")] == ["independent voice"] or "independent" in page.text
    page = found(visits, "unified VOICE")
    (link,) = results(page)["Working text"]
    assert link.startswith("/peps/working#b-")
    assert link.partition("#")[2] in visits.page("/peps/working").ids


def test_what_only_the_edition_says_is_found_there(visits: Visits) -> None:
    told = results(found(visits, "key partners"))
    assert "Working text" not in told
    (link,) = told["Only in the edition in force May 2025"]
    assert link.startswith("/peps#b-")
    assert link.partition("#")[2] in visits.page("/peps").ids


def test_accents_and_case_do_not_count_and_all_words_have_to_be_there(visits: Visits) -> None:
    assert results(found(visits, "ÚNIFIED vöice"))["Working text"]
    assert not found(visits, "unified zebra").has("section")
    assert results(found(visits, '"a unified voice"'))["Working text"]
    assert not found(visits, '"voice unified"').has("section")


def test_there_is_a_next_page_of_each_sort_and_a_way_back(visits: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "__kwdefaults__", {**search.__kwdefaults__, "limit": 2})
    page = found(visits, "patient")
    (more,) = [link for link in page.links if "of=working" in link]
    seen = set(results(page)["Working text"])
    page = visits.page(more)
    assert words(page.one("title")).startswith("Search: patient, places in the working text, further on")
    assert list(results(page)) == ["Working text"]
    assert not seen & set(results(page)["Working text"])
    assert "/peps/search?q=patient" in page.links
    assert "/peps/search?q=patient&of=working" in page.links


def test_a_page_that_no_page_leads_to_is_refused_in_words(visits: Visits) -> None:
    assert visits.reader.get("/peps/search?q=patient&of=threads&after=x").status_code == 422
    assert "Nothing has" not in visits.page("/peps/search?q=patient&of=nonsense").text


def test_a_draft_is_found_by_its_author_alone(visits: Visits) -> None:
    assert "Unfinished business" in found(visits, "unfinished", "mara").text
    for name in ("otto", "gilda", None):
        assert "Unfinished business" not in found(visits, "unfinished", name).text


def test_a_closed_charter_shows_its_edition_alone_to_strangers(visits: Visits) -> None:
    assert visits.reader.get("/closed/search", params={"q": "voice"}).status_code == 404
    gilda = visits.signed_in("gilda")
    from tests.web.filling import fields_of, form_to, send

    fields = fields_of(form_to(visits.page("/peps/settings", gilda), "/peps/settings"))
    del fields["open"]
    send(gilda, "/peps/settings", fields)
    page = found(visits, "partners")
    assert list(results(page)) == ["The edition in force May 2025"]
    assert "Equal partners" not in page.text
    assert "Proposals" in results(found(visits, "equal partners", "gilda"))


@pytest.mark.parametrize(
    "query",
    [
        "%",
        "_",
        "%%%",
        "\\",
        "'",
        '"',
        "''; DROP TABLE people; --",
        "a' OR '1'='1",
        "NEAR(a b)",
        "a AND NOT b*",
        "<script>alert(1)</script>",
        "\u202e\u200b",
        "\x00",
        "\ud7ff",
        "🖋️",
        "*",
        "/",
        "a" * 10_000,
        "a " * 5_000,
        '"' * 500,
    ],
)
def test_no_query_does_harm(visits: Visits, query: str) -> None:
    page = found(visits, query)
    assert not page.has("script")
    assert page.one("input", id="page.q").attrib["value"] in query or len(query) > 200 or not query.isprintable()
    assert visits.reader.get("/api/v1/charters/peps/search", params={"q": query}).status_code in (200, 422)


def test_a_percent_sign_is_a_sign(visits: Visits) -> None:
    assert not found(visits, "%").has("section")
    assert not found(visits, "_").has("section")


def test_too_much_is_said_to_be_too_much(visits: Visits) -> None:
    page = found(visits, "word " * 100)
    assert "200 characters at most" in words(page.one("p", role="alert"))


def test_without_results_it_says_what_to_try(visits: Visits) -> None:
    page = found(visits, "zebra")
    assert "Nothing has zebra in it" in page.text
    assert "Try fewer words" in page.text
    assert "signed in" in page.text
    assert "Write one word or several" in visits.page(SEARCH).text


def test_the_interface_finds_the_same(visits: Visits) -> None:
    told = visits.reader.get("/api/v1/charters/peps/search", params={"q": "independent voice"}).json()
    assert [one["number"] for one in told["proposals"]] == [3]
    assert told["words"] == ["independent", "voice"]
    assert told["threads"] == told["working"] == []


def test_help_is_one_link_away_on_every_page(visits: Visits) -> None:
    for path in ("/", "/peps", "/sign-in", "/help"):
        assert "/help" in visits.page(path, status=302 if path == "/x" else 200).links, path
    page = visits.page("/help")
    for link in page.links:
        if link.startswith("#help"):
            assert link[1:] in page.ids


def test_headings_footnotes_and_the_cover_are_found_where_they_stand(visits: Visits) -> None:
    assert "/peps/working#vision" in results(found(visits, "vision"))["Working text"]
    assert "/peps/working#footnotes" not in results(found(visits, "footnotes")).get("Working text", [])
    (link, *_) = results(found(visits, "info@wearepeps.org"))["Working text"]
    assert link == "/peps/working"
    shown = visits.page("/peps/working").ids
    for query in ("survey", "nominative"):
        for link in results(found(visits, query))["Working text"]:
            assert link.partition("#")[2] in shown, query
