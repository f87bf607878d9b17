"""What waits for somebody, line by line: at most a page of each sort, what is due first at the head."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.editions import Edition
from app.db.models.notices import Notice
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalPartner, ProposalVersion, ProposedChange
from app.db.models.reviews import Review
from app.db.models.threads import Thread, ThreadComment
from app.queries import awaiting
from app.queries.awaiting import Counts, counts
from app.queries.naming import shown_name
from app.queries.people import Account
from app.queries.undecided import UndecidedSection, undecided_sections
from app.rules.permissions import Standing

MOST = 50
"""So many lines of each sort at most."""


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal that waits. ``reviewed`` and ``signed`` are the versions this person did so with, if earlier ones."""

    number: int
    title: str
    author: str
    version: int
    review_by: date | None
    updated_at: datetime
    reason: str
    reviewed: int | None = None
    signed: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change that waits: how people name it, its proposal, where it is, and how it fits the text."""

    ref: str
    proposal: int
    change: int
    title: str
    author: str
    section: str | None
    outcome: str
    fit: str


@dataclass(frozen=True, slots=True)
class MentionLine:
    """A comment in which somebody was called by name: the sentence they were told, and where it stands."""

    notice: int
    sentence: str
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A thread whose words are gone: its number, what it began with, and in which section that was."""

    number: int
    begins: str
    section: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class EditionLine:
    """A candidate to be signed off."""

    key: str
    label: str
    revision: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything that waits for one person in one charter.

    ``counts`` says how much there is, the lists hold the first of each. For governors, who decide on everything
    that is open, it stands under ``to_decide`` alone and not under ``to_review`` too.
    """

    counts: Counts
    to_review: Sequence[ProposalLine]
    returned: Sequence[ProposalLine]
    unfit: Sequence[ChangeLine]
    mentions: Sequence[MentionLine]
    lost_threads: Sequence[ThreadLine]
    shared: Sequence[ProposalLine]
    to_decide: Sequence[UndecidedSection]
    to_merge: Sequence[ChangeLine]
    to_sign: Sequence[EditionLine]


def waiting(session: Session, charter: Charter, person: Account, standing: Standing, *, most: int = MOST) -> Waiting:
    """All that waits for this person, at most so many lines of each sort; lists that are empty are not asked for."""
    found = counts(session, charter, person, standing)
    return Waiting(
        counts=found,
        to_review=proposals_to_review(session, charter, person, standing, most)
        if found.to_review and not found.to_decide
        else (),
        returned=returned_proposals(session, charter, person, most) if found.returned else (),
        unfit=unfit_changes(session, charter, person, most) if found.unfit else (),
        mentions=unread_mentions(session, charter, person, most) if found.mentions else (),
        lost_threads=lost_threads(session, charter, person, most) if found.lost_threads else (),
        shared=shared_drafts(session, charter, person, most) if found.shared else (),
        to_decide=undecided_sections(session, charter, most) if found.to_decide else (),
        to_merge=changes_to_merge(session, charter, most) if found.to_merge else (),
        to_sign=candidates_to_sign(session, charter, person, most) if found.to_sign else (),
    )


def proposals_to_review(
    session: Session, charter: Charter, person: Account, standing: Standing, most: int
) -> Sequence[ProposalLine]:
    """Open proposals of others this person has not reviewed as they read now: deadlines first, then the oldest."""
    lines = _proposals(session, charter, awaiting.is_to_review(person, standing), most)
    rows = session.execute(
        select(Proposal.number, func.max(Review.version))
        .join(Proposal, Proposal.id == Review.proposal_id)
        .where(
            Proposal.charter_id == charter.id,
            Proposal.number.in_([line.number for line in lines]),
            Review.person_id == person.id,
        )
        .group_by(Proposal.number)
    )
    reviewed = {number: version for number, version in rows}  # noqa: C416 - rows are no pairs for mypy
    return [
        ProposalLine(
            number=line.number,
            title=line.title,
            author=line.author,
            version=line.version,
            review_by=line.review_by,
            updated_at=line.updated_at,
            reason=line.reason,
            reviewed=reviewed.get(line.number),
        )
        for line in lines
    ]


def returned_proposals(session: Session, charter: Charter, person: Account, most: int) -> Sequence[ProposalLine]:
    """This person's proposals that were given back, with the reason."""
    return _proposals(session, charter, awaiting.is_returned_to(person), most)


