"""Search: the text, proposals and threads that somebody may see and in which all the words stand that they look for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache, reduce
from operator import add

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.db.folded import words_of
from app.db.models.charters import Charter
from app.db.models.editions import Edition
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.db.models.threads import Thread, ThreadComment
from app.queries.drafts import hidden_from
from app.queries.editions import edition_in_force
from app.queries.naming import shown_name
from app.queries.people import Account
from app.queries.revisions import head_snapshot, snapshot
from app.queries.thread_readers import seen_by
from app.queries.thread_words import stored_anchor, subject
from app.rules.permissions import Action
from app.text.dialect.inline import plain
from app.text.folding import Piece, excerpt, folded, sought
from app.text.snapshot import Section, SectionKind, Snapshot

LONGEST_QUERY = 200
"""Characters a search may have."""

SHOWN = 20
"""So many of each sort are shown, the newest first; the text in its own order."""


@dataclass(frozen=True, slots=True)
class FoundBlock:
    """A paragraph of the text, or (without ``block``) the heading of a section; without ``section`` the cover."""

    section: str
    section_name: str
    block: str | None
    words: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class FoundProposal:
    """A proposal, with where the words stand in it: its title, its reasons, or the words of the ``change``."""

    number: int
    title: Sequence[Piece]
    author: str
    state: str
    updated_at: datetime
    where: str
    change: int | None
    words: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class FoundThread:
    """A thread, with the newest comment in which the words stand."""

    number: int
    comment: int
    subject: str
    state: str
    audience: str
    author: str
    at: datetime
    words: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. ``more`` names the sorts of which there is more than is shown.

    ``edition`` are paragraphs of the edition in force where it reads otherwise than the working text, or all that fit
    for those who may not read the working text; ``label`` is what it is called.
    """

    words: tuple[str, ...] = ()
    working: Sequence[FoundBlock] = ()
    edition: Sequence[FoundBlock] = ()
    label: str = ""
    proposals: Sequence[FoundProposal] = ()
    threads: Sequence[FoundThread] = ()
    more: frozenset[str] = field(default_factory=frozenset)

    @property
    def count(self) -> int:
        """How many things are shown."""
        return len(self.working) + len(self.edition) + len(self.proposals) + len(self.threads)


def search(
    session: Session, charter: Charter, person: Account | None, allowed: frozenset[Action], query: str, today: date
) -> Found:
    """Everything in which each word of the query stands, as far as this person may see it.

    What it costs is bounded: the words compared are stored beside what they are of, a query has ten words at most, and
    of each sort a few are read.
    """
    words = sought(query[:LONGEST_QUERY])
    if not words:
        return Found()
    reads = Action.READ_WORKING_TEXT in allowed
    edition = edition_in_force(session, charter, today)
    working = _in_text(head_snapshot(session, charter), words) if reads else []
    published = _in_edition(session, charter, edition, words, compared=reads)
    proposals = _proposals(session, charter, person, words) if reads else []
    threads = _threads(session, charter, person, allowed, words) if reads else []
    sorts: dict[str, Sequence[object]] = {
        "working": working,
        "edition": published,
        "proposals": proposals,
        "threads": threads,
    }
    return Found(
        words=words,
        working=working[:SHOWN],
        edition=published[:SHOWN],
        label=edition.label if edition is not None else "",
        proposals=proposals[:SHOWN],
        threads=threads[:SHOWN],
        more=frozenset(name for name, found in sorts.items() if len(found) > SHOWN),
    )


def _in_edition(
    session: Session, charter: Charter, edition: Edition | None, words: tuple[str, ...], *, compared: bool
) -> list[FoundBlock]:
    """What fits in the edition; ``compared``: only where it does not read as the working text does."""
    if edition is None or (compared and edition.revision == charter.head):
        return []
    text = snapshot(session, charter, edition.revision)
    if not compared:
        return _in_text(text, words)
    now = {block.id: block.text for _, _, block in head_snapshot(session, charter).placed_blocks()}
    return _in_text(text, words, unless=lambda block, said: now.get(block) == said)


def _in_text(
    text: Snapshot, words: tuple[str, ...], *, unless: Callable[[str | None, str], bool] | None = None
) -> list[FoundBlock]:
    """The headings and paragraphs in which the words stand; a paragraph may leave some to the name of its section."""
    found: list[FoundBlock] = []
    front = text.front
    cover = " ".join(f"{front.title} {front.organisation} {front.address} {front.contact}".split())
    if unless is None and all(word in folded(cover) for word in words):
        found.append(FoundBlock("", "Cover", None, excerpt(cover, words)))
    for section in text.sections:
        name = _name(section)
        of_section = folded(name)
        titled = unless is None and section.kind is not SectionKind.FOOTNOTES
        if titled and all(word in of_section for word in words):
            found.append(FoundBlock(section.key, name, None, excerpt(name, words)))
        rest = [word for word in words if word not in of_section] or list(words)
        for block in section.blocks:
            if len(found) > SHOWN:
                return found
            said = _folded_block(block.text)
            if not all(word in said for word in rest):
                continue
            if unless is None or not unless(block.id, block.text):
                found.append(
                    FoundBlock(section.key, name, block.id, excerpt(" ".join(plain(block.text).split()), words))
                )
    return found


@lru_cache(maxsize=4096)
def _folded_block(text: str) -> str:
    return folded(plain(text))


