"""Threads through the interface: opened on anything, answered, settled, listed, and refused in plain words."""

import pytest

from tests.support.acts import adopt, by_hand, counted, merge, propose, refused, section, words
from tests.support.site import API, Site
from tests.support.threads import comment, comment_on_words, thread


def test_a_thread_hangs_on_the_words_somebody_selected(site: Site) -> None:
    made = comment_on_words(site.member, text="Key or equal?")
    assert made["anchor"] | {"block": ""} == {
        "state": "attached", "section": "vision", "block": "", "start": 36, "end": 48, "quote": "key partners",
        "revision": 1,
    }  # fmt: skip
    assert (made["id"], made["state"], made["about"], made["words_now"]) == (1, "open", "words", "key partners")
    assert [(c["author"], c["text"]) for c in made["comments"]] == [("Mara", "Key or equal?")]
    assert made["following"] == "following"


def test_a_thread_can_be_about_a_block_a_section_a_proposal_and_a_change(sqlite_site: Site) -> None:
    member = sqlite_site.member
    block = section(member, "vision")["blocks"][0]
    propose(member, "vision", words(member, "vision").replace("key", "equal"))
    assert comment(member, block=block["id"])["anchor"]["quote"] == block["text"]
    on_section = comment(member, section="mission")
    assert (on_section["about"], on_section["section"], on_section["anchor"]["block"]) == ("section", "mission", None)
    on_proposal = comment(member, proposal=1)
    assert (on_proposal["about"], on_proposal["anchor"], on_proposal["subject"]) == ("proposal", None, "proposal 1")
    on_change = comment(member, change="1.1")
    assert (on_change["about"], on_change["proposal"], on_change["change"]) == ("change", 1, "1.1")


def test_replies_are_kept_in_order_and_change_no_state(sqlite_site: Site) -> None:
    comment_on_words(sqlite_site.member)
    for client, text in ((sqlite_site.other_member, "Yes."), (sqlite_site.governor, "  No.\r\nNever. ")):
        assert client.post(f"{API}/threads/1/replies", json={"text": text}).status_code == 201
    assert sqlite_site.member.post(f"{API}/threads/1/resolve").json()["state"] == "resolved"
    late = sqlite_site.other_member.post(f"{API}/threads/1/replies", json={"text": "Late."})
    assert late.json()["state"] == "resolved"
    assert [c["text"] for c in late.json()["comments"]] == ["What about this?", "Yes.", "No.\nNever.", "Late."]


def test_who_opened_a_thread_and_governors_settle_it_and_nobody_else(sqlite_site: Site) -> None:
    site = sqlite_site
    comment_on_words(site.member)
    for act in ("resolve", "reopen"):
        refused(site.other_member.post(f"{API}/threads/1/{act}"), 403, "not-allowed")
    refused(site.member.post(f"{API}/threads/1/reopen"), 409, "wrong-state")
    resolved = site.governor.post(f"{API}/threads/1/resolve", json={}).json()
    assert (resolved["state"], resolved["resolved_by"]) == ("resolved", "Gilda")
    refused(site.member.post(f"{API}/threads/1/resolve"), 409, "wrong-state")
    reopened = site.member.post(f"{API}/threads/1/reopen").json()
    assert (reopened["state"], reopened["resolved_by"], reopened["resolved_at"]) == ("open", None, None)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({}, "about-nothing"),
        ({"section": "vision", "proposal": 1}, "about-nothing"),
        ({"proposal": 1, "change": "1.1"}, "about-nothing"),
        ({"revision": 1}, "about-nothing"),
        ({"section": "no-such-section"}, "section-not-found"),
        ({"section": "vision", "quote": "key partners"}, "block-not-found"),
        ({"block": "no-such-block"}, "block-not-found"),
        ({"block": "VISION", "section": "mission"}, "block-not-found"),
        ({"block": "VISION", "quote": "no such words"}, "quote-not-found"),
        ({"block": "VISION", "quote": "  "}, "empty-quote"),
        ({"block": "VISION", "prefix": "a"}, "empty-quote"),
        ({"block": "VISION", "quote": "ar"}, "quote-ambiguous"),
        ({"block": "VISION", "quote": "key", "start": 0, "end": 3}, "quote-not-found"),
        ({"block": "VISION", "quote": "key", "start": 36}, "quote-not-found"),
        ({"block": "VISION", "revision": 9}, "no-such-revision"),
        ({"section": "vision", "text": " \n "}, "empty-comment"),
        ({"section": "vision", "text": "a\x07b"}, "bad-input"),
        ({"section": "vision", "audience": "friends"}, "invalid"),
        ({"section": "vision", "text": "x" * 20_001}, "invalid"),
        ({"change": "1"}, "invalid"),
        ({"change": "1.1 "}, "invalid"),
    ],
)
def test_what_cannot_be_hung_anywhere_is_refused_in_words_and_leaves_nothing(
    sqlite_site: Site, body: dict, kind: str
) -> None:
    block = section(sqlite_site.member, "vision")["blocks"][0]["id"]
    sent = {"text": "Hm.", "audience": "members", **body}
    if sent.get("block") == "VISION":
        sent["block"] = block
    before = counted(sqlite_site.database)
    refused(sqlite_site.member.post(f"{API}/threads", json=sent), 422, kind)
    assert counted(sqlite_site.database) == before