def shared_drafts(session: Session, charter: Charter, person: Account, most: int) -> Sequence[ProposalLine]:
    """Drafts that others show this person, and what they signed and reads otherwise now: it waits for their name."""
    lines = _proposals(session, charter, awaiting.is_shared_with(person), most)
    rows = session.execute(
        select(Proposal.number, ProposalPartner.signed_version)
        .join(Proposal, Proposal.id == ProposalPartner.proposal_id)
        .where(
            Proposal.charter_id == charter.id,
            Proposal.number.in_([line.number for line in lines]),
            ProposalPartner.person_id == person.id,
        )
    )
    signed = {number: version for number, version in rows}  # noqa: C416 - rows are no pairs for mypy
    return [replace(line, signed=signed.get(line.number)) for line in lines]


def unfit_changes(session: Session, charter: Charter, person: Account, most: int) -> Sequence[ChangeLine]:
    """Changes in this person's open proposals that cannot go into the text as it reads now."""
    return _changes(session, charter, awaiting.is_unfit_of(person), most)


def changes_to_merge(session: Session, charter: Charter, most: int) -> Sequence[ChangeLine]:
    """Adopted changes that are not in the text."""
    return _changes(session, charter, awaiting.is_ready(), most)


def unread_mentions(session: Session, charter: Charter, person: Account, most: int) -> Sequence[MentionLine]:
    """Comments in which this person was called by name, the newest first."""
    rows = session.execute(
        select(Notice.id, Notice.words, Notice.address, Notice.created_at)
        .where(Notice.charter_id == charter.id, awaiting.is_unread_mention_of(person))
        .order_by(Notice.id.desc())
        .limit(most)
    )
    return [MentionLine(id, words.partition("\n")[0], address, at) for id, words, address, at in rows]


def lost_threads(session: Session, charter: Charter, person: Account, most: int) -> Sequence[ThreadLine]:
    """This person's open threads that are about words which are gone."""
    rows = session.execute(
        select(Thread.number, ThreadComment.text, Thread.section_id, Thread.last_at)
        .join(ThreadComment, (ThreadComment.thread_id == Thread.id) & (ThreadComment.number == 1))
        .where(Thread.charter_id == charter.id, awaiting.is_lost_thread_of(person))
        # As a sum, so that the few lost ones are found first and put in order, not all open ones gone through in order.
        .order_by(Thread.number + 0)
        .limit(most)
    )
    return [ThreadLine(number, _beginning(text), section, at) for number, text, section, at in rows]


def candidates_to_sign(session: Session, charter: Charter, person: Account, most: int) -> Sequence[EditionLine]:
    """Candidates this governor has not signed off."""
    rows = session.execute(
        select(Edition.key, Edition.label, Edition.revision)
        .where(Edition.charter_id == charter.id, awaiting.is_to_sign(person))
        .order_by(Edition.effective, Edition.id)
        .limit(most)
    )
    return [EditionLine(key, label, revision) for key, label, revision in rows]


def _proposals(session: Session, charter: Charter, condition: ColumnElement[bool], most: int) -> list[ProposalLine]:
    # Only numbers are put in order, so that what is sorted is small however much waits.
    order = (Proposal.review_by.is_(None), Proposal.review_by, Proposal.number)
    first = select(Proposal.id).where(Proposal.charter_id == charter.id, condition).order_by(*order).limit(most)
    rows = session.execute(
        select(
            Proposal.number,
            ProposalVersion.title,
            shown_name(Proposal.charter_id),
            Proposal.version,
            Proposal.review_by,
            Proposal.updated_at,
            Proposal.state_reason,
        )
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version),
        )
        .join(Person, Person.id == Proposal.author_id)
        .where(Proposal.id.in_(session.scalars(first).all()))
        .order_by(*order)
    )
    return [ProposalLine(*row) for row in rows]


def _changes(session: Session, charter: Charter, condition: ColumnElement[bool], most: int) -> list[ChangeLine]:
    rows = session.execute(
        select(
            Proposal.number,
            ProposedChange.number,
            ProposalVersion.title,
            shown_name(Proposal.charter_id),
            ProposedChange.section_id,
            ProposedChange.outcome,
            ProposedChange.fit,
        )
        .join(Proposal, awaiting.of_proposal())
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Proposal.version),
        )
        .join(Person, Person.id == Proposal.author_id)
        .where(Proposal.charter_id == charter.id, condition)
        .order_by(Proposal.number, ProposedChange.number)
        .limit(most)
    )
    return [
        ChangeLine(f"{proposal}.{change}", proposal, change, title, author, section, outcome, fit)
        for proposal, change, title, author, section, outcome, fit in rows
    ]


def _beginning(text: str, most: int = 120) -> str:
    """The first words of a comment; that there is more is said by an ellipsis."""
    words = " ".join(text.split())
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "…"
