"""Decisions: one change at a time, never edited, with a reason where they go against the charter's own rule."""

import pytest

from tests.support.acts import adopt, by_hand, counted, decide, head, merge, propose, refused, section, words
from tests.support.site import API, Site


def other_vision(site: Site, new: str = "equal partners", by: str = "member") -> dict:
    return propose(getattr(site, by), "vision", words(site.member, "vision").replace("key partners", new))


def post(site: Site, number: int, *verdicts: dict) -> object:
    return site.governor.post(f"{API}/proposals/{number}/decisions", json=list(verdicts))


def test_adopted_amended_keeps_both_wordings_and_merges_the_amended_one(sqlite_site: Site) -> None:
    site = sqlite_site
    other_vision(site)
    text = words(site.member, "vision")
    proposed = text.replace("key partners", "equal partners")
    amended = text.replace("key partners", "full and *equal* partners")
    told = decide(
        site.governor, 1, {"change": 1, "outcome": "adopted_amended", "text": f"  {amended}\n", "reason": "Both."}
    )
    change = told["changes"][0]
    assert change["after"] == proposed
    assert change["decision"]["text"] == amended
    assert (change["outcome"], change["decision"]["reason"], told["state"]) == ("adopted_amended", "Both.", "decided")
    assert told["standing"] == "Adopted, amended"
    merge(site.governor, "1.1")
    assert words(site.member, "vision") == amended


def test_only_what_has_words_can_be_amended(sqlite_site: Site) -> None:
    site = sqlite_site
    blocks = section(site.member, "mission")["blocks"]
    propose(site.member, sections=[{"key": "mission", "blocks": blocks[1:]}])
    refused(post(site, 1, {"change": 1, "outcome": "adopted_amended", "text": "Some."}), 422, "bad-input")


def test_a_heading_can_be_amended(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, sections=[{"key": "vision", "heading": "Our vision"}])
    decide(site.governor, 1, {"change": 1, "outcome": "adopted_amended", "text": "The vision"})
    merge(site.governor, "1.1")
    assert section(site.member, "vision")["heading"] == "The vision"


def test_the_second_of_two_governors_sees_the_first_decision(sqlite_site: Site) -> None:
    site = sqlite_site
    other_vision(site)
    adopt(site.governor, 1)
    rows = counted(site.database)
    told = refused(post(site, 1, {"change": 1, "outcome": "rejected"}), 409, "already-decided")
    assert (told["change"], told["outcome"]) == (1, "adopted")
    assert counted(site.database) == rows


def test_a_decision_is_superseded_by_one_that_says_so_and_both_are_kept(sqlite_site: Site) -> None:
    site = sqlite_site
    other_vision(site)
    first = adopt(site.governor, 1)["changes"][0]["decision"]
    second = decide(site.governor, 1, {"change": 1, "outcome": "rejected", "reason": "We erred.", "supersedes": True})
    change = second["changes"][0]
    assert change["decision"]["supersedes"] == first["id"] != change["decision"]["id"]
    assert change["outcome"] == "rejected"
    assert second["standing"] == "Rejected"
    assert counted(site.database)["decisions"] == 2
    body = {"changes": ["1.1"], "base_revision": 1}
    refused(site.governor.post(f"{API}/merge", json=body), 409, "not-adopted")


def test_what_is_in_the_text_cannot_be_decided_again(sqlite_site: Site) -> None:
    site = sqlite_site
    other_vision(site)
    adopt(site.governor, 1)
    merge(site.governor, "1.1")
    for supersedes in (False, True):
        verdict = {"change": 1, "outcome": "rejected", "supersedes": supersedes}
        refused(post(site, 1, verdict), 409, "already-merged")
    body = {"changes": ["1.1"], "base_revision": 2}
    refused(site.governor.post(f"{API}/merge", json=body), 409, "already-merged")


def test_a_deferred_change_keeps_its_proposal_open_and_is_decided_later(sqlite_site: Site) -> None:
    site = sqlite_site
    other_vision(site)
    assert decide(site.governor, 1, {"change": 1, "outcome": "deferred"})["state"] == "open"
    assert adopt(site.governor, 1)["state"] == "decided"
    reopened = decide(site.governor, 1, {"change": 1, "outcome": "deferred", "supersedes": True})
    assert reopened["state"] == "open"


def test_decisions_sent_together_are_all_taken_or_none(sqlite_site: Site) -> None:
    site = sqlite_site
    blocks = section(site.member, "mission")["blocks"]
    changed = [{**b, "text": "New words."} if n < 2 else b for n, b in enumerate(blocks)]
    propose(site.member, sections=[{"key": "mission", "blocks": changed}])
    adopt(site.governor, 1, 1)
    rows = counted(site.database)
    refused(
        post(site, 1, {"change": 2, "outcome": "adopted"}, {"change": 1, "outcome": "rejected"}), 409, "already-decided"
    )
    refused(post(site, 1, {"change": 2, "outcome": "adopted"}, {"change": 9, "outcome": "rejected"}), 404, "not-found")
    assert counted(site.database) == rows
    shown = site.member.get(f"{API}/proposals/1").json()
    assert [c["outcome"] for c in shown["changes"]] == ["adopted", "pending"]
    assert shown["state"] == "open"
    assert decide(site.governor, 1, {"change": 2, "outcome": "rejected"})["standing"] == "Partly adopted"


