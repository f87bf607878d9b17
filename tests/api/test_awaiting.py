"""What awaits somebody, through the interface: by role, cheaply, and exactly."""

import pytest

from tests.support.acts import adopt, by_hand, decide, merge, propose, refused, words
from tests.support.site import API, Site


def waits(client: object) -> dict:
    answer = client.get(f"{API}/awaiting")  # type: ignore[attr-defined]
    assert answer.status_code == 200, answer.text
    return answer.json()


def counts(client: object) -> dict[str, int]:
    """The numbers that are not zero."""
    return {name: n for name, n in waits(client)["counts"].items() if n}


@pytest.fixture
def busy(site: Site) -> Site:
    """Proposals 1 and 2 meet in a sentence of the vision, 3 is in the mission, all open; 4 is a draft of Mara's."""
    vision, mission = words(site.member, "vision"), words(site.member, "mission")
    propose(site.member, "vision", vision.replace("key partners", "equal partners"), title="Equal")
    propose(site.other_member, "vision", vision.replace("key partners", "leading partners"), title="Leading")
    propose(site.other_member, "mission", mission.replace("patients", "people", 1), title="People")
    propose(site.member, "mission", mission.replace("patients", "all", 1), submit=False)
    return site


def test_a_member_reviews_what_others_propose_until_it_reads_otherwise(busy: Site) -> None:
    assert [p["proposal"] for p in waits(busy.member)["to_review"]] == [2, 3]
    busy.member.post(f"{API}/proposals/3/reviews", json={"position": "support"})
    assert counts(busy.member) == {"to_review": 1, "total": 1}
    tag = busy.other_member.get(f"{API}/proposals/3").headers["etag"]
    changed = words(busy.member, "mission").replace("patients", "persons", 1)
    edit = {"base_revision": 1, "sections": [{"key": "mission", "markdown": changed}]}
    assert busy.other_member.patch(f"{API}/proposals/3", json=edit, headers={"If-Match": tag}).status_code == 200
    again = {p["proposal"]: p["reviewed_version"] for p in waits(busy.member)["to_review"]}
    assert again == {2: None, 3: 1}


def test_deadlines_come_first(busy: Site) -> None:
    by_hand(busy.database, "UPDATE proposals SET review_by = '2030-01-31' WHERE number = 3")
    assert [p["proposal"] for p in waits(busy.member)["to_review"]] == [3, 2]


def test_a_governor_decides_by_section_with_what_meets_together(busy: Site) -> None:
    busy.member.post(f"{API}/proposals/2/reviews", json={"position": "object", "text": "No."})
    found = waits(busy.governor)
    assert [(s["section"], s["count"]) for s in found["to_decide"]] == [("vision", 2), ("mission", 1)]
    groups = [[line["ref"] for line in group] for section in found["to_decide"] for group in section["groups"]]
    assert groups == [["1.1", "2.1"], ["3.1"]]
    tally = found["to_decide"][0]["groups"][0][1]["tally"]
    assert (tally["object"], tally["silent"], tally["quorum_reached"]) == (1, 2, True)
    assert counts(busy.governor) == {"to_review": 3, "to_decide": 3, "total": 3}


def test_what_is_adopted_waits_to_be_merged_until_it_is(busy: Site) -> None:
    adopt(busy.governor, 3)
    assert [c["ref"] for c in waits(busy.governor)["to_merge"]] == ["3.1"]
    merge(busy.governor, "3.1")
    assert waits(busy.governor)["to_merge"] == []


def test_what_is_returned_or_no_longer_fits_goes_back_to_its_author(busy: Site) -> None:
    busy.governor.post(f"{API}/proposals/1/return", json={"reason": "Shorter, please."})
    assert [(p["proposal"], p["reason"]) for p in waits(busy.member)["returned"]] == [(1, "Shorter, please.")]
    vision = words(busy.member, "vision")
    propose(busy.governor, "vision", vision.replace("key partners", "main partners"))
    adopt(busy.governor, 5)
    merge(busy.governor, "5.1")
    assert [(c["ref"], c["class"]) for c in waits(busy.other_member)["unfit"]] == [("2.1", "conflict")]


def test_a_candidate_waits_for_each_governor_until_signed(busy: Site) -> None:
    busy.governor.post(f"{API}/editions", json={"revision": 1, "date": "2027-01"})
    busy.governor.post(f"{API}/editions/2027-01/freeze", json={})
    assert [e["edition"] for e in waits(busy.governor)["to_sign"]] == ["2027-01"]
    busy.governor.post(f"{API}/editions/2027-01/signoffs", json={})
    assert waits(busy.governor)["to_sign"] == []


def test_threads_mentions_and_shared_drafts(busy: Site) -> None:
    ids = {"person": "(SELECT id FROM people WHERE email = 'mara@example.org')", "charter": "(SELECT id FROM charters)"}
    by_hand(
        busy.database,
        "INSERT INTO threads (charter_id, number, author_id, audience, state, reach, section_id, anchor_state,"
        " comments_made, created_at, last_at, lock) VALUES ({charter}, 1, {person}, 'members', 'open', 'words', 's',"
        " 'orphaned', 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00', 1)".format(**ids),
    )
    by_hand(
        busy.database,
        "INSERT INTO thread_comments (thread_id, number, author_id, text, created_at)"
        " SELECT id, 1, author_id, 'Why key?', created_at FROM threads",
    )
    by_hand(
        busy.database,
        "INSERT INTO notices (person_id, charter_id, key, kind, object, address, words, created_at, listed) VALUES"
        " ({person}, {charter}, 'k', 'mentioned', 'thread 1', '/peps/threads/1', 'Otto calls you.',"
        " '2026-01-01 00:00:00', true)".format(**ids),
    )
    by_hand(
        busy.database,
        "INSERT INTO proposal_partners (proposal_id, person_id, created_at) SELECT p.id, o.id, p.created_at"
        " FROM proposals p, people o WHERE p.number = 4 AND o.email = 'otto@example.org'",
    )
    found = waits(busy.member)
    assert [(t["thread"], t["text"]) for t in found["lost_threads"]] == [(1, "Why key?")]
    assert [(m["text"], m["address"]) for m in found["mentions"]] == [("Otto calls you.", "/peps/threads/1")]
    assert [p["proposal"] for p in waits(busy.other_member)["shared"]] == [4]
    assert waits(busy.governor)["shared"] == []


def test_who_takes_no_part_has_nothing_waiting_and_who_is_nobody_signs_in(busy: Site) -> None:
    assert counts(busy.stranger) == {}
    assert counts(busy.administrator) == {}
    refused(busy.reader.get(f"{API}/awaiting"), 401, "not-signed-in")
    by_hand(busy.database, "UPDATE charters SET open = false")
    refused(busy.stranger.get(f"{API}/awaiting"), 404, "not-found")


def test_deferred_changes_still_wait(busy: Site) -> None:
    decide(busy.governor, 3, {"change": 1, "outcome": "deferred", "reason": "In May."})
    assert [line["outcome"] for s in waits(busy.governor)["to_decide"] for g in s["groups"] for line in g] == [
        "pending",
        "pending",
        "deferred",
    ]
