"""A paragraph on its own page: where its words come from, in words."""

from app.queries.charters import charter_row
from app.queries.revisions import head_snapshot
from tests.support.acts import by_hand
from tests.support.site import API
from tests.web.markup import words
from tests.web.visits import Visits


def block_of(visits: Visits, key: str, place: int = 0) -> str:
    return block_ids(visits, key)[place]


def block_ids(visits: Visits, key: str) -> list[str]:
    with visits.database.reading() as session:
        found = head_snapshot(session, charter_row(session, "peps")).section(key)
        assert found is not None
        return [block.id or "" for block in found.blocks]


def test_a_paragraph_says_where_its_words_come_from(visits: Visits) -> None:
    page = visits.page(f"/peps/blocks/{block_of(visits, 'vision')}")
    assert words(page.one("h1")) == "Where these words come from"
    newest = words(page.one("li", id="page.source.1"))
    assert "These words: equal" in newest
    assert "from revision 2" in newest
    assert "change 1.1 of the proposal “Equal partners” by Mara" in newest
    assert "Adopted by Gilda" in newest
    assert "because: “Well argued.”" in newest
    assert "/peps/proposals/1#change.1" in page.links
    assert "brought in by the product itself" in words(page.one("li", id="page.source.2"))


def test_its_words_are_told_apart_by_numbers_and_not_by_colour(visits: Visits) -> None:
    page = visits.page(f"/peps/blocks/{block_of(visits, 'vision')}")
    assert "patients are (source 2) equal (source 1) partners" in words(page.one("p", class_="quote"))


def test_an_amended_wording_is_told_as_such(visits: Visits) -> None:
    page = visits.page(f"/peps/blocks/{_with(visits, 'people WITH')}")
    assert "Adopted in other words by Gilda" in page.text


def _with(visits: Visits, some: str) -> str:
    with visits.database.reading() as session:
        text = head_snapshot(session, charter_row(session, "peps"))
        return next(b.id or "" for _, _, b in text.placed_blocks() if some in b.text)


def test_the_working_text_and_the_edition_lead_there(visits: Visits) -> None:
    block = block_of(visits, "vision")
    assert f"/peps/blocks/{block}" in visits.page("/peps/working").links
    assert f"/peps/blocks/{block}?revision=1" in visits.page("/peps/editions/2025-05").links


def test_readers_of_a_closed_charter_see_the_paragraphs_of_its_editions(visits: Visits) -> None:
    by_hand(visits.database, "UPDATE charters SET open = false")
    block = block_of(visits, "vision")
    page = visits.page(f"/peps/blocks/{block}")
    assert "from revision 1" in page.text
    assert not [link for link in page.links if "/proposals" in link or "/working" in link or "/compare" in link]
    visits.page(f"/peps/blocks/{block}?revision=2", status=404)
    visits.page("/peps/blocks/nothing", status=404)


def test_a_paragraph_names_what_was_said_on_it_and_on_the_proposals_behind_it(visits: Visits) -> None:
    mara, block = visits.signed_in("mara"), block_of(visits, "vision")
    ours = {"Sec-Fetch-Site": "same-origin"}
    for about in ({"revision": 3, "block": block}, {"proposal": 1}, {"proposal": 3}):
        said = {**about, "text": "Why so?", "audience": "members"}
        assert mara.post(f"{API}/threads", json=said, headers=ours).status_code == 201
    page = visits.page(f"/peps/blocks/{block}", mara)
    assert "/peps/threads/1" in page.links
    assert "/peps/threads/2" in page.links
    assert "/peps/threads/3" not in page.links
    assert "/peps/threads/1" not in visits.page(f"/peps/blocks/{block}").links


def test_a_footnote_leads_to_where_its_words_come_from(visits: Visits) -> None:
    note = next(
        block
        for block in block_ids(visits, "footnotes")
        if f"/peps/blocks/{block}" in visits.page("/peps/working").links
    )
    assert words(visits.page(f"/peps/blocks/{note}").one("h1")) == "Where these words come from"
