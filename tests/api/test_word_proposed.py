"""The working text with all that is proposed, in Word: tracked where nothing meets, told in comments where it does."""

from xml.etree import ElementTree as ET

from tests.api.test_word_comments import said
from tests.support.acts import adopt, decide, merge, propose, words
from tests.support.site import API, Site
from tests.support.threads import comment_on_words
from tests.support.word_reader import Reader
from tests.support.word_rules import W, parts

ALL = "/peps/proposals.docx"


def text_of(octets: bytes, accept: bool | None = None) -> str:
    return "\n".join(line.text for line in Reader(octets, accept).lines())


def test_what_does_not_meet_is_tracked_and_what_does_is_told(sqlite_site: Site) -> None:
    site = sqlite_site
    vision, mission, notice = (words(site.member, key) for key in ("vision", "mission", "notice"))
    propose(site.member, "vision", vision.replace("key partners", "equal partners"), title="Equal")
    propose(site.other_member, "vision", vision.replace("key partners", "full partners"), title="Full")
    propose(
        site.other_member,
        "mission",
        mission.replace("industry professionals\n", "industry professionals[^who]\n", 1) + "\n[^who]: All.\n",
        title="Noted",
    )
    propose(site.member, "notice", notice + "\nA new last paragraph.\n", title="More")
    decide(site.governor, 4, {"change": 1, "outcome": "rejected", "reason": "No."})
    comment_on_words(site.member, "key partners", text="Key?", audience="public")
    made = site.reader.get(ALL)
    assert made.status_code == 200
    assert made.content == site.governor.get(f"{API}/proposals.docx").content
    mara, other = (client.get("/api/v1/me").json()["name"] for client in (site.member, site.other_member))
    assert "equal partners" in text_of(made.content, True)
    assert "full partners" not in text_of(made.content)
    assert "A new last paragraph." not in text_of(made.content)
    assert Reader(made.content, True).notes()[8][0].text.strip() == "All."
    assert text_of(made.content, False).count("key partners") == 1
    document = ET.fromstring(parts(made.content)["word/document.xml"])
    assert {e.get(f"{W}author") for e in document.iter(f"{W}ins") if "".join(e.itertext()) == "equal"} == {mara}
    assert said(made.content) == [
        f"{mara}: Proposal 1, “Equal”: It says better what we mean.",
        f"{other}: Proposal 3, “Noted”: It says better what we mean.",
        f"{other}: Proposal 2, “Full”, wants to change this too. It would read: / "
        + vision.strip().replace("key partners", "full partners"),
        f"{mara}: Key?",
    ]


def test_where_nothing_is_open_the_working_text_itself_is_named(sqlite_site: Site) -> None:
    answer = sqlite_site.governor.get(f"{API}/proposals.docx")
    assert answer.status_code == 404
    assert "Take the working text itself" in answer.json()["detail"]
    propose(sqlite_site.member, "vision", words(sqlite_site.member, "vision").replace("key", "equal"))
    assert sqlite_site.reader.get(ALL).status_code == 200
    assert ALL in sqlite_site.reader.get("/peps/working").text
    assert ALL in sqlite_site.reader.get("/peps/proposals").text
    adopt(sqlite_site.governor, 1)
    assert sqlite_site.reader.get(ALL).status_code == 404
    assert ALL not in sqlite_site.reader.get("/peps/working").text


def test_a_proposal_that_no_longer_fits_is_told_where_its_words_stood(sqlite_site: Site) -> None:
    site = sqlite_site
    appendix = words(site.member, "mission")
    propose(site.member, "mission", appendix.replace("Being a global community", "Being one community"), title="One")
    gone = "\n".join(line for line in appendix.split("\n") if "Being a global community" not in line)
    propose(site.other_member, "mission", gone, title="Gone")
    adopt(site.governor, 2)
    merge(site.governor, "2.1")
    made = site.reader.get(ALL).content
    assert "Being one community" not in text_of(made)
    assert any("wants to change this too" in line and "Being one community" in line for line in said(made))