def _name(section: Section) -> str:
    return " ".join(plain(section.heading).split()) or section.key.capitalize()


def _holds(column: InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    """The condition in SQL: the word stands there. What acts in a pattern is taken as the sign it is."""
    return column.contains(word, autoescape=True)


def _proposals(
    session: Session, charter: Charter, person: Account | None, words: tuple[str, ...]
) -> list[FoundProposal]:
    """Proposals by their title, reasons and the words of their changes in the newest version, the newest first."""

    def in_change(word: str) -> ColumnElement[bool]:
        return exists().where(
            ProposedChange.proposal_id == Proposal.id,
            ProposedChange.last_version.is_(None),
            _holds(ProposedChange.folded, word),
        )

    query = (
        select(
            Proposal.id,
            Proposal.number,
            Proposal.state,
            Proposal.updated_at,
            ProposalVersion.title,
            ProposalVersion.rationale,
            shown_name(Proposal.charter_id).label("name"),
        )
        .join(
            ProposalVersion,
            and_(ProposalVersion.proposal_id == Proposal.id, ProposalVersion.version == Proposal.version),
        )
        .join(Person, Person.id == Proposal.author_id)
        .where(
            Proposal.charter_id == charter.id,
            ~hidden_from(person),
            *(or_(_holds(ProposalVersion.folded, word), in_change(word)) for word in words),
        )
        .order_by(Proposal.number.desc())
        .limit(SHOWN + 1)
    )
    rows = session.execute(query).all()
    changed = _changed_words(session, [row.id for row in rows], words)
    found = []
    for row in rows:
        number, wording = changed.get(row.id, (None, ""))
        where, said = _best(words, row.rationale, wording)
        found.append(
            FoundProposal(
                number=row.number,
                title=excerpt(row.title, words),
                author=row.name,
                state=row.state,
                updated_at=row.updated_at,
                where=where,
                change=number if where == "change" else None,
                words=said,
            )
        )
    return found


def _changed_words(
    session: Session, proposals: Sequence[int], words: tuple[str, ...]
) -> dict[int, tuple[int | None, str]]:
    """Of each proposal the number and the words of the change that holds most of what is looked for."""
    score = reduce(add, (case((_holds(ProposedChange.folded, word), 1), else_=0) for word in words))
    rows = session.execute(
        select(ProposedChange.proposal_id, ProposedChange.number, ProposedChange.operation, score.label("score"))
        .where(
            ProposedChange.proposal_id.in_(proposals),
            ProposedChange.last_version.is_(None),
            or_(*(_holds(ProposedChange.folded, word) for word in words)),
        )
        .order_by(score.desc(), ProposedChange.number)
        .limit(10 * SHOWN)
    )
    found: dict[int, tuple[int | None, str]] = {}
    for row in rows:
        if row.proposal_id not in found:
            found[row.proposal_id] = (row.number, " ".join(plain(words_of(row.operation)).split()))
    return found


def _best(words: tuple[str, ...], rationale: str, changed: str) -> tuple[str, Sequence[Piece]]:
    """Where most of the words stand, beside the title: in the reasons or in what is changed; nothing if nowhere."""
    reasons, change = folded(rationale), folded(changed)
    in_reasons, in_change = (sum(word in said for word in words) for said in (reasons, change))
    if not in_reasons and not in_change:
        return "", ()
    if in_reasons > in_change:
        return "reasons", excerpt(" ".join(rationale.split()), words)
    return "change", excerpt(changed, words)


def _threads(
    session: Session, charter: Charter, person: Account | None, allowed: frozenset[Action], words: tuple[str, ...]
) -> list[FoundThread]:
    """Threads with a comment in which all the words stand; what was said last comes first."""
    newest: Select[int] = (
        select(func.max(ThreadComment.id).label("comment"))
        .join(Thread, Thread.id == ThreadComment.thread_id)
        .outerjoin(Proposal, Proposal.id == Thread.proposal_id)
        .where(
            Thread.charter_id == charter.id,
            seen_by(person, allowed),
            *(_holds(ThreadComment.folded, word) for word in words),
        )
        .group_by(ThreadComment.thread_id)
        .order_by(func.max(ThreadComment.id).desc())
        .limit(SHOWN + 1)
    )
    ids = session.scalars(newest).all()
    if not ids:
        return []
    rows = session.execute(
        select(
            Thread.number,
            Thread.state,
            Thread.audience,
            Thread.change_number,
            Thread.anchor,
            ThreadComment.number.label("comment"),
            ThreadComment.text,
            ThreadComment.created_at,
            shown_name(Thread.charter_id).label("name"),
            Proposal.number.label("proposal"),
        )
        .join(ThreadComment, ThreadComment.thread_id == Thread.id)
        .join(Person, Person.id == ThreadComment.author_id)
        .outerjoin(Proposal, Proposal.id == Thread.proposal_id)
        .where(ThreadComment.id.in_(ids))
        .order_by(ThreadComment.id.desc())
    )
    return [
        FoundThread(
            number=row.number,
            comment=row.comment,
            subject=subject(row.proposal, row.change_number, stored_anchor(row.anchor)),
            state=row.state,
            audience=row.audience,
            author=row.name,
            at=row.created_at,
            words=excerpt(" ".join(row.text.split()), words),
        )
        for row in rows
    ]
