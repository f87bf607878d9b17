"""The settings of a charter and its people: who may see them, who may change them, and from when they count."""

import pytest
from fastapi.testclient import TestClient

from tests.support.acts import adopt, counted, decide, propose, refused
from tests.support.site import API, Site


def change(client: TestClient, **body: object) -> object:
    tag = client.get(API).headers.get("etag", "*")
    return client.patch(API, json=body, headers={"If-Match": tag})


def test_governors_and_administrators_change_the_rule_for_later_decisions(site: Site) -> None:
    propose(site.member, "vision", "Another vision.")
    propose(site.member, "mission", "Another mission.")
    adopt(site.governor, 1)
    answer = change(site.governor, rule="majority", quorum=2)
    assert answer.status_code == 200, answer.text
    assert {k: answer.json()[k] for k in ("open", "rule", "quorum", "signoffs_required")} == {
        "open": True,
        "rule": "majority",
        "quorum": 2,
        "signoffs_required": 1,
    }
    assert site.reader.get(f"{API}/proposals/1").json()["changes"][0]["decision"]["against_rule"] is False
    later = [{"change": 1, "outcome": "adopted"}]
    refused(site.governor.post(f"{API}/proposals/2/decisions", json=later), 422, "reason-needed")
    decide(site.governor, 2, {"change": 1, "outcome": "adopted", "reason": "It cannot wait."})
    assert site.reader.get(f"{API}/proposals/2").json()["changes"][0]["decision"]["against_rule"] is True
    assert change(site.administrator, signoffs_required=2).status_code == 200


def test_settings_are_changed_on_what_was_read(sqlite_site: Site) -> None:
    site = sqlite_site
    tag = site.governor.get(API).headers["etag"]
    refused(site.governor.patch(API, json={"quorum": 1}), 428, "precondition-needed")
    assert site.governor.patch(API, json={"quorum": 1}, headers={"If-Match": tag}).status_code == 200
    refused(site.governor.patch(API, json={"quorum": 2}, headers={"If-Match": tag}), 412, "stale")


def test_nothing_changed_leaves_no_record(sqlite_site: Site) -> None:
    before = counted(sqlite_site.database)
    assert change(sqlite_site.governor, rule="governors", open=True).status_code == 200
    assert change(sqlite_site.governor).status_code == 200
    assert counted(sqlite_site.database) == before


@pytest.mark.parametrize(
    "body",
    [
        {"rule": "unanimous"},
        {"quorum": -1},
        {"quorum": 1001},
        {"quorum": "2"},
        {"quorum": True},
        {"signoffs_required": 0},
        {"open": 1},
        {"key": "other"},
    ],
)
def test_settings_that_cannot_be_are_refused(sqlite_site: Site, body: dict[str, object]) -> None:
    before = counted(sqlite_site.database)
    refused(change(sqlite_site.governor, **body), 422, "invalid")
    assert counted(sqlite_site.database) == before


def test_whoever_does_not_manage_the_charter_cannot_change_it(sqlite_site: Site) -> None:
    site = sqlite_site
    assert change(site.reader, open=False).status_code == 401
    for client in (site.member, site.other_member, site.stranger):
        refused(change(client, open=False), 403, "not-allowed")
    assert change(site.governor, open=False).status_code == 200
    for client in (site.reader, site.stranger):
        assert client.get(f"{API}/proposals").status_code == 404
    assert site.stranger.patch(API, json={"open": True}, headers={"If-Match": "*"}).status_code == 404


def test_members_know_each_other_by_name_and_nobody_else_does(sqlite_site: Site) -> None:
    site = sqlite_site
    for client in (site.member, site.governor, site.administrator):
        people = client.get(f"{API}/people").json()
        assert [(p["name"], p["role"], p["advises"]) for p in people] == [
            ("Gilda", "governor", False),
            ("Mara", "member", False),
            ("Otto", "member", False),
        ]
        told = {"id", "name", "role", "advises"} | (set() if client is site.member else {"email"})
        assert all(set(p) == told for p in people), "addresses are for those who manage the members"
        assert client.get(f"{API}/people/{people[0]['id']}").status_code == 200
        assert client.get(f"{API}/people/999").status_code == 404
    for client in (site.reader, site.stranger):
        assert client.get(f"{API}/people").status_code == 404
        assert client.get(f"{API}/people/{people[0]['id']}").status_code == 404


def test_advisers_are_named_by_those_who_manage_members(sqlite_site: Site) -> None:
    site = sqlite_site
    people = {p["name"]: p["id"] for p in site.member.get(f"{API}/people").json()}
    address = f"{API}/people/{people['Otto']}/advises"
    any_version = {"If-Match": "*"}
    assert site.reader.put(address, json={"advises": True}).status_code == 401
    refused(site.stranger.put(address, json={"advises": True}), 404, "not-found")
    refused(site.member.put(address, json={"advises": True}), 403, "not-allowed")
    refused(site.governor.put(address, json={"advises": True}), 428, "precondition-needed")
    refused(site.governor.put(address, json={"advises": True}, headers={"If-Match": '"x"'}), 412, "stale")
    refused(site.governor.put(address, json={}, headers=any_version), 422, "invalid")
    gilda = f"{API}/people/{people['Gilda']}/advises"
    refused(site.governor.put(gilda, json={"advises": True}, headers=any_version), 409, "governor")
    refused(site.governor.put(f"{API}/people/999/advises", json={}, headers=any_version), 404, "not-found")
    assert site.administrator.put(address, json={"advises": True}, headers=any_version).status_code == 200
    assert [p["name"] for p in site.member.get(f"{API}/people").json() if p["advises"]] == ["Otto"]
