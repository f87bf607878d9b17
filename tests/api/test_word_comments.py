"""What is said goes along in Word files: decisions with their reasons, public comments; nothing for members alone."""

from xml.etree import ElementTree as ET

import pytest

from app import clock
from app.services.imports import publish_source_edition
from tests.support.acts import decide, merge, propose, words
from tests.support.site import API, Site, shipped_source
from tests.support.threads import comment, comment_on_words
from tests.support.word_rules import W, faults, parts


def said(octets: bytes) -> list[str]:
    """The comments of a file, each with its author before it."""
    assert faults(octets) == []
    found = parts(octets).get("word/comments.xml")
    told = [] if found is None else list(ET.fromstring(found))
    return [
        f"{one.get(f'{W}author')}: " + " / ".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in one)
        for one in told
    ]


@pytest.fixture
def site(sqlite_site: Site) -> Site:
    """A charter in which a change was decided, merged and talked about, and another one is open."""
    text = words(sqlite_site.member, "vision")
    equal = text.replace("key partners", "equal partners")
    propose(sqlite_site.member, "vision", equal, title="Equal")
    decide(sqlite_site.governor, 1, {"change": 1, "outcome": "adopted", "reason": "It is <b>fair</b>."})
    merge(sqlite_site.governor, "1.1")
    text = words(sqlite_site.member, "vision")
    propose(sqlite_site.member, "vision", text.replace("sustainable", "good"), title="Good")
    public = comment_on_words(sqlite_site.member, "equal partners", text="Equal?", audience="public")
    sqlite_site.governor.post(f"{API}/threads/{public['id']}/replies", json={"text": "Yes."})
    comment_on_words(sqlite_site.member, "equal partners", text="SECRET", audience="members")
    comment(sqlite_site.member, text="On the change.", audience="public", change="2.1")
    comment(sqlite_site.member, text="SECRET too", audience="members", proposal=2)
    return sqlite_site


def test_a_comparison_takes_decisions_and_public_comments_along(site: Site) -> None:
    made = site.reader.get("/peps/compare/1...working.docx").content
    member, governor = (client.get("/api/v1/me").json()["name"] for client in (site.member, site.governor))
    assert said(made) == [
        f"{governor}: 1.1, “Equal”, proposed by {member}: adopted. / It is <b>fair</b>.",
        f"{member}: Equal?",
        f"{governor}: Yes.",
    ]
    # Nobody knows where a file goes: what is for members stays here, whoever asks.
    for client in (site.member, site.governor):
        assert client.get("/peps/compare/1...working.docx").content == made
    assert [line for line in said(site.reader.get("/peps/compare/1...2.docx").content) if "Equal?" in line]
    assert said(site.reader.get("/peps/compare/1...1.docx").content) == []


def test_a_proposal_takes_its_reasons_its_decisions_and_public_comments_along(site: Site) -> None:
    member, governor = (client.get("/api/v1/me").json()["name"] for client in (site.member, site.governor))
    assert said(site.reader.get("/peps/proposals/1.docx").content) == [
        f"{member}: Why: It says better what we mean.",
        f"{governor}: 1.1: adopted. / It is <b>fair</b>.",
    ]
    assert said(site.member.get(f"{API}/proposals/2/redline?format=docx").content) == [
        f"{member}: Why: It says better what we mean.",
        f"{member}: On the change.",
    ]


@pytest.mark.long
def test_whoever_may_not_see_the_working_text_is_told_nothing_that_is_said_of_it(sqlite_site: Site) -> None:
    source = shipped_source("peps")
    assert source.edition is not None
    publish_source_edition(sqlite_site.database, "peps", source.edition, 1, clock.now())
    comment_on_words(sqlite_site.member, "key partners", text="Key?", audience="public")
    address = "/peps/compare/2025-05...2025-05.docx"
    assert len(said(sqlite_site.reader.get(address).content)) == 1
    tag = {"If-Match": sqlite_site.governor.get(API).headers["etag"]}
    assert sqlite_site.governor.patch(API, json={"open": False}, headers=tag).status_code == 200
    assert said(sqlite_site.reader.get(address).content) == []
    assert sqlite_site.reader.get("/peps/working.docx").status_code == 404
