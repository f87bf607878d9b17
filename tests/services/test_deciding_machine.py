"""All acts in any order against a plain model: what there is after each of them is what the model says."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from app import clock
from app.db.engine import Database
from app.db.models.proposals import Proposal, ProposedChange
from app.db.models.threads import Thread
from app.errors import MergeConflicts, NotFound
from app.main import create_app
from app.queries.charters import charter_row
from app.queries.fits import alive, fits, name
from app.queries.people import account, person_by_email, standing
from app.queries.proposals import proposal_row
from app.queries.thread_readers import thread_row
from app.queries.verification import verify
from app.rules.permissions import permitted
from app.services import people
from app.services.imports import import_source
from app.settings import Settings
from app.text.dialect import parse
from app.text.snapshot import Section, SectionKind
from app.text.source_values import Source
from tests.support.deciding_model import UNSETTLED, Model, ModelChange, ModelProposal, ModelThread
from tests.support.site import add_person, client_of, shipped_source

API = "/api/v1/charters/small"
MEMBERS = ("mara", "otto", "gilda")
TEXTS = {
    "aim": "We want better care for all. We ask those who need it.\n\nNobody is left out of what we do.\n",
    "ways": "We go about it so:\n\n- by meeting often\n- by writing down what we say\n- by asking again\n",
    "people": "Members meet four times a year. A task force prepares what they decide.\n",
}
MARK = re.compile(r"mark\d+x")

written = precondition(lambda self: bool(self.model.proposals))
open_ones = precondition(lambda self: any(p.state == "open" for p in self.model.proposals.values()))
adopted_ones = precondition(lambda self: bool(self.model.mergeable()))
merged_once = precondition(lambda self: bool(self.model.merges))
discussed = precondition(lambda self: bool(self.model.threads))
amended = precondition(lambda self: any(p.amends is not None for p in self.model.proposals.values()))

number_of = st.integers(0, 30)
member = st.sampled_from(MEMBERS)
edit = st.sampled_from(("append", "word", "delete", "insert", "move", "rename", "two"))


def small_source() -> Source:
    """A charter of three sections and eight blocks, in which everybody gets into everybody's way."""
    sections = tuple(Section("", key, SectionKind.TEXT, key.title(), parse(text)) for key, text in TEXTS.items())
    return replace(shipped_source("isop-pateg"), sections=sections, edition=None)


def marks(text: object) -> frozenset[str]:
    return frozenset(MARK.findall(str(text)))


