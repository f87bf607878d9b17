"""Whose words an amendment brought: of changes that came into a proposal by one that its author took over."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal, ProposedChange
from app.queries.naming import AUTHOR, shown_name
from app.rules.relations import RelationKind

_AMENDMENT = aliased(Proposal)
_OFFERED = aliased(ProposedChange)


def amenders(session: Session, charter: Charter, changes: Collection[int]) -> Mapping[int, Sequence[str]]:
    """By row id of a change: the names of those whose amendments it came in by, or goes on from, in their order.

    A change that stood in the proposal before is the author's own, and so is one about another paragraph.
    """
    if not changes:
        return {}
    same_place = exists().where(
        _OFFERED.proposal_id == _AMENDMENT.id,
        _OFFERED.last_version.is_(None),
        _OFFERED.block_id == ProposedChange.block_id,
    )
    rows = session.execute(
        select(ProposedChange.id, shown_name(charter.id, AUTHOR))
        .join(Proposal, Proposal.id == ProposedChange.proposal_id)
        .join(_AMENDMENT, (_AMENDMENT.charter_id == charter.id) & (_AMENDMENT.related == Proposal.number))
        .join(AUTHOR, AUTHOR.id == _AMENDMENT.author_id)
        .where(
            ProposedChange.id.in_(changes),
            _AMENDMENT.relation == RelationKind.AMENDMENT,
            _AMENDMENT.author_id != Proposal.author_id,
            or_(
                _AMENDMENT.taken_into == ProposedChange.first_version,
                (_AMENDMENT.taken_into < ProposedChange.first_version) & same_place,
            ),
        )
        .order_by(ProposedChange.id, _AMENDMENT.number)
    )
    found: dict[int, list[str]] = {}
    for change, name in rows:
        names = found.setdefault(change, [])
        if name not in names:
            names.append(name)
    return found
