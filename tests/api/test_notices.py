"""Notices over the interface: reading them, marking them as read, and choosing how one is told."""

from tests.support.acts import propose, refused, words
from tests.support.site import Site, client_of, read_only_token

NOTICES = "/api/v1/me/notices"
CHOICES = "/api/v1/me/notice-choices"


def proposed(site: Site, number: int) -> None:
    """So many proposals are there to hear of."""
    vision = words(site.member, "vision")
    for n in range(number):
        propose(site.member, "vision", vision.replace("key", f"equal {n}"), title=f"Title {n}")


def test_notices_are_listed_from_the_newest_by_pages(sqlite_site: Site) -> None:
    proposed(sqlite_site, 3)
    first = sqlite_site.governor.get(NOTICES, params={"limit": 2})
    assert [one["words"] for one in first.json()] == [
        "Mara put proposal 3 “Title 2” before everybody.",
        "Mara put proposal 2 “Title 1” before everybody.",
    ]
    assert first.json()[0].keys() == {
        "id",
        "charter",
        "kind",
        "object",
        "address",
        "words",
        "quote",
        "created_at",
        "read_at",
    }
    assert first.json()[0]["address"] == "/peps/proposals/3"
    link = first.headers["link"].partition(">")[0].lstrip("<")
    second = sqlite_site.governor.get(link)
    assert [one["object"] for one in second.json()] == ["proposal 1"]
    assert "link" not in second.headers
    assert sqlite_site.member.get(NOTICES).json() == []


def test_notices_are_marked_as_read_once(site: Site) -> None:
    proposed(site, 3)
    ids = [one["id"] for one in site.governor.get(NOTICES).json()]
    assert site.other_member.post(f"{NOTICES}/read", json={"ids": ids}).json() == {"read": 0}
    assert site.governor.post(f"{NOTICES}/read", json={"ids": ids[:1]}).json() == {"read": 1}
    assert site.governor.post(f"{NOTICES}/read", json={"ids": ids[:1]}).json() == {"read": 0}
    assert [one["id"] for one in site.governor.get(NOTICES, params={"unread": True}).json()] == ids[1:]
    assert [one["id"] for one in site.governor.get(NOTICES, params={"unread": False}).json()] == ids[:1]
    assert site.governor.post(f"{NOTICES}/read", json={"all": True}).json() == {"read": 2}
    assert all(one["read_at"] for one in site.governor.get(NOTICES).json())


def test_choices_are_read_and_changed_by_what_was_read(site: Site) -> None:
    read = site.member.get(CHOICES)
    assert read.json() == {"mail": "at_once", "listing": "shown"}
    wanted = {"mail": "daily", "listing": "none"}
    refused(site.member.put(CHOICES, json=wanted), 428, "precondition-needed")
    refused(site.member.put(CHOICES, json=wanted, headers={"If-Match": '"other"'}), 412, "stale")
    changed = site.member.put(CHOICES, json=wanted, headers={"If-Match": read.headers["etag"]})
    assert changed.status_code == 200
    assert changed.json() == wanted == site.member.get(CHOICES).json()
    assert changed.headers["etag"] == site.member.get(CHOICES).headers["etag"] != read.headers["etag"]
    refused(site.member.put(CHOICES, json=wanted, headers={"If-Match": read.headers["etag"]}), 412, "stale")


def test_what_cannot_be_chosen_is_refused_and_whoever_is_nobody_goes_first(sqlite_site: Site) -> None:
    tag = {"If-Match": sqlite_site.member.get(CHOICES).headers["etag"]}
    for body in ({}, {"mail": "hourly", "listing": "shown"}, {"mail": "none", "listing": "none", "more": 1}, []):
        refused(sqlite_site.member.put(CHOICES, json=body, headers=tag), 422, "invalid")
    for body in ({}, {"ids": []}, {"ids": [0]}, {"ids": ["1"]}, {"all": False}):
        told = refused(sqlite_site.member.post(f"{NOTICES}/read", json=body), 422, "invalid" if body else "bad-input")
        assert told["detail"]
    refused(sqlite_site.member.post(f"{NOTICES}/read", json={"ids": [1], "all": True}), 422, "bad-input")
    reader = client_of(sqlite_site.service, read_only_token(sqlite_site.database, "mara"))
    assert reader.get(NOTICES).status_code == 200
    refused(reader.post(f"{NOTICES}/read", json={"odd": 1}), 403, "read-only-token")
    refused(reader.put(CHOICES, json={}), 403, "read-only-token")
    for method, path in (("get", NOTICES), ("post", f"{NOTICES}/read"), ("get", CHOICES), ("put", CHOICES)):
        refused(sqlite_site.reader.request(method, path), 401, "not-signed-in")