def test_a_proposal_or_change_that_is_not_there_is_not_found(sqlite_site: Site) -> None:
    propose(sqlite_site.member, "vision", "Another vision.", submit=False)
    body = {"text": "Hm.", "audience": "members"}
    for about in ({"proposal": 9}, {"change": "9.1"}, {"proposal": 1}, {"change": "1.1"}):
        refused(sqlite_site.other_member.post(f"{API}/threads", json={**body, **about}), 404, "not-found")
    refused(sqlite_site.member.post(f"{API}/threads", json={**body, "change": "1.9"}), 404, "not-found")


def test_the_list_is_narrowed_paged_and_newest_first(site: Site) -> None:
    member = site.member
    for n in range(5):
        comment_on_words(member if n % 2 else site.other_member, text=f"Comment {n}.")
    propose(member, "mission", words(member, "mission").replace("unified", "independent"))
    comment(site.other_member, proposal=1)
    comment(site.governor, change="1.1")
    member.post(f"{API}/threads/2/resolve")

    def numbers(query: str) -> list[int]:
        answer = member.get(f"{API}/threads{query}")
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()]

    assert numbers("") == [7, 6, 5, 4, 3, 2, 1]
    assert numbers("?state=resolved") == [2]
    assert numbers("?state=open&mine=me") == [4]
    assert numbers("?section=vision") == [5, 4, 3, 2, 1]
    assert numbers("?section=no-such") == []
    assert numbers("?proposal=1") == [7, 6]
    assert numbers(f"?block={section(member, 'vision')['blocks'][0]['id']}&state=open") == [5, 4, 3, 1]
    assert numbers("?anchor=orphaned") == []
    page = member.get(f"{API}/threads?limit=3")
    assert [one["id"] for one in page.json()] == [7, 6, 5]
    following = page.headers["link"].partition(">")[0].removeprefix("<")
    assert [one["id"] for one in member.get(following).json()] == [4, 3, 2]
    for wrong in ("?state=closed", "?mine=you", "?limit=0", "?after=x", "?anchor=lost"):
        refused(member.get(f"{API}/threads{wrong}"), 422, "invalid")
    refused(site.reader.get(f"{API}/threads?mine=me"), 401, "not-signed-in")


def test_a_thread_for_members_does_not_exist_for_others_not_even_in_the_records(site: Site) -> None:
    comment_on_words(site.member, text="Between us.")
    comment_on_words(site.member, text="For all.", audience="public")
    for outside in (site.reader, site.stranger):
        refused(outside.get(f"{API}/threads/1"), 404, "not-found")
        assert outside.get(f"{API}/threads/2").status_code == 200
        assert [one["id"] for one in outside.get(f"{API}/threads").json()] == [2]
        assert {r["object"] for r in outside.get(f"{API}/records").json()} & {"thread 1", "thread 2"} == {"thread 2"}
    refused(site.stranger.post(f"{API}/threads/1/replies", json={"text": "Hm."}), 404, "not-found")
    refused(site.stranger.post(f"{API}/threads/2/replies", json={"text": "Hm."}), 403, "not-allowed")
    refused(site.administrator.post(f"{API}/threads/1/replies", json={"text": "Hm."}), 403, "not-allowed")
    for inside in (site.other_member, site.administrator):
        assert [one["id"] for one in inside.get(f"{API}/threads").json()] == [2, 1]
        assert {"thread 1", "thread 2"} <= {r["object"] for r in inside.get(f"{API}/records").json()}


