"""Lists: whole without gaps or repeats from page to page, and only what was asked for."""

import pytest
import sqlalchemy
from fastapi.testclient import TestClient

from tests.support.acts import adopt, decide, head, merge, propose, refused, section, words
from tests.support.site import API, Site


def all_pages(client: TestClient, path: str) -> list[dict]:
    """Every entry of a list, page by page as the links lead."""
    found: list[dict] = []
    following: str | None = path
    for _ in range(100):
        if following is None:
            return found
        answer = client.get(following)
        assert answer.status_code == 200, answer.text[:300]
        found += answer.json()
        link = answer.headers.get("link")
        if link is not None:
            assert link.endswith('>; rel="next"')
        following = None if link is None else link[1:].partition(">")[0]
    raise AssertionError("the links lead in a circle")


@pytest.fixture
def busy_site(sqlite_site: Site) -> Site:
    """Nine proposals in several states, and a few revisions."""
    site = sqlite_site
    text = words(site.member, "vision")
    for number in range(1, 5):
        propose(site.member, "vision", text.replace("key", f"key {number}"))
    propose(site.other_member, sections=[{"key": "mission", "heading": "Our mission"}])
    propose(site.other_member, sections=[{"key": "mission", "heading": "A mission"}], submit=False)
    propose(site.governor, sections=[{"key": "goals", "heading": "Our goals"}])
    propose(site.member, front={"title": "Charter"}, submit=False)
    propose(site.member, sections=[{"key": "goals", "heading": "The goals"}])
    site.governor.post(f"{API}/proposals/2/return", json={"reason": "Why?"})
    decide(site.governor, 3, {"change": 1, "outcome": "rejected"})
    site.member.post(f"{API}/proposals/4/withdraw", json={})
    adopt(site.governor, 5)
    merge(site.governor, "5.1")
    return site


def numbers(client: TestClient, query: str = "") -> list[int]:
    return [p["number"] for p in all_pages(client, f"{API}/proposals?limit=2{query}")]


def test_pages_of_proposals_have_no_gaps_and_no_repeats(busy_site: Site) -> None:
    assert numbers(busy_site.reader) == [9, 7, 5, 4, 3, 2, 1]
    assert numbers(busy_site.member) == [9, 8, 7, 5, 4, 3, 2, 1]
    assert numbers(busy_site.other_member) == [9, 7, 6, 5, 4, 3, 2, 1]
    for limit in (1, 3, 7, 200):
        whole = all_pages(busy_site.reader, f"{API}/proposals?limit={limit}")
        assert [p["number"] for p in whole] == [9, 7, 5, 4, 3, 2, 1]
    assert "link" not in busy_site.reader.get(f"{API}/proposals?limit=7").headers


def test_proposals_are_listed_by_state(busy_site: Site) -> None:
    by_state = {
        s: numbers(busy_site.reader, f"&state={s}") for s in ("open", "returned", "decided", "withdrawn", "draft")
    }
    assert by_state == {"open": [9, 7, 1], "returned": [2], "decided": [5, 3], "withdrawn": [4], "draft": []}
    assert numbers(busy_site.member, "&state=draft") == [8]


def test_proposals_are_listed_by_the_section_they_touch(busy_site: Site) -> None:
    assert numbers(busy_site.reader, "&section=vision") == [4, 3, 2, 1]
    assert numbers(busy_site.reader, "&section=vision&state=open") == [1]
    assert numbers(busy_site.reader, "&section=mission") == [5]
    assert numbers(busy_site.other_member, "&section=mission") == [6, 5]
    assert numbers(busy_site.reader, "&section=appendix") == []
    shown = {p["number"]: p["sections"] for p in all_pages(busy_site.member, f"{API}/proposals")}
    assert shown[1] == ["vision"]
    assert shown[8] == []


def test_what_awaits_somebody_is_listed_for_them(busy_site: Site) -> None:
    site = busy_site
    assert numbers(site.member, "&awaiting=me") == [7, 2]
    assert numbers(site.other_member, "&awaiting=me") == [9, 7, 1]
    assert numbers(site.governor, "&awaiting=me") == [9, 7, 1]
    assert numbers(site.stranger, "&awaiting=me") == []
    assert numbers(site.administrator, "&awaiting=me") == []
    refused(site.reader.get(f"{API}/proposals?awaiting=me"), 401, "not-signed-in")
    site.other_member.post(f"{API}/proposals/9/reviews", json={"position": "abstain"})
    assert numbers(site.other_member, "&awaiting=me") == [7, 1]
    decide(site.governor, 9, {"change": 1, "outcome": "deferred"})
    assert 9 in numbers(site.governor, "&awaiting=me")


def test_pages_of_what_awaits_somebody_are_full(busy_site: Site) -> None:
    """The limit counts what is shown, so that no page comes empty before the last one."""
    answer = busy_site.other_member.get(f"{API}/proposals?awaiting=me&limit=3")
    assert [p["number"] for p in answer.json()] == [9, 7, 1]
    assert "link" not in answer.headers


def test_pages_of_records_and_revisions_are_whole(busy_site: Site) -> None:
    records = [r["number"] for r in all_pages(busy_site.reader, f"{API}/records?limit=4")]
    assert records == sorted(set(records), reverse=True)
    # The two that are missing speak of drafts.
    assert len(records) == records[0] - 2 == 19
    assert [r["number"] for r in all_pages(busy_site.reader, f"{API}/revisions?limit=1")] == [2, 1]


