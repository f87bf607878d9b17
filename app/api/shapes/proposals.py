"""Proposals with their changes, reviews, recommendations and decisions, and what merging makes of them."""

from datetime import date, datetime

from pydantic import Field

from app.api.shapes.common import Ref, Shape, Tally
from app.api.shapes.texts import Redline, Section
from app.rules.majorities import Position
from app.rules.relations import RelationKind
from app.rules.states import Outcome, ProposalState
from app.text.change import ChangeKind
from app.text.weave import Choice, Class


class ProposalHead(Shape):
    """A proposal in a list. ``standing`` says in words how it stands."""

    number: int
    title: str
    author: str
    state: ProposalState
    standing: str
    version: int
    base_revision: int
    created_at: datetime
    updated_at: datetime
    sections: list[str]
    changes: int
    undecided: int


class OtherProposal(Shape):
    """A proposal as another one names it."""

    number: int
    title: str
    author: str
    state: ProposalState
    standing: str


class RelationTo(Shape):
    """What a proposal is to another one."""

    kind: RelationKind
    to: int


class Partner(Shape):
    """Somebody a proposal is shared with, and the version they put their name under."""

    id: int
    name: str
    shared_at: datetime
    signed_at: datetime | None
    signed_version: int | None
    on_earlier_version: bool


class FullTally(Tally):
    """The tally with the quorum, and who has not spoken, for those who belong to the charter."""

    quorum: int
    silent_people: list[str] | None


class Recommendation(Shape):
    """The advice that counts on a change."""

    id: int
    outcome: Outcome
    reason: str
    text: str | None
    person: str
    created_at: datetime
    version: int
    earlier: int


class Decision(Shape):
    """A decision on a change."""

    id: int
    outcome: Outcome
    reason: str
    text: str | None
    against_rule: bool
    decided_by: str
    decided_at: datetime
    version: int
    supersedes: int | None


class NamedDecision(Decision):
    """A decision with the change it is on."""

    ref: Ref


class Decisions(Shape):
    """What was decided, in the order in which it was asked for."""

    decided: list[NamedDecision]


class Review(Shape):
    """A review that counts; ``change`` is null where it is on the whole proposal."""

    id: int
    person: str
    position: Position
    text: str
    change: int | None
    version: int
    on_earlier_version: bool
    created_at: datetime


class Place(Shape):
    """Where something is put: behind that block of that section, or at its beginning."""

    section: str | None
    after: str | None


class TakenOut(Shape):
    """Where an adopted change was in the text: in which revision it went in, and which one took it out again."""

    revision: int
    reverted_in: int


class Change(Shape):
    """One typed change, decided on its own. ``before`` and ``after`` are words, ``old`` and ``new`` what is stored."""

    number: int
    ref: Ref
    kind: ChangeKind
    section: str | None
    section_id: str | None
    block: str | None
    before: str | None
    after: str | None
    old: object
    new: object
    field: str | None
    place: Place | None
    needs: list[int]
    fit: Class | None = Field(alias="class")
    confirm: bool
    collides_with: list[Ref]
    outcome: Outcome
    decision: Decision | None
    merged_revision: int | None
    merged_words: str | None
    taken_out: TakenOut | None
    tally: FullTally
    recommendation: Recommendation | None


class Proposal(Shape):
    """A proposal with everything on it. ``reports`` says what was done to a text on its way in."""

    number: int
    version: int
    state: ProposalState
    state_reason: str
    standing: str
    title: str
    rationale: str
    author: str
    base_revision: int
    head: int
    created_at: datetime
    updated_at: datetime
    review_by: date | None
    relation: RelationTo | None
    alternatives: list[OtherProposal]
    amendments: list[OtherProposal]
    same_as: list[OtherProposal]
    taken_into: int | None
    partners: list[Partner]
    changes: list[Change]
    reviews: list[Review]
    reports: list[str]


class RegisterEntry(Shape):
    """A decision in the register, with the words before, as proposed and as adopted."""

    id: int
    ref: Ref
    proposal: int
    change: int
    title: str
    proposed_by: str
    kind: ChangeKind
    section: str | None
    version: int
    outcome: Outcome
    reason: str
    before: str | None
    proposed: str | None
    adopted: str | None
    against_rule: bool
    decided_by: str
    decided_at: datetime
    supersedes: int | None
    superseded_by: int | None
    merged_revision: int | None
    merged_words: str | None


class TriedChange(Shape):
    """How a change fits within what was chosen with it."""

    ref: Ref
    fit: Class = Field(alias="class")
    confirm: bool


class Conflict(Shape):
    """A sentence for which somebody has to choose: as it was, stands, is proposed, and with both."""

    id: str
    section: str | None
    block: str | None
    base: str
    standing: str
    proposed: str
    both: str | None
    changes: list[Ref]
    choices: list[Choice]
    why: str


class CombinedSentence(Shape):
    """A sentence that several changes make together, which somebody has to read and confirm."""

    id: str
    section: str
    block: str
    sentence: str
    changes: list[Ref]


class MergePreview(Shape):
    """What the working text becomes. Nothing of it is written."""

    base_revision: int
    changes: list[TriedChange]
    conflicts: list[Conflict]
    combined: list[CombinedSentence]
    outdated: list[str]
    problems: list[str]
    sections: list[Section]
    redline: Redline
