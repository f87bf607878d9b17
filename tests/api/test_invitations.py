"""Inviting, roles and removal through the interface."""

import pytest

from app.queries.verification import verify
from tests.support.acts import refused
from tests.support.site import API, Site

INVITATIONS = f"{API}/invitations"
ANNA = {"people": [{"email": "Anna@example.org", "name": "Anna Weber"}, {"email": "ben@example.org"}], "role": "member"}


def test_people_are_invited_listed_and_taken_back(sqlite_site: Site) -> None:
    site = sqlite_site
    made = site.governor.post(INVITATIONS, json=ANNA)
    assert made.status_code == 201, made.text
    first = made.json()[0]
    told = {"email": "anna@example.org", "name": "Anna Weber", "role": "member", "invited_by": "Gilda", "over": False}
    assert {name: first[name] for name in told} == told
    assert [one["email"] for one in site.administrator.get(INVITATIONS).json()] == [
        "ben@example.org",
        "anna@example.org",
    ]
    read = site.governor.get(f"{INVITATIONS}/{first['id']}")
    address = f"{INVITATIONS}/{first['id']}"
    refused(site.governor.delete(address), 428, "precondition-needed")
    refused(site.governor.delete(address, headers={"If-Match": '"x"'}), 412, "stale")
    left = site.governor.delete(address, headers={"If-Match": read.headers["etag"]})
    assert [one["email"] for one in left.json()] == ["ben@example.org"]
    refused(site.governor.get(address), 404, "not-found")


def test_who_is_invited_exists_for_those_who_manage_members_alone(sqlite_site: Site) -> None:
    site = sqlite_site
    made = site.governor.post(INVITATIONS, json=ANNA).json()[0]["id"]
    for address in (INVITATIONS, f"{INVITATIONS}/{made}"):
        refused(site.member.get(address), 403, "not-allowed")
        for client in (site.reader, site.stranger):
            refused(client.get(address), 404, "not-found")


def test_all_are_invited_or_none(sqlite_site: Site) -> None:
    site = sqlite_site
    for wrong, status, kind in (
        ([{"email": "a@example.org"}, {"email": "nobody"}], 422, "bad-input"),
        ([{"email": "a@example.org"}, {"email": "A@example.org"}], 422, "bad-input"),
        ([{"email": "a@example.org", "name": "\u0007"}], 422, "bad-input"),
        ([{"email": "a@example.org"}, {"email": "mara@example.org"}], 409, "known-already"),
        ([], 422, "invalid"),
    ):
        refused(site.governor.post(INVITATIONS, json={"people": wrong, "role": "member"}), status, kind)
    refused(site.governor.post(INVITATIONS, json={**ANNA, "role": "administrator"}), 422, "invalid")
    assert site.governor.get(INVITATIONS).json() == []
    assert site.governor.post(INVITATIONS, json=ANNA).status_code == 201
    refused(site.governor.post(INVITATIONS, json=ANNA), 409, "known-already")


def test_sent_again_too_soon_is_refused_in_words(sqlite_site: Site) -> None:
    site = sqlite_site
    made = site.governor.post(INVITATIONS, json=ANNA).json()[0]["id"]
    told = refused(site.governor.post(f"{INVITATIONS}/{made}/send"), 429, "too-many")
    assert "ten minutes" in told["detail"]


@pytest.mark.parametrize("who", ["governor", "administrator"])
def test_roles_are_changed_and_taken_away(sqlite_site: Site, who: str) -> None:
    site = sqlite_site
    client = getattr(site, who)
    people = {one["name"]: one["id"] for one in client.get(f"{API}/people").json()}
    otto = f"{API}/people/{people['Otto']}"
    refused(client.patch(otto, json={"role": "governor"}), 428, "precondition-needed")
    changed = client.patch(otto, json={"role": "governor"}, headers={"If-Match": client.get(otto).headers["etag"]})
    assert changed.json()["role"] == "governor"
    gone = client.delete(otto, headers={"If-Match": changed.headers["etag"]})
    assert [one["name"] for one in gone.json()] == ["Gilda", "Mara"]
    refused(site.other_member.get(f"{API}/people"), 404, "not-found")
    gilda = f"{API}/people/{people['Gilda']}"
    refused(client.patch(gilda, json={"role": "member"}, headers={"If-Match": "*"}), 409, "last-governor")
    refused(client.delete(gilda, headers={"If-Match": "*"}), 409, "last-governor")
    with site.database.reading() as session:
        assert verify(session).faults == ()


def test_the_same_request_under_one_key_invites_once(sqlite_site: Site) -> None:
    once = {"Idempotency-Key": "once"}
    first, second = (sqlite_site.governor.post(INVITATIONS, json=ANNA, headers=once) for _ in range(2))
    assert first.status_code == 201
    assert second.status_code in (201, 409)
    assert len(sqlite_site.governor.get(INVITATIONS).json()) == 2
