"""Merging by the interface: conflicts that somebody settles, sentences that somebody reads, and what is gone."""

import pytest
import sqlalchemy

from tests.support.acts import adopt, counted, head, merge, propose, refused, section, words
from tests.support.site import API, Site, client_of, read_only_token

OLD = "key partners"


def rivals(site: Site) -> str:
    """Two adopted proposals that want the same words otherwise; the answer is the sentence as it stands."""
    text = words(site.member, "vision")
    propose(site.member, "vision", text.replace(OLD, "equal partners"))
    propose(site.other_member, "vision", text.replace(OLD, "full partners"))
    adopt(site.governor, 1)
    adopt(site.governor, 2)
    return text


def companions(site: Site) -> str:
    """Two adopted proposals whose words fit into one sentence; the answer is that sentence."""
    text = words(site.member, "vision")
    propose(site.member, "vision", text.replace(OLD, "equal partners"))
    propose(site.other_member, "vision", text.replace("sustainable", "affordable"))
    adopt(site.governor, 1)
    adopt(site.governor, 2)
    return text.replace(OLD, "equal partners").replace("sustainable", "affordable")


def send(site: Site, *changes: str, **more: object) -> object:
    return site.governor.post(f"{API}/merge", json={"changes": list(changes), "base_revision": 1, **more})


def test_a_conflict_is_shown_with_every_reading_and_nothing_is_written(sqlite_site: Site) -> None:
    site = sqlite_site
    text = rivals(site)
    rows = counted(site.database)
    told = refused(send(site, "1.1", "2.1"), 409, "conflicts")
    [conflict] = told["conflicts"]
    assert conflict["changes"] == ["1.1", "2.1"]
    assert conflict["block"] == section(site.member, "vision")["blocks"][0]["id"]
    assert conflict["base"].strip() == text
    assert conflict["proposed"].strip() == text.replace(OLD, "full partners")
    preview = site.governor.post(f"{API}/merge-preview", json={"changes": ["1.1", "2.1"]}).json()
    assert preview["conflicts"] == told["conflicts"]
    assert "conflict" in [c["class"] for c in preview["changes"]]
    assert counted(site.database) == rows


@pytest.mark.parametrize("choice", ["standing", "proposed", "both", "text"])
def test_a_conflict_is_settled_by_whoever_chooses(sqlite_site: Site, choice: str) -> None:
    site = sqlite_site
    text = rivals(site)
    merge(site.governor, "1.1")
    standing, wanted = (text.replace(OLD, f"{kind} partners") for kind in ("equal", "full"))
    request = {"changes": ["2.1"], "base_revision": 2}
    told = refused(site.governor.post(f"{API}/merge", json=request), 409, "conflicts")
    [conflict] = told["conflicts"]
    assert conflict["standing"].strip() == standing
    assert conflict["proposed"].strip() == wanted
    own = text.replace(OLD, "partners in every way")
    settled = {"choice": choice, "text": own} if choice == "text" else {"choice": choice}
    wrong = {"resolutions": {"0" * 16: settled}}
    refused(site.governor.post(f"{API}/merge", json={**request, **wrong}), 409, "conflicts")
    resolutions = {conflict["id"]: settled}
    preview = site.governor.post(f"{API}/merge-preview", json={"changes": ["2.1"], "resolutions": resolutions}).json()
    assert preview["conflicts"] == []
    done = site.governor.post(f"{API}/merge", json={**request, "resolutions": resolutions})
    assert done.status_code == 201, done.text[:500]
    got = words(site.member, "vision")
    if choice == "both":
        assert {"equal", "full"} <= set(got.split())
        assert got == conflict["both"].strip()
    else:
        assert got == {"standing": standing, "proposed": wanted, "text": own}[choice]
    assert done.json()["number"] == (2 if choice == "standing" else 3)
    assert site.member.get(f"{API}/proposals/2").json()["changes"][0]["merged_revision"] == done.json()["number"]
    assert done.json()["sections"] == preview["sections"]