def test_records_tell_who_did_what_without_addresses_of_people(busy_site: Site) -> None:
    told = busy_site.reader.get(f"{API}/records?limit=200")
    acts = {(r["person"], r["act"], r["object"]) for r in told.json()}
    assert ("Gilda", "decide", "change 3.1") in acts
    assert ("Gilda", "merge changes", "revision 2") in acts
    assert "example.org" not in told.text


def test_the_records_do_not_tell_strangers_of_drafts(busy_site: Site) -> None:
    objects = {r["object"] for r in all_pages(busy_site.reader, f"{API}/records")}
    assert "proposal 5" in objects
    assert {"proposal 6", "proposal 8"} & objects == set()


def test_a_charter_says_what_it_is(sqlite_site: Site) -> None:
    told = sqlite_site.reader.get(API).json()
    assert told["key"] == "peps"
    assert told["title"] == "Draft Charter"
    assert (told["head"], told["edition"], told["rule"], told["quorum"]) == (1, None, "governors", 0)
    keys = [s["key"] for s in told["sections"]]
    assert keys == ["notice", "definition", "vision", "mission", "goals", "appendix", "footnotes"]
    assert sqlite_site.reader.get("/api/v1/charters").json() == [told]
    assert [s["key"] for s in head(sqlite_site.reader)["sections"]] == keys
    assert section(sqlite_site.reader, "vision")["heading"] == "Vision"


def test_me_is_whoever_asks(sqlite_site: Site) -> None:
    told = sqlite_site.governor.get("/api/v1/me").json()
    assert (told["name"], told["admin"], told["read_only"]) == ("Gilda", False, False)
    assert told["roles"] == [{"charter": "peps", "role": "governor"}]
    assert sqlite_site.administrator.get("/api/v1/me").json()["admin"] is True


def test_two_texts_are_compared(busy_site: Site) -> None:
    shown = busy_site.reader.get(f"{API}/compare/1...working").json()
    assert (shown["from"]["revision"], shown["to"]["revision"]) == (1, 2)
    assert [s["key"] for s in shown["sections"] if s["state"] not in ("kept", "same")] or shown["changed"]
    assert busy_site.reader.get(f"{API}/compare/2...working").json()["changed"] is False
    html = busy_site.reader.get(f"{API}/compare/1...2?format=html")
    assert html.headers["content-type"].startswith("text/html")
    assert "<ins" in html.text
    accepted = busy_site.reader.get(f"{API}/compare/1...2", headers={"accept": "text/html"})
    assert accepted.text == html.text
    chosen = busy_site.reader.get(f"{API}/compare/1...2?format=json", headers={"accept": "text/html"})
    assert chosen.headers["content-type"] == "application/json"


def test_a_draft_that_was_withdrawn_was_never_shown_and_stays_so(busy_site: Site) -> None:
    site = busy_site
    assert site.other_member.post(f"{API}/proposals/6/withdraw", json={}).status_code == 200
    assert 6 in numbers(site.other_member)
    assert 6 not in numbers(site.member)
    assert site.other_member.get(f"{API}/proposals/6").status_code == 200
    refused(site.governor.get(f"{API}/proposals/6"), 404, "not-found")
    refused(site.governor.post(f"{API}/merge-preview", json={"changes": ["6.1"]}), 404, "not-found")
    assert "proposal 6" not in {r["object"] for r in all_pages(site.governor, f"{API}/records")}
    assert "proposal 6" in {r["object"] for r in all_pages(site.other_member, f"{API}/records")}


def test_a_proposal_that_moves_words_is_listed_under_both_sections(sqlite_site: Site) -> None:
    site = sqlite_site
    blocks = {key: section(site.member, key)["blocks"] for key in ("vision", "mission")}
    moved, left = blocks["mission"][-1], blocks["mission"][:-1]
    arrived = {"kind": "paragraph", "text": moved["text"], "id": moved["id"]}
    sections = [{"key": "mission", "blocks": left}, {"key": "vision", "blocks": [*blocks["vision"], arrived]}]
    made = propose(site.member, sections=sections)
    assert "move" in {change["kind"] for change in made["changes"]}
    for key in ("mission", "vision"):
        listed = site.reader.get(f"{API}/proposals?section={key}").json()
        assert [p["number"] for p in listed] == [1], key
        assert {"mission", "vision"} <= set(listed[0]["sections"])
    assert site.reader.get(f"{API}/proposals?section=goals").json() == []


def test_a_long_proposal_is_read_in_as_few_questions_to_the_database_as_a_short_one(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, "vision", words(site.member, "vision").replace("key", "main"))
    goals = [{**block, "text": f"{block['text']} Now."} for block in section(site.member, "goals")["blocks"]]
    long = propose(site.member, sections=[{"key": "goals", "blocks": goals}])
    assert len(long["changes"]) >= 3
    for number in (1, 2):
        for change in range(1, 3 if number == 2 else 2):
            body = {"position": "support", "change": change}
            assert site.other_member.post(f"{API}/proposals/{number}/reviews", json=body).status_code == 201

    def questions(number: int) -> int:
        asked: list[str] = []

        def note(_c: object, _k: object, statement: str, *_: object) -> None:
            asked.append(statement)

        sqlalchemy.event.listen(site.database.engine, "before_cursor_execute", note)
        assert site.member.get(f"{API}/proposals/{number}").status_code == 200
        sqlalchemy.event.remove(site.database.engine, "before_cursor_execute", note)
        return len(asked)

    questions(1)
    assert questions(2) == questions(1)
