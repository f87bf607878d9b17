"""Where the words of every block come from, as it is written down, and as it follows from the revisions themselves."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.decisions import Decision, MergedChange
from app.db.models.origins import Origins
from app.db.models.proposals import Proposal, ProposedChange
from app.db.models.records import Record
from app.queries.revisions import snapshot
from app.rules.states import Outcome
from app.text.change import change_from_json
from app.text.digest import canonical
from app.text.lineage import Merged, Recorded, drawn_on, restored, rewritten, writers
from app.text.provenance import Source, Spans, spans_from_json, spans_to_json
from app.text.snapshot import Snapshot
from app.text.survival import Survival
from app.text.weave import Class
from app.text.wording import with_wording


def spans_of_blocks(session: Session, charter: Charter, blocks: Iterable[str], revision: int) -> dict[str, Spans]:
    """The provenance of these blocks at that revision, as far as it is written down."""
    wanted = sorted(set(blocks))
    found: dict[str, Spans] = {}
    for start in range(0, len(wanted), 400):
        part = wanted[start : start + 400]
        newest = (
            select(Origins.block_id, func.max(Origins.revision).label("revision"))
            .where(Origins.charter_id == charter.id, Origins.block_id.in_(part), Origins.revision <= revision)
            .group_by(Origins.block_id)
            .subquery()
        )
        rows = session.execute(
            select(Origins.block_id, Origins.spans)
            .join(newest, (Origins.block_id == newest.c.block_id) & (Origins.revision == newest.c.revision))
            .where(Origins.charter_id == charter.id)
        )
        found.update((id, spans_from_json(json.loads(spans))) for id, spans in rows)
    return found


def as_stored(spans: Spans) -> str:
    """The text under which provenance is kept."""
    return canonical(spans_to_json(spans))


def step(session: Session, charter: Charter, number: int) -> tuple[Survival, Recorded]:
    """What one revision did to the words of the one before it, and the merged changes that wrote in it."""
    now = snapshot(session, charter, number)
    before = snapshot(session, charter, number - 1) if number > 1 else _nothing(now)
    return Survival(before, now), Recorded(now, number, writers(_merged(session, charter, number)))


def written_in(session: Session, charter: Charter, number: int) -> dict[str, Spans]:
    """The provenance of the blocks that revision wrote, from what is written down up to the one before it."""
    survival, recorded = step(session, charter, number)
    known = spans_of_blocks(session, charter, drawn_on(survival), number - 1)
    written = rewritten(known, survival, recorded)
    reverted = _reverted_by(session, charter, number)
    if reverted is None:
        return written
    back = Survival(snapshot(session, charter, reverted - 1), recorded.snapshot)
    drawn = {kept.old for id in written for kept in back.words_into(id)}
    return restored(written, Source(number), spans_of_blocks(session, charter, drawn, reverted - 1), back)


def recomputed(session: Session, charter: Charter, up_to: int) -> Iterator[tuple[int, dict[str, Spans]]]:
    """What each revision has to have written down, from the first one on, found anew from texts and merges alone."""
    known: dict[str, Spans] = {}
    history: dict[str, list[tuple[int, Spans]]] = {}
    for number in range(1, up_to + 1):
        survival, recorded = step(session, charter, number)
        written = rewritten(known, survival, recorded)
        reverted = _reverted_by(session, charter, number)
        if reverted is not None:
            back = Survival(snapshot(session, charter, reverted - 1), recorded.snapshot)
            written = restored(written, Source(number), _as_of(history, reverted - 1), back)
        known.update(written)
        for id, spans in written.items():
            history.setdefault(id, []).append((number, spans))
        yield number, written


def _as_of(history: Mapping[str, Sequence[tuple[int, Spans]]], revision: int) -> dict[str, Spans]:
    """The provenance of every block at that revision, from all that was written down for it."""
    found: dict[str, Spans] = {}
    for id, rows in history.items():
        found.update((id, spans) for number, spans in rows if number <= revision)
    return found


def _reverted_by(session: Session, charter: Charter, number: int) -> int | None:
    """Which revision's merge that revision took back, None if it did something else."""
    told = session.scalar(
        select(Record.detail)
        .where(
            Record.chain == charter.key,
            Record.object == f"revision {number}",
            Record.act == "revert merge",
            Record.before != Record.after,
        )
        .limit(1)
    )
    try:
        value = json.loads(told) if told else None
    except ValueError:
        return None
    reverted = value.get("reverted") if isinstance(value, dict) else None
    return reverted if isinstance(reverted, int) and 1 < reverted < number else None


def _nothing(text: Snapshot) -> Snapshot:
    return replace(text, sections=())


def _merged(session: Session, charter: Charter, number: int) -> list[Merged]:
    """The changes that went in with a revision, by proposal and number; those that its text said already wrote nothing.

    A merge that leaves the text as it is links changes to a revision that was there before: the record of the merge
    that made the revision tells them apart.
    """
    told = session.scalar(
        select(Record.detail)
        .where(
            Record.chain == charter.key,
            Record.object == f"revision {number}",
            Record.act == "merge changes",
            Record.before != Record.after,
        )
        .order_by(Record.number)
        .limit(1)
    )
    if told is None:
        return []
    refs = set(_references(told))
    rows = session.execute(
        select(
            Proposal.number,
            ProposedChange.number,
            ProposedChange.operation,
            MergedChange.merged_as,
            Decision.id,
            Decision.outcome,
            Decision.adopted_text,
        )
        .join(ProposedChange, ProposedChange.id == MergedChange.change_id)
        .join(Proposal, Proposal.id == ProposedChange.proposal_id)
        .join(Decision, Decision.id == MergedChange.decision_id)
        .where(
            MergedChange.charter_id == charter.id,
            MergedChange.revision == number,
            MergedChange.merged_as != Class.ALREADY,
        )
        .order_by(Proposal.number, ProposedChange.number)
    )
    found: list[Merged] = []
    for proposal, change, operation, merged_as, decision, outcome, adopted in rows:
        if f"{proposal}.{change}" not in refs:
            continue
        act = change_from_json(json.loads(operation))
        amended = None
        if outcome == Outcome.ADOPTED_AMENDED and adopted is not None:
            new = with_wording(act, adopted).new
            amended = None if new is None else new.text
        source = Source(number, proposal, change, decision)
        found.append(Merged(source, act, amended, chosen=merged_as == Class.CONFLICT))
    return found


def _references(detail: str) -> list[str]:
    try:
        value = json.loads(detail)
    except ValueError:
        return []
    changes = value.get("changes") if isinstance(value, dict) else None
    return [str(one) for one in changes] if isinstance(changes, list) else []
