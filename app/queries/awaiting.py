"""What waits for somebody, as conditions in SQL and as numbers that are cheap enough for every page."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from functools import cache
from typing import Protocol

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition, SignOff
from app.db.models.notices import Notice
from app.db.models.proposals import Proposal, ProposalPartner, ProposedChange
from app.db.models.reviews import Review
from app.db.models.threads import Thread
from app.queries.people import Account
from app.queries.reverting import was_taken_out
from app.rules.notices import Happening
from app.rules.permissions import Role, Standing
from app.rules.states import ADOPTED, UNSETTLED, EditionState, ProposalState
from app.rules.threads import ThreadState
from app.text.anchors import AnchorState
from app.text.woven import Class

MOST_COUNTED = 100
"""Each number goes up to here: who has so much before them needs no exact one, and counting stays cheap."""

UNFIT = (Class.CONFLICT, Class.ORPHANED)
"""How a change fits the text when only its author can help."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many things wait for somebody in one charter, by what there is to do.

    ``total`` is what the navigation shows: a governor's proposals to decide on hold those to review, so that these
    are not counted twice.
    """

    to_review: int = 0
    returned: int = 0
    unfit: int = 0
    mentions: int = 0
    lost_threads: int = 0
    shared: int = 0
    to_decide: int = 0
    to_merge: int = 0
    to_sign: int = 0

    @property
    def total(self) -> int:
        """Everything together, no proposal counted twice for being to review and to decide."""
        return sum(self.all) - min(self.to_review, self.to_decide)

    @property
    def all(self) -> list[int]:
        """The numbers, in the order in which they are listed."""
        return [getattr(self, field.name) for field in fields(self)]

    @property
    def many(self) -> bool:
        """Whether some number is not the exact one but "that many or more"."""
        return max(self.all) >= MOST_COUNTED


class Whoever(Protocol):
    """A person, or the place of one in a question that is put together before it is asked."""

    @property
    def id(self) -> int | BindParameter[int]: ...


def awaits(person: Account, standing: Standing) -> ColumnElement[bool]:
    """The condition in SQL: this proposal waits for that person.

    One's own that was returned; for those with a role, an open one to review; for a governor, any that is open.
    """
    return or_(is_returned_to(person), is_to_review(person, standing), is_to_decide(standing))


def is_returned_to(person: Whoever) -> ColumnElement[bool]:
    """The condition in SQL: the proposal is this person's own and was given back."""
    return (Proposal.author_id == person.id) & (Proposal.state == ProposalState.RETURNED)


def is_to_review(person: Whoever, standing: Standing) -> ColumnElement[bool]:
    """The condition in SQL: the proposal is open, of others, and not reviewed by this person as it reads now.

    Whoever reviewed an earlier version is asked again, since that review is of other words. Who put their name under
    the proposal is not asked.
    """
    if standing.role is None:
        return false()
    # One look into an index for each proposal: a list of all that somebody ever reviewed grows for ever.
    reviewed = exists().where(
        Review.person_id == person.id, Review.proposal_id == Proposal.id, Review.version == Proposal.version
    )
    signed = select(ProposalPartner.proposal_id).where(
        ProposalPartner.person_id == person.id, ProposalPartner.signed_at.is_not(None)
    )
    return (
        (Proposal.state == ProposalState.OPEN)
        & (Proposal.author_id != person.id)
        & ~reviewed
        & Proposal.id.not_in(signed)
    )


def is_to_decide(standing: Standing) -> ColumnElement[bool]:
    """The condition in SQL: the proposal waits for this governor's decision. Every open one has undecided changes."""
    if standing.role is not Role.GOVERNOR:
        return false()
    return Proposal.state == ProposalState.OPEN


def is_shared_with(person: Whoever) -> ColumnElement[bool]:
    """The condition in SQL: this person is asked for their name under a proposal of somebody else.

    It is a draft that others show them, or they put their name under an earlier version of it than it is now.
    """
    mine = ProposalPartner.person_id == person.id
    shared = select(ProposalPartner.proposal_id).where(mine, ProposalPartner.signed_at.is_(None))
    signed = select(ProposalPartner.proposal_id, ProposalPartner.signed_version).where(
        mine, ProposalPartner.signed_version.is_not(None)
    )
    once = select(ProposalPartner.proposal_id).where(mine, ProposalPartner.signed_version.is_not(None))
    return or_(
        (Proposal.state == ProposalState.DRAFT) & Proposal.id.in_(shared),
        Proposal.state.in_((ProposalState.DRAFT, ProposalState.OPEN, ProposalState.RETURNED))
        & Proposal.id.in_(once)
        & tuple_(Proposal.id, Proposal.version).not_in(signed),
    )