def test_a_sentence_that_nobody_wrote_has_to_be_confirmed_by_its_name_or_wholly(sqlite_site: Site) -> None:
    site = sqlite_site
    sentence = companions(site)
    rows = counted(site.database)
    told = refused(send(site, "1.1", "2.1"), 409, "unconfirmed-combination")
    [combined] = told["combined"]
    assert combined["sentence"].strip() == sentence
    assert combined["changes"] == ["1.1", "2.1"]
    for not_enough in (False, [], ["something-else"]):
        refused(send(site, "1.1", "2.1", confirm_combined=not_enough), 409, "unconfirmed-combination")
    assert counted(site.database) == rows
    done = send(site, "1.1", "2.1", confirm_combined=["something-else", combined["id"]])
    assert done.status_code == 201
    assert words(site.member, "vision") == sentence


def test_a_change_of_a_sentence_that_moved_on_is_combined_and_confirmed_too(sqlite_site: Site) -> None:
    site = sqlite_site
    sentence = companions(site)
    merge(site.governor, "2.1")
    request = {"changes": ["1.1"], "base_revision": 2}
    refused(site.governor.post(f"{API}/merge", json=request), 409, "unconfirmed-combination")
    assert site.governor.post(f"{API}/merge", json={**request, "confirm_combined": True}).status_code == 201
    assert words(site.member, "vision") == sentence


def test_a_change_of_what_is_gone_is_orphaned_and_cannot_be_merged(sqlite_site: Site) -> None:
    site = sqlite_site
    blocks = section(site.member, "mission")["blocks"]
    changed = [blocks[0], {**blocks[1], "text": "PEPs is a community."}, *blocks[2:]]
    propose(site.member, sections=[{"key": "mission", "blocks": changed}])
    propose(site.other_member, sections=[{"key": "mission", "blocks": [blocks[0], *blocks[2:]]}])
    adopt(site.governor, 1)
    adopt(site.governor, 2)
    # Within one merge, editing what another chosen change takes out is for somebody to choose.
    told = refused(send(site, "1.1", "2.1"), 409, "conflicts")
    assert told["conflicts"]
    merge(site.governor, "2.1")
    shown = site.member.get(f"{API}/proposals/1").json()["changes"][0]
    assert shown["class"] == "orphaned"
    assert shown["before"] == blocks[1]["text"]
    request = {"changes": ["1.1"], "base_revision": 2}
    told = refused(site.governor.post(f"{API}/merge", json=request), 409, "conflicts")
    assert told["orphaned"] == ["1.1"]
    assert head(site.member)["number"] == 2
    # What the refusal says can be done: a proposal that is decided cannot be returned, but decided again.
    refused(site.governor.post(f"{API}/proposals/1/return", json={"reason": "Gone."}), 409, "wrong-state")
    assert "defer or reject" in told["detail"]
    again = [{"change": 1, "outcome": "deferred", "reason": "Its paragraph is gone.", "supersedes": True}]
    assert site.governor.post(f"{API}/proposals/1/decisions", json=again).status_code == 201
    assert site.governor.post(f"{API}/proposals/1/return", json={"reason": "Gone."}).status_code == 200


def test_a_merge_that_would_leave_a_citation_without_its_note_is_refused(sqlite_site: Site) -> None:
    site = sqlite_site
    notes = section(site.member, "footnotes")["blocks"]
    propose(site.member, sections=[{"key": "footnotes", "blocks": [b for b in notes if b["label"] != "role"]}])
    adopt(site.governor, 1)
    told = refused(send(site, "1.1"), 409, "broken-text")
    assert "role" in " ".join(told["problems"])
    assert head(site.member)["number"] == 1


def test_only_adopted_changes_are_merged_but_any_can_be_tried(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, "vision", words(site.member, "vision").replace(OLD, "equal partners"))
    rows = counted(site.database)
    told = refused(send(site, "1.1"), 409, "not-adopted")
    assert told["changes"] == ["1.1"]
    preview = site.other_member.post(f"{API}/merge-preview", json={"changes": ["1.1"]})
    assert preview.status_code == 200
    assert "equal partners" in preview.text
    assert preview.json()["redline"]["changed"] is True
    assert counted(site.database) == rows


def test_what_there_is_not_cannot_be_merged(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, "vision", "Another vision.")
    for name in ("9.1", "1.9", "1.0", "0.1"):
        refused(send(site, name), 404, "not-found")


