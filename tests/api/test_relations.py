"""Proposals beside each other: alternatives, amendments that are taken over, and two that want the same."""

import pytest

from tests.support.acts import adopt, counted, decide, merge, propose, refused, words
from tests.support.site import API, Site


def numbers(others: object) -> list[int]:
    assert isinstance(others, list)
    return [other["number"] for other in others]


def related(client: object, kind: str, to: int, markdown: str, *, submit: bool = True) -> object:
    body = {
        "title": "Otherwise",
        "base_revision": 1,
        "sections": [{"key": "vision", "markdown": markdown}],
        "relation": {"kind": kind, "to": to},
        "submit": submit,
    }
    return client.post(f"{API}/proposals", json=body)  # type: ignore[attr-defined]


@pytest.fixture
def text(site: Site) -> str:
    """The vision, after Mara proposed "equal partners" as proposal 1."""
    found = words(site.member, "vision")
    propose(site.member, "vision", found.replace("key partners", "equal partners"))
    return found


def shown(client: object, number: int) -> dict:
    answer = client.get(f"{API}/proposals/{number}")  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return answer.json()


def test_alternatives_stand_beside_each_other(site: Site, text: str) -> None:
    for name in ("main", "good"):
        made = related(site.other_member, "alternative", 1, text.replace("key partners", f"{name} partners"))
        assert made.status_code == 201, made.text
        assert made.json()["relation"] == {"kind": "alternative", "to": 1}
    assert numbers(shown(site.reader, 1)["alternatives"]) == [2, 3]
    assert numbers(shown(site.reader, 2)["alternatives"]) == [1, 3]
    assert shown(site.reader, 1)["relation"] is None
    assert shown(site.reader, 1)["amendments"] == []


def test_an_amendment_that_is_taken_over_is_the_next_version(site: Site, text: str) -> None:
    wanted = text.replace("key partners", "equal, trusted partners")
    assert related(site.other_member, "amendment", 1, wanted).status_code == 201
    assert numbers(shown(site.member, 1)["amendments"]) == [2]
    answer = site.member.post(f"{API}/proposals/1/amendments/2/accept")
    assert answer.status_code == 200, answer.text
    taken = answer.json()
    assert (taken["version"], taken["state"], taken["title"]) == (2, "open", "Other words")
    assert ["trusted" in change["after"] for change in taken["changes"]] == [True]
    other = shown(site.reader, 2)
    assert (other["state"], other["taken_into"]) == ("withdrawn", 2)
    assert other["standing"] == "Taken over into proposal 1, version 2"
    assert other["state_reason"] == "Mara took it over into version 2 of proposal 1."
    heads = {p["number"]: p["standing"] for p in site.reader.get(f"{API}/proposals").json()}
    assert heads[2] == other["standing"]
    adopt(site.governor, 1, taken["changes"][0]["number"])
    merge(site.governor, taken["changes"][0]["ref"])
    assert "equal, trusted partners" in words(site.reader, "vision")


def test_an_amendment_can_be_taken_over_once_and_by_the_author_alone(site: Site, text: str) -> None:
    related(site.other_member, "amendment", 1, text.replace("key partners", "trusted partners"))
    accept = f"{API}/proposals/1/amendments/2/accept"
    before = counted(site.database)
    assert site.reader.post(accept).status_code == 401
    for client in (site.other_member, site.governor, site.administrator, site.stranger):
        refused(client.post(accept), 403, "not-allowed")
    refused(site.member.post(f"{API}/proposals/1/amendments/9/accept"), 404, "not-found")
    refused(site.member.post(f"{API}/proposals/1/amendments/1/accept"), 404, "not-found")
    refused(site.other_member.post(f"{API}/proposals/2/amendments/1/accept"), 404, "not-found")
    assert counted(site.database) == before
    assert site.member.post(accept).status_code == 200
    refused(site.member.post(accept), 409, "wrong-state")


def test_what_is_decided_is_not_amended_away(site: Site, text: str) -> None:
    both = [
        {"key": "vision", "markdown": text.replace("key partners", "main partners")},
        {"key": "mission", "markdown": words(site.member, "mission").replace("a unified voice", "one voice")},
    ]
    propose(site.member, sections=both, title="Two")
    related(site.other_member, "amendment", 2, text.replace("key partners", "trusted partners"))
    adopt(site.governor, 2, 1)
    refused(site.member.post(f"{API}/proposals/2/amendments/3/accept"), 409, "already-decided")
    related(site.other_member, "amendment", 1, text.replace("key partners", "trusted partners"))
    decide(site.governor, 4, {"change": 1, "outcome": "rejected", "reason": "No."})
    refused(site.member.post(f"{API}/proposals/1/amendments/4/accept"), 409, "wrong-state")


def test_a_relation_that_cannot_be_is_refused_in_words(site: Site, text: str) -> None:
    propose(site.member, "vision", text.replace("key", "hidden"), submit=False)
    before = counted(site.database)
    refused(related(site.other_member, "amendment", 9, "Else."), 422, "no-such-proposal")
    refused(related(site.other_member, "alternative", 2, "Else."), 422, "no-such-proposal")
    refused(related(site.member, "amendment", 1, "Else."), 422, "own-proposal")
    refused(related(site.other_member, "copy", 1, "Else."), 422, "invalid")
    assert counted(site.database) == before
    site.member.post(f"{API}/proposals/1/withdraw")
    refused(related(site.other_member, "alternative", 1, "Else."), 409, "wrong-state")


def test_an_author_hears_of_an_amendment_when_it_is_there_for_others(site: Site, text: str) -> None:
    related(site.other_member, "amendment", 1, text.replace("key", "trusted"), submit=False)
    assert numbers(shown(site.member, 1)["amendments"]) == []
    assert site.member.get(f"{API}/proposals/2").status_code == 404
    refused(site.member.post(f"{API}/proposals/1/amendments/2/accept"), 404, "not-found")
    site.other_member.post(f"{API}/proposals/2/submit")
    assert numbers(shown(site.member, 1)["amendments"]) == [2]


def test_proposals_that_want_the_same_are_recognised_and_not_refused(site: Site, text: str) -> None:
    same = propose(site.other_member, "vision", text.replace("key partners", "equal partners"), title="Equals")
    assert numbers(same["same_as"]) == [1]
    assert numbers(shown(site.reader, 1)["same_as"]) == [2]
    other = propose(site.other_member, "vision", text.replace("key partners", "main partners"))
    assert other["same_as"] == []
    tag = site.other_member.get(f"{API}/proposals/3").headers["etag"]
    body = {"sections": [{"key": "vision", "markdown": text.replace("key partners", "equal partners")}]}
    edited = site.other_member.patch(f"{API}/proposals/3", json=body, headers={"If-Match": tag}).json()
    assert numbers(edited["same_as"]) == [1, 2]
    draft = propose(site.member, "vision", text.replace("key partners", "equal partners"), submit=False)
    assert numbers(draft["same_as"]) == [1, 2, 3]
    assert numbers(shown(site.reader, 1)["same_as"]) == [2, 3]
    site.member.post(f"{API}/proposals/1/withdraw")
    assert shown(site.reader, 1)["same_as"] == []
    assert numbers(shown(site.reader, 2)["same_as"]) == [3]
