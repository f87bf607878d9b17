"""A proposal taken up again on a newer text: what of it still fits is in it, what does not is kept beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.queries.changes import changes_of_version, proposed
from app.queries.revisions import snapshot
from app.rules.states import Outcome
from app.text.snapshot import Snapshot
from app.text.weave import Class, classify_all, weave
from app.text.woven import Proposed

_GOES_IN = frozenset({Class.APPLIES, Class.MOVED, Class.COMBINED})


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A change that could not be put into the newer text: what its author wrote, and what stands there now.

    ``before`` and ``after`` are the words it was made on and the words it wanted; ``standing`` are those of the same
    block in the newer text, None where it is gone.
    """

    ref: str
    cls: str
    section: str | None
    block: str | None
    before: str | None
    after: str | None
    standing: str | None


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A proposal on a text: the text, the text with what fits put in, and what had to be left out."""

    revision: int
    base: Snapshot
    wanted: Snapshot
    left_out: Sequence[LeftOut]


def taken_up(
    session: Session, charter: Charter, proposal: Proposal, revision: int, version: int | None = None
) -> TakenUp:
    """The undecided changes of a proposal on that revision. Nothing is written, and no word of theirs is lost.

    Those of the newest version, or of the one of that number.

    What the text says already needs no proposing any more: it is neither put in nor left out.
    """
    base = snapshot(session, charter, revision)
    newest = proposal.version if version is None else version
    rows = [row for row in changes_of_version(session, proposal, newest) if row.outcome == Outcome.PENDING]
    made = proposed(session, charter, [(proposal, row) for row in rows], {})
    if all(row.base_revision == revision for row in rows):
        return TakenUp(revision, base, weave(base, made).snapshot, ())
    fits = classify_all(base, made)
    inside = [one for one in made if fits[one.ref].cls in _GOES_IN]
    missing = {one.change.number for one in made} - {one.change.number for one in inside}
    missing -= {one.change.number for one in made if fits[one.ref].cls is Class.ALREADY}
    # What needs a change that does not fit makes no sense without it either.
    while lost := [one for one in inside if set(one.change.needs) & missing]:
        missing |= {one.change.number for one in lost}
        inside = [one for one in inside if one not in lost]
    woven = weave(base, inside).snapshot if inside else base
    outside = [one for one in made if one.change.number in missing]
    return TakenUp(revision, base, woven, [_left_out(one, str(fits[one.ref].cls), base) for one in outside])


def _left_out(one: Proposed, cls: str, base: Snapshot) -> LeftOut:
    act = one.change
    here = next((block.text for _, _, block in base.placed_blocks() if block.id == act.block), None)
    return LeftOut(one.ref, cls, act.section, act.block, act.before, act.after, here)