class Deciding(RuleBasedStateMachine):
    """Two members and a governor over one small charter; ``places`` holds the file that each example copies."""

    service: FastAPI
    template: Path
    folder: Path
    tokens: dict[str, str]

    def __init__(self) -> None:
        super().__init__()
        path = self.folder / "example.sqlite3"
        for old in self.folder.glob("example.sqlite3*"):
            old.unlink()
        shutil.copy(self.template, path)
        self.database = Database(f"sqlite:///{path}")
        self.service.state.database = self.database
        self.clients: dict[str, TestClient] = {n: client_of(self.service, self.tokens[n]) for n in MEMBERS}
        self.model = Model(roles={"mara": "member", "otto": "member", "gilda": "governor"})
        self.made = 0
        self.imported: Source = small_source()
        self.heard = 0

    def teardown(self) -> None:
        try:
            with self.database.reading() as session:
                assert verify(session).faults == ()
        finally:
            self.database.close()

    # What everybody does

    def mark(self) -> str:
        self.made += 1
        return f"mark{self.made}x"

    def send(self, who: str, path: str, body: object, expected: int, method: str = "POST", **headers: str) -> dict:
        answer = self.clients[who].request(method, f"{API}{path}", json=body, headers=headers)
        assert answer.status_code == expected, (who, method, path, body, answer.status_code, answer.text[:800])
        return answer.json() if answer.content else {}

    def allowed(self, who: str, ok: int, *, governing: bool = False) -> int:
        role = self.model.roles[who]
        return ok if role == "governor" or (role == "member" and not governing) else 403

    def pick(self, chosen: int) -> tuple[int, ModelProposal] | None:
        numbers = sorted(self.model.proposals)
        return None if not numbers else (n := numbers[chosen % len(numbers)], self.model.proposals[n])

    def seen(self, who: str, proposal: ModelProposal) -> bool:
        if proposal.is_shown or who == proposal.author:
            return True
        # Whoever has no role any more is no partner any more.
        return who in proposal.partners and self.model.roles[who] is not None

    def submission(self, kind: str, where: int, base: int) -> list[dict] | None:
        """What somebody makes of one section of a revision; None if that cannot be done to it."""
        text = self.clients["mara"].get(f"{API}/revisions/{base}").json()
        section = text["sections"][where % len(text["sections"])]
        blocks = section["blocks"]
        if kind == "rename":
            return [{"key": section["key"], "heading": f"{section['heading'].split(' mark')[0]} {self.mark()}"}]
        place = where // len(text["sections"]) % len(blocks)
        block = blocks[place]
        if kind == "append":
            changed = [{**block, "text": f"{block['text']} {self.mark()} is said."}]
        elif kind == "two":
            changed = [
                {**block, "text": f"{block['text']} Also {self.mark()}."},
                new_like(block, f"And {self.mark()}."),
            ]
        elif kind == "word":
            words = block["text"].split(" ")
            words[where % len(words)] = self.mark()
            changed = [{**block, "text": " ".join(words)}]
        elif kind == "insert":
            changed = [block, new_like(block, f"This {self.mark()} is new.")]
        elif len(blocks) < 3:
            return None
        elif kind == "delete":
            changed = []
        else:
            rest = blocks[:place] + blocks[place + 1 :]
            return [{"key": section["key"], "blocks": [block, *rest] if place else [*rest, block]}]
        return [{"key": section["key"], "blocks": [*blocks[:place], *changed, *blocks[place + 1 :]]}]

    def read_changes(self, proposal: ModelProposal, told: dict) -> None:
        """Take the changes of a version as they were derived; what was decided has to be as it was."""
        before = proposal.changes
        proposal.changes = {}
        for c in told["changes"]:
            brings, takes = marks(c["after"]) - marks(c["before"]), marks(c["before"]) - marks(c["after"])
            made = ModelChange(brings, takes, frozenset(int(str(n).rpartition(".")[2]) for n in c["needs"]))
            old = before.get(c["number"])
            if old is not None and old.outcome != "pending":
                made = old
            proposal.changes[c["number"]] = made
        decided = {k for k, c in before.items() if c.outcome not in UNSETTLED}
        assert decided <= proposal.changes.keys(), "what was decided stays"

    # Proposals

    @initialize(wishes=st.lists(st.tuples(member, edit, st.integers(0, 12)), min_size=3, max_size=5))
    def begin(self, wishes: list[tuple[str, str, int]]) -> None:
        for who, kind, where in wishes:
            self.propose(who, kind, where, 0, True)

    @rule(who=member, kind=edit, where=st.integers(0, 200), back=st.integers(0, 2), submit=st.booleans())
    def propose(self, who: str, kind: str, where: int, back: int, submit: bool) -> None:
        base = max(1, self.model.head - back)
        sections = self.submission(kind, where, base)
        if sections is None:
            return
        body = {"title": f"Of {who}", "base_revision": base, "sections": sections, "submit": submit}
        told = self.send(who, "/proposals", body, self.allowed(who, 201))
        if self.model.roles[who] is not None:
            assert told["number"] == len(self.model.proposals) + 1
            proposal = self.model.proposals[told["number"]] = ModelProposal(who, "open" if submit else "draft", submit)
            self.read_changes(proposal, told)

    @open_ones
    @rule(who=member, chosen=number_of)
    def amend(self, who: str, chosen: int) -> None:
        found = self.pick(chosen)
        if found is None:
            return
        number, other = found
        sections = self.submission("append", chosen, self.model.head)
        relation = {"kind": "amendment", "to": number}
        body = {"title": "Better", "base_revision": self.model.head, "sections": sections, "submit": True}
        expected = 201 if other.state in ("open", "returned") and other.author != who else None
        answer = self.clients[who].post(f"{API}/proposals", json={**body, "relation": relation})
        if self.model.roles[who] is None:
            assert answer.status_code == 403
        elif expected is None:
            assert answer.status_code in (409, 422), answer.text
        else:
            assert answer.status_code == 201, answer.text
            made = self.model.proposals[answer.json()["number"]] = ModelProposal(who, "open", True, amends=number)
            self.read_changes(made, answer.json())

    @amended
    @rule(chosen=number_of)
    def take_amendment(self, chosen: int) -> None:
        amendments = [(n, p) for n, p in self.model.proposals.items() if p.amends is not None]
        if not amendments:
            return
        number, amendment = amendments[chosen % len(amendments)]
        assert amendment.amends is not None
        other = self.model.proposals[amendment.amends]
        if self.model.roles[other.author] is None:
            return
        in_play = all(p.state in ("open", "returned") for p in (other, amendment))
        settled = any(c.outcome not in UNSETTLED for c in amendment.changes.values())
        untouched = all(c.outcome == "pending" for c in other.changes.values())
        path = f"/proposals/{amendment.amends}/amendments/{number}/accept"
        if not in_play or settled:
            self.send(other.author, path, {}, 409)
        elif untouched:
            told = self.send(other.author, path, {}, 200)
            other.version += 1
            amendment.state = "withdrawn"
            self.read_changes(other, told)

    @written
    @rule(who=member, chosen=number_of, kind=edit, where=st.integers(0, 200))
    def edit_proposal(self, who: str, chosen: int, kind: str, where: int) -> None:
        found = self.pick(chosen)
        if found is None:
            return
        number, proposal = found
        sections = self.submission(kind, where, self.model.head)
        if sections is None or not self.seen(who, proposal):
            return
        tag = self.clients[who].get(f"{API}/proposals/{number}").headers["etag"]
        body = {"base_revision": self.model.head, "sections": sections}
        answer = self.clients[who].patch(f"{API}/proposals/{number}", json=body, headers={"If-Match": tag})
        if who != proposal.author or self.model.roles[who] is None:
            assert answer.status_code == 403
        elif not proposal.may("edit"):
            assert answer.status_code == 409
        elif all(c.outcome == "pending" for c in proposal.changes.values()):
            assert answer.status_code == 200, answer.text
        if answer.status_code == 200:
            proposal.version += 1
            self.read_changes(proposal, answer.json())
            if proposal.state == "open" and proposal.settled:
                proposal.state = "decided"

    @written
    @rule(act=st.sampled_from(("submit", "withdraw", "return")), who=member, chosen=number_of)
    def move_on(self, act: str, who: str, chosen: int) -> None:
        found = self.pick(chosen)
        if found is None:
            return
        number, proposal = found
        path = f"/proposals/{number}/{act}"
        role = self.model.roles[who]
        if not self.seen(who, proposal):
            self.send(who, path, {"reason": "So."}, 404)
        elif role is None or (role != "governor" if act == "return" else who != proposal.author):
            self.send(who, path, {"reason": "So."}, 403)
        elif not proposal.may(act) or (
            act == "withdraw" and any(c.outcome not in UNSETTLED for c in proposal.changes.values())
        ):
            self.send(who, path, {"reason": "So."}, 409)
        else:
            self.send(who, path, {"reason": "So."}, 200)
            proposal.state = {"submit": "open", "withdraw": "withdrawn", "return": "returned"}[act]
            proposal.shown = proposal.is_shown

    @written
    @rule(chosen=number_of, who=member)
    def share_and_sign(self, chosen: int, who: str) -> None:
        found = self.pick(chosen)
        if found is None or self.model.roles[who] is None:
            return
        number, proposal = found
        author = proposal.author
        if who == author or self.model.roles[author] is None or who in proposal.partners:
            return
        with self.database.reading() as session:
            person = person_by_email(session, f"{who}@example.org").id
        expected = 201 if proposal.may("share") else 409
        self.send(author, f"/proposals/{number}/partners", {"person": person}, expected)
        if expected == 201:
            proposal.partners.add(who)
            self.send(who, f"/proposals/{number}/sign", {}, 200)
            proposal.signed.add(who)

    @written
    @rule(who=member, chosen=number_of, position=st.sampled_from(("support", "object", "abstain")))
    def review(self, who: str, chosen: int, position: str) -> None:
        found = self.pick(chosen)
        if found is None:
            return
        number, proposal = found
        ok = 201 if proposal.may("review") else 409
        expected = self.allowed(who, ok) if self.seen(who, proposal) else 404
        self.send(who, f"/proposals/{number}/reviews", {"position": position, "text": "So I think."}, expected)

    @written
    @rule(chosen=number_of)
    def recommend(self, chosen: int) -> None:
        found = self.pick(chosen)
        if found is None:
            return
        number, proposal = found
        change = min(proposal.changes)
        expected = 201 if proposal.may("recommend") and proposal.changes[change].outcome in UNSETTLED else 409
        if not self.seen("gilda", proposal):
            expected = 404
        advice = [{"change": change, "outcome": "rejected", "reason": "We have said it."}]
        self.send("gilda", f"/proposals/{number}/recommendations", advice, expected)

    # Decisions and merges

    @written
    @rule(
        who=st.sampled_from(("gilda", "gilda", "gilda", "otto")),
        chosen=number_of,
        which=number_of,
        outcome=st.sampled_from(("adopted", "adopted", "adopted", "adopted_amended", "rejected", "deferred")),
        supersedes=st.booleans(),
    )
    def decide(self, who: str, chosen: int, which: int, outcome: str, supersedes: bool) -> None:
        found = self.pick(chosen)
        if found is None:
            return
        number, proposal = found
        change = sorted(proposal.changes)[which % len(proposal.changes)]
        standing_one = proposal.changes[change]
        verdict: dict[str, object] = {"change": change, "outcome": outcome, "reason": "As we said in the meeting."}
        amended: frozenset[str] = frozenset()
        if outcome == "adopted_amended":
            shown = self.clients[who].get(f"{API}/proposals/{number}")
            told = [c for c in shown.json().get("changes", ()) if c["number"] == change]
            if not told or told[0]["kind"] not in ("replace", "insert") or not isinstance(told[0]["after"], str):
                return
            new = self.mark()
            verdict["text"] = f"{told[0]['after']} Amended by {new}."
            amended = frozenset({new})
        settled = standing_one.outcome not in UNSETTLED
        if settled and supersedes:
            verdict["supersedes"] = True
        path = f"/proposals/{number}/decisions"
        if not self.seen(who, proposal):
            self.send(who, path, [verdict], 404)
        elif self.model.roles[who] != "governor":
            self.send(who, path, [verdict], 403)
        elif not proposal.may("decide") or standing_one.merged is not None or (settled and not supersedes):
            self.send(who, path, [verdict], 409)
        else:
            self.send(who, path, [verdict], 201)
            standing_one.outcome = outcome
            standing_one.amended = amended
            proposal.state = "decided" if proposal.settled else "open"

    @open_ones
    @rule(
        outcomes=st.lists(
            st.sampled_from(("adopted", "adopted", "adopted", "rejected", "deferred")), min_size=4, max_size=4
        ),
        choice=st.sampled_from(("standing", "proposed", "both", "text")),
    )
    def meet(self, outcomes: list[str], choice: str) -> None:
        """Decide on all that is open in one go, and merge what was adopted."""
        verdicts = []
        for number, proposal in self.model.proposals.items():
            for key, change in proposal.changes.items() if proposal.state == "open" else ():
                if change.outcome in UNSETTLED:
                    change.outcome = outcomes[(number + key) % len(outcomes)]
                    verdicts.append({"ref": f"{number}.{key}", "outcome": change.outcome, "reason": "As we said."})
            if proposal.state == "open":
                proposal.state = "decided" if proposal.settled else "open"
        if verdicts:
            self.send("gilda", "/decisions", verdicts, 201)
        self.merge(choice, 0)

    @adopted_ones
    @rule(choice=st.sampled_from(("standing", "proposed", "both", "text")), least=st.integers(0, 3))
    def merge(self, choice: str, least: int) -> None:
        refs = self.model.mergeable()[least % 2 :]
        refs = self.complete(refs)
        if not refs:
            return
        shown = self.send("gilda", "/merge-preview", {"changes": refs}, 200)
        orphaned = {c["ref"] for c in shown["changes"] if c["class"] == "orphaned"}
        refs = self.complete([ref for ref in refs if ref not in orphaned])
        if not refs:
            return
        body: dict[str, object] = {"changes": refs, "base_revision": self.model.head, "confirm_combined": True}
        resolutions: dict[str, object] = {}
        touched: set[str] = set()
        for _ in range(20):
            shown = self.send("gilda", "/merge-preview", {"changes": refs, "resolutions": resolutions}, 200)
            if shown["outdated"]:
                # One answer can settle what another was about; an answer to nothing would be refused.
                self.send("gilda", "/merge", {**body, "resolutions": resolutions}, 409)
                resolutions = {id: one for id, one in resolutions.items() if id not in shown["outdated"]}
                continue
            if not shown["conflicts"]:
                break
            self.send("gilda", "/merge", {**body, "resolutions": resolutions}, 409)
            for conflict in shown["conflicts"]:
                touched.update(conflict["changes"])
                one = choice if choice != "both" or conflict.get("both", True) else "proposed"
                resolutions[conflict["id"]] = {"choice": one, **({"text": "Settled."} if one == "text" else {})}
                asked = {"changes": refs, "resolutions": resolutions}
                answer = self.clients["gilda"].post(f"{API}/merge-preview", json=asked)
                if answer.status_code != 200:
                    assert answer.status_code in (409, 422), answer.text
                    resolutions[conflict["id"]] = {"choice": "standing"}
        if shown["conflicts"] or shown["outdated"] or any(c["class"] == "orphaned" for c in shown["changes"]):
            return
        stale = {**body, "base_revision": self.model.head - 1, "resolutions": resolutions}
        if self.model.head > 1:
            self.send("gilda", "/merge", stale, 409)
        before = self.model.marks
        told = self.send("gilda", "/merge", {**body, "resolutions": resolutions}, 201)
        said = marks(told["sections"])
        chosen = [(ref, self.model.change(ref)) for ref in refs]
        brought = frozenset().union(*(c.brings for _, c in chosen))
        unclear = frozenset().union(*(c.brings | c.takes for ref, c in chosen if ref in touched), frozenset())
        if touched:
            unclear |= before
        taken = frozenset().union(*(c.takes for _, c in chosen))
        assert (before | brought) - taken - unclear <= said, "words were lost without anybody choosing so"
        assert said <= before | brought, "words came that nobody merged"
        if told["number"] != self.model.head:
            assert told["number"] == self.model.head + 1
            self.model.merges[told["number"]] = (before, said)
        self.model.head, self.model.marks = told["number"], said
        for _, change in chosen:
            change.merged = self.model.head

    def complete(self, refs: list[str]) -> list[str]:
        """Leave out what needs a change that is neither chosen nor in the text."""
        kept = list(refs)
        while True:
            lacking = []
            for ref in kept:
                number = int(ref.partition(".")[0])
                for needed in self.model.change(ref).needs:
                    other = self.model.proposals[number].changes.get(needed)
                    if other is None or (other.merged is None and f"{number}.{needed}" not in kept):
                        lacking.append(ref)
            if not lacking:
                return kept
            kept = [ref for ref in kept if ref not in lacking]

    @merged_once
    @rule(chosen=number_of)
    def revert(self, chosen: int) -> None:
        if not self.model.merges:
            return
        number = sorted(self.model.merges)[chosen % len(self.model.merges)]
        body = {"base_revision": self.model.head, "confirm_combined": True}
        answer = self.clients["gilda"].post(f"{API}/revisions/{number}/revert", json=body)
        if answer.status_code == 409:
            return
        assert answer.status_code == 201, answer.text
        earlier = self.clients["mara"].get(f"{API}/revisions/{self.model.head}").json()["sections"]
        now = self.clients["mara"].get(f"{API}/revisions/head").json()
        # Where later words have taken the place of all that was merged, there is nothing to take out of the text.
        self.model.head += now["sections"] != earlier
        assert answer.json()["number"] == now["number"] == self.model.head
        before, after = self.model.merges.pop(number)
        said = marks(now["sections"])
        assert said <= self.model.marks | before, "words came that were not there before the merge"
        assert self.model.marks - (after - before) <= said, "other words went with those that were reverted"
        self.model.marks = said
        self.read_merged()

    def read_merged(self) -> None:
        """What a revert took out is adopted and not in the text again; which of them, the text itself says."""
        with self.database.reading() as session:
            rows = session.execute(changes_standing())
            for proposal, row in rows:
                self.model.proposals[proposal.number].changes[row.number].merged = row.merged_revision

    # Threads

    @rule(who=member, about=st.sampled_from(("words", "section", "proposal")), where=number_of, public=st.booleans())
    def open_thread(self, who: str, about: str, where: int, public: bool) -> None:
        audience = "public" if public else "members"
        body: dict[str, object] = {"text": "What about this, @Gilda?", "audience": audience}
        number = None
        expected = self.allowed(who, 201)
        if about == "proposal":
            found = self.pick(where)
            if found is None:
                return
            number, proposal = found
            body["proposal"] = number
            if self.model.roles[who] is not None and not self.seen(who, proposal):
                expected = 404
        else:
            sections = self.clients["mara"].get(f"{API}/revisions/head").json()["sections"]
            section = sections[where % len(sections)]
            if about == "section":
                body["section"] = section["key"]
            else:
                block = section["blocks"][where % len(section["blocks"])]
                body |= {"block": block["id"], "quote": block["text"], "start": 0, "end": len(block["text"])}
        told = self.send(who, "/threads", body, expected)
        if expected == 201:
            assert told["id"] == len(self.model.threads) + 1
            self.model.threads[told["id"]] = ModelThread(who, audience, number)

    def thread_seen(self, who: str, thread: ModelThread) -> bool:
        if self.model.roles[who] is None and thread.audience == "members":
            return False
        return thread.proposal is None or self.seen(who, self.model.proposals[thread.proposal])

    @discussed
    @rule(who=member, chosen=number_of, act=st.sampled_from(("replies", "resolve", "reopen")))
    def in_thread(self, who: str, chosen: int, act: str) -> None:
        if not self.model.threads:
            return
        number = sorted(self.model.threads)[chosen % len(self.model.threads)]
        thread = self.model.threads[number]
        role = self.model.roles[who]
        possible = act == "replies" or thread.state == {"resolve": "open", "reopen": "resolved"}[act]
        if not self.thread_seen(who, thread):
            expected = 404
        elif role is None or (act != "replies" and role != "governor" and who != thread.author):
            expected = 403
        else:
            expected = (201 if act == "replies" else 200) if possible else 409
        body = {"text": "I think so too."} if act == "replies" else {}
        self.send(who, f"/threads/{number}/{act}", body, expected)
        if expected in (200, 201):
            thread.comments += act == "replies"
            thread.state = {"resolve": "resolved", "reopen": "open"}.get(act, thread.state)

    # Roles, and the folder the charter came from

    @rule(role=st.sampled_from((None, "member", "governor")))
    def change_role(self, role: str | None) -> None:
        with self.database.writing() as session:
            person = person_by_email(session, "otto@example.org")
            people.set_role(session, person, charter_row(session, "small"), role, by=None, now=clock.now())
        self.model.roles["otto"] = role

    @rule(where=st.integers(0, 2))
    def import_again(self, where: int) -> None:
        new = self.mark()
        sections = list(self.imported.sections)
        first, *rest = sections[where].blocks
        words = first.with_text(f"{first.text} Imported as {new}.")
        sections[where] = replace(sections[where], blocks=(words, *rest))
        source = replace(self.imported, sections=tuple(sections))
        try:
            with self.database.writing() as session:
                import_source(session, source, key="small", now=clock.now())
        except MergeConflicts:
            return
        self.imported = source
        said = marks(self.clients["mara"].get(f"{API}/revisions/head").json()["sections"])
        assert said == self.model.marks | {new}
        self.model.head += 1
        self.model.marks = said

    # What always holds

    @invariant()
    def everything_is_as_the_model_says(self) -> None:
        with self.database.reading() as session:
            self.states(session)
            self.history(session)
            self.drafts(session)
            self.classes(session)
            self.notices(session)

    def states(self, session: Session) -> None:
        found = {p.number: (p.state, p.version) for p in session.scalars(sqlalchemy.select(Proposal))}
        assert found == {n: (p.state, p.version) for n, p in self.model.proposals.items()}
        changes = {(p.number, c.number): (c.outcome, c.merged_revision) for p, c in session.execute(changes_standing())}
        assert changes == {
            (n, k): (c.outcome, c.merged) for n, p in self.model.proposals.items() for k, c in p.changes.items()
        }
        threads = {t.number: (t.state, t.comments_made) for t in session.scalars(sqlalchemy.select(Thread))}
        assert threads == {n: (t.state, t.comments) for n, t in self.model.threads.items()}
        for proposal in self.model.proposals.values():
            assert (proposal.state != "decided") or proposal.settled

    def history(self, session: Session) -> None:
        rows = session.execute(sqlalchemy.text("SELECT number, parent FROM revisions ORDER BY number")).all()
        assert [n for n, _ in rows] == list(range(1, self.model.head + 1))
        assert charter_row(session, "small").head == self.model.head

    def drafts(self, session: Session) -> None:
        charter = charter_row(session, "small")
        for who in MEMBERS:
            by = account(person_by_email(session, f"{who}@example.org"))
            allowed = permitted(standing(session, by, charter), open_charter=charter.open)
            for number, proposal in self.model.proposals.items():
                if proposal.state == "draft":
                    seen = exists(partial(proposal_row, session, charter, number, by))
                    assert seen == self.seen(who, proposal), (who, number)
            for number, thread in self.model.threads.items():
                seen = exists(partial(thread_row, session, charter, number, by, allowed))
                assert seen == self.thread_seen(who, thread), (who, number)

    def classes(self, session: Session) -> None:
        charter = charter_row(session, "small")
        rows = [(p, c) for p, c in session.execute(changes_standing().where(alive()))]
        fresh = fits(session, charter, rows)
        assert {name(row): row[1].fit for row in rows} == {ref: str(fit.cls) for ref, fit in fresh.items()}

    def notices(self, session: Session) -> None:
        query = sqlalchemy.text(
            "SELECT n.id, p.name, n.actor_id, n.person_id, n.object FROM notices n JOIN people p ON p.id = n.person_id "
            "WHERE n.id > :heard ORDER BY n.id"
        )
        for id, who, actor, person, thing in session.execute(query, {"heard": self.heard}):
            self.heard = id
            assert actor != person, "nobody is told of what they did"
            assert self.model.roles[who.lower()] is not None, "who has no role hears nothing"
            kind, _, number = thing.partition(" ")
            if kind == "proposal":
                assert self.seen(who.lower(), self.model.proposals[int(number)]), (who, thing)
            if kind == "thread":
                assert self.thread_seen(who.lower(), self.model.threads[int(number)]), (who, thing)