def test_a_stale_base_is_told_before_anything_else_about_the_changes(sqlite_site: Site) -> None:
    site = sqlite_site
    rivals(site)
    merge(site.governor, "1.1")
    propose(site.member, "mission", "A mission.")
    for changes in (["1.1"], ["2.1"], ["3.1"]):
        told = refused(send(site, *changes), 409, "text-has-moved")
        assert (told["base_revision"], told["head"]) == (1, 2)
    future = site.governor.post(f"{API}/merge", json={"changes": ["2.1"], "base_revision": 3})
    refused(future, 409, "text-has-moved")


def test_a_merge_says_who_when_and_why_and_one_may_leave_the_message_out(sqlite_site: Site) -> None:
    site = sqlite_site
    rivals(site)
    done = merge(site.governor, "1.1", message="  After the\nmeeting ")
    assert (done["author"], done["message"], done["parent"]) == ("Gilda", "After the meeting", 1)
    propose(site.member, sections=[{"key": "vision", "heading": "Our vision"}])
    adopt(site.governor, 3)
    assert merge(site.governor, "3.1", "3.1")["message"] == "Merged 3.1"
    listed = site.reader.get(f"{API}/revisions").json()
    assert [r["number"] for r in listed] == [3, 2, 1]
    assert site.reader.get(f"{API}/revisions/1").json()["sections"] != done["sections"]


def test_a_choice_for_words_that_read_differently_now_is_refused_and_named(sqlite_site: Site) -> None:
    site = sqlite_site
    rivals(site)
    rows = counted(site.database)
    gone = "0" * 16
    request = {"changes": ["1.1"], "base_revision": 1, "resolutions": {gone: {"choice": "proposed"}}}
    told = refused(site.governor.post(f"{API}/merge", json=request), 409, "outdated-resolution")
    assert told["resolutions"] == [gone]
    assert counted(site.database) == rows
    preview = site.governor.post(f"{API}/merge-preview", json={k: request[k] for k in ("changes", "resolutions")})
    assert preview.json()["outdated"] == [gone]
    # Where something is still to be chosen, both are said at once.
    request["changes"] = ["1.1", "2.1"]
    told = refused(site.governor.post(f"{API}/merge", json=request), 409, "conflicts")
    assert told["outdated"] == [gone]


def test_a_name_that_cannot_be_that_of_a_conflict_is_not_repeated(sqlite_site: Site) -> None:
    rivals(sqlite_site)
    request = {"changes": ["1.1"], "base_revision": 1, "resolutions": {"<b>x": {"choice": "proposed"}}}
    answer = sqlite_site.governor.post(f"{API}/merge", json=request)
    refused(answer, 422, "bad-input")
    assert "<b>" not in answer.text


def test_a_token_that_only_reads_can_try_a_merge_out_but_not_merge(sqlite_site: Site) -> None:
    site = sqlite_site
    rivals(site)
    reading = client_of(site.service, read_only_token(site.database, "gilda"))
    rows = counted(site.database)
    tried = reading.post(f"{API}/merge-preview", json={"changes": ["1.1"]})
    assert tried.status_code == 200, tried.text[:300]
    assert tried.json()["changes"] == [{"ref": "1.1", "class": "applies", "confirm": False}]
    refused(reading.post(f"{API}/merge", json={"changes": ["1.1"], "base_revision": 1}), 403, "read-only-token")
    assert counted(site.database) == rows
    refused(site.reader.post(f"{API}/merge-preview", json={"changes": ["1.1"]}), 401, "not-signed-in")
    refused(site.stranger.post(f"{API}/merge-preview", json={"changes": ["1.1"]}), 403, "not-allowed")


def test_trying_a_merge_out_keeps_nobody_from_writing(sqlite_site: Site) -> None:
    site = sqlite_site
    rivals(site)
    with site.database.writing() as session:
        # Somebody else is in the middle of an act.
        session.execute(sqlalchemy.text("UPDATE charters SET proposals_made = proposals_made"))
        assert site.governor.post(f"{API}/merge-preview", json={"changes": ["1.1"]}).status_code == 200
