"""A section as somebody types it into a form, paragraph by paragraph, and what of it becomes a submission."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.errors import BadInput
from app.text.blocks import Block, Kind
from app.text.dialect import canonical_blocks, check_limits, clean, normalise_reported
from app.text.manuscript import levelled
from app.text.notes import cited_by, numbers
from app.text.places import places
from app.text.snapshot import Section, SectionKind, Snapshot
from app.text.submission import ABSENT, Absent, SubmittedSection

_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_PASTED_BULLET = re.compile(r"^([ \t]*)[•·▪‣–][ \t]+", re.MULTILINE)
# How the place of a footnote is written in a form; in the text it is [^label].
_SHOWN_NOTE = re.compile(r"\[note ([0-9]{1,5})\]")
_CITATION = re.compile(r"\[\^([^\]\s\[]{1,64})\]")
# What is typed as it is, line by line.
_BY_LINES = (Kind.CODE, Kind.TABLE)
STAYS = "stays"
FIRST = "first"


@dataclass(slots=True)
class TypedBlock:
    """One paragraph as the form shows it: the block as it is, and what was typed for it.

    ``move`` names the paragraph it shall follow by its place (see `behind`), "" to stay.
    """

    block: Block
    number: int
    place: str
    text: str
    out: bool = False
    after: str = ""
    move: str = ""
    note: str = ""
    note_words: str = ""
    problem: str = ""

    @property
    def id(self) -> str:
        """The name of its fields."""
        return self.block.id or ""

    @property
    def rows(self) -> int:
        """How high its field is."""
        return min(16, max(2, sum(1 + len(line) // 60 for line in self.text.split("\n"))))

    @property
    def has_words(self) -> bool:
        """Whether there is anything to type: a dividing line has no words."""
        return self.block.kind is not Kind.RULE


@dataclass(slots=True)
class TypedSection:
    """The form of one section. ``leftover`` is what was typed for paragraphs that are not here any more.

    ``labels`` are those of the notes by their numbers: forms say [note 3] where the text says [^label].
    """

    section: Section
    heading: str
    blocks: list[TypedBlock]
    notes: list[TypedBlock]
    top: str = ""
    place: str = STAYS
    remove: bool = False
    leftover: list[str] = field(default_factory=list)
    labels: Mapping[int, str] = field(default_factory=dict)

    @property
    def destinations(self) -> list[str]:
        """What each paragraph is called where another one shall be moved behind it, in the order of the text."""
        places = Counter(one.place for one in self.blocks)
        return [
            one.place if places[one.place] == 1 else f"{one.place} ({' '.join(one.block.text.split()[:4])})"
            for one in self.blocks
        ]

    @property
    def has_problem(self) -> bool:
        """Whether something typed cannot be taken as it is."""
        return any(one.problem for one in (*self.blocks, *self.notes))


AT_THE_BEGINNING = "the beginning"


def behind(form: TypedSection, said: str) -> int | None:
    """Behind the how-manieth paragraph of the form something shall stand, 0 for the first place; None if none is meant.

    Paragraphs are named as the form names them, "paragraph 2" or "item B"; their count is understood too.
    """
    wanted = " ".join(said.casefold().split())
    if wanted in (AT_THE_BEGINNING, "beginning", "first"):
        return 0
    if wanted.isascii() and wanted.isdigit():
        return int(wanted) if len(wanted) < 7 and int(wanted) <= len(form.blocks) else None
    names = [" ".join(name.casefold().split()) for name in form.destinations]
    return names.index(wanted) + 1 if names.count(wanted) == 1 else None


def untouched(text: Snapshot, section: Section) -> TypedSection:
    """The form as it is first shown."""
    given = numbers(text).numbers
    named = places(section.blocks, given, goals=section.kind is SectionKind.GOALS)
    blocks = [
        TypedBlock(block, n, str(place), _with_numbers(block, given))
        for n, (block, place) in enumerate(zip(section.blocks, named, strict=True), 1)
    ]
    labels = {number: label for label, number in given.items()}
    return TypedSection(section, section.heading, blocks, _notes_of(text, section, given), labels=labels)


def _with_numbers(block: Block, given: Mapping[str, int]) -> str:
    """The words of a block with the numbers of its notes instead of their labels."""
    if block.kind is Kind.CODE or _SHOWN_NOTE.search(block.text):
        return block.text
    return _CITATION.sub(lambda found: f"[note {given[found[1]]}]" if found[1] in given else found[0], block.text)


def _with_labels(typed_text: str, block: Block | None, labels: Mapping[int, str]) -> str:
    """The inverse: what was typed, with the labels of the notes that are named by number."""
    if block is not None and (block.kind is Kind.CODE or _SHOWN_NOTE.search(block.text)):
        return typed_text
    return _SHOWN_NOTE.sub(
        lambda found: f"[^{labels[int(found[1])]}]" if int(found[1]) in labels else found[0], typed_text
    )


def renumbered(typed_text: str, then: Mapping[int, str], now: Mapping[int, str]) -> str:
    """What was typed while the notes had other numbers, with the numbers they have now."""
    numbers_now = {label: number for number, label in now.items()}

    def named(found: re.Match[str]) -> str:
        label = then.get(int(found[1]))
        return found[0] if label is None else f"[note {numbers_now[label]}]" if label in numbers_now else f"[^{label}]"

    return _SHOWN_NOTE.sub(named, typed_text)


def _notes_of(text: Snapshot, section: Section, given: Mapping[str, int]) -> list[TypedBlock]:
    """The notes this section cites, where they do not stand in the section itself."""
    cited = {label for block in section.blocks for label in cited_by(block)}
    found = [
        TypedBlock(
            block,
            given.get(block.label or "", 0),
            f"note {given.get(block.label or '', 0)}",
            _with_numbers(block, given),
        )
        for home, _, block in text.placed_blocks()
        if block.kind is Kind.NOTE and block.label in cited and home.id != section.id
    ]
    return sorted(found, key=lambda one: one.number)


def typed(text: Snapshot, section: Section, fields: Mapping[str, str]) -> TypedSection:
    """The form with what was typed into it; what is not among the fields is as it was."""
    form = untouched(text, section)
    form.heading = _line(fields.get("heading", form.heading))
    form.top = clean(fields.get("top", ""))
    form.place = fields.get("place", STAYS)[:100]
    form.remove = "remove" in fields
    for one in (*form.blocks, *form.notes):
        one.text = clean(fields.get(f"t.{one.id}", one.text))
        one.out = f"o.{one.id}" in fields
        one.after = clean(fields.get(f"a.{one.id}", ""))
        one.move = fields.get(f"m.{one.id}", "").strip()[:200]
        one.note = clean(fields.get(f"n.{one.id}", ""))
        one.note_words = clean(fields.get(f"w.{one.id}", "")).strip()
    known = {one.id for one in (*form.blocks, *form.notes)}
    for name, value in fields.items():
        kind, dot, id = name.partition(".")
        if dot and kind in ("t", "a", "n") and id not in known and value.strip():
            form.leftover.append(clean(value))
    return form


def submitted(text: Snapshot, form: TypedSection) -> list[SubmittedSection]:
    """What the form sends in: the section, and the sections whose notes were rewritten in it.

    BadInput where something cannot be taken; then the ``problem`` of that paragraph says what to do.
    """
    if form.remove:
        return [SubmittedSection(key=form.section.key, remove=True)]
    _refuse_unknown_notes(form)
    groups = [_wanted(one, form.labels) for one in form.blocks]
    blocks = [
        *_new_blocks(_with_labels(form.top, None, form.labels), None),
        *(b for group in _moved(form, groups) for b in group),
    ]
    blocks = _with_new_notes(form, blocks, _free_labels(text))
    for one in form.notes:
        if not one.text.strip():
            one.problem = "A footnote is taken out where the footnotes stand; here it can only be reworded."
    if form.has_problem:
        raise BadInput("Something could not be taken as it was typed; it is marked below. Nothing is lost.")
    made = canonical_blocks(levelled(blocks))
    check_limits(made, name=form.section.key)
    return [as_sent(form, made), *_rewritten_notes(text, form)]


def as_sent(form: TypedSection, blocks: tuple[Block, ...]) -> SubmittedSection:
    """The section with these blocks, under the heading and in the place that the form asks for."""
    after: str | Absent | None = ABSENT if form.place == STAYS else None if form.place == FIRST else form.place
    return SubmittedSection(
        key=form.section.key,
        blocks=None if blocks == form.section.blocks else blocks,
        heading=None if form.heading == form.section.heading else form.heading,
        after=after,
    )


def _refuse_unknown_notes(form: TypedSection) -> None:
    """Say so where the place of a footnote was typed that there is not: it would become mere words."""
    for one in (*form.blocks, *form.notes):
        if one.block.kind is Kind.CODE or _SHOWN_NOTE.search(one.block.text):
            continue
        for typed_text in (one.text, one.after, one.note):
            unknown = next((n for n in _SHOWN_NOTE.findall(typed_text) if int(n) not in form.labels), None)
            if unknown is not None:
                one.problem = (
                    f"There is no note {unknown} in this charter. A new footnote is typed in “A new footnote here”."
                )


def _wanted(one: TypedBlock, labels: Mapping[int, str]) -> list[Block]:
    """The blocks that one paragraph of the form becomes: itself, what it was split into, and what follows it."""
    after = _new_blocks(_with_labels(one.after, None, labels), one.block)
    text = _with_labels(one.text, one.block, labels)
    if one.out or (one.has_words and not text.strip() and one.block.text):
        return after
    if text.strip() == one.block.text.strip():
        return [one.block, *after]
    if one.block.kind in _BY_LINES:
        return [one.block.with_text(text.strip("\n")), *after]
    first, *others = [_joined(part) for part in _BLANK_LINES.split(text.strip())]
    kind = Kind.PARAGRAPH if one.block.kind in (Kind.HEADING, Kind.NOTE) else one.block.kind
    deeper = 1 if one.block.kind is Kind.NOTE else 0
    more = [
        replace(one.block, id=None, kind=kind, text=part, depth=one.block.depth + deeper)
        if kind is one.block.kind
        else Block(kind, part, depth=one.block.depth + deeper)
        for part in others
    ]
    return [one.block.with_text(first), *more, *after]


def _joined(part: str) -> str:
    """One paragraph on one line; a hard break (a backslash at the end of a line) stays."""
    made = ""
    for line in part.strip().split("\n"):
        made += ("" if not made else "\n" if made.endswith("\\") else " ") + line.strip()
    return made


def _new_blocks(typed_text: str, beside: Block | None) -> list[Block]:
    """What was typed as new: paragraphs, lists with - or 1., headings with #; beside an item paragraphs are items."""
    if not typed_text.strip():
        return []
    blocks, _ = normalise_reported(_PASTED_BULLET.sub(r"\1- ", typed_text.strip("\n")) + "\n")
    made: list[Block] = []
    for block in blocks:
        if beside is None or block.kind is Kind.NOTE:
            made.append(block)
        elif beside.kind is Kind.ITEM and block.kind is Kind.PARAGRAPH and not block.depth:
            made.append(replace(beside, id=None, text=block.text))
        else:
            made.append(replace(block, depth=block.depth + beside.depth))
    return made


