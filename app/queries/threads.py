"""One thread as pages and the interface show it: what it hangs on, then and now, and what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.people import Person, Role
from app.db.models.proposals import Proposal
from app.db.models.threads import Thread, ThreadComment
from app.queries.follows import following
from app.queries.naming import names
from app.queries.people import Account
from app.queries.revisions import head_snapshot
from app.queries.thread_words import stored_anchor, subject
from app.rules.permissions import Action
from app.rules.threads import ON_TEXT, may_settle
from app.text.anchors import Anchor, Reach
from app.text.mentions import Outcome, calls
from app.text.offers import Offer, offers
from app.text.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class CommentView:
    """What somebody said. ``own``: whoever asks said it; ``called`` is where in the text somebody is called by name."""

    number: int
    author: str
    text: str
    created_at: datetime
    own: bool = False
    called: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread with all that was said in it.

    ``anchor`` is where its words are now and ``first`` how they were when it was opened; both None on a proposal.
    ``now`` are the words as they read now, None for an orphan and on a section. ``offers`` are places an orphan's
    words may have gone to, for those who may hang it there.
    """

    number: int
    state: str
    audience: str
    about: str
    subject: str
    author: str
    proposal: int | None
    change: int | None
    anchor: Anchor | None
    first: Anchor | None
    now: str | None
    offers: Sequence[Offer]
    comments: Sequence[CommentView]
    created_at: datetime
    last_at: datetime
    resolved_by: str | None
    resolved_at: datetime | None
    following: str | None
    may_comment: bool
    may_settle: bool

    @property
    def may_reattach(self) -> bool:
        """Whether it hangs on the text and whoever asks may hang it elsewhere."""
        return self.may_settle and self.anchor is not None


def thread_view(
    session: Session, charter: Charter, thread: Thread, person: Account | None, allowed: frozenset[Action]
) -> ThreadView:
    """Everything about one thread, for somebody who may see it."""
    text = head_snapshot(session, charter)
    anchor, first = stored_anchor(thread.anchor), stored_anchor(thread.first_anchor)
    if anchor is not None and not anchor.orphaned:
        # What no revision touched since reads and stands in the newest one as it did.
        anchor = replace(anchor, revision=charter.head)
    settles = may_settle(allowed, is_author=person is not None and person.id == thread.author_id)
    wanting = settles and thread.reach in ON_TEXT and anchor is not None and anchor.orphaned
    rows = session.scalars(
        select(ThreadComment).where(ThreadComment.thread_id == thread.id).order_by(ThreadComment.number)
    ).all()
    people = {thread.author_id, *(row.author_id for row in rows)}
    called = names(
        session, thread.charter_id, people | ({thread.resolved_by} if thread.resolved_by is not None else set())
    )
    proposal = proposal_number(session, thread)
    callable = people_to_call(session, charter) if any("@" in row.text or "＠" in row.text for row in rows) else {}
    return ThreadView(
        number=thread.number,
        state=thread.state,
        audience=thread.audience,
        about=thread.reach,
        subject=subject(proposal, thread.change_number, anchor),
        author=called[thread.author_id],
        proposal=proposal,
        change=thread.change_number,
        anchor=anchor,
        first=first,
        now=_words_now(anchor, text),
        offers=offers(anchor, text) if wanting and anchor is not None else (),
        comments=[
            CommentView(
                row.number,
                called[row.author_id],
                row.text,
                row.created_at,
                own=person is not None and person.id == row.author_id,
                called=_called(row.text, callable),
            )
            for row in rows
        ],
        created_at=thread.created_at,
        last_at=thread.last_at,
        resolved_by=None if thread.resolved_by is None else called[thread.resolved_by],
        resolved_at=thread.resolved_at,
        following=None if person is None else following(session, charter, person.id, f"thread {thread.number}"),
        may_comment=Action.COMMENT in allowed,
        may_settle=settles,
    )


def proposal_number(session: Session, thread: Thread) -> int | None:
    """The number of the proposal it is on, or None."""
    if thread.proposal_id is None:
        return None
    return session.scalar(select(Proposal.number).where(Proposal.id == thread.proposal_id))


def people_to_call(session: Session, charter: Charter) -> dict[int, str]:
    """The names by which people with a role in the charter can be called in a comment, by id."""
    query = (
        select(Person.id, Person.name)
        .join(Role, Role.person_id == Person.id)
        .where(Role.charter_id == charter.id, Person.removed_at.is_(None))
    )
    return {row.id: row.name for row in session.execute(query)}


def _called(text: str, names: Mapping[int, str]) -> Sequence[tuple[int, int]]:
    if not names:
        return ()
    return [(call.start, call.end) for call in calls(text, names) if call.outcome is Outcome.CALLED]


def _words_now(anchor: Anchor | None, text: Snapshot) -> str | None:
    if anchor is None or anchor.orphaned:
        return None
    if anchor.reach is Reach.SECTION:
        section = text.section_by_id(anchor.section)
        return None if section is None else section.heading
    block = next((b for _, _, b in text.placed_blocks() if b.id == anchor.block), None)
    return None if block is None else block.text[anchor.start : anchor.end]