# Three people have a role here: mara (the author), otto and gilda.
RULES = [
    # rule, quorum, positions of mara, otto and gilda, whether adopting and rejecting need a reason
    ("governors", 0, (None, None, None), False, False),
    ("governors", 0, ("object", "object", "object"), False, False),
    ("governors", 2, (None, None, "support"), True, False),
    ("governors", 2, (None, "abstain", "support"), False, False),
    ("majority", 0, (None, None, None), True, False),
    ("majority", 0, ("support", None, None), False, True),
    ("majority", 0, ("support", "object", None), True, False),
    ("majority", 0, ("support", "object", "abstain"), True, False),
    ("majority", 0, ("support", "object", "support"), False, True),
    ("majority", 3, ("support", None, "support"), True, False),
    ("two_thirds", 0, ("support", "object", "support"), False, True),
    ("two_thirds", 0, ("support", "object", "abstain"), True, False),
    ("two_thirds", 0, ("abstain", "abstain", "abstain"), True, False),
    ("no_objection", 0, ("abstain", None, None), False, True),
    ("no_objection", 0, ("support", "object", "support"), True, False),
    ("no_objection", 1, (None, None, None), True, False),
]


@pytest.mark.parametrize(("rule", "quorum", "positions", "adopting", "rejecting"), RULES)
def test_going_against_the_charters_rule_needs_a_reason(
    sqlite_site: Site, rule: str, quorum: int, positions: tuple[str | None, ...], adopting: bool, rejecting: bool
) -> None:
    site = sqlite_site
    by_hand(site.database, "UPDATE charters SET rule = :rule, quorum = :quorum", rule=rule, quorum=quorum)
    other_vision(site)
    for client, position in zip((site.member, site.other_member, site.governor), positions, strict=True):
        if position is not None:
            assert client.post(f"{API}/proposals/1/reviews", json={"position": position}).status_code == 201
    tally = site.reader.get(f"{API}/proposals/1").json()["changes"][0]["tally"]
    assert tally["silent"] == positions.count(None)
    assert tally["rule_met"] is not adopting
    for outcome, needed in (("rejected", rejecting), ("adopted", adopting)):
        verdict = {"change": 1, "outcome": outcome, "supersedes": True}
        rows = counted(site.database)
        if needed:
            refused(post(site, 1, {**verdict, "reason": " \n"}), 422, "reason-needed")
            assert counted(site.database) == rows
        told = decide(site.governor, 1, {**verdict, "reason": "At our discretion." if needed else ""})
        decision = told["changes"][0]["decision"]
        assert decision["against_rule"] is needed
        public = site.reader.get(f"{API}/proposals/1").json()["changes"][0]["decision"]
        assert public["reason"] == ("At our discretion." if needed else "")
    assert post(site, 1, {"change": 1, "outcome": "deferred", "supersedes": True}).status_code == 201


def test_a_position_on_one_change_goes_before_one_on_the_whole_and_the_newest_counts(sqlite_site: Site) -> None:
    site = sqlite_site
    other_vision(site)
    for body in ({"position": "object"}, {"position": "support"}, {"position": "object", "change": 1}):
        site.other_member.post(f"{API}/proposals/1/reviews", json=body)
    shown = site.member.get(f"{API}/proposals/1").json()
    counted_as = {"support": 0, "object": 1, "abstain": 0, "silent": 2, "rule_met": True}
    assert counted_as.items() <= shown["changes"][0]["tally"].items()
    assert [(r["position"], r["change"]) for r in shown["reviews"]] == [("support", None), ("object", 1)]


def test_a_position_of_somebody_who_is_no_member_any_more_does_not_count(sqlite_site: Site) -> None:
    site = sqlite_site
    other_vision(site)
    site.other_member.post(f"{API}/proposals/1/reviews", json={"position": "object"})
    by_hand(site.database, "DELETE FROM roles WHERE person_id = (SELECT id FROM people WHERE name = 'Otto')")
    shown = site.member.get(f"{API}/proposals/1").json()
    counted_as = {"support": 0, "object": 0, "abstain": 0, "silent": 2, "rule_met": True}
    assert counted_as.items() <= shown["changes"][0]["tally"].items()
    assert len(shown["reviews"]) == 1


def test_two_changes_of_one_sentence_collide_until_one_is_rejected(sqlite_site: Site) -> None:
    site = sqlite_site
    other_vision(site)
    other_vision(site, "full partners", "other_member")
    assert site.member.get(f"{API}/proposals/1").json()["changes"][0]["collides_with"] == ["2.1"]
    decide(site.governor, 2, {"change": 1, "outcome": "rejected"})
    assert site.member.get(f"{API}/proposals/1").json()["changes"][0]["collides_with"] == []
    assert head(site.member)["number"] == 1