def changes_standing() -> sqlalchemy.Select[tuple[Proposal, ProposedChange]]:
    """The changes of the newest version of each proposal."""
    joined = sqlalchemy.select(Proposal, ProposedChange).join(ProposedChange, ProposedChange.proposal_id == Proposal.id)
    return joined.where(ProposedChange.last_version.is_(None)).order_by(Proposal.number, ProposedChange.number)


def new_like(block: dict, text: str) -> dict:
    """A new block after one, of its kind."""
    return {k: v for k, v in block.items() if k != "id"} | {"text": text}


def exists(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except NotFound:
        return False
    return True


@contextmanager
def machine(sqlite_template: Path, folder: Path) -> Iterator[type[Deciding]]:
    """The machine over a service of its own."""
    path = folder / "template.sqlite3"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.writing() as session:
        import_source(session, small_source(), key="small", now=clock.now())
    roles = {"mara": "member", "otto": "member", "gilda": "governor"}
    tokens = {name: add_person(database, name, role, "small") for name, role in roles.items()}
    service = create_app(Settings(data_dir=folder, public_url="http://testserver"), database)
    database.close()
    yield type("Machine", (Deciding,), {"service": service, "template": path, "folder": folder, "tokens": tokens})


HEALTH = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def test_whatever_people_do_it_is_as_a_plain_model_says(sqlite_template: Path, tmp_path: Path) -> None:
    with machine(sqlite_template, tmp_path) as made:
        run_state_machine_as_test(
            made,
            settings=settings(
                max_examples=5, stateful_step_count=16, deadline=None, suppress_health_check=HEALTH, derandomize=True
            ),
        )


@pytest.mark.long
def test_whatever_many_people_do_for_long_it_is_as_a_plain_model_says(sqlite_template: Path, tmp_path: Path) -> None:
    with machine(sqlite_template, tmp_path) as made:
        run_state_machine_as_test(
            made,
            settings=settings(
                max_examples=60, stateful_step_count=35, deadline=None, suppress_health_check=HEALTH, derandomize=True
            ),
        )
