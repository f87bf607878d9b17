"""Decisions on many changes of several proposals at once, and who is told of a decision and of a merge."""

from tests.api.test_refitting import notices
from tests.support.acts import adopt, by_hand, counted, decide, merge, propose, refused, words
from tests.support.site import API, Site

OLD = "key partners"


def post(site: Site, *verdicts: dict) -> object:
    return site.governor.post(f"{API}/decisions", json=list(verdicts))


def two(site: Site) -> None:
    text = words(site.member, "vision")
    propose(site.member, "vision", text.replace(OLD, "equal partners"))
    propose(site.other_member, "vision", text.replace("sustainable", "affordable"))


def test_changes_of_several_proposals_are_decided_together(site: Site) -> None:
    two(site)
    done = post(
        site,
        {"ref": "1.1", "outcome": "adopted", "reason": "Well argued."},
        {"ref": "2.1", "outcome": "rejected", "reason": "Too much."},
    )
    assert done.status_code == 201, done.text
    assert [(d["ref"], d["outcome"], d["decided_by"]) for d in done.json()["decided"]] == [
        ("1.1", "adopted", "Gilda"),
        ("2.1", "rejected", "Gilda"),
    ]
    assert {site.member.get(f"{API}/proposals/{n}").json()["state"] for n in (1, 2)} == {"decided"}


def test_all_of_them_or_none(site: Site) -> None:
    two(site)
    adopt(site.governor, 2)
    rows = counted(site.database)
    refused(
        post(site, {"ref": "1.1", "outcome": "adopted"}, {"ref": "2.1", "outcome": "rejected"}), 409, "already-decided"
    )
    assert counted(site.database) == rows
    assert site.member.get(f"{API}/proposals/1").json()["changes"][0]["outcome"] == "pending"
    assert post(site, {"ref": "2.1", "outcome": "rejected", "supersedes": True}).status_code == 201


def test_what_cannot_be_decided_so_is_refused(sqlite_site: Site) -> None:
    site = sqlite_site
    two(site)
    propose(site.member, "vision", "A draft.", submit=False)
    adopted = {"outcome": "adopted"}
    refused(post(site), 422, "invalid")
    refused(post(site, {"ref": "1.1", "outcome": "loved"}), 422, "invalid")
    refused(post(site, {"ref": "one", **adopted}), 422, "bad-input")
    refused(post(site, {"ref": "1.1", **adopted}, {"ref": "1.1", **adopted}), 422, "bad-input")
    for unknown in ("1.2", "9.1", "3.1"):
        refused(post(site, {"ref": unknown, **adopted}), 404, "not-found")
    by_hand(site.database, "UPDATE charters SET rule = 'two_thirds', quorum = 2")
    refused(post(site, {"ref": "1.1", **adopted}), 422, "reason-needed")
    told = refused(post(site, {"ref": "1.1", **adopted}, {"ref": "2.1", **adopted}), 422, "reason-needed")
    assert told["detail"].startswith("For changes 1.1 and 2.1"), "nobody is sent back for each of them"
    assert post(site, {"ref": "1.1", **adopted, "reason": "At our discretion."}).status_code == 201


def test_who_may_not_decide_is_refused(sqlite_site: Site) -> None:
    site = sqlite_site
    two(site)
    body = [{"ref": "1.1", "outcome": "adopted"}]
    answers = {
        name: getattr(site, name).post(f"{API}/decisions", json=body).status_code
        for name in ("reader", "stranger", "member", "administrator", "governor")
    }
    assert answers == {"reader": 401, "stranger": 403, "member": 403, "administrator": 403, "governor": 201}


def test_the_author_is_told_of_the_decision_with_its_reason_once(sqlite_site: Site) -> None:
    site = sqlite_site
    two(site)
    post(site, {"ref": "1.1", "outcome": "adopted", "reason": "Well\nargued."}, {"ref": "2.1", "outcome": "deferred"})
    assert notices(site.database, "decided") == [
        ("Mara", "Gilda adopted change 1.1 of your proposal “Other words”: “Well argued.”"),
        ("Otto", "Gilda put off change 2.1 of your proposal “Other words”."),
    ]


def test_several_decisions_on_one_proposal_are_told_in_one_notice(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(
        site.member,
        sections=[{"key": "vision", "heading": "Our vision"}, {"key": "mission", "heading": "Our mission"}],
    )
    decide(
        site.governor,
        1,
        {"change": 1, "outcome": "adopted"},
        {"change": 2, "outcome": "rejected", "reason": "It is short."},
    )
    [(name, told)] = notices(site.database, "decided")
    assert name == "Mara"
    assert told == (
        "Gilda decided on 2 changes of your proposal “Other words”: 1.1 adopted; 1.2 rejected (“It is short.”)."
    )


def test_authors_are_told_how_their_words_went_in(sqlite_site: Site) -> None:
    site = sqlite_site
    two(site)
    text = words(site.member, "vision")
    propose(site.member, "vision", text.replace(OLD, "full partners"))
    post(
        site,
        {"ref": "1.1", "outcome": "adopted"},
        {"ref": "2.1", "outcome": "adopted"},
        {"ref": "3.1", "outcome": "adopted"},
    )
    merge(site.governor, "1.1", "2.1", confirm_combined=True)
    told = dict(notices(site.database, "merged"))
    assert told["Otto"].startswith(
        "Change 2.1 of your proposal “Other words” is in the text since revision 2, combined"
    )
    assert "Change 1.1 of your proposal" in told["Mara"]
    preview = site.governor.post(f"{API}/merge-preview", json={"changes": ["3.1"]}).json()
    conflict = preview["conflicts"][0]["id"]
    merge(site.governor, "3.1", resolutions={conflict: {"choice": "proposed"}}, confirm_combined=True)
    last = [words for name, words in notices(site.database, "merged") if "3.1" in words]
    assert last == [
        "Change 3.1 of your proposal “Other words” is in the text since revision 3, "
        "where it met other words, these words were taken."
    ]
