"""Reverting a merge: a new revision without it, what others wrote since stays, and all of it can be merged again."""

import pytest

from app.queries.verification import verify
from tests.api.test_refitting import fits, notices
from tests.support.acts import adopt, by_hand, counted, decide, head, merge, propose, refused, section, words
from tests.support.site import API, Site, client_of, read_only_token


def revert(site: Site, number: int, base: int | None = None, **more: object) -> object:
    body = {"base_revision": head(site.member)["number"] if base is None else base, **more}
    return site.governor.post(f"{API}/revisions/{number}/revert", json=body)


def merged(site: Site, old: str, new: str, key: str = "vision") -> str:
    """A proposal, adopted and merged; the answer is the name of its change."""
    made = propose(site.member, key, words(site.member, key).replace(old, new))
    adopt(site.governor, made["number"])
    merge(site.governor, f"{made['number']}.1")
    return f"{made['number']}.1"


def faults(site: Site) -> tuple[str, ...]:
    with site.database.reading() as session:
        return verify(session).faults


def test_a_merge_is_reverted_merged_again_and_reverted_again(site: Site) -> None:
    text = words(site.member, "vision")
    merged(site, "key partners", "equal partners")
    done = revert(site, 2, message="Too early")
    assert done.status_code == 201, done.text
    assert (done.json()["number"], done.json()["message"]) == (3, "Too early")
    assert words(site.member, "vision") == text
    change = site.member.get(f"{API}/proposals/1").json()["changes"][0]
    assert (change["outcome"], change["merged_revision"], change["class"]) == ("adopted", None, "applies")
    assert faults(site) == ()
    assert merge(site.governor, "1.1")["number"] == 4
    assert "equal partners" in words(site.member, "vision")
    assert faults(site) == ()
    assert revert(site, 4).json()["message"] == "Reverted revision 4"
    assert words(site.member, "vision") == text
    decide(site.governor, 1, {"change": 1, "outcome": "rejected", "supersedes": True, "reason": "After all."})
    assert faults(site) == ()


def test_what_others_changed_since_stays(sqlite_site: Site) -> None:
    site = sqlite_site
    merged(site, "key partners", "equal partners")
    merged(site, "a unified voice", "an independent voice", "mission")
    assert revert(site, 2).status_code == 201
    assert "key partners" in words(site.member, "vision")
    assert "an independent voice" in words(site.member, "mission")


def test_later_words_on_the_same_place_are_a_conflict_and_nothing_is_written(sqlite_site: Site) -> None:
    site = sqlite_site
    merged(site, "key partners", "equal partners")
    merged(site, "equal partners", "full partners")
    rows = counted(site.database)
    told = refused(revert(site, 2), 409, "conflicts")
    [conflict] = told["conflicts"]
    assert "full partners" in conflict["standing"]
    assert "key partners" in conflict["proposed"]
    assert counted(site.database) == rows
    assert revert(site, 3).status_code == 201
    assert revert(site, 2).status_code == 201
    assert "key partners" in words(site.member, "vision")


@pytest.mark.parametrize("choice", ["standing", "proposed", "text"])
def test_what_later_words_stand_on_is_settled_by_whoever_chooses(sqlite_site: Site, choice: str) -> None:
    site = sqlite_site
    propose(
        site.member,
        sections=[
            {"key": "vision", "markdown": words(site.member, "vision").replace("key partners", "equal partners")},
            {"key": "notice", "markdown": "Open for input.\n"},
        ],
    )
    numbers = [c["number"] for c in site.member.get(f"{API}/proposals/1").json()["changes"]]
    adopt(site.governor, 1, *numbers)
    merge(site.governor, *(f"1.{n}" for n in numbers))
    merged(site, "equal partners", "full partners")
    [conflict] = refused(revert(site, 2), 409, "conflicts")["conflicts"]
    rows = counted(site.database)
    nothing = {"choice": "text", "text": " "}
    told = refused(revert(site, 2, resolutions={conflict["id"]: nothing}), 409, "conflicts")
    assert "none were given" in told["detail"]
    refused(revert(site, 2, resolutions={"0" * 16: {"choice": "standing"}}), 409, "conflicts")
    assert counted(site.database) == rows
    settled = {"choice": choice, **({"text": "All of us are partners."} if choice == "text" else {})}
    answer = revert(site, 2, resolutions={conflict["id"]: settled})
    assert answer.status_code == 201, answer.text
    wanted = {"standing": "full partners", "proposed": "key partners", "text": "All of us are partners."}[choice]
    assert wanted in words(site.member, "vision")
    assert words(site.member, "notice") != "Open for input."
    by_section = {c["section"]: c["merged_revision"] for c in site.member.get(f"{API}/proposals/1").json()["changes"]}
    assert by_section == {"notice": None, "vision": 2 if choice == "standing" else None}
    assert faults(site) == ()


def test_a_reverting_that_leaves_the_whole_text_as_it_is_is_refused(sqlite_site: Site) -> None:
    site = sqlite_site
    merged(site, "key partners", "equal partners")
    merged(site, "equal partners", "full partners")
    [conflict] = refused(revert(site, 2), 409, "conflicts")["conflicts"]
    rows = counted(site.database)
    refused(revert(site, 2, resolutions={conflict["id"]: {"choice": "standing"}}), 409, "nothing-changed")
    assert counted(site.database) == rows