def _moved(form: TypedSection, groups: Sequence[list[Block]]) -> list[list[Block]]:
    """The paragraphs in the order that was asked for; what belongs to a moved one moves with it."""
    units: list[list[int]] = []
    for at, one in enumerate(form.blocks):
        if units and one.block.depth > form.blocks[units[-1][0]].block.depth and not one.move:
            units[-1].append(at)
        else:
            units.append([at])
    order = list(units)
    for unit in units:
        one = form.blocks[unit[0]]
        if not one.move:
            continue
        after = behind(form, one.move)
        if after is None:
            one.problem = (
                f"Write behind which paragraph it goes, such as “{form.destinations[0]}”, or “{AT_THE_BEGINNING}”."
            )
            continue
        target = after - 1
        if target in unit:
            continue
        order.remove(unit)
        place = next((n + 1 for n, other in enumerate(order) if target in other), 0) if target >= 0 else 0
        order.insert(place, unit)
    return [groups[at] for unit in order for at in unit]


def _with_new_notes(form: TypedSection, blocks: list[Block], labels: Iterator[str]) -> list[Block]:
    """The blocks with the citations of new notes put in, and the notes themselves at the end."""
    found = list(blocks)
    notes: list[Block] = []
    for one in form.blocks:
        if not one.note.strip():
            continue
        at = next((n for n, block in enumerate(found) if block.id == one.id), None)
        if at is None:
            one.problem = "This paragraph is taken out, so no footnote can stand in it."
            continue
        text, words = found[at].text, _with_labels(one.note_words, one.block, form.labels)
        if words and text.count(words) != 1:
            times = "stand there more than once: add the words around them" if words in text else "are not in it"
            one.problem = f"The footnote shall stand after “{one.note_words}”, but these words {times}."
            continue
        end = len(text) if not words else text.index(words) + len(words)
        label = next(labels)
        found[at] = found[at].with_text(f"{text[:end]}[^{label}]{text[end:]}")
        notes.append(Block(Kind.NOTE, _joined(_with_labels(one.note, None, form.labels)), label=label))
    return [*found, *notes]


def _free_labels(text: Snapshot) -> Iterator[str]:
    taken = {block.label for _, _, block in text.placed_blocks() if block.label}
    return (f"n{n}" for n in range(1, 100_000) if f"n{n}" not in taken)


def _rewritten_notes(text: Snapshot, form: TypedSection) -> list[SubmittedSection]:
    """The sections in which notes stand that were rewritten here."""
    stored = {one.id: _with_labels(one.text, one.block, form.labels) for one in form.notes}
    rewritten = {
        one.id: _joined(stored[one.id])
        for one in form.notes
        if one.text.strip() and stored[one.id].strip() != one.block.text
    }
    sent = []
    for section in text.sections:
        if any(block.id in rewritten for block in section.blocks):
            blocks = [b.with_text(rewritten[b.id]) if b.id in rewritten else b for b in section.blocks]
            sent.append(SubmittedSection(key=section.key, blocks=canonical_blocks(blocks)))
    return sent


def _line(value: str) -> str:
    return " ".join(clean(value).split())
