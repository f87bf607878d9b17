"""What people say and are told: threads, notices, following, what awaits them, and what they search for."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from app.api.shapes.common import Ref, Shape, Tally
from app.rules.states import Outcome, ProposalState
from app.rules.threads import About, Audience, ThreadState
from app.text.anchors import AnchorState
from app.text.change import ChangeKind
from app.text.weave import Class


class ThreadHead(Shape):
    """A thread in a list, with its first words."""

    id: int
    state: ThreadState
    audience: Audience
    about: About
    subject: str
    section: str | None
    block: str | None
    proposal: int | None
    change: Ref | None
    anchor_state: AnchorState | None
    author: str
    text: str
    comments: int
    created_at: datetime
    last_at: datetime


class Anchor(Shape):
    """How a thread finds its words: code points of the text of a block, and the words that stood there."""

    state: AnchorState
    section: str
    block: str | None
    start: int
    end: int
    quote: str
    revision: int


class Offer(Shape):
    """Where the words of a thread may be now, for a person to say; ``likeness`` is from 0 to 1."""

    section: str
    block: str
    start: int
    end: int
    text: str
    likeness: float


class Comment(Shape):
    """What somebody said in a thread."""

    number: int
    author: str
    text: str
    created_at: datetime


class Thread(Shape):
    """A thread with all that was said, and where its words are now."""

    id: int
    state: ThreadState
    audience: Audience
    about: About
    subject: str
    section: str | None
    proposal: int | None
    change: Ref | None
    anchor: Anchor | None
    opened_on: Anchor | None
    words_now: str | None
    offers: list[Offer]
    author: str
    comments: list[Comment]
    created_at: datetime
    last_at: datetime
    resolved_by: str | None
    resolved_at: datetime | None
    following: str | None


class NotCalled(Shape):
    """A call by @ that nobody heard, why, and who could have been meant."""

    words: str
    why: Literal["several", "nobody", "cannot-read"]
    could_be: list[str]


class SaidIn(Thread):
    """A thread in which somebody just said something, and whom that called."""

    called: list[str]
    not_called: list[NotCalled]


class Following(Shape):
    """Whether somebody follows it, has muted it, or neither."""

    mode: Literal["following", "muted"] | None


class Notice(Shape):
    """Something somebody was told."""

    id: int
    charter: str | None
    kind: str
    object: str
    address: str
    words: str
    quote: str
    created_at: datetime
    read_at: datetime | None


class NoticesRead(Shape):
    """How many notices were not read until now."""

    read: int


class NoticeChoices(Shape):
    """How somebody wants to be told."""

    mail: Literal["at_once", "daily", "none"]
    listing: Literal["shown", "none"]


class Counts(Shape):
    """How much awaits somebody, each exact up to a hundred; ``total`` counts no proposal twice."""

    to_review: int
    returned: int
    unfit: int
    mentions: int
    lost_threads: int
    shared: int
    to_decide: int
    to_merge: int
    to_sign: int
    total: int


class WaitingProposal(Shape):
    """A proposal that awaits somebody."""

    proposal: int
    title: str
    author: str
    version: int
    reviewed_version: int | None
    review_by: date | None
    updated_at: datetime
    reason: str


class WaitingChange(Shape):
    """A change that awaits its author, or a merge."""

    ref: Ref
    proposal: int
    title: str
    author: str
    section: str | None
    outcome: Outcome
    fit: Class | None = Field(alias="class")


class UndecidedChange(WaitingChange):
    """A change that awaits a decision."""

    kind: ChangeKind
    review_by: date | None
    tally: Tally


class SectionToDecide(Shape):
    """What is to be decided in a section; what meets together is in one group."""

    section: str | None
    count: int
    groups: list[list[UndecidedChange]]


class Mention(Shape):
    """Somebody was called by name."""

    notice: int
    text: str
    address: str
    at: datetime


class LostThread(Shape):
    """A thread whose words are gone."""

    thread: int
    text: str
    section: str | None


class EditionToSign(Shape):
    """A candidate that awaits a governor's name."""

    edition: str
    label: str
    revision: int


class Awaiting(Shape):
    """What awaits whoever asks, the first fifty of each sort."""

    counts: Counts
    to_review: list[WaitingProposal]
    returned: list[WaitingProposal]
    unfit: list[WaitingChange]
    mentions: list[Mention]
    lost_threads: list[LostThread]
    shared: list[WaitingProposal]
    to_decide: list[SectionToDecide]
    to_merge: list[WaitingChange]
    to_sign: list[EditionToSign]


class FoundBlock(Shape):
    """Where the words stand in a text: a block, the heading of a section, or (neither) the cover."""

    section: str | None
    block: str | None
    place: str
    words: str


class FoundProposal(Shape):
    """A proposal in which the words stand."""

    number: int
    title: str
    author: str
    state: ProposalState
    where: str
    change: int | None
    section_name: str | None
    words: str
    updated_at: datetime


class FoundThread(Shape):
    """A comment in which the words stand."""

    id: int
    comment: int
    subject: str
    state: ThreadState
    audience: Audience
    author: str
    words: str
    created_at: datetime


class Found(Shape):
    """What was found, the first of each sort; ``more`` names the sorts that go on, ``after`` says from where."""

    words: list[str]
    working: list[FoundBlock]
    edition: list[FoundBlock]
    proposals: list[FoundProposal]
    threads: list[FoundThread]
    more: list[str]
    after: dict[str, str]