@pytest.mark.parametrize("choice", ["standing", "proposed"])
def test_a_paragraph_that_was_taken_out_since_stays_out_or_comes_back_as_it_was(sqlite_site: Site, choice: str) -> None:
    site = sqlite_site
    text = words(site.member, "mission")
    merged(site, "a unified voice", "one voice", "mission")
    blocks = section(site.member, "mission")["blocks"]
    gone = next(block for block in blocks if "one voice" in block["text"])
    number = propose(site.member, sections=[{"key": "mission", "blocks": [b for b in blocks if b != gone]}])["number"]
    adopt(site.governor, number)
    merge(site.governor, f"{number}.1")
    [conflict] = refused(revert(site, 2), 409, "conflicts")["conflicts"]
    answer = revert(site, 2, resolutions={conflict["id"]: {"choice": choice}})
    if choice == "standing":
        wrong = revert(site, 2, resolutions={conflict["id"]: {"choice": "both"}})
        told = refused(wrong, 409, "conflicts")
        assert "“both” was chosen where it is not on offer; there it is: standing, proposed." in told["detail"]
        refused(answer, 409, "nothing-changed")
    else:
        assert answer.status_code == 201, answer.text
        assert words(site.member, "mission") == text
        assert gone["id"] in [b["id"] for b in section(site.member, "mission")["blocks"]]
    assert faults(site) == ()


def test_a_sentence_that_nobody_wrote_is_confirmed_when_reverting_too(sqlite_site: Site) -> None:
    site = sqlite_site
    merged(site, "key partners", "equal partners")
    merged(site, "sustainable", "affordable")
    told = refused(revert(site, 2), 409, "unconfirmed-combination")
    [combined] = told["combined"]
    assert {"key", "affordable"} <= set(combined["sentence"].split())
    assert revert(site, 2, confirm_combined=[combined["id"]]).status_code == 201


def test_what_is_not_a_merge_or_was_reverted_is_refused_in_words(sqlite_site: Site) -> None:
    site = sqlite_site
    refused(revert(site, 1), 409, "not-a-merge")
    refused(revert(site, 7), 404, "not-found")
    merged(site, "key partners", "equal partners")
    refused(revert(site, 2, base=1), 409, "text-has-moved")
    assert revert(site, 2).status_code == 201
    told = refused(revert(site, 2), 409, "already-reverted")
    assert told["reverted_in"] == 3
    refused(revert(site, 3), 409, "not-a-merge")
    refused(revert(site, 2, nonsense=1), 422, "invalid")


def test_a_change_that_said_the_same_goes_out_with_it_unless_the_text_said_so_before(sqlite_site: Site) -> None:
    site = sqlite_site
    text = words(site.member, "vision").replace("key partners", "equal partners")
    propose(site.member, "vision", text)
    propose(site.other_member, "vision", text)
    adopt(site.governor, 1)
    adopt(site.governor, 2)
    merge(site.governor, "1.1")
    merge(site.governor, "2.1")
    assert head(site.member)["number"] == 2
    assert revert(site, 2).status_code == 201
    shown = [site.member.get(f"{API}/proposals/{n}").json()["changes"][0]["merged_revision"] for n in (1, 2)]
    assert shown == [None, None]
    assert faults(site) == ()


def test_paragraphs_that_were_taken_out_come_back_under_their_own_ids(sqlite_site: Site) -> None:
    site = sqlite_site
    blocks = section(site.member, "mission")["blocks"]
    propose(site.member, sections=[{"key": "mission", "blocks": [blocks[0], *blocks[2:]]}])
    edited = [blocks[0], {**blocks[1], "text": "PEPs is a community."}, *blocks[2:]]
    propose(site.other_member, sections=[{"key": "mission", "blocks": edited}])
    adopt(site.governor, 1)
    merge(site.governor, "1.1")
    assert fits(site.database)["2.1"] == ("orphaned", 2)
    assert revert(site, 2).status_code == 201
    assert section(site.member, "mission")["blocks"] == blocks
    assert fits(site.database)["2.1"] == ("applies", 3)


def test_the_authors_are_told(sqlite_site: Site) -> None:
    site = sqlite_site
    merged(site, "key partners", "equal partners")
    revert(site, 2)
    [(name, told)] = notices(site.database, "reverted")
    assert name == "Mara"
    assert told == (
        "Gilda reverted revision 2, so change 1.1 of your proposal “Other words” "
        "is out of the text since revision 3 and can be merged again."
    )


def test_only_governors_revert(sqlite_site: Site) -> None:
    site = sqlite_site
    merged(site, "key partners", "equal partners")
    rows = counted(site.database)
    path, body = f"{API}/revisions/2/revert", {"base_revision": 2}
    reading = client_of(site.service, read_only_token(site.database, "gilda"))
    rows = counted(site.database)
    answers = {
        name: client.post(path, json=body).status_code
        for name, client in (
            ("reader", site.reader),
            ("stranger", site.stranger),
            ("member", site.member),
            ("administrator", site.administrator),
            ("reading", reading),
        )
    }
    assert answers == {"reader": 401, "stranger": 403, "member": 403, "administrator": 403, "reading": 403}
    assert site.member.post(f"{API}/revisions/9/revert", json=body).status_code == 404
    assert counted(site.database) == rows


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE merged_changes SET reverted_in = NULL",
        "UPDATE merged_changes SET reverted_in = 9",
        "UPDATE changes SET merged_revision = 2",
        "DELETE FROM merged_changes",
    ],
)
def test_a_reverting_that_was_changed_by_hand_is_found(sqlite_site: Site, statement: str) -> None:
    site = sqlite_site
    merged(site, "key partners", "equal partners")
    revert(site, 2)
    assert faults(site) == ()
    by_hand(site.database, statement)
    assert "change 1.1 of peps" in "\n".join(faults(site))
