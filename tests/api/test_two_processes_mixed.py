"""Twenty acts at once on one proposal, through two services: governors decide, its author rewrites and withdraws it,
somebody merges it. The second sees what the first did, and what they leave behind is of one piece."""

from collections import Counter
from functools import partial
from pathlib import Path
from threading import Lock

import httpx2
import pytest
import sqlalchemy

from app.queries.verification import verify
from tests.api.test_two_processes import together, token_of
from tests.support.acts import adopt, propose, words
from tests.support.serving import Served, served
from tests.support.site import API, Site, add_person

pytestmark = pytest.mark.long
AT = f"{API}/proposals/1"
TRIES = 60
LOOKS = 10
"""So often somebody looks whether what they want to merge is adopted by now."""


class Answers:
    """What was answered to whom, by act, with what was sent."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []
        self.refused: Counter[str] = Counter()
        self.lock = Lock()

    def note(self, act: str, what: str, answer: httpx2.Response) -> bool:
        """Note one answer; whether the act was done. Nothing may break, and a refusal says what it is."""
        assert answer.status_code in (200, 201, 404, 409, 412), f"{act}: {answer.status_code} {answer.text[:500]}"
        with self.lock:
            if answer.status_code < 300:
                self.done.append((act, what))
                return True
            kind = answer.json()["type"].rpartition("/")[2]
            self.refused[f"{act}: {kind}"] += 1
        return False

    def of(self, act: str) -> list[str]:
        """What was sent with the acts of one sort that were done."""
        return [what for done, what in self.done if done == act]


def decide(one: Served, token: str, change: int, outcome: str, reason: str, told: Answers) -> None:
    """A governor decides once, and supersedes nothing."""
    with one.client(token) as client:
        verdict = {"change": change, "outcome": outcome, "reason": reason}
        told.note("decide", f"{change} {reason}", client.post(f"{AT}/decisions", json=[verdict]))


def rewrite(one: Served, token: str, title: str, told: Answers) -> None:
    """The author sends a new version, looking again whenever the proposal is not as they read it."""
    with one.client(token) as client:
        for _ in range(TRIES):
            tag = {"If-Match": client.get(AT).headers["etag"]}
            answer = client.patch(AT, json={"title": title}, headers=tag)
            if told.note("rewrite", title, answer) or answer.status_code == 409:
                return
        raise AssertionError(f"{title} was never sent")


def withdraw(one: Served, token: str, told: Answers) -> None:
    """The author takes it back."""
    with one.client(token) as client:
        told.note("withdraw", "", client.post(f"{AT}/withdraw", json={"reason": "Enough."}))


def merge(one: Served, token: str, change: int, told: Answers) -> None:
    """A governor merges a change, again whenever the text moved or it is not decided yet."""
    with one.client(token) as client:
        for _ in range(LOOKS):
            base = client.get(API).json()["head"]
            body = {"changes": [f"1.{change}"], "base_revision": base}
            answer = client.post(f"{API}/merge", json=body)
            if told.note("merge", str(change), answer) or answer.json()["type"].endswith("/already-merged"):
                return


def four_changes(site: Site) -> None:
    sections = [
        {"key": key, "markdown": words(site.member, key).replace(old, new)}
        for key, old, new in (
            ("vision", "key partners", "equal partners"),
            ("mission", "a unified voice", "an independent voice"),
        )
    ]
    sections[0]["markdown"] += "\n\nOne more.\n\n"
    sections[1]["markdown"] += "\n\nAnd one more.\n"
    made = propose(site.member, sections=sections, title="First")
    assert len(made["changes"]) == 4


def stored(site: Site) -> dict[int, tuple[str, int | None, list[tuple[str, int]]]]:
    """Of each change what became of it: outcome, revision, and its decisions as reason and the version they are on."""
    with site.database.engine.connect() as connection:
        rows = connection.execute(sqlalchemy.text("SELECT id, number, outcome, merged_revision FROM changes")).all()
        decisions = connection.execute(
            sqlalchemy.text("SELECT change_id, reason, version FROM decisions ORDER BY id")
        ).all()
    return {
        number: (outcome, merged, [(reason, version) for id, reason, version in decisions if id == change])
        for change, number, outcome, merged in rows
    }


def assert_of_one_piece(site: Site, told: Answers) -> None:
    shown = site.governor.get(AT).json()
    rows = stored(site)
    said = Counter(what for what in told.of("decide"))
    assert Counter(f"{n} {reason}" for n, (_, _, made) in rows.items() for reason, _ in made) == said, "one was lost"
    assert max(said.values(), default=1) == 1
    for number, (outcome, merged, made) in rows.items():
        # Whoever came second was told that it is decided: nothing is decided twice unless somebody says so.
        assert len(made) <= 1, (number, made)
        assert (outcome == "pending") == (not made)
        assert merged is None or outcome == "adopted", "only what was adopted is in the text"
        assert (merged is not None) == (str(number) in told.of("merge"))
    assert shown["version"] == 1 + len(told.of("rewrite"))
    assert shown["title"] in (told.of("rewrite") or ["First"])
    titles = sorted(told.of("rewrite"))
    with site.database.engine.connect() as connection:
        kept = connection.execute(sqlalchemy.text("SELECT title FROM proposal_versions WHERE version > 1")).scalars()
        assert sorted(kept) == titles, "every version that was acknowledged is there"
    if told.of("withdraw"):
        assert shown["state"] == "withdrawn"
        assert not any(made for _, _, made in rows.values()), "what was decided is not withdrawn"
    else:
        settled = all(outcome != "pending" for outcome, _, _ in rows.values())
        assert shown["state"] == ("decided" if settled else "open")
    revisions = site.reader.get(f"{API}/revisions?limit=200").json()
    assert [r["number"] for r in revisions] == list(range(len(revisions), 0, -1))
    assert len(revisions) == 1 + len(told.of("merge"))
    with site.database.reading() as session:
        assert verify(session).faults == ()


@pytest.mark.parametrize("withdrawals", [0, 2])
def test_twenty_acts_at_once_on_one_proposal_leave_one_story(site: Site, tmp_path: Path, withdrawals: int) -> None:
    four_changes(site)
    second = add_person(site.database, "gus", "governor")
    gilda, mara, told = token_of(site.governor), token_of(site.member), Answers()
    with served(site.database, tmp_path) as services:
        acts = [
            partial(decide, services[n % 2], token, 1 + n // 2, outcome, f"{name} says so", told)
            for n in range(8)
            for name, token, outcome in [("Gilda", gilda, "adopted") if n % 2 else ("Gus", second, "rejected")]
        ]
        acts += [partial(rewrite, services[n % 2], mara, f"Title {n}", told) for n in range(6 - withdrawals)]
        acts += [partial(withdraw, services[n % 2], mara, told) for n in range(withdrawals)]
        acts += [partial(merge, services[n % 2], gilda, 1 + n % 4, told) for n in range(6)]
        assert len(acts) == 20
        together(acts)
    assert_of_one_piece(site, told)
    assert told.done, "somebody was first"


def test_two_governors_supersede_at_once_and_the_chain_of_decisions_is_one(site: Site, tmp_path: Path) -> None:
    four_changes(site)
    second = add_person(site.database, "gus", "governor")
    adopt(site.governor, 1, 1)
    told = Answers()

    def supersede(one: Served, token: str, reason: str, outcome: str) -> None:
        with one.client(token) as client:
            verdict = {"change": 1, "outcome": outcome, "reason": reason, "supersedes": True}
            told.note("decide", reason, client.post(f"{AT}/decisions", json=[verdict]))

    with served(site.database, tmp_path) as services:
        tokens = (token_of(site.governor), second)
        together(
            [
                partial(supersede, services[n % 2], tokens[n // 2 % 2], f"Reason {n}", ("rejected", "adopted")[n % 2])
                for n in range(20)
            ]
        )
    with site.database.engine.connect() as connection:
        rows = connection.execute(sqlalchemy.text("SELECT id, supersedes_id, reason FROM decisions ORDER BY id")).all()
    assert [supersedes for _, supersedes, _ in rows] == [None, *(id for id, _, _ in rows[:-1])], "one line, no branch"
    assert sorted(reason for _, _, reason in rows[1:]) == sorted(told.of("decide"))
    with site.database.reading() as session:
        assert verify(session).faults == ()
