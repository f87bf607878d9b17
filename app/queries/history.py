"""The history of a charter as people read it: what each revision did to the text, and which changes went in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import Decision, MergedChange
from app.db.models.proposals import Proposal, ProposalVersion, ProposedChange
from app.db.models.revisions import Revision
from app.queries.amenders import amenders
from app.queries.revisions import RevisionView, bodies, revisions
from app.rules.states import Outcome
from app.text.snapshot import Section, SectionKind
from app.text.woven import Class

Outline = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HistoryChange:
    """A change that went in: its name, its proposal's title, and whether in other words than proposed.

    ``amenders`` are those whose amendment its author took these words over from. ``already``: the text said it before.
    ``reverted_in`` is the revision that took it out again.
    """

    ref: str
    proposal: int
    change: int
    title: str
    amenders: Sequence[str]
    amended: bool
    already: bool
    reverted_in: int | None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One revision with the sections it added, removed and rewrote, and whether it changed the cover or the order.

    The sections are without their blocks: they are there to be named.
    """

    revision: RevisionView
    added: Sequence[Section]
    removed: Sequence[Section]
    rewritten: Sequence[Section]
    cover: bool
    reordered: bool
    changes: Sequence[HistoryChange]


def history(
    session: Session, charter: Charter, *, before: int | None = None, above: int | None = None, limit: int = 50
) -> list[HistoryEntry]:
    """The newest revisions first, at most ``limit``, those below number ``before`` or nearest above ``above``.

    What a revision did is told from the hashes of its sections, so that no text is read; a page takes the same number
    of questions however long it is.
    """
    views = revisions(session, charter, before=before, above=above, limit=limit)
    if not views:
        return []
    wanted = {view.number for view in views} | {view.parent for view in views if view.parent is not None}
    hashes = {
        number: (front, outline)
        for number, front, outline in session.execute(
            select(Revision.number, Revision.front_hash, Revision.outline_hash).where(
                Revision.charter_id == charter.id, Revision.number.in_(wanted)
            )
        )
    }
    stored = bodies(session, (outline for _, outline in hashes.values()))
    outlines: dict[int, Outline] = {n: dict(json.loads(stored[outline])) for n, (_, outline) in hashes.items()}
    steps = {view.number: _step(outlines, view) for view in views}
    heads = _heads(session, {hash for step in steps.values() for part in step for hash in part.values()})
    merged = _merged(session, charter, [view.number for view in views])

    def sections(part: Outline) -> list[Section]:
        return [Section(id, *heads[hash], blocks=()) for id, hash in part.items()]

    return [
        HistoryEntry(
            revision=view,
            added=sections(steps[view.number][0]),
            removed=sections(steps[view.number][1]),
            rewritten=sections(steps[view.number][2]),
            cover=view.parent is not None and hashes[view.parent][0] != hashes[view.number][0],
            reordered=view.parent is not None and _reordered(outlines[view.parent], outlines[view.number]),
            changes=merged.get(view.number, ()),
        )
        for view in views
    ]


def _step(outlines: Mapping[int, Outline], view: RevisionView) -> tuple[Outline, Outline, Outline]:
    """The sections that are new, gone and rewritten, each with the hash under which it is kept."""
    now = outlines[view.number]
    was: Outline = outlines[view.parent] if view.parent is not None else {}
    return (
        {id: hash for id, hash in now.items() if id not in was},
        {id: hash for id, hash in was.items() if id not in now},
        {id: hash for id, hash in now.items() if id in was and was[id] != hash},
    )


def _reordered(was: Outline, now: Outline) -> bool:
    return [id for id in was if id in now] != [id for id in now if id in was]


def _heads(session: Session, hashes: set[str]) -> dict[str, tuple[str, SectionKind, str]]:
    found = {hash: json.loads(text) for hash, text in bodies(session, hashes).items()}
    return {hash: (head["key"], SectionKind(head["kind"]), head["heading"]) for hash, head in found.items()}


def _merged(session: Session, charter: Charter, numbers: Sequence[int]) -> dict[int, Sequence[HistoryChange]]:
    rows = session.execute(
        select(
            MergedChange.revision,
            Proposal.number,
            ProposedChange.number,
            ProposalVersion.title,
            Decision.outcome,
            MergedChange.merged_as,
            MergedChange.reverted_in,
            ProposedChange.id,
        )
        .join(ProposedChange, ProposedChange.id == MergedChange.change_id)
        .join(Proposal, Proposal.id == ProposedChange.proposal_id)
        .join(Decision, Decision.id == MergedChange.decision_id)
        .join(
            ProposalVersion,
            (ProposalVersion.proposal_id == Proposal.id) & (ProposalVersion.version == Decision.version),
        )
        .where(MergedChange.charter_id == charter.id, MergedChange.revision.in_(numbers))
        .order_by(Proposal.number, ProposedChange.number)
    ).all()
    words_of = amenders(session, charter, [row[-1] for row in rows])
    found: dict[int, list[HistoryChange]] = {}
    for revision, proposal, change, title, outcome, merged_as, reverted_in, row in rows:
        found.setdefault(revision, []).append(
            HistoryChange(
                ref=f"{proposal}.{change}",
                proposal=proposal,
                change=change,
                title=title,
                amenders=words_of.get(row, ()),
                amended=outcome == Outcome.ADOPTED_AMENDED,
                already=merged_as == Class.ALREADY,
                reverted_in=reverted_in,
            )
        )
    return dict(found)
