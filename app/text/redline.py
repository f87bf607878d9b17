"""The redline of two whole charters: front, outline and, section by section, blocks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from app.text.block_redline import (
    Redline,
    Row,
    State,
    accept_all,
    moved_away,
    moved_here,
    redline,
    reject_all,
)
from app.text.blocks import Block
from app.text.chains import best_chain
from app.text.effort import TEXT_STEPS, Effort
from app.text.snapshot import Annexe, Front, Section, Snapshot
from app.text.worddiff import Piece, diff_words
from app.text.words import is_word, tokens

__all__ = [
    "FrontChange",
    "Redline",
    "Row",
    "SectionRow",
    "SectionState",
    "SnapshotRedline",
    "State",
    "accept_all",
    "accepted",
    "redline",
    "redline_snapshots",
    "reject_all",
    "rejected",
]

# A shorter block is not recognised in another section by its words alone.
_TELLING_WORDS = 3


class SectionState(StrEnum):
    """What happened to a section as a whole; its words are another matter."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FrontChange:
    """A field of the front before and after, as text; an annexe is the field ``annexe:key``. None: was not there."""

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section of a redline, before and after. ``heading`` are the pieces of its heading.

    ``moved``: it stands elsewhere among the sections. ``old_at`` and ``new_at`` are its places in the two outlines.
    """

    state: SectionState
    old: Section | None
    new: Section | None
    heading: tuple[Piece, ...]
    blocks: Redline
    old_at: int | None = None
    new_at: int | None = None
    moved: bool = False

    @property
    def section(self) -> Section:
        """The section as it is now, or as it was."""
        section = self.new or self.old
        if section is None:
            raise ValueError("a row shows a section")
        return section

    @property
    def renamed(self) -> bool:
        """Whether the section is kept under another heading."""
        return self.old is not None and self.new is not None and self.old.heading != self.new.heading

    @property
    def touched(self) -> bool:
        """Whether anything about the section changed."""
        return (
            self.state is not SectionState.KEPT
            or self.moved
            or self.blocks.touched
            or (self.old is not None and self.new is not None and replace(self.old, blocks=()) != self._new_outline())
        )

    def _new_outline(self) -> Section | None:
        return None if self.new is None else replace(self.new, blocks=())


@dataclass(frozen=True, slots=True)
class SnapshotRedline:
    """Everything that differs between two charters, and everything that does not, in reading order."""

    old_front: Front
    new_front: Front
    front: tuple[FrontChange, ...]
    sections: tuple[SectionRow, ...]

    @property
    def touched(self) -> bool:
        """Whether the two charters differ at all."""
        return bool(self.front) or any(row.touched for row in self.sections)

    @property
    def coarse(self) -> bool:
        """Whether some block was too much to compare word by word."""
        return any(row.blocks.coarse for row in self.sections)


def redline_snapshots(old: Snapshot, new: Snapshot) -> SnapshotRedline:
    """The redline of two charters; sections are paired by id, then by key."""
    spare = Effort(TEXT_STEPS)
    partner = _paired(old.sections, new.sections)
    staying = {
        i for i, _ in best_chain([(i, j, 1.0 + len(old.sections[i].blocks)) for i, j in sorted(partner.items())])
    }
    came_from = {j: i for i, j in partner.items()}
    rows: list[SectionRow] = []
    removed = [i for i in range(len(old.sections)) if i not in partner]
    for j, section in enumerate(new.sections):
        i = came_from.get(j)
        if i is None:
            rows.append(_section_row(None, section, None, j, spare))
            continue
        while i in staying and removed and removed[0] < i:
            rows.append(_section_row(old.sections[removed[0]], None, removed.pop(0), None, spare))
        rows.append(_section_row(old.sections[i], section, i, j, spare, moved=i not in staying))
    rows.extend(_section_row(old.sections[i], None, i, None, spare) for i in removed)
    return SnapshotRedline(old.front, new.front, _front_changes(old.front, new.front), _between_sections(rows, spare))


def accepted(shown: SnapshotRedline) -> Snapshot:
    """The charter after accepting every change: the new one."""
    standing = [(row.new_at, row.new, accept_all(row.blocks)) for row in shown.sections]
    return Snapshot(shown.new_front, _outline(standing))


def rejected(shown: SnapshotRedline) -> Snapshot:
    """The charter after rejecting every change: the old one."""
    standing = [(row.old_at, row.old, reject_all(row.blocks)) for row in shown.sections]
    return Snapshot(shown.old_front, _outline(standing))


def _outline(standing: Iterable[tuple[int | None, Section | None, tuple[Block, ...]]]) -> tuple[Section, ...]:
    placed = [
        (at, replace(section, blocks=blocks))
        for at, section, blocks in standing
        if at is not None and section is not None
    ]
    return tuple(section for _, section in sorted(placed, key=lambda place: place[0]))


def _paired(old: Sequence[Section], new: Sequence[Section]) -> dict[int, int]:
    partner: dict[int, int] = {}
    by_id = {section.id: j for j, section in enumerate(new)}
    for i, section in enumerate(old):
        if section.id in by_id:
            partner[i] = by_id[section.id]
    taken = set(partner.values())
    by_key = {section.key: j for j, section in enumerate(new) if j not in taken}
    for i, section in enumerate(old):
        if i not in partner and section.key in by_key:
            partner[i] = by_key[section.key]
    return partner


def _section_row(
    old: Section | None, new: Section | None, i: int | None, j: int | None, spare: Effort, *, moved: bool = False
) -> SectionRow:
    state = SectionState.ADDED if old is None else SectionState.REMOVED if new is None else SectionState.KEPT
    return SectionRow(
        state=state,
        old=old,
        new=new,
        heading=diff_words(old.heading if old else "", new.heading if new else "").pieces,
        blocks=redline(old.blocks if old else (), new.blocks if new else (), spare),
        old_at=i,
        new_at=j,
        moved=moved,
    )


def _between_sections(rows: Sequence[SectionRow], spare: Effort) -> tuple[SectionRow, ...]:
    """Blocks that left one section and stand in another are moved, not deleted and inserted."""
    gone: dict[object, tuple[int, Row]] = {}
    for n, section in enumerate(rows):
        for row in section.blocks.rows:
            if row.state is State.DELETED and row.old is not None:
                for name in _names(row.old):
                    gone.setdefault(name, (n, row))
    if not gone:
        return tuple(rows)
    new_rows: dict[tuple[int, int], Row] = {}
    moved: set[tuple[int, int | None]] = set()
    for n, section in enumerate(rows):
        for m, row in enumerate(section.blocks.rows):
            if row.state is not State.INSERTED or row.new is None or row.new_at is None:
                continue
            for name in _names(row.new):
                home, left = gone.get(name, (n, row))
                if home != n and left.old is not None and (home, left.old_at) not in moved:
                    moved.add((home, left.old_at))
                    key = rows[home].section.key
                    new_rows[n, m] = moved_here(left.old, row.new, row.new_at, spare, key)
                    m_left = rows[home].blocks.rows.index(left)
                    new_rows[home, m_left] = moved_away(left.old, left.old_at or 0, section.section.key)
                    break
    return tuple(_with_rows(n, section, new_rows) for n, section in enumerate(rows))


def _with_rows(n: int, section: SectionRow, new_rows: Mapping[tuple[int, int], Row]) -> SectionRow:
    blocks = tuple(new_rows.get((n, m), row) for m, row in enumerate(section.blocks.rows))
    return replace(section, blocks=Redline(blocks))


def _names(block: Block) -> list[object]:
    """What a block can be recognised by in another section: its id, or words enough to tell."""
    names: list[object] = [] if block.id is None else [("id", block.id)]
    if sum(map(is_word, tokens(block.text))) >= _TELLING_WORDS:
        names.append(("words", block.kind, block.text))
    return names


def _front_changes(old: Front, new: Front) -> tuple[FrontChange, ...]:
    changes = [
        FrontChange(field.name, _text(getattr(old, field.name)), _text(getattr(new, field.name)))
        for field in fields(Front)
        if field.name != "annexes" and getattr(old, field.name) != getattr(new, field.name)
    ]
    before = {annexe.key: annexe for annexe in old.annexes}
    after = {annexe.key: annexe for annexe in new.annexes}
    for key in [*before, *(key for key in after if key not in before)]:
        if before.get(key) != after.get(key):
            changes.append(FrontChange(f"annexe:{key}", _described(before.get(key)), _described(after.get(key))))
    return tuple(changes)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _described(annexe: Annexe | None) -> str | None:
    if annexe is None:
        return None
    places = [place for place in (annexe.file, annexe.url) if place]
    return f"{annexe.title} ({', '.join(places)})" if places else annexe.title
