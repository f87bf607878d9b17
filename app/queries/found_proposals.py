"""Proposals in which words stand: in the title, the reasons, or the words of a change, in the newest version."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, or_, select
from sqlalchemy.orm import Session

from app.db.folded import words_of
from app.db.models.charters import Charter
from app.db.models.people import Person
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.queries.candidates import holds, proposals_with
from app.queries.drafts import hidden_from
from app.queries.found import FoundProposal
from app.queries.naming import shown_name
from app.queries.people import Account
from app.queries.revisions import head_snapshot
from app.text.dialect.inline import plain
from app.text.folding import Piece, excerpt, folded
from app.text.places import section_name


def found_proposals(
    session: Session, charter: Charter, person: Account | None, words: tuple[str, ...], *, after: int | None, limit: int
) -> list[FoundProposal]:
    """Those this person may see, the newest first, at most ``limit``, with numbers below ``after``."""

    def in_change(word: str) -> ColumnElement[bool]:
        return exists().where(
            ProposedChange.proposal_id == Proposal.id,
            ProposedChange.last_version.is_(None),
            holds(ProposedChange.folded, word),
        )

    candidates = proposals_with(session, words)
    if candidates is not None and not candidates:
        return []
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
            *(or_(holds(ProposalVersion.folded, word), in_change(word)) for word in words),
        )
        .order_by(Proposal.number.desc())
        .limit(limit)
    )
    if candidates is not None:
        query = query.where(Proposal.id.in_(candidates))
    if after is not None:
        query = query.where(Proposal.number < after)
    rows = session.execute(query).all()
    changed = _changed_words(session, [row.id for row in rows], words)
    sections = {s.id: section_name(s, plain(s.heading)) for s in head_snapshot(session, charter).sections}
    return [_shown(row, changed, sections, words) for row in rows]


def _shown(
    row: Row[*tuple[Any, ...]],
    changed: Mapping[int, tuple[int, str | None, str]],
    sections: Mapping[str, str],
    words: tuple[str, ...],
) -> FoundProposal:
    number, section, wording = changed.get(row.id, (None, None, ""))
    where, said = _best(words, row.rationale, wording)
    return FoundProposal(
        number=row.number,
        title=excerpt(row.title, words),
        author=row.name,
        state=row.state,
        updated_at=row.updated_at,
        where=where,
        change=number if where == "change" else None,
        section=sections.get(section or "") if where == "change" else None,
        words=said,
    )


def _changed_words(
    session: Session, proposals: Sequence[int], words: tuple[str, ...]
) -> dict[int, tuple[int, str | None, str]]:
    """Of each proposal the number, section and words of the change that holds most of what is looked for."""
    score = reduce(add, (case((holds(ProposedChange.folded, word), 1), else_=0) for word in words))
    rows = session.execute(
        select(
            ProposedChange.proposal_id,
            ProposedChange.number,
            ProposedChange.section_id,
            ProposedChange.operation,
            score.label("score"),
        )
        .where(
            ProposedChange.proposal_id.in_(proposals),
            ProposedChange.last_version.is_(None),
            or_(*(holds(ProposedChange.folded, word) for word in words)),
        )
        .order_by(score.desc(), ProposedChange.number)
        .limit(10 * len(proposals))
    )
    found: dict[int, tuple[int, str | None, str]] = {}
    for row in rows:
        if row.proposal_id not in found:
            found[row.proposal_id] = (row.number, row.section_id, " ".join(plain(words_of(row.operation)).split()))
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
