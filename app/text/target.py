"""The whole charter as a submission wants it: sections placed, blocks known again by their ids, notes gathered."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from app.errors import BadInput
from app.text.align import assign_ids
from app.text.blocks import Block, Kind
from app.text.definitions import settle_definitions
from app.text.dialect import canonical_blocks
from app.text.frontfields import with_field
from app.text.notes import groups, numbers, ordered
from app.text.snapshot import Section, SectionKind, Snapshot
from app.text.submission import ABSENT, Submission, SubmittedSection
from app.text.words import is_word, tokens

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_KEY = 80
# Fewer equal words elsewhere are a coincidence, not a move.
_MOVED_WORDS = 3


@dataclass(frozen=True, slots=True)
class Target:
    """The text somebody wants, with ids, and in words what was changed on the way to keep it sound."""

    snapshot: Snapshot
    reports: tuple[str, ...] = ()


@dataclass(slots=True)
class _Wanted:
    """One section under way; ``definitions`` are the notes written in it, each with what belongs to it."""

    section: Section
    sent: SubmittedSection | None = None
    definitions: list[tuple[Block, ...]] = field(default_factory=list)


def target(base: Snapshot, submission: Submission, fresh: Callable[[], str]) -> Target:
    """What the charter would be with the submission as it was sent. BadInput if that makes no sense."""
    front = base.front
    for name, value in submission.front.items():
        front = with_field(front, name, value)
    wanted = _outlined(base, submission, fresh)
    known = {block.id: section.id for section, _, block in base.placed_blocks() if block.id is not None}
    _fill(wanted, known)
    _identify(base, wanted, fresh)
    _follow_moves(base, wanted)
    sections, reports = settle_definitions(
        base, [(one.section, tuple(one.definitions)) for one in wanted], fresh, _removed_keys(submission)
    )
    snapshot = ordered(Snapshot(front, tuple(sections)))
    old = set(numbers(base).dangling)
    reports += [
        f"[^{label}] is cited, but no note is called that." for label in numbers(snapshot).dangling if label not in old
    ]
    return Target(snapshot, tuple(reports))


def _removed_keys(submission: Submission) -> frozenset[str]:
    return frozenset(sent.key for sent in submission.sections if sent.remove)


def _outlined(base: Snapshot, submission: Submission, fresh: Callable[[], str]) -> list[_Wanted]:
    """The sections that shall be there, in their order, still with the blocks they have."""
    order = [_Wanted(section) for section in base.sections]
    sent_keys: set[str] = set()
    waiting: list[_Wanted] = []
    for sent in submission.sections:
        if sent.key in sent_keys:
            raise BadInput(f"The section {sent.key} was sent twice.")
        sent_keys.add(sent.key)
        one = next((w for w in order if w.section.key == sent.key), None)
        if sent.remove:
            if one is None:
                raise BadInput(f"There is no section {sent.key} to remove.")
            order.remove(one)
            continue
        if one is None:
            one = _Wanted(_new_section(sent, fresh))
            order.insert(_last_place(order, one.section), one)
        one.section = replace(
            one.section,
            kind=one.section.kind if sent.kind is None else sent.kind,
            heading=one.section.heading if sent.heading is None else _heading(sent.heading),
        )
        one.sent = sent
        if sent.after is not ABSENT:
            waiting.append(one)
    for one in waiting:
        _place(order, one)
    return order


def _new_section(sent: SubmittedSection, fresh: Callable[[], str]) -> Section:
    if len(sent.key) > _LONGEST_KEY or not _KEY.fullmatch(sent.key):
        raise BadInput(f"{sent.key!r} cannot be the key of a section: small letters, digits and single hyphens only.")
    return Section(fresh(), sent.key, sent.kind or SectionKind.TEXT, "")


def _last_place(order: Sequence[_Wanted], section: Section) -> int:
    """The end; the footnotes stay last."""
    ends_in_notes = bool(order) and order[-1].section.kind is SectionKind.FOOTNOTES
    return len(order) - 1 if ends_in_notes and section.kind is not SectionKind.FOOTNOTES else len(order)


def _place(order: list[_Wanted], one: _Wanted) -> None:
    assert one.sent is not None
    order.remove(one)
    if one.sent.after is None:
        order.insert(0, one)
        return
    place = next((n for n, other in enumerate(order, start=1) if other.section.key == one.sent.after), None)
    if place is None:
        raise BadInput(f"The section {one.sent.key} cannot stand after {one.sent.after!r}: there is no such section.")
    order.insert(place, one)


def _heading(heading: str) -> str:
    line = " ".join(heading.split())
    if not line:
        return ""
    made = canonical_blocks([Block(Kind.HEADING, line, level=2)])
    if len(made) != 1 or made[0].kind is not Kind.HEADING:
        raise BadInput("A heading is one line of text.")
    return made[0].text


def _fill(wanted: Sequence[_Wanted], known: dict[str, str]) -> None:
    """Give the sections the blocks that were sent, with the ids that are known, and set the definitions aside."""
    claimed: set[str] = set()
    for one in wanted:
        if one.sent is None or one.sent.blocks is None:
            continue
        blocks = _canonical(one.sent.blocks, known)
        if one.section.kind is not SectionKind.FOOTNOTES:
            whole = list(groups(blocks))
            one.definitions = [group for group in whole if group[0].kind is Kind.NOTE]
            blocks = tuple(group[0] for group in whole if group[0].kind is not Kind.NOTE)
        one.section = replace(one.section, blocks=blocks)
        claimed.update(block.id for block in blocks if block.id is not None)
    for one in wanted:
        if one.sent is None or one.sent.blocks is None:
            blocks = tuple(block for block in one.section.blocks if block.id not in claimed)
            if len(blocks) != len(one.section.blocks):
                one.section = replace(one.section, blocks=blocks)


def _canonical(blocks: Sequence[Block], known: dict[str, str]) -> tuple[Block, ...]:
    """The blocks in canonical form; an id that the base does not know is no id, and none is used twice."""
    taken: set[str] = set()
    kept: list[Block] = []
    for block in canonical_blocks(blocks):
        if block.id is not None and (block.id not in known or block.id in taken):
            block = block.with_id(None)
        elif block.id is not None:
            taken.add(block.id)
        kept.append(block)
    return tuple(kept)


def _identify(base: Snapshot, wanted: Sequence[_Wanted], fresh: Callable[[], str]) -> None:
    """Ids for the blocks that came without, from the blocks of the same section that nothing else claims."""
    claimed: set[str] = set()
    for one in wanted:
        for block in (*one.section.blocks, *(block for group in one.definitions for block in group)):
            if block.id is not None and block.id in claimed:
                raise BadInput(f"The block {block.id} was sent in two places.")
            if block.id is not None:
                claimed.add(block.id)
    for one in wanted:
        if one.sent is None or one.sent.blocks is None:
            continue
        here = base.section_by_id(one.section.id)
        mine = {block.id for block in one.section.blocks}
        free = [block for block in (here.blocks if here else ()) if block.id not in claimed or block.id in mine]
        one.section = replace(one.section, blocks=assign_ids(free, one.section.blocks, fresh))


def _follow_moves(base: Snapshot, wanted: Sequence[_Wanted]) -> None:
    """A block that vanished from one section and stands with the same words in another has moved there."""
    there = {block.id for one in wanted for block in one.section.blocks}
    old_ids = {block.id for _, _, block in base.placed_blocks()}
    gone: dict[Block, list[str]] = {}
    for _, _, block in base.placed_blocks():
        if block.id is not None and block.id not in there and block.kind is not Kind.NOTE and _enough(block.text):
            gone.setdefault(block.body, []).append(block.id)
    new: dict[Block, int] = {}
    for one in wanted:
        for block in one.section.blocks:
            if block.id not in old_ids and block.body in gone:
                new[block.body] = new.get(block.body, 0) + 1
    sure = {body: ids[0] for body, ids in gone.items() if len(ids) == 1 and new.get(body) == 1}
    if not sure:
        return
    for one in wanted:
        blocks = tuple(
            block.with_id(sure[block.body]) if block.id not in old_ids and block.body in sure else block
            for block in one.section.blocks
        )
        one.section = replace(one.section, blocks=blocks)


def _enough(text: str) -> bool:
    return sum(map(is_word, tokens(text))) >= _MOVED_WORDS
