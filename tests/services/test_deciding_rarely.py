"""What people seldom do, done often: whole ways through amendments, threads, decisions and reverts, against the model.

Each of these is a way of several acts, so that what chance alone would bring together once in a thousand steps happens
in every run. After each step the model has to agree, the counts of what awaits everybody are counted again by hand, and
every word that was ever written is somewhere, with its origin if it stands in the text.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from app import clock
from app.db.base import Base
from app.queries.awaiting import counts
from app.queries.charters import charter_row
from app.queries.people import account, person_by_email, standing
from app.queries.proposals import proposal_row
from app.queries.provenance import block_provenance
from app.queries.rebasing import taken_up
from app.queries.revisions import head_snapshot
from app.services import proposals
from app.text.resubmission import submission_between
from tests.services.test_deciding_machine import API, HEALTH, MARK, MEMBERS, Deciding, edit, machine, marks, number_of
from tests.support.deciding_model import ModelProposal, ModelThread
from tests.support.plain_counts import plain_counts

where = st.integers(0, 200)
other = st.sampled_from(("otto", "gilda"))
choice = st.sampled_from(("standing", "proposed", "both", "text"))
verdicts = st.lists(st.sampled_from(("adopted", "rejected", "deferred", "adopted_amended")), min_size=2, max_size=4)
ANY = {"If-Match": "*"}


class Rarely(Deciding):
    """The same people, who walk whole ways."""

    def __init__(self) -> None:
        super().__init__()
        self.written: set[str] = set()

    def fresh(self, who: str, kind: str, place: int, *, submit: bool = True) -> int | None:
        """A new proposal, by number; None if this cannot be done to the text, or by them."""
        before = len(self.model.proposals)
        self.propose(who, kind, place, 0, submit)
        return len(self.model.proposals) if len(self.model.proposals) > before else None

    def at(self, number: int) -> int:
        """By what `pick` finds this proposal."""
        return sorted(self.model.proposals).index(number)

    def decide_all(self, number: int, outcome: str, *, supersedes: bool = False) -> None:
        proposal = self.model.proposals[number]
        for place, _ in enumerate(sorted(proposal.changes)):
            self.decide("gilda", self.at(number), place, outcome, supersedes)

    # Ways

    @rule(by=other, kind=edit, place=where, resubmitted=st.booleans(), choice=choice)
    def amendment_is_taken_over(self, by: str, kind: str, place: int, resubmitted: bool, choice: str) -> None:
        number = self.fresh("mara", kind, place)
        if number is None or self.model.roles[by] is None:
            return
        if resubmitted:
            self.move_on("return", "gilda", self.at(number))
        self.review(by, self.at(number), "object")
        self.amend(by, self.at(number))
        amendments = [n for n, p in self.model.proposals.items() if p.amends is not None]
        self.take_amendment(len(amendments) - 1)
        assert self.model.proposals[number].version == 2
        assert self.model.proposals[amendments[-1]].state == "withdrawn"
        # Taken over once, it is over.
        self.take_amendment(len(amendments) - 1)
        if self.model.proposals[number].state == "returned":
            self.move_on("submit", "mara", self.at(number))
        self.decide_all(number, "adopted")
        self.merge(choice, 0)

    @rule(by=other, kind=edit, place=where, first=st.booleans())
    def alternative_is_chosen(self, by: str, kind: str, place: int, first: bool) -> None:
        number = self.fresh("mara", kind, place)
        if number is None or self.model.roles[by] is None:
            return
        sections = self.submission("append", place, self.model.head)
        body = {"title": "Other", "base_revision": self.model.head, "sections": sections, "submit": True}
        told = self.send(by, "/proposals", {**body, "relation": {"kind": "alternative", "to": number}}, 201)
        rival = told["number"]
        self.model.proposals[rival] = ModelProposal(by, "open", True)
        self.read_changes(self.model.proposals[rival], told)
        self.send("mara", f"/proposals/{number}/amendments/{rival}/accept", {}, 404)
        for one, outcome in (
            ((number, "adopted"), (rival, "rejected"))
            if first
            else (
                (number, "rejected"),
                (rival, "adopted"),
            )
        ):
            self.decide_all(one, outcome)

    @rule(who=st.sampled_from(("mara", "gilda")), place=where, back=where, take_out=st.booleans(), public=st.booleans())
    def thread_loses_its_words(self, who: str, place: int, back: int, take_out: bool, public: bool) -> None:
        self.open_thread(who, "words", place, public)
        thread = max(self.model.threads)
        for act in ("resolve", "reopen", "replies"):
            self.in_thread(who, sorted(self.model.threads).index(thread), act)
        block = self.clients[who].get(f"{API}/threads/{thread}").json()["anchor"]["block"]
        text = self.clients["mara"].get(f"{API}/revisions/head").json()
        section = next(s for s in text["sections"] if any(b["id"] == block for b in s["blocks"]))
        rest = [b for b in section["blocks"] if b["id"] != block]
        if not take_out or not rest:
            rest = [b if b["id"] != block else {**b, "text": f"Now {self.mark()}."} for b in section["blocks"]]
        wish = [{"key": section["key"], "blocks": rest}]
        body = {"title": "Away", "base_revision": self.model.head, "sections": wish, "submit": True}
        answer = self.send("mara", "/proposals", body, 201)
        proposal = self.model.proposals[answer["number"]] = ModelProposal("mara", "open", True)
        self.read_changes(proposal, answer)
        self.decide_all(answer["number"], "adopted")
        self.merge("proposed", 0)
        text = self.clients["mara"].get(f"{API}/revisions/head").json()
        blocks = [b for s in text["sections"] for b in s["blocks"]]
        here = blocks[back % len(blocks)]
        by = "gilda" if back % 2 else who
        self.send("otto", f"/threads/{thread}/reattach", {"block": here["id"]}, self.reattaching("otto", thread))
        hung = self.send(by, f"/threads/{thread}/reattach", {"block": here["id"], "revision": text["number"]}, 200)
        assert (hung["anchor"]["block"], hung["anchor"]["state"]) == (here["id"], "attached"), hung

    def reattaching(self, who: str, number: int) -> int:
        thread: ModelThread = self.model.threads[number]
        if not self.thread_seen(who, thread):
            return 404
        return 200 if self.model.roles[who] == "governor" or (self.model.roles[who] and who == thread.author) else 403

    @rule(kind=edit, place=where, outcomes=verdicts, choice=choice)
    def decision_is_superseded(self, kind: str, place: int, outcomes: list[str], choice: str) -> None:
        number = self.fresh("mara", kind, place)
        if number is None:
            return
        for outcome in outcomes:
            self.decide_all(number, outcome, supersedes=True)
            # Without saying so, nothing that is settled is decided again.
            self.decide_all(number, "rejected")
        self.merge(choice, 0)

    @rule(kind=edit, place=where, between=st.booleans(), choice=choice)
    def merge_is_reverted_and_done_again(self, kind: str, place: int, between: bool, choice: str) -> None:
        number = self.fresh("mara", kind, place)
        if number is None:
            return
        self.decide_all(number, "adopted")
        self.merge(choice, 0)
        if between:
            second = self.fresh("gilda", "word", place)
            if second is not None:
                self.decide_all(second, "adopted")
                self.merge("proposed", 0)
        for _ in range(2):
            before = self.model.head
            latest = sorted(self.model.merges)
            if not latest:
                return
            self.revert(len(latest) - 1)
            # A reverting is no merge, and is not reverted: the change is merged again.
            if self.model.head != before:
                body = {"base_revision": self.model.head}
                self.send("gilda", f"/revisions/{self.model.head}/revert", body, 409)
            self.merge(choice, 0)

    @rule(kind=edit, place=where, move=where, last=st.sampled_from(("submit", "withdraw")))
    def returned_is_taken_up_again(self, kind: str, place: int, move: int, last: str) -> None:
        number = self.fresh("mara", kind, place)
        if number is None:
            return
        self.move_on("return", "gilda", self.at(number))
        rival = self.fresh("gilda", "word", move)
        if rival is not None:
            self.decide_all(rival, "adopted")
            self.merge("proposed", 0)
        self.take_up(number)
        self.move_on(last, "mara", self.at(number))
        self.move_on(last, "mara", self.at(number))

    def take_up(self, number: int) -> None:
        """As the form does it: what fits the newest text is in the next version, the rest stands beside it."""
        with self.database.writing() as session:
            charter = charter_row(session, "small", lock=True)
            by = account(person_by_email(session, "mara@example.org"))
            row = proposal_row(session, charter, number, by)
            pending = [c for c in self.model.proposals[number].changes.values() if c.outcome == "pending"]
            taken = taken_up(session, charter, row, charter.head)
            kept = marks(taken.wanted) | marks([one.after for one in taken.left_out])
            assert frozenset().union(*(c.proposed for c in pending), frozenset()) <= kept, "words fell between"
            if taken.wanted == taken.base:
                return
            sent = submission_between(taken.base, taken.wanted)
            same = {"title": None, "rationale": None, "base_revision": charter.head, "submission": sent}
            proposals.edit(session, charter, row, by=by, now=clock.now(), **same)  # type: ignore[arg-type]
        self.model.proposals[number].version += 1
        self.read_changes(self.model.proposals[number], self.clients["mara"].get(f"{API}/proposals/{number}").json())

    @rule(kind=edit, place=where, signs=st.booleans(), again=st.booleans())
    def draft_is_shared_no_longer(self, kind: str, place: int, signs: bool, again: bool) -> None:
        number = self.fresh("mara", kind, place, submit=False)
        if number is None:
            return
        with self.database.reading() as session:
            gilda = person_by_email(session, "gilda@example.org").id
        proposal = self.model.proposals[number]
        self.send("mara", f"/proposals/{number}/partners", {"person": gilda}, 201)
        proposal.partners.add("gilda")
        if signs:
            self.send("gilda", f"/proposals/{number}/sign", {}, 200)
            self.edit_proposal("mara", self.at(number), "append", place)
        with self.database.reading() as session:
            self.notices(session)
        self.send("mara", f"/proposals/{number}/partners/{gilda}", None, 200, "DELETE", **ANY)
        proposal.partners.remove("gilda")
        self.send("gilda", f"/proposals/{number}/sign", {}, 404)
        self.told_the_last(gilda, number, signs)
        assert not proposal.partners
        if again:
            self.share_and_sign(self.at(number), "gilda")
            self.move_on("submit", "mara", self.at(number))

    def told_the_last(self, person: int, number: int, signed: bool) -> None:
        """Whoever had signed is told that their name is gone, and nothing else of what is hidden from them now."""
        query = "SELECT words, address FROM notices WHERE person_id = :person AND object = :thing"
        with self.database.reading() as session:
            about = {"person": person, "thing": f"proposal {number}"}
            rows = session.execute(sqlalchemy.text(query), about).all()
            # What is gone made room for numbers that are used again.
            self.heard = session.scalar(sqlalchemy.text("SELECT coalesce(max(id), 0) FROM notices")) or 0
        assert len(rows) == signed, rows
        for words, address in rows:
            assert "your name was taken off it" in words
            assert address == "/small/proposals", "the address of the draft leads nowhere for them"

    @rule(chosen=number_of, days=st.integers(0, 9), advises=st.booleans())
    def people_are_asked(self, chosen: int, days: int, advises: bool) -> None:
        """A day until which reviews are asked for, and a member who advises."""
        found = self.pick(chosen)
        if found is None:
            return
        number, proposal = found
        day = (clock.today() + timedelta(days=days + 1)).isoformat()
        seen = self.seen("gilda", proposal)
        status = (200 if proposal.state in ("open", "returned") else 409) if seen else 404
        for body in ({"review_by": day}, {"review_by": None}):
            self.send("gilda", f"/proposals/{number}/review-by", body, status, "PUT", **ANY)
        with self.database.reading() as session:
            otto = person_by_email(session, "otto@example.org").id
        if self.model.roles["otto"] != "member":
            return
        self.send("gilda", f"/people/{otto}/advises", {"advises": advises}, 200, "PUT", **ANY)
        change = min(proposal.changes)
        advice = [{"change": change, "outcome": "adopted", "reason": "I would."}]
        path = f"/proposals/{number}/recommendations"
        open_one = proposal.may("recommend") and any(
            n == change and c.outcome in ("pending", "deferred") for n, c in proposal.changes.items()
        )
        expected = 404 if not self.seen("otto", proposal) else 403 if not advises else 201 if open_one else 409
        self.send("otto", path, advice, expected)

    # What always holds

    @invariant()
    def nothing_is_lost_or_counted_wrongly(self) -> None:
        with self.database.reading() as session:
            self.counted(session)
            self.sourced(session)
            self.kept(session)

    def counted(self, session: Session) -> None:
        charter = charter_row(session, "small")
        for who in MEMBERS:
            by = account(person_by_email(session, f"{who}@example.org"))
            found = counts(session, charter, by, standing(session, by, charter))
            said = dict(zip(FIELDS, found.all, strict=True))
            assert said == plain_counts(session, charter.id, by.id, self.model.roles[who]), who

    def sourced(self, session: Session) -> None:
        charter = charter_row(session, "small")
        for _, _, block in head_snapshot(session, charter).placed_blocks():
            found = block_provenance(session, charter, str(block.id), None, working=True, in_force=None)
            assert "".join(span.words for span in found.spans) == block.text, block
            ends = [0, *(span.end for span in found.spans)]
            assert [span.start for span in found.spans] == ends[:-1], block

    def kept(self, session: Session) -> None:
        """Every word that was ever written stands somewhere still."""
        there = set()
        for table, column in (("bodies", "canonical"), ("changes", "operation"), ("decisions", "adopted_text")):
            stored = session.scalars(sqlalchemy.select(Base.metadata.tables[table].c[column]))
            there |= {mark for text in stored for mark in MARK.findall(text or "")}
        assert self.written <= there, self.written - there
        self.written = there


FIELDS = ("to_review", "returned", "unfit", "mentions", "lost_threads", "shared", "to_decide", "to_merge", "to_sign")


@contextmanager
def rare(sqlite_template: Path, folder: Path) -> Iterator[type[Rarely]]:
    """The machine over a service of its own."""
    with machine(sqlite_template, folder) as made:
        told = {name: getattr(made, name) for name in ("service", "template", "folder", "tokens")}
        yield type("Machine", (Rarely,), told)


def run(made: type[Rarely], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        made,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=HEALTH,
            derandomize=True,
        ),
    )


def test_every_way_that_people_seldom_go_is_as_a_plain_model_says(sqlite_template: Path, tmp_path: Path) -> None:
    with rare(sqlite_template, tmp_path) as made:
        state = made()
        state.begin([("mara", "append", 0), ("otto", "word", 4), ("gilda", "insert", 8)])
        ways: list[Callable[[], None]] = [
            partial(state.amendment_is_taken_over, "otto", "append", 1, True, "proposed"),
            partial(state.alternative_is_chosen, "gilda", "word", 4, False),
            partial(state.thread_loses_its_words, "mara", 1, 2, True, True),
            partial(state.decision_is_superseded, "two", 7, ["adopted", "rejected", "adopted_amended"], "both"),
            partial(state.merge_is_reverted_and_done_again, "insert", 5, True, "proposed"),
            partial(state.returned_is_taken_up_again, "word", 4, 4, "submit"),
            partial(state.draft_is_shared_no_longer, "append", 2, True, True),
            partial(state.people_are_asked, 0, 3, True),
            partial(state.thread_loses_its_words, "gilda", 4, 3, False, False),
        ]
        for way in ways:
            way()
            state.everything_is_as_the_model_says()
            state.nothing_is_lost_or_counted_wrongly()
        state.teardown()


@pytest.mark.long
def test_what_people_seldom_do_for_long_is_as_a_plain_model_says(sqlite_template: Path, tmp_path: Path) -> None:
    with rare(sqlite_template, tmp_path) as made:
        run(made, 40, 25)
