"""Before a decision: recommendations, the day until which reviews are asked for, and who has not spoken."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app import clock
from tests.support.acts import adopt, by_hand, counted, decide, propose, refused, words
from tests.support.site import API, Site

ADVICE = f"{API}/proposals/1/recommendations"
REVIEW_BY = f"{API}/proposals/1/review-by"


@pytest.fixture
def text(site: Site) -> str:
    found = words(site.member, "vision")
    propose(site.member, "vision", found.replace("key partners", "equal partners"))
    return found


def advised(client: TestClient) -> dict | None:
    return client.get(f"{API}/proposals/1").json()["changes"][0]["recommendation"]


def name_adviser(site: Site, name: str, advises: bool = True) -> None:
    id = next(p["id"] for p in site.governor.get(f"{API}/people").json() if p["name"] == name)
    address = f"{API}/people/{id}"
    tag = site.governor.get(address).headers["etag"]
    answer = site.governor.put(f"{address}/advises", json={"advises": advises}, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text
    assert answer.json()["advises"] is advises


def test_a_governor_or_a_member_they_named_recommends_and_the_newest_counts(site: Site, text: str) -> None:
    better = text.replace("key partners", "main partners")
    said = [{"change": 1, "outcome": "adopted_amended", "reason": "Plainer.", "text": better}]
    made = site.governor.post(ADVICE, json=said)
    assert made.status_code == 201, made.text
    found = advised(site.reader)
    assert found is not None
    assert (found["outcome"], found["person"], found["text"], found["earlier"]) == (
        "adopted_amended",
        "Gilda",
        better,
        0,
    )
    refused(site.other_member.post(ADVICE, json=[{"change": 1, "outcome": "adopted"}]), 403, "not-allowed")
    name_adviser(site, "Otto")
    assert site.other_member.post(ADVICE, json=[{"change": 1, "outcome": "adopted"}]).status_code == 201
    found = advised(site.reader)
    assert found is not None
    assert (found["outcome"], found["person"], found["text"], found["earlier"]) == ("adopted", "Otto", None, 1)
    name_adviser(site, "Otto", False)
    refused(site.other_member.post(ADVICE, json=[{"change": 1, "outcome": "adopted"}]), 403, "not-allowed")


def test_a_recommendation_comes_before_the_decision(site: Site, text: str) -> None:
    later = {"change": 1, "outcome": "deferred", "reason": "Next year."}
    decide(site.governor, 1, later)
    assert site.governor.post(ADVICE, json=[later]).status_code == 201
    adopt(site.governor, 1)
    before = counted(site.database)
    refused(site.governor.post(ADVICE, json=[later]), 409, "wrong-state")
    propose(site.member, sections=[
        {"key": "vision", "markdown": text.replace("key", "main")},
        {"key": "mission", "markdown": words(site.member, "mission").replace("a unified voice", "one voice")},
    ])  # fmt: skip
    adopt(site.governor, 2, 1)
    both = [{"change": 2, "outcome": "adopted"}, {"change": 1, "outcome": "adopted"}]
    refused(site.governor.post(f"{API}/proposals/2/recommendations", json=both), 409, "already-decided")
    assert counted(site.database)["recommendations"] == before["recommendations"]


@pytest.mark.parametrize(
    ("said", "status", "kind"),
    [
        ({"outcome": "rejected"}, 422, "reason-needed"),
        ({"outcome": "adopted_amended", "reason": "So."}, 422, "bad-input"),
        ({"outcome": "adopted", "text": "Else."}, 422, "bad-input"),
        ({"outcome": "pending"}, 422, "invalid"),
        ({"outcome": "adopted", "change": 7}, 404, "not-found"),
        ({"outcome": "adopted", "note": 1}, 422, "invalid"),
    ],
)
def test_advice_that_cannot_be_used_is_refused(
    sqlite_site: Site, said: dict[str, object], status: int, kind: str
) -> None:
    propose(sqlite_site.member, "vision", "Another vision.")
    before = counted(sqlite_site.database)
    refused(sqlite_site.governor.post(ADVICE, json=[{"change": 1, **said}]), status, kind)
    twice = [{"change": 1, "outcome": "adopted"}] * 2
    refused(sqlite_site.governor.post(ADVICE, json=twice), 422, "bad-input")
    assert counted(sqlite_site.database) == before


def test_who_may_not_recommend_is_told_so(sqlite_site: Site) -> None:
    propose(sqlite_site.member, "vision", "Another vision.")
    said = [{"change": 1, "outcome": "adopted"}]
    assert sqlite_site.reader.post(ADVICE, json=said).status_code == 401
    for client in (sqlite_site.member, sqlite_site.administrator, sqlite_site.stranger):
        refused(client.post(ADVICE, json=said), 403, "not-allowed")


@pytest.mark.usefixtures("text")
def test_reviews_are_asked_for_until_a_day(site: Site) -> None:
    day = (clock.today() + timedelta(days=6)).isoformat()
    body = {"review_by": day}
    refused(site.governor.put(REVIEW_BY, json=body), 428, "precondition-needed")
    tag = site.governor.get(f"{API}/proposals/1").headers["etag"]
    refused(site.member.put(REVIEW_BY, json=body, headers={"If-Match": tag}), 403, "not-allowed")
    answer = site.governor.put(REVIEW_BY, json=body, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text
    assert answer.json()["review_by"] == day
    assert site.reader.get(f"{API}/proposals/1").json()["review_by"] == day
    refused(site.governor.put(REVIEW_BY, json=body, headers={"If-Match": tag}), 412, "stale")
    cleared = site.governor.put(REVIEW_BY, json={"review_by": None}, headers={"If-Match": "*"})
    assert cleared.json()["review_by"] is None


@pytest.mark.usefixtures("text")
def test_a_deadline_that_is_over_stops_nobody(site: Site) -> None:
    by_hand(site.database, "UPDATE proposals SET review_by = :day", day=clock.today() - timedelta(days=1))
    review = {"position": "support", "text": "Late."}
    assert site.other_member.post(f"{API}/proposals/1/reviews", json=review).status_code == 201


@pytest.mark.parametrize("day", ["2020-01-01", "2026-11", "soon", "2026-02-30", "", 5, True])
def test_a_day_that_is_none_is_refused(sqlite_site: Site, day: object) -> None:
    propose(sqlite_site.member, "vision", "Another vision.")
    answer = sqlite_site.governor.put(REVIEW_BY, json={"review_by": day}, headers={"If-Match": "*"})
    assert answer.status_code == 422, answer.text


@pytest.mark.usefixtures("text")
def test_members_see_who_has_not_spoken_and_readers_how_many(site: Site) -> None:
    by_hand(site.database, "UPDATE charters SET quorum = 2")
    site.other_member.post(f"{API}/proposals/1/reviews", json={"position": "support", "text": ""})

    def tally(client: TestClient) -> dict:
        return client.get(f"{API}/proposals/1").json()["changes"][0]["tally"]

    for client in (site.reader, site.stranger):
        assert (tally(client)["silent"], tally(client)["silent_people"]) == (2, None)
    for client in (site.member, site.governor, site.administrator):
        assert tally(client)["silent_people"] == ["Gilda", "Mara"]
    assert (tally(site.reader)["quorum"], tally(site.reader)["quorum_reached"]) == (2, False)
    site.governor.post(f"{API}/proposals/1/reviews", json={"position": "abstain", "text": ""})
    assert tally(site.reader)["quorum_reached"] is True
    assert tally(site.member)["silent_people"] == ["Mara"]