def is_unfit_of(person: Whoever) -> ColumnElement[bool]:
    """The condition in SQL on changes joined to proposals: it is in this person's open proposal and needs them now.

    Those of a returned proposal are not counted apart: the proposal itself waits for its author.
    """
    return (
        (Proposal.author_id == person.id)
        & (Proposal.state == ProposalState.OPEN)
        & ProposedChange.fit.in_(UNFIT)
        & ProposedChange.outcome.in_(UNSETTLED)
        & ProposedChange.last_version.is_(None)
    )


def is_ready() -> ColumnElement[bool]:
    """The condition in SQL on changes joined to proposals: adopted, and not in the text nor taken out of it again."""
    return (
        ProposedChange.outcome.in_(ADOPTED)
        & ProposedChange.merged_revision.is_(None)
        & ProposedChange.last_version.is_(None)
        & Proposal.state.in_((ProposalState.OPEN, ProposalState.DECIDED))
        & ~was_taken_out()
    )


def of_proposal() -> ColumnElement[bool]:
    """The join of changes to their proposals for what few changes are: those are found first, then their proposals.

    As a sum the number of the proposal is nothing a database could look changes up by, so that it does not go through
    all proposals there ever were.
    """
    return Proposal.id == ProposedChange.proposal_id + 0


def is_unread_mention_of(person: Whoever) -> ColumnElement[bool]:
    """The condition in SQL: the notice says that somebody called this person by name, and they have not read it.

    Whoever wants no list of notices is shown none here either: they could not mark it as read.
    """
    unread = (Notice.person_id == person.id) & Notice.read_at.is_(None) & Notice.listed
    return unread & (Notice.kind == Happening.MENTIONED)


def is_lost_thread_of(person: Whoever) -> ColumnElement[bool]:
    """The condition in SQL: the thread is this person's, open, and the words it was about are gone."""
    return (
        (Thread.anchor_state == AnchorState.ORPHANED)
        & (Thread.author_id == person.id)
        & (Thread.state == ThreadState.OPEN)
    )


def is_to_sign(person: Whoever) -> ColumnElement[bool]:
    """The condition in SQL: the edition is a candidate that this person has not signed off."""
    signed = exists().where(
        SignOff.edition_id == Edition.id, SignOff.person_id == person.id, SignOff.lapsed_at.is_(None)
    )
    return (Edition.state == EditionState.CANDIDATE) & ~signed


def counts(session: Session, charter: Charter, person: Account, standing: Standing) -> Counts:
    """How much waits for somebody, asked in one question; each number is exact up to a hundred."""
    asked = {"charter": charter.id, "person": person.id}
    return Counts(**session.execute(_question(standing.role), asked).one()._mapping)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Somebody who is only named when the question is asked."""

    id: BindParameter[int]


@cache
def _question(role: Role | None) -> Select[int]:
    """What :func:`counts` asks for somebody with that role: put together once, since it is asked for every page."""
    person, standing = _Asked(bindparam("person", type_=Integer)), Standing(role=role)
    its_id = bindparam("charter", type_=Integer)
    of_charter = Proposal.charter_id == its_id
    changes = select(ProposedChange.id).join(Proposal, of_proposal()).where(of_charter)
    proposals = select(Proposal.id).where(of_charter)
    asked: dict[str, Select[int]] = {"returned": proposals.where(is_returned_to(person))}
    if role is not None:
        asked |= {
            "to_review": proposals.where(is_to_review(person, standing)),
            "unfit": changes.where(is_unfit_of(person)),
            "mentions": select(Notice.id).where(Notice.charter_id == its_id, is_unread_mention_of(person)),
            "lost_threads": select(Thread.id).where(Thread.charter_id == its_id, is_lost_thread_of(person)),
            "shared": proposals.where(is_shared_with(person)),
        }
    if role is Role.GOVERNOR:
        asked |= {
            "to_decide": proposals.where(is_to_decide(standing)),
            "to_merge": changes.where(is_ready()),
            "to_sign": select(Edition.id).where(Edition.charter_id == its_id, is_to_sign(person)),
        }
    return select(
        *(
            select(func.count()).select_from(query.limit(MOST_COUNTED).subquery()).scalar_subquery().label(name)
            for name, query in asked.items()
        )
    )


def awaiting_among(
    session: Session, charter: Charter, person: Account, standing: Standing, numbers: Collection[int]
) -> set[int]:
    """Those of these proposals that wait for this person, by number."""
    query = select(Proposal.number).where(
        Proposal.charter_id == charter.id, Proposal.number.in_(numbers), awaits(person, standing)
    )
    return set(session.scalars(query))
