"""A proposal taken up again on a newer text: what of it still fits is in it, what does not is kept beside it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.db.models.charters import Charter
from app.db.models.proposals import Proposal
from app.queries.changes import changes_of_version, proposed
from app.queries.revisions import snapshot
from app.rules.states import Outcome
from app.text.blocks import Block
from app.text.change import Change, ChangeKind
from app.text.snapshot import Snapshot
from app.text.weave import Class, classify_all, weave
from app.text.woven import Choice, Conflict, Proposed, Resolution

# Settling one conflict can bring up another about the same sentence; so many times is looked again.
_ROUNDS = 8
_GOES_IN = frozenset({Class.APPLIES, Class.MOVED, Class.COMBINED})


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A change that could not be put into the newer text: what its author wrote, and what stands there now.

    ``before`` and ``after`` are the words it was made on and the words it wanted; ``standing`` are those of the same
    block in the newer text, or what others have put in its place, None where it is gone. ``shape`` is the block that
    the words are of, None where they are of none; ``is_new``: it stands in no text yet.
    """

    ref: str
    cls: str
    section: str | None
    block: str | None
    before: str | None
    after: str | None
    standing: str | None
    shape: Block | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A proposal on a text: the text, the text with what fits put in, and what had to be left out.

    ``over`` is what was put in though others had rewritten the same; there ``after`` are the words as they read now.
    """

    revision: int
    base: Snapshot
    wanted: Snapshot
    left_out: Sequence[LeftOut]
    over: Sequence[LeftOut] = ()


def taken_up(
    session: Session,
    charter: Charter,
    proposal: Proposal,
    revision: int,
    version: int | None = None,
    over: Collection[str] = (),
) -> TakenUp:
    """The undecided changes of a proposal on that revision. Nothing is written, and no word of theirs is lost.

    Those of the newest version, or of the one of that number.

    What the text says already needs no proposing any more: it is neither put in nor left out. ``over`` names changes
    that go in where they are in conflict: the words of the proposal stand in the place of those of the text, and what
    it puts in stands behind what others have put in there.
    """
    base = snapshot(session, charter, revision)
    newest = proposal.version if version is None else version
    rows = [row for row in changes_of_version(session, proposal, newest) if row.outcome == Outcome.PENDING]
    made = proposed(session, charter, [(proposal, row) for row in rows], {})
    if all(row.base_revision == revision for row in rows):
        return TakenUp(revision, base, weave(base, made).snapshot, ())
    fits = classify_all(base, made)
    forced = {one.ref for one in made if one.ref in over and fits[one.ref].cls is Class.CONFLICT}
    inside = [one for one in made if fits[one.ref].cls in _GOES_IN or one.ref in forced]
    missing = {one.change.number for one in made} - {one.change.number for one in inside}
    missing -= {one.change.number for one in made if fits[one.ref].cls is Class.ALREADY}
    # What needs a change that does not fit makes no sense without it either.
    while lost := [one for one in inside if set(one.change.needs) & missing]:
        missing |= {one.change.number for one in lost}
        inside = [one for one in inside if one not in lost]
    woven, unsettled = _put_in(base, inside, forced)
    outside = [one for one in made if one.change.number in missing or one.ref in unsettled]
    put_over = [one for one in inside if one.ref in forced - unsettled]
    return TakenUp(
        revision,
        base,
        woven,
        [_left_out(one, str(fits[one.ref].cls), base, inside) for one in outside],
        [replace(_left_out(one, Class.CONFLICT, base, inside), after=_words(one.change, woven)) for one in put_over],
    )


def _put_in(base: Snapshot, inside: Sequence[Proposed], forced: Collection[str]) -> tuple[Snapshot, set[str]]:
    """The text with these changes, those that are ``forced`` in the place of what it says; and which could not be."""
    if not inside:
        return base, set()
    chosen: dict[str, Resolution] = {}
    woven = weave(base, inside)
    for _ in range(_ROUNDS):
        asked = [one for one in woven.conflicts if one.id not in chosen and _is_among(one, forced)]
        chosen |= {one.id: Resolution(_own(one)) for one in asked if Choice.PROPOSED in one.choices}
        if not asked:
            break
        woven = weave(base, inside, chosen)
    return woven.snapshot, {ref for one in woven.conflicts for ref in one.refs if ref in forced}


def _is_among(conflict: Conflict, refs: Collection[str]) -> bool:
    return any(ref in refs for ref in conflict.refs)


def _own(conflict: Conflict) -> Choice:
    """What is new stands beside what others have put in there; what is rewritten stands in its place."""
    return Choice.BOTH if not conflict.base.strip() and Choice.BOTH in conflict.choices else Choice.PROPOSED


def _left_out(one: Proposed, cls: str, base: Snapshot, inside: Sequence[Proposed]) -> LeftOut:
    act = one.change
    here = _words(act, base)
    if here is None and cls == Class.CONFLICT and one not in inside:
        met = [met.standing for met in weave(base, [*inside, one]).conflicts if one.ref in met.refs]
        here = "\n\n".join(words for words in met if words.strip()) or None
    shape, is_new = act.new or act.old, act.kind is ChangeKind.INSERT
    return LeftOut(one.ref, cls, act.section, act.block, act.before, act.after, here, shape, is_new)


def _words(act: Change, text: Snapshot) -> str | None:
    """The words a change is about as they stand in a text: those of its block, or of the heading it renames."""
    if act.kind is ChangeKind.RENAME and act.section is not None:
        section = text.section_by_id(act.section)
        return None if section is None else section.heading
    return next((block.text for _, _, block in text.placed_blocks() if block.id == act.block), None)
