"""A proposal through its versions and states: numbers that last, If-Match, and acts that come at the wrong time."""

import pytest
from fastapi.testclient import TestClient

from tests.support.acts import adopt, counted, decide, head, merge, propose, refused, section, words
from tests.support.site import API, Site


def edit(client: TestClient, number: int, **body: object) -> dict:
    """A new version, made on the one that is there."""
    tag = client.get(f"{API}/proposals/{number}").headers["etag"]
    answer = client.patch(f"{API}/proposals/{number}", json=body, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text[:500]
    return answer.json()


def act(client: TestClient, number: int, name: str, **body: object) -> object:
    return client.post(f"{API}/proposals/{number}/{name}", json=body)


def mission(client: TestClient, **texts: str) -> list[dict]:
    """The mission with other paragraphs, named p0, p1…; "" takes one out."""
    blocks = section(client, "mission")["blocks"]
    changed = [{**b, "text": texts.get(f"p{n}", b["text"])} for n, b in enumerate(blocks)]
    return [{"key": "mission", "blocks": [b for b in changed if b["text"]]}]


def numbers(proposal: dict) -> dict[int, str]:
    return {change["number"]: change["after"] for change in proposal["changes"]}


def test_a_change_keeps_its_number_and_a_number_is_never_used_again(sqlite_site: Site) -> None:
    member = sqlite_site.member
    made = propose(member, sections=mission(member, p0="First.", p1="Second."))
    assert numbers(made) == {1: "First.", 2: "Second."}
    edited = edit(member, 1, sections=mission(member, p1="Second.", p2="Third."))
    assert edited["version"] == 2
    assert numbers(edited) == {2: "Second.", 3: "Third."}
    edited = edit(member, 1, sections=mission(member, p0="First.", p1="Second, otherwise."))
    assert numbers(edited) == {4: "First.", 5: "Second, otherwise."}
    assert member.get(f"{API}/proposals/1").json()["version"] == 3


def test_what_is_not_sent_stays(sqlite_site: Site) -> None:
    member = sqlite_site.member
    made = propose(member, "vision", "Another vision.", title="One")
    edited = edit(member, 1, title="Two")
    assert (edited["title"], edited["rationale"], edited["version"]) == ("Two", made["rationale"], 2)
    assert edited["changes"] == made["changes"]
    edited = edit(member, 1, rationale="")
    assert (edited["title"], edited["rationale"]) == ("Two", "")


def test_what_says_the_same_is_no_new_version(sqlite_site: Site) -> None:
    member = sqlite_site.member
    texts = mission(member, p0="First.", p1="Second.")
    propose(member, sections=texts, title="One")
    act(sqlite_site.other_member, 1, "reviews", position="support", text="")
    adopt(sqlite_site.governor, 1, 1)
    before = counted(sqlite_site.database)
    for body in ({"title": "One"}, {"sections": texts}, {"title": " One ", "sections": mission(member, p1="Second.")}):
        assert edit(member, 1, **body)["version"] == 1
    assert counted(sqlite_site.database) == before
    assert member.get(f"{API}/proposals/1").json()["reviews"][0]["on_earlier_version"] is False
    # What was given back can be sent again as it was.
    act(sqlite_site.governor, 1, "return", reason="Say more.")
    assert edit(member, 1, sections=texts, submit=True)["state"] == "open"
    assert edit(member, 1, sections=mission(member, p0="First.", p1="Third."))["version"] == 2


def test_an_inserted_paragraph_keeps_its_id_through_versions(sqlite_site: Site) -> None:
    member = sqlite_site.member
    text = words(member, "vision")
    made = propose(member, "vision", f"{text}\n\nAnd more of it.")
    edited = edit(
        member, 1, sections=[{"key": "vision", "markdown": f"{text.replace('key', 'main')}\n\nAnd more of it."}]
    )
    ids = {c["after"]: (c["number"], c["block"]) for c in edited["changes"]}
    assert ids["And more of it."] == (1, made["changes"][0]["block"])


def test_an_edit_needs_the_version_it_was_made_on(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, "vision", "Another vision.")
    seen = site.member.get(f"{API}/proposals/1").headers["etag"]
    assert seen.startswith('"')
    rows = counted(site.database)
    body = {"title": "Mine"}
    refused(site.member.patch(f"{API}/proposals/1", json=body), 428, "precondition-needed")
    for wrong in ('"proposal-1-99"', "W/" + seen, seen.strip('"'), '"x", "y"', ""):
        refused(site.member.patch(f"{API}/proposals/1", json=body, headers={"If-Match": wrong}), 412, "stale")
    assert counted(site.database) == rows
    first = site.member.patch(f"{API}/proposals/1", json=body, headers={"If-Match": f'"x", {seen}'})
    assert first.status_code == 200
    assert first.headers["etag"] != seen
    refused(site.member.patch(f"{API}/proposals/1", json=body, headers={"If-Match": seen}), 412, "stale")
    star = site.member.patch(f"{API}/proposals/1", json=body, headers={"If-Match": "*"})
    assert star.status_code == 200


def test_every_act_on_a_proposal_changes_its_tag(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, "vision", "Another vision.", submit=False)
    tags = [site.member.get(f"{API}/proposals/1").headers["etag"]]
    for client, name, body in (
        (site.member, "submit", {}),
        (site.governor, "return", {"reason": "Say more."}),
        (site.member, "submit", {}),
        (site.governor, "decisions", [{"change": 1, "outcome": "deferred"}]),
    ):
        answer = client.post(f"{API}/proposals/1/{name}", json=body)
        assert answer.status_code in (200, 201)
        tags.append(answer.headers["etag"])
        assert site.member.get(f"{API}/proposals/1").headers["etag"] == tags[-1]
    assert len(set(tags)) == len(tags)


def test_an_edit_cannot_touch_what_is_decided(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, sections=mission(site.member, p0="First.", p1="Second."))
    adopt(site.governor, 1, 1)
    tag = site.member.get(f"{API}/proposals/1").headers["etag"]
    rows = counted(site.database)
    body = {"sections": mission(site.member, p0="First, otherwise.", p1="Second.")}
    refused(site.member.patch(f"{API}/proposals/1", json=body, headers={"If-Match": tag}), 409, "already-decided")
    assert counted(site.database) == rows
    edited = edit(site.member, 1, sections=mission(site.member, p0="First.", p1="Second, otherwise."))
    assert {c["number"]: c["outcome"] for c in edited["changes"]} == {1: "adopted", 3: "pending"}
    edited = edit(site.member, 1, sections=mission(site.member, p2="Third."))
    assert {c["number"]: c["outcome"] for c in edited["changes"]} == {1: "adopted", 4: "pending"}


def test_what_an_adopted_change_needs_cannot_be_taken_out_or_reworded_by_its_author(sqlite_site: Site) -> None:
    site = sqlite_site
    text = words(site.member, "vision")
    propose(site.member, "vision", f"{text}\n\nOne more.\n\nAnd another.")
    adopt(site.governor, 1, 2)
    rows = counted(site.database)
    etag = site.member.get(f"{API}/proposals/1").headers["etag"]
    for other in (f"{text}\n\nAnd another.", f"{text}\n\nOne, reworded.\n\nAnd another.", text.replace("key", "equal")):
        body = {"sections": [{"key": "vision", "markdown": other}]}
        told = refused(site.member.patch(f"{API}/proposals/1", json=body, headers={"If-Match": etag}), 409, "needed")
        assert "1.2 makes no sense without 1.1" in told["detail"]
    assert counted(site.database) == rows
    both = f"{text.replace('key', 'equal')}\n\nOne more.\n\nAnd another."
    assert edit(site.member, 1, sections=[{"key": "vision", "markdown": both}])["version"] == 2
    adopt(site.governor, 1, 1)
    merge(site.governor, "1.1", "1.2")


def test_a_change_whose_needed_change_was_taken_out_is_not_adopted_any_more(sqlite_site: Site) -> None:
    site = sqlite_site
    text = words(site.member, "vision")
    propose(site.member, "vision", f"{text}\n\nOne more.\n\nAnd another.")
    decide(site.governor, 1, {"change": 2, "outcome": "rejected", "reason": "No."})
    edit(site.member, 1, sections=[{"key": "vision", "markdown": text.replace("key", "equal")}])
    verdict = {"change": 2, "outcome": "adopted", "supersedes": True}
    told = refused(site.governor.post(f"{API}/proposals/1/decisions", json=[verdict]), 409, "needed")
    assert "1.1, which its author took out" in told["detail"]


def test_a_proposal_whose_undecided_part_is_taken_out_is_decided(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, sections=mission(site.member, p0="First.", p1="Second."))
    assert adopt(site.governor, 1, 1)["state"] == "open"
    edited = edit(site.member, 1, sections=mission(site.member, p0="First."))
    assert edited["state"] == "decided"
    assert edited["standing"] == "Adopted"


def test_a_proposal_is_brought_onto_a_newer_revision(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, sections=mission(site.member, p0="First.", p1="Second."))
    adopt(site.governor, 1, 1)
    merge(site.governor, "1.1")
    edited = edit(site.member, 1, base_revision=2, sections=mission(site.member, p1="Second, on what is now."))
    assert edited["base_revision"] == 2
    assert {c["number"]: (c["class"], c["merged_revision"]) for c in edited["changes"]} == {
        1: (None, 2),
        3: ("applies", None),
    }
    adopt(site.governor, 1, 3)
    merge(site.governor, "1.3")
    assert [b["text"] for b in section(site.member, "mission")["blocks"]][:2] == ["First.", "Second, on what is now."]
    assert site.member.get(f"{API}/proposals/1").json()["standing"] == "In the text since revision 3"


def test_an_edit_that_leaves_nothing_or_has_no_text_for_its_base_is_refused(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, "vision", "Another vision.")
    propose(site.other_member, "goals", "Other goals.")
    adopt(site.governor, 2, *[c["number"] for c in site.member.get(f"{API}/proposals/2").json()["changes"]])
    merge(site.governor, *[c["ref"] for c in site.member.get(f"{API}/proposals/2").json()["changes"]])
    tag = {"If-Match": site.member.get(f"{API}/proposals/1").headers["etag"]}
    rows = counted(site.database)
    for body, kind in (
        ({"sections": [{"key": "vision", "markdown": words(site.member, "vision")}]}, "nothing-changed"),
        ({"sections": []}, "nothing-changed"),
        ({"base_revision": 2}, "bad-input"),
        ({"base_revision": 9}, "no-such-base"),
        ({"title": " "}, "bad-input"),
    ):
        refused(site.member.patch(f"{API}/proposals/1", json=body, headers=tag), 422, kind)
    assert counted(site.database) == rows


@pytest.fixture
def in_state(sqlite_site: Site, request: pytest.FixtureRequest) -> tuple[Site, str]:
    """A proposal of the member's in the state that is asked for."""
    site, state = sqlite_site, request.param
    text = words(site.member, "vision").replace("key partners", "main partners")
    propose(site.member, "vision", text, submit=state != "draft")
    if state == "returned":
        act(site.governor, 1, "return", reason="Say more.")
    if state == "withdrawn":
        act(site.member, 1, "withdraw")
    if state == "decided":
        decide(site.governor, 1, {"change": 1, "outcome": "rejected"})
    assert site.member.get(f"{API}/proposals/1").json()["state"] == state
    return site, state


AFTER = {
    "submit": {"draft": "open", "returned": "open"},
    "withdraw": {"draft": "withdrawn", "open": "withdrawn", "returned": "withdrawn"},
    "return": {"open": "returned"},
    "edit": {"draft": "draft", "open": "open", "returned": "returned"},
    "review": {"open": "open"},
    "decide": {"open": "decided", "decided": "decided"},
}


@pytest.mark.parametrize("in_state", ["draft", "open", "returned", "withdrawn", "decided"], indirect=True)
@pytest.mark.parametrize("name", AFTER)
def test_every_act_leads_where_it_should_or_is_refused_in_every_state(in_state: tuple[Site, str], name: str) -> None:
    site, state = in_state
    verdict = [{"change": 1, "outcome": "adopted", "supersedes": True}]
    tag = {"If-Match": site.member.get(f"{API}/proposals/1").headers["etag"]}
    rows = counted(site.database)
    match name:
        case "edit":
            answer = site.member.patch(f"{API}/proposals/1", json={"title": "Anew"}, headers=tag)
        case "return":
            answer = act(site.governor, 1, "return", reason="Say more.")
        case "review":
            answer = site.other_member.post(f"{API}/proposals/1/reviews", json={"position": "support"})
        case "decide":
            answer = site.governor.post(f"{API}/proposals/1/decisions", json=verdict)
        case _:
            answer = act(site.member, 1, name)
    if state == "draft" and name in ("return", "review", "decide"):
        refused(answer, 404, "not-found")
    elif state in AFTER[name]:
        assert answer.status_code in (200, 201), answer.text[:300]
        assert answer.json()["state"] == AFTER[name][state]
        return
    else:
        kind = "already-decided" if (name, state) == ("withdraw", "decided") else "wrong-state"
        refused(answer, 409, kind)
    assert counted(site.database) == rows


def test_a_proposal_of_which_something_is_decided_cannot_be_withdrawn(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, sections=mission(site.member, p0="First.", p1="Second."))
    adopt(site.governor, 1, 1)
    refused(act(site.member, 1, "withdraw"), 409, "already-decided")


def test_a_reason_is_kept_and_shown_when_a_proposal_is_returned_or_withdrawn(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, "vision", "Another vision.")
    assert act(site.governor, 1, "return", reason=" Say more. ").json()["state_reason"] == "Say more."
    shown = act(site.member, 1, "withdraw", reason="I have thought again.").json()
    assert (shown["state"], shown["state_reason"]) == ("withdrawn", "I have thought again.")


def test_reviews_of_an_earlier_version_say_so(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, "vision", "Another vision.")
    site.other_member.post(f"{API}/proposals/1/reviews", json={"position": "object", "text": "No."})
    edited = edit(site.member, 1, sections=[{"key": "vision", "markdown": "Quite another vision."}])
    assert [(r["position"], r["version"], r["on_earlier_version"]) for r in edited["reviews"]] == [("object", 1, True)]
    again = site.other_member.post(f"{API}/proposals/1/reviews", json={"position": "support"}).json()
    assert [(r["position"], r["version"], r["on_earlier_version"]) for r in again["reviews"]] == [("support", 2, False)]


def test_a_review_of_a_change_that_is_not_there_is_refused(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, "vision", "Another vision.")
    body = {"position": "support", "change": 3}
    refused(site.other_member.post(f"{API}/proposals/1/reviews", json=body), 404, "not-found")


def test_the_redline_shows_what_the_newest_version_does(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, "vision", words(site.member, "vision").replace("key partners", "main partners"))
    edit(site.member, 1, sections=[{"key": "vision", "markdown": "A vision in few words."}])
    shown = site.reader.get(f"{API}/proposals/1/redline").json()
    vision = next(s for s in shown["sections"] if s["key"] == "vision")
    inserted = "".join(p["text"] for b in vision["blocks"] for p in b["pieces"] if p["op"] != "delete")
    assert inserted.strip() == "A vision in few words."
    html = site.reader.get(f"{API}/proposals/1/redline?format=html").text
    assert "few words" in html
    assert "main partners" not in html
    assert head(site.member)["number"] == 1


def test_what_was_returned_with_only_decided_changes_left_is_decided_when_it_is_submitted(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, sections=mission(site.member, p0="First.", p1="Second."))
    adopt(site.governor, 1, 1)
    assert act(site.governor, 1, "return", reason="The second is too short.").status_code == 200
    edited = edit(site.member, 1, sections=mission(site.member, p0="First."))
    assert numbers(edited) == {1: "First."}
    assert act(site.member, 1, "submit").status_code == 200
    found = site.member.get(f"{API}/proposals/1").json()
    assert (found["state"], found["changes"][0]["outcome"]) == ("decided", "adopted")
    merge(site.governor, "1.1")


def test_a_change_that_is_decided_is_reviewed_no_more_while_others_of_its_proposal_are(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, sections=mission(site.member, p0="First.", p1="Second."))
    adopt(site.governor, 1, 1)
    late = act(site.other_member, 1, "reviews", change=1, position="object", text="No.")
    assert refused(late, 409, "already-decided")["detail"]
    assert act(site.other_member, 1, "reviews", change=2, position="object", text="No.").status_code == 201
