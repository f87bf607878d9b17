"""The packet for a meeting: which proposals are in it for whom, in which order, and what is said beside each change."""

from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader

from tests.support.acts import head
from tests.support.site import API, Site
from tests.support.task_force import Wish, swap, written

WISHES = (
    Wish("Say it plainly", (swap("goals", "Demonstrate PE's value and function", "Show what PE is worth"),)),
    Wish("Equal partners", (swap("vision", "key partners", "equal partners"),)),
    Wish("Leading partners", (swap("vision", "key partners", "leading partners"),)),
    Wish("Who governs", (("note", "definition", "governance body", "body", "The two chairs and the task force."),)),
    Wish("The voice first", (("move", "mission", "unified voice", "shape the future"),)),
    Wish("A new address", (), front={"contact": "hello@example.org"}),
)


def wish(by: TestClient, one: Wish, *, submit: bool = True) -> int:
    body: dict[str, object] = {"title": one.title, "rationale": "So we talked.", "base_revision": 1, "submit": submit}
    body |= {"sections": written(one, head(by)), **({"front": one.front} if one.front else {})}
    answer = by.post(f"{API}/proposals", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["number"])


def packet(by: TestClient, query: str = "") -> PdfReader:
    answer = by.get(f"{API}/proposals.pdf{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert "packet-" in answer.headers["content-disposition"]
    return PdfReader(BytesIO(answer.content))


def text_of(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_a_packet_holds_what_is_open_in_the_order_of_the_text_with_all_it_takes_to_decide(site: Site) -> None:
    numbers = {one.title: wish(site.member, one) for one in WISHES}
    wish(
        site.member,
        Wish("Nobody sees this yet", (swap("vision", "sustainable care", "affordable care"),)),
        submit=False,
    )
    equal = f"{API}/proposals/{numbers['Equal partners']}"
    assert site.other_member.post(f"{equal}/reviews", json={"position": "object", "text": "Equal to whom?"}).is_success
    advice = [{"change": 1, "outcome": "rejected", "reason": "Lead we will."}]
    assert site.governor.post(f"{equal}/recommendations", json=advice).is_success
    for audience, said in (("public", "Patients like it."), ("members", "Between us: it is late.")):
        thread = {"proposal": numbers["Equal partners"], "text": said, "audience": audience}
        assert site.other_member.post(f"{API}/threads", json=thread).is_success

    inside = packet(site.member)
    said = text_of(inside)
    assert "6 open proposals with 7 changes" in said
    assert "Not an approved text" in said
    assert "Nobody sees this yet" not in said
    # The cover, the definition, the vision, the mission, the goals.
    order = ["A new address", "Who governs", "Equal partners", "Leading partners", "The voice first", "Say it plainly"]
    listed = [
        str(one.title).split(". ", 1)[1] for chapter in inside.outline if isinstance(chapter, list) for one in chapter
    ]
    assert listed == order
    assert f"{numbers['Leading partners']}.1 (page" in said
    assert "of “Leading partners” also wants to change this sentence." in said
    assert "Recommended by Gilda" in said
    assert "Otto objects to it: “Equal to whom?”" in said
    assert "Vision, paragraph 1" in said
    assert "governance body8" in said
    assert "Note 8 (new)" in said
    assert "To be moved. It would stand after Mission, paragraph 3." in said
    assert "Makes sense only together with" in said
    assert said.count("Decision on") == 7
    assert "Between us: it is late." in said
    assert "It holds comments that are for members only" in said

    public = text_of(packet(site.reader))
    assert "Patients like it." in public
    assert "Between us" not in public
    assert "for members only" not in public


@pytest.mark.long
def test_a_packet_of_one_section_holds_what_touches_it(site: Site) -> None:
    numbers = {one.title: wish(site.member, one) for one in WISHES[:2]}
    said = text_of(packet(site.governor, "?section=vision"))
    assert "1 open proposal on “Vision” with 1 change" in said
    assert f"{numbers['Equal partners']}. Equal partners" in said
    assert "Say it plainly" not in said


def test_where_nothing_is_open_there_is_no_packet_and_strangers_get_none_of_what_is_closed(site: Site) -> None:
    nothing = site.governor.get(f"{API}/proposals.pdf")
    assert nothing.status_code == 404
    assert "nothing to put together" in nothing.json()["detail"]
    assert site.governor.get(f"{API}/proposals.pdf?section=nowhere").status_code == 404
    wish(site.member, WISHES[1])
    tag = site.governor.get(API).headers["etag"]
    assert site.governor.patch(API, json={"open": False}, headers={"If-Match": tag}).is_success
    for outsider in (site.reader, site.stranger):
        assert outsider.get(f"{API}/proposals.pdf").status_code == 404
        assert outsider.get("/peps/proposals.pdf").status_code == 404
