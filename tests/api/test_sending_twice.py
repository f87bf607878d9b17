"""A request under an Idempotency-Key that comes again is answered as before, and done once."""

import pytest

from tests.support.acts import adopt, counted, propose, refused, words
from tests.support.site import API, Site

KEY = {"Idempotency-Key": "3f0c-1"}
BODY = {"title": "T", "base_revision": 1, "sections": [{"key": "vision", "markdown": "Another."}], "submit": True}


def test_the_same_request_again_gets_the_same_answer_and_makes_nothing(sqlite_site: Site) -> None:
    site = sqlite_site
    first = site.member.post(f"{API}/proposals", json=BODY, headers=KEY)
    rows = counted(site.database)
    again = site.member.post(f"{API}/proposals", json=BODY, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["content-type"] == first.headers["content-type"]
    assert counted(site.database) == rows
    assert site.member.post(f"{API}/proposals", json=BODY).json()["number"] == 2


def test_a_key_belongs_to_one_request_and_one_person(sqlite_site: Site) -> None:
    site = sqlite_site
    site.member.post(f"{API}/proposals", json=BODY, headers=KEY)
    rows = counted(site.database)
    other = {**BODY, "title": "Other"}
    refused(site.member.post(f"{API}/proposals", json=other, headers=KEY), 422, "key-reused")
    refused(site.member.post(f"{API}/proposals/1/withdraw", json=BODY, headers=KEY), 422, "key-reused")
    assert counted(site.database) == rows
    assert site.other_member.post(f"{API}/proposals", json=other, headers=KEY).json()["number"] == 2


def test_what_was_refused_is_not_kept_and_can_be_sent_again(sqlite_site: Site) -> None:
    site = sqlite_site
    rows = counted(site.database)
    bad = {**BODY, "title": ""}
    refused(site.member.post(f"{API}/proposals", json=bad, headers=KEY), 422, "bad-input")
    refused(site.member.post(f"{API}/proposals", content=b"{", headers=KEY), 422, "invalid")
    assert counted(site.database) == rows
    assert site.member.post(f"{API}/proposals", json=BODY, headers=KEY).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb", "é"])
def test_a_key_that_cannot_be_one_is_refused(sqlite_site: Site, key: str) -> None:
    rows = counted(sqlite_site.database)
    headers = {"Idempotency-Key": key.encode("latin-1")}
    refused(sqlite_site.member.post(f"{API}/proposals", json=BODY, headers=headers), 422, "bad-key")
    assert counted(sqlite_site.database) == rows


def test_a_key_changes_nothing_about_who_may_do_what(sqlite_site: Site) -> None:
    site = sqlite_site
    refused(site.reader.post(f"{API}/proposals", json=BODY, headers=KEY), 401, "not-signed-in")
    refused(site.stranger.post(f"{API}/proposals", json=BODY, headers=KEY), 403, "not-allowed")
    refused(site.member.post(f"{API}/proposals/9/submit", json={}, headers=KEY), 404, "not-found")
    refused(site.stranger.post(f"{API}/proposals", json=BODY, headers={"Idempotency-Key": ""}), 403, "not-allowed")


def test_a_merge_sent_twice_is_one_merge(sqlite_site: Site) -> None:
    site = sqlite_site
    propose(site.member, "vision", words(site.member, "vision").replace("key", "main"))
    adopt(site.governor, 1)
    body = {"changes": ["1.1"], "base_revision": 1}
    answers = [site.governor.post(f"{API}/merge", json=body, headers=KEY) for _ in range(3)]
    assert [a.status_code for a in answers] == [201, 201, 201]
    assert {a.json()["number"] for a in answers} == {2}


def test_the_answer_that_comes_again_says_which_version_it_is(sqlite_site: Site) -> None:
    first, again = (sqlite_site.member.post(f"{API}/proposals", json=BODY, headers=KEY) for _ in range(2))
    assert again.headers["etag"] == first.headers["etag"]
    edit = {"title": "Better"}
    edited = sqlite_site.member.patch(f"{API}/proposals/1", json=edit, headers={"If-Match": again.headers["etag"]})
    assert edited.status_code == 200
