"""The register of decisions: what was decided on which change, by whom, why, and whether it still holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import Decision, MergedChange
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.queries.changes import operation_of
from app.queries.naming import AUTHOR, DECIDER, shown_name
from app.queries.settlements import took
from app.queries.stretches import length, stretch


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which decisions are asked for; what is None is not asked. ``section`` is a permanent id, days are inclusive.

    ``merged``: on changes that went in after the first of two revisions, up to the second.
    """

    outcome: str | None = None
    section: str | None = None
    against_rule: bool | None = None
    first_day: date | None = None
    last_day: date | None = None
    words: str | None = None
    merged: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One decision. ``adopted`` is the adopted wording where it is another than the proposed one.

    ``superseded_by`` is the later decision on the same change, so that this one holds no more. ``before`` and
    ``proposed`` are the words of the change; they are read only if asked for.
    """

    id: int
    ref: str
    proposal: int
    change: int
    title: str
    author: str
    kind: str
    section: str | None
    version: int
    outcome: str
    reason: str
    adopted: str | None
    against_rule: bool
    decided_by: str
    decided_at: datetime
    supersedes: int | None
    superseded_by: int | None
    merged_revision: int | None
    took: str
    before: str | None = None
    proposed: str | None = None


def register(
    session: Session,
    charter: Charter,
    wanted: Wanted,
    *,
    before: int | None = None,
    above: int | None = None,
    limit: int = 50,
    wordings: bool = False,
) -> list[RegisterEntry]:
    """Decisions, the newest first, at most ``limit``, those with an id below ``before`` or nearest above ``above``.

    ``wordings``: also the words before and as they were proposed, which lists do not show.
    """
    chosen = stretch(_chosen(charter, wanted), Decision.id, below=before, above=above, limit=limit)
    ids = session.scalars(chosen).all()
    rows = session.execute(
        select(
            Decision.id,
            Decision.change_id,
            Decision.version,
            Decision.outcome,
            Decision.reason,
            Decision.adopted_text,
            Decision.against_rule,
            Decision.created_at,
            Decision.supersedes_id,
            Proposal.number.label("proposal"),
            ProposedChange.number.label("change"),
            ProposedChange.kind,
            ProposedChange.section_id,
            ProposedChange.merged_revision,
            MergedChange.resolution,
            ProposalVersion.title,
            shown_name(Proposal.charter_id, AUTHOR).label("author"),
            shown_name(Proposal.charter_id, DECIDER).label("decider"),
            *((ProposedChange.operation,) if wordings else ()),
        )
        .join(ProposedChange, ProposedChange.id == Decision.change_id)
        .join(Proposal, Proposal.id == ProposedChange.proposal_id)
        .outerjoin(
            MergedChange,
            (MergedChange.change_id == ProposedChange.id) & (MergedChange.revision == ProposedChange.merged_revision),
        )
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Decision.version),
        )
        .join(AUTHOR, AUTHOR.id == Proposal.author_id)
        .join(DECIDER, DECIDER.id == Decision.person_id)
        .where(Decision.id.in_(ids))
        .order_by(Decision.id.desc())
    ).all()
    later = _later(session, {row.change_id for row in rows})
    found: list[RegisterEntry] = []
    for row in rows:
        act = operation_of(row.operation) if wordings else None
        found.append(
            RegisterEntry(
                id=row.id,
                ref=f"{row.proposal}.{row.change}",
                proposal=row.proposal,
                change=row.change,
                title=row.title,
                author=row.author,
                kind=row.kind,
                section=row.section_id,
                version=row.version,
                outcome=row.outcome,
                reason=row.reason,
                adopted=row.adopted_text,
                against_rule=row.against_rule,
                decided_by=row.decider,
                decided_at=row.created_at,
                supersedes=row.supersedes_id,
                superseded_by=next((id for id in later[row.change_id] if id > row.id), None),
                merged_revision=row.merged_revision,
                took=took(row.resolution),
                before=act.before if act else None,
                proposed=act.after if act else None,
            )
        )
    return found


def register_count(session: Session, charter: Charter, wanted: Wanted) -> int:
    """How many such decisions there are, as far as lists are counted."""
    return length(session, _chosen(charter, wanted))


def _chosen(charter: Charter, wanted: Wanted) -> Select[int]:
    """The ids of the decisions that are asked for."""
    # A question about each decision in its order: with a join all of them would be found first and then put in order.
    of_charter = exists().where(
        ProposedChange.id == Decision.change_id,
        Proposal.id == ProposedChange.proposal_id,
        Proposal.charter_id == charter.id,
        *(() if wanted.section is None else (ProposedChange.section_id == wanted.section,)),
        *(() if wanted.merged is None else _between(*wanted.merged)),
    )
    query = select(Decision.id).where(of_charter)
    if wanted.outcome is not None:
        query = query.where(Decision.outcome == wanted.outcome)
    if wanted.against_rule is not None:
        query = query.where(Decision.against_rule.is_(wanted.against_rule))
    if wanted.first_day is not None:
        query = query.where(Decision.created_at >= datetime.combine(wanted.first_day, time(), UTC))
    if wanted.last_day is not None and wanted.last_day != date.max:
        # Nothing is later than the last day of the calendar, and no day comes after it.
        query = query.where(Decision.created_at < datetime.combine(wanted.last_day, time(), UTC) + timedelta(days=1))
    if wanted.words:
        query = query.where(Decision.reason.icontains(wanted.words, autoescape=True))
    return query


def _between(after: int, up_to: int) -> tuple[ColumnElement[bool], ...]:
    return ProposedChange.merged_revision > after, ProposedChange.merged_revision <= up_to


def _later(session: Session, changes: set[int]) -> dict[int, Sequence[int]]:
    """All decisions on these changes, in order."""
    found: dict[int, list[int]] = {}
    rows = session.execute(
        select(Decision.change_id, Decision.id).where(Decision.change_id.in_(changes)).order_by(Decision.id)
    )
    for change, id in rows:
        found.setdefault(change, []).append(id)
    return dict(found)