def test_a_thread_on_a_draft_exists_for_those_who_see_the_draft(site: Site) -> None:
    propose(site.member, "vision", "Another vision.", submit=False)
    comment(site.member, proposal=1, audience="public")
    for other in (site.other_member, site.governor, site.administrator, site.reader):
        refused(other.get(f"{API}/threads/1"), 404, "not-found")
        assert other.get(f"{API}/threads").json() == []
        assert "thread 1" not in {r["object"] for r in other.get(f"{API}/records").json()}
    refused(site.governor.post(f"{API}/threads/1/resolve"), 404, "not-found")
    site.member.post(f"{API}/proposals/1/submit")
    for other in (site.other_member, site.governor, site.administrator, site.reader):
        assert other.get(f"{API}/threads/1").json()["subject"] == "proposal 1"


def test_in_a_closed_charter_threads_do_not_exist_for_those_outside(sqlite_site: Site) -> None:
    comment_on_words(sqlite_site.member, audience="public")
    by_hand(sqlite_site.database, "UPDATE charters SET open = false")
    for outside in (sqlite_site.reader, sqlite_site.stranger):
        refused(outside.get(f"{API}/threads/1"), 404, "not-found")
        refused(outside.get(f"{API}/threads"), 404, "not-found")
    assert sqlite_site.other_member.get(f"{API}/threads/1").status_code == 200


def test_following_is_changed_with_the_tag_that_was_read(site: Site) -> None:
    comment_on_words(site.member)
    propose(site.member, "vision", words(site.member, "vision").replace("key", "equal"))
    for path in (f"{API}/threads/1/following", f"{API}/proposals/1/following"):
        read = site.other_member.get(path)
        assert read.json() == {"mode": None}
        refused(site.other_member.put(path, json={"mode": "muted"}), 428, "precondition-needed")
        tagged = {"If-Match": read.headers["etag"]}
        muted = site.other_member.put(path, json={"mode": "muted"}, headers=tagged)
        assert muted.json() == {"mode": "muted"}
        refused(site.other_member.put(path, json={"mode": None}, headers=tagged), 412, "stale")
        for body in ({}, {"mode": "loud"}, {"mode": "muted", "more": 1}):
            refused(site.other_member.put(path, json=body, headers={"If-Match": "*"}), 422, "invalid")
        neither = site.other_member.put(path, json={"mode": None}, headers={"If-Match": muted.headers["etag"]})
        assert neither.json() == {"mode": None}
        refused(
            site.reader.get(path),
            404 if "threads" in path else 401,
            "not-found" if "threads" in path else "not-signed-in",
        )


def test_a_thread_made_on_an_older_revision_is_carried_to_the_working_text(site: Site) -> None:
    block = section(site.member, "vision")["blocks"][0]["id"]
    text = words(site.member, "vision")
    propose(site.other_member, "vision", text.replace("Enabling", "We enable").replace("key partners", "equals"))
    adopt(site.governor, 1)
    merge(site.governor, "1.1")
    kept = comment(site.member, block=block, quote="integral to decision-making", revision=1)
    assert (kept["anchor"]["state"], kept["anchor"]["revision"]) == ("attached", 2)
    assert kept["opened_on"]["revision"] == 1
    assert kept["anchor"]["start"] != kept["opened_on"]["start"]
    gone = comment(site.member, block=block, quote="key partners", revision=1)
    assert (gone["anchor"]["state"], gone["words_now"]) == ("orphaned", None)
    assert thread(site.member, gone["id"])["anchor"]["quote"] == "key partners"
