"""A Word document that came back, by the interface: what it brings can be sent as proposals and threads as it is."""

import pytest
from fastapi.testclient import TestClient

from tests.support.acts import adopt, merge, propose, words
from tests.support.site import API, Site
from tests.support.word_hands import commented, of_charter, overwritten, replaced

FROM_WORD = f"{API}/from-word"


def document(client: TestClient) -> bytes:
    """The working text as a Word document."""
    return client.get("/peps/working.docx").content


def brought(client: TestClient, octets: bytes, **asked: object) -> dict:
    """What a document brings."""
    answer = client.post(FROM_WORD, content=octets, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_document_nobody_touched_brings_nothing(site: Site) -> None:
    found = brought(site.member, document(site.member))
    assert found["suggestions"] == found["remarks"] == found["left"] == []
    assert (found["base_revision"], found["names_revision"]) == (1, True)


def test_what_each_person_changed_is_a_proposal_of_their_own(site: Site) -> None:
    octets = replaced(document(site.member), "key partners", "equal partners", "Mara")
    octets = replaced(octets, "levels of experience", "stages of a career", "Ann Onymous")
    found = brought(site.other_member, octets)
    assert [one["author"] for one in found["suggestions"]] == ["Mara", "Ann Onymous"]
    first, second = found["suggestions"]
    assert first["in_words"] == ["Paragraph 1 of Vision: “key” replaced by “equal”"]
    people = {one["name"]: one["id"] for one in site.member.get(f"{API}/people").json()}
    assert (first["member"], second["member"]) == (people["Mara"], None)
    assert found["left"] == []
    before = {key: words(site.member, key) for key in ("vision", "mission")}
    for one in (first, second):
        made = propose(site.other_member, sections=one["sections"], base=found["base_revision"])
        assert len(made["changes"]) == 1
        adopt(site.governor, made["number"])
    merge(site.governor, "1.1", "2.1")
    assert words(site.member, "vision") == before["vision"].replace("key partners", "equal partners")
    assert words(site.member, "mission") == before["mission"].replace("levels of experience", "stages of a career")


def test_what_was_changed_without_tracking_is_found_too(site: Site) -> None:
    octets = overwritten(document(site.member), "key partners", "equal partners")
    (only,) = brought(site.member, octets)["suggestions"]
    assert only["author"] == ""
    assert only["member"] is None
    assert only["in_words"] == ["Paragraph 1 of Vision: “key” replaced by “equal”"]


def test_it_is_read_against_the_text_it_was_made_from(site: Site) -> None:
    octets = replaced(document(site.member), "key partners", "equal partners", "Mara")
    made = propose(site.member, markdown=words(site.member, "vision").replace("Enabling", "Building"))
    adopt(site.governor, made["number"])
    merge(site.governor, "1.1")
    found = brought(site.member, octets)
    assert (found["base_revision"], len(found["suggestions"])) == (1, 1)
    written = propose(site.member, sections=found["suggestions"][0]["sections"], base=1)
    assert written["changes"][0]["class"] == "combined", "both are in one sentence"
    against = brought(site.member, octets, revision=2)
    assert against["base_revision"] == 2
    assert site.member.post(FROM_WORD, content=octets, params={"revision": 3}).status_code == 422


def test_what_is_proposed_already_is_named(site: Site) -> None:
    octets = replaced(document(site.member), "key partners", "equal partners", "Mara")
    sections = brought(site.member, octets)["suggestions"][0]["sections"]
    number = propose(site.other_member, sections=sections)["number"]
    assert brought(site.member, octets)["suggestions"][0]["same_as"] == [number]


def test_a_comment_says_where_a_thread_hangs_on_its_words(site: Site) -> None:
    octets = commented(document(site.member), "key partners", "Equal ones, surely?", "Mara")
    (remark,) = brought(site.member, octets)["remarks"]
    assert (remark["section"], remark["quote"]) == ("vision", "key partners")
    assert remark["sayings"] == [{"author": "Mara", "at": "2031-05-04T10:20:00Z", "text": "Equal ones, surely?"}]
    place = {name: remark[name] for name in ("section", "block", "quote", "prefix", "suffix")}
    body = {**place, "revision": 1, "text": remark["sayings"][0]["text"], "audience": "members"}
    thread = site.member.post(f"{API}/threads", json=body)
    assert thread.status_code == 201, thread.text
    assert thread.json()["anchor"]["quote"] == "key partners"


def test_what_stood_in_it_when_it_left_is_not_brought_again(site: Site) -> None:
    propose(site.member, markdown=words(site.member, "vision").replace("key partners", "equal partners"))
    said = {"section": "vision", "audience": "public", "text": "Is that so?"}
    assert site.member.post(f"{API}/threads", json=said).status_code == 201
    octets = site.member.get("/peps/proposals.docx").content
    found = brought(site.member, replaced(octets, "levels of experience", "stages of a career", "Otto"))
    assert [one["author"] for one in found["suggestions"]] == ["Otto"]
    assert found["suggestions"][0]["in_words"] == [
        "Paragraph 2 of Mission: “levels” replaced by “stages”; “experience” replaced by “a career”"
    ]
    assert found["known"] >= 1
    assert found["known_remarks"] >= 1
    assert found["remarks"] == []


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        (b"", "Word"),
        (b"%PDF-1.7 something", "Word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".docx"),
        (b"PK\x03\x04 broken", "Word"),
    ],
)
def test_what_is_no_word_document_is_refused_with_what_to_do(sqlite_site: Site, octets: bytes, told: str) -> None:
    answer = sqlite_site.member.post(FROM_WORD, content=octets)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]


def test_a_document_of_another_charter_is_not_compared_with_this_one(sqlite_site: Site) -> None:
    octets = of_charter(document(sqlite_site.member), "elsewhere")
    refused = sqlite_site.member.post(FROM_WORD, content=octets)
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/other-charter"
