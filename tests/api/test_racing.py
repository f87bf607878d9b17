"""Several people at the same moment, on both databases: one wins, the others are told, and the history stays linear."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest
from fastapi.testclient import TestClient

from app.queries.verification import verify
from tests.support.acts import adopt, counted, head, propose, section, words
from tests.support.site import API, Site, client_of

T = TypeVar("T")


def twin(site: Site, client: TestClient) -> TestClient:
    """Another client of the same person."""
    return client_of(site.service, client.headers["authorization"].removeprefix("Bearer "))


def at_once(acts: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of this at the same moment; the answers are in the order of the acts."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        barrier.wait(timeout=30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def posted_at_once(
    site: Site, who: TestClient, path: str, bodies: Sequence[object], headers: dict[str, str] | None = None
) -> list[object]:
    """The answers to these bodies, sent by one person from as many places."""
    return at_once([partial(twin(site, who).post, f"{API}/{path}", json=body, headers=headers) for body in bodies])


def kinds(answers: Sequence[object]) -> Counter[str]:
    """How the answers ended: the status, and the kind of a refusal."""
    return Counter(
        str(a.status_code) if a.status_code < 300 else f"{a.status_code} {a.json()['type'].rpartition('/')[2]}"
        for a in answers
    )


def assert_whole(site: Site) -> None:
    revisions = site.reader.get(f"{API}/revisions?limit=200").json()
    assert [r["number"] for r in revisions] == list(range(len(revisions), 0, -1))
    assert [r["parent"] for r in revisions] == [*range(len(revisions) - 1, 0, -1), None]
    with site.database.reading() as session:
        assert verify(session).faults == ()


def test_of_two_merges_at_once_one_wins_and_the_other_is_told(site: Site) -> None:
    propose(site.member, "vision", words(site.member, "vision").replace("key", "main"))
    propose(site.other_member, sections=[{"key": "mission", "heading": "Our mission"}])
    adopt(site.governor, 1)
    adopt(site.governor, 2)
    bodies = [{"changes": [ref], "base_revision": 1} for ref in ("1.1", "2.1")]
    answers = posted_at_once(site, site.governor, "merge", bodies)
    assert kinds(answers) == {"201": 1, "409 text-has-moved": 1}
    assert head(site.reader)["number"] == 2
    assert_whole(site)


def test_the_same_merge_twice_at_once_is_done_once(site: Site) -> None:
    propose(site.member, "vision", words(site.member, "vision").replace("key", "main"))
    adopt(site.governor, 1)
    body = {"changes": ["1.1"], "base_revision": 1}
    answers = posted_at_once(site, site.governor, "merge", [body] * 4)
    assert kinds(answers) == {"201": 1, "409 text-has-moved": 3}
    assert counted(site.database)["merged_changes"] == 1
    assert_whole(site)


def twenty_changes(site: Site) -> list[str]:
    """Twenty adopted changes of different paragraphs, by name."""
    changed = []
    for key in ("mission", "goals", "appendix", "definition"):
        blocks = section(site.member, key)["blocks"]
        changed.append(
            {"key": key, "blocks": [{**b, "text": b["text"].replace(" the ", " thee ", 1) + " Yes"} for b in blocks]}
        )
    made = propose(site.member, sections=changed)
    refs = [c["ref"] for c in made["changes"]][:20]
    assert len(refs) == 20
    adopt(site.governor, 1, *range(1, 21))
    return refs


@pytest.mark.long
def test_twenty_merges_by_four_hands_all_land_one_after_the_other(site: Site) -> None:
    refs = twenty_changes(site)

    def land(client: TestClient, mine: Sequence[str]) -> Counter[str]:
        told: Counter[str] = Counter()
        for ref in mine:
            while True:
                base = client.get(API).json()["head"]
                answer = client.post(f"{API}/merge", json={"changes": [ref], "base_revision": base})
                told += kinds([answer])
                if answer.status_code == 201:
                    break
                assert kinds([answer]) == {"409 text-has-moved": 1}, answer.text[:300]
        return told

    hands = [partial(land, twin(site, site.governor), refs[n::4]) for n in range(4)]
    told = sum(at_once(hands), Counter())
    assert told["201"] == 20
    assert head(site.reader)["number"] == 21
    assert_whole(site)


def test_of_two_governors_who_decide_at_once_one_is_told_of_the_other(site: Site) -> None:
    propose(site.member, "vision", words(site.member, "vision").replace("key", "main"))
    verdicts = [[{"change": 1, "outcome": outcome}] for outcome in ("adopted", "rejected")]
    answers = posted_at_once(site, site.governor, "proposals/1/decisions", verdicts)
    assert kinds(answers) == {"201": 1, "409 already-decided": 1}
    assert counted(site.database)["decisions"] == 1
    assert_whole(site)


def test_proposals_written_at_once_get_numbers_of_their_own(site: Site) -> None:
    body = {"title": "T", "base_revision": 1, "sections": [{"key": "vision", "markdown": "Another."}], "submit": True}
    people = [site.member, site.other_member, site.governor] * 2
    answers = at_once([partial(twin(site, p).post, f"{API}/proposals", json=body) for p in people])
    assert kinds(answers) == {"201": 6}
    assert sorted(a.json()["number"] for a in answers) == [1, 2, 3, 4, 5, 6]
    assert_whole(site)


def test_of_two_edits_made_on_one_version_one_is_stale(site: Site) -> None:
    propose(site.member, "vision", "Another.")
    tag = site.member.get(f"{API}/proposals/1").headers["etag"]
    edit = partial(twin(site, site.member).patch, f"{API}/proposals/1", headers={"If-Match": tag})
    answers = at_once([partial(edit, json={"title": title}) for title in ("One", "Two")])
    assert kinds(answers) == {"200": 1, "412 stale": 1}
    assert_whole(site)


def test_requests_at_once_under_one_key_make_one_object(site: Site) -> None:
    body = {"title": "T", "base_revision": 1, "sections": [{"key": "vision", "markdown": "Another."}], "submit": True}
    key = {"Idempotency-Key": "the same"}
    answers = posted_at_once(site, site.member, "proposals", [body] * 4, headers=key)
    assert kinds(answers) == {"201": 4}
    assert len({a.text for a in answers}) == 1
    assert counted(site.database)["proposals"] == 1
    assert_whole(site)


def test_sign_offs_at_once_by_one_governor_count_once(site: Site) -> None:
    site.governor.post(f"{API}/editions", json={"revision": 1, "date": "2027-01"})
    site.governor.post(f"{API}/editions/2027-01/freeze", json={})
    answers = posted_at_once(site, site.governor, "editions/2027-01/signoffs", [{}] * 3)
    assert kinds(answers) == {"201": 1, "409 already-signed": 2}
    assert_whole(site)


def test_of_two_editions_of_one_date_one_is_made(site: Site) -> None:
    answers = posted_at_once(site, site.governor, "editions", [{"revision": 1, "date": "2027-01"}] * 3)
    assert kinds(answers) == {"201": 1, "409 taken": 2}
    assert_whole(site)


def test_of_a_merge_and_a_revert_at_once_one_wins_and_the_other_is_told(site: Site) -> None:
    propose(site.member, "vision", words(site.member, "vision").replace("key", "main"))
    propose(site.other_member, sections=[{"key": "mission", "heading": "Our mission"}])
    adopt(site.governor, 1)
    adopt(site.governor, 2)
    assert site.governor.post(f"{API}/merge", json={"changes": ["1.1"], "base_revision": 1}).status_code == 201
    reverting = partial(twin(site, site.governor).post, f"{API}/revisions/2/revert", json={"base_revision": 2})
    body = {"changes": ["2.1"], "base_revision": 2}
    merging = partial(twin(site, site.governor).post, f"{API}/merge", json=body)
    assert kinds(at_once([reverting, merging])) == {"201": 1, "409 text-has-moved": 1}
    assert_whole(site)


def test_a_revert_sent_twice_at_once_is_done_once(site: Site) -> None:
    propose(site.member, "vision", words(site.member, "vision").replace("key", "main"))
    adopt(site.governor, 1)
    assert site.governor.post(f"{API}/merge", json={"changes": ["1.1"], "base_revision": 1}).status_code == 201
    answers = posted_at_once(site, site.governor, "revisions/2/revert", [{"base_revision": 2}] * 3)
    assert kinds(answers) == {"201": 1, "409 text-has-moved": 2}
    assert_whole(site)


@pytest.mark.long
def test_twenty_merges_from_two_processes_land_one_after_the_other(site: Site) -> None:
    refs = twenty_changes(site)
    token = site.governor.headers["authorization"].removeprefix("Bearer ")
    command = [sys.executable, "-m", "tests.support.merging_process", site.database.url, token]
    root = Path(__file__).parents[2]
    processes = [
        subprocess.Popen([*command, *refs[n::2]], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for n in range(2)
    ]
    told: Counter[str] = Counter()
    for process in processes:
        said, wrong = process.communicate(timeout=120)
        assert process.returncode == 0, wrong
        told += Counter(json.loads(said))
    assert told["201"] == 20
    assert head(site.reader)["number"] == 21
    messages = [r["message"] for r in site.reader.get(f"{API}/revisions?limit=200").json()]
    assert sorted(messages[:-1]) == sorted(f"Merged {ref}" for ref in refs), "each has landed once"
    assert_whole(site)
