"""Makes the prepared edition out of a snapshot: numbers the notes, settles the references, labels the goals."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from app.text.blocks import Block, Kind
from app.text.dialect import Span, SpanKind, inline
from app.text.nested import Listing, Nested, Part, Quotation, nested
from app.text.notes import note_blocks, numbers, outside_notes
from app.text.places import places_by_id
from app.text.prepared import (
    AttachedFile,
    EditionFacts,
    Fault,
    Finding,
    Logo,
    OutlineEntry,
    PreparedBlock,
    PreparedEdition,
    PreparedGoal,
    PreparedListing,
    PreparedNote,
    PreparedPart,
    PreparedQuotation,
    PreparedSection,
    RevisionFacts,
    Run,
    RunKind,
    plain,
)
from app.text.rows import cells
from app.text.snapshot import Section, SectionKind, Snapshot

# What a section without a heading is called in contents, bookmarks and page titles.
SECTION_NAMES = {
    SectionKind.NOTICE: "Notice",
    SectionKind.DEFINITION: "Definition",
    SectionKind.VISION: "Vision",
    SectionKind.MISSION: "Mission",
    SectionKind.GOALS: "Goals",
    SectionKind.APPENDIX: "Appendix",
    SectionKind.FOOTNOTES: "Notes",
    SectionKind.TEXT: "Section",
}


def prepare(
    snapshot: Snapshot,
    *,
    charter: str,
    edition: EditionFacts | None = None,
    revision: RevisionFacts | None = None,
    files: Iterable[AttachedFile] = (),
    logo: Logo | None = None,
) -> PreparedEdition:
    """The text of the charter with that key, made ready for every writer; faults are found and listed, not refused.

    ``files`` are those of its annexes; one whose annexe the text does not declare is left out.
    """
    declared = {annexe.key for annexe in snapshot.front.annexes}
    own = tuple(file for file in files if file.annexe in declared)
    return _Preparation(snapshot).finish(charter, edition, revision, own, logo)


def goal_level(blocks: Iterable[Block]) -> int | None:
    """The heading level of the goal titles in a goals section: the highest that is there."""
    return min((b.level or 2 for b in blocks if b.kind is Kind.HEADING and b.depth == 0), default=None)


class _Preparation:
    """One pass over a snapshot in reading order."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._notes = note_blocks(snapshot)
        self._numbering = numbers(snapshot)
        self._cited: set[str] = set()
        self._findings: list[Finding] = []
        self._annexes = {annexe.key: annexe for annexe in snapshot.front.annexes}
        self._anchors = {f"b-{block.id}" for _, _, block in snapshot.placed_blocks() if block.id is not None}
        self._anchors.update(section.key for section in snapshot.sections if _is_shown(section))
        self._section = ""
        self._block: str | None = None

    def finish(
        self,
        charter: str,
        edition: EditionFacts | None,
        revision: RevisionFacts | None,
        files: tuple[AttachedFile, ...],
        logo: Logo | None,
    ) -> PreparedEdition:
        """Everything, in reading order: which citation of a note is the first depends on it."""
        sections = tuple(self._sections())
        return PreparedEdition(
            charter=charter,
            front=self._snapshot.front,
            edition=edition,
            revision=revision,
            sections=sections,
            notes=tuple(self._prepared_notes()),
            outline=tuple(_outline(sections)),
            findings=tuple(self._findings),
            files=files,
            logo=logo,
            places=places_by_id(self._snapshot, self._numbering.numbers),
        )

    def _sections(self) -> Iterator[PreparedSection]:
        for section in self._snapshot.sections:
            if _is_shown(section):
                yield self._section_of(replace(section, blocks=outside_notes(section.blocks)))

    def _section_of(self, section: Section) -> PreparedSection:
        self._section, self._block = section.key, None
        heading = self._runs(section.heading)
        parts: tuple[PreparedPart, ...]
        goals: tuple[PreparedGoal, ...] = ()
        closing: tuple[PreparedPart, ...] = ()
        if section.kind is SectionKind.GOALS:
            parts, goals, closing = self._goals(section)
        else:
            parts = self._parts(nested(section.blocks))
        return PreparedSection(
            id=section.id,
            key=section.key,
            kind=section.kind,
            heading=heading,
            name=plain(heading) or SECTION_NAMES[section.kind],
            parts=parts,
            goals=goals,
            closing=closing,
        )

    def _goals(
        self, section: Section
    ) -> tuple[tuple[PreparedPart, ...], tuple[PreparedGoal, ...], tuple[PreparedPart, ...]]:
        """What stands before the goals, the goals, and what closes the section.

        A rule after the goals ends them; so does a last paragraph that points to an annexe, which speaks for the
        section and not for the last goal.
        """
        level = goal_level(section.blocks)
        parts = self._parts(nested(section.blocks))
        opening: list[PreparedPart] = []
        found: list[tuple[PreparedBlock, list[PreparedPart]]] = []
        closing: list[PreparedPart] = []
        ended = False
        for part in parts:
            block = part.block if isinstance(part, PreparedBlock) else None
            if block is not None and block.kind is Kind.HEADING and block.level == level and not ended:
                found.append((part, []))  # type: ignore[arg-type]
            elif not found:
                opening.append(part)
            elif ended:
                closing.append(part)
            elif block is not None and block.kind is Kind.RULE:
                ended = True
            else:
                found[-1][1].append(part)
        if found and not closing and len(found[-1][1]) > 1 and _points_to_annexe(found[-1][1][-1]):
            closing.append(found[-1][1].pop())
        goals = (PreparedGoal(n, title, tuple(inside)) for n, (title, inside) in enumerate(found, start=1))
        return tuple(opening), tuple(goals), tuple(closing)

    def _prepared_notes(self) -> Iterator[PreparedNote]:
        self._section = next((s.key for s in self._snapshot.sections if s.kind is SectionKind.FOOTNOTES), "")
        for label, number in sorted(self._numbering.numbers.items(), key=lambda entry: entry[1]):
            yield self._note(label, number)
        for label in self._numbering.unused:
            self._find(Fault.UNUSED_NOTE, label, self._notes[label][0].id)
            yield self._note(label, None)

    def _note(self, label: str, number: int | None) -> PreparedNote:
        body = nested(self._notes[label])[0]
        assert isinstance(body, Nested)  # a note opens its own group and gathers what is deeper
        return PreparedNote(number, label, self._tree(body))

    def _parts(self, parts: Sequence[Part]) -> tuple[PreparedPart, ...]:
        return tuple(self._part(part) for part in parts)

    def _part(self, part: Part) -> PreparedPart:
        match part:
            case Listing(items=items):
                return PreparedListing(tuple(self._tree(item) for item in items), part.loose)
            case Quotation(quotes=quotes):
                return PreparedQuotation(tuple(self._tree(quote) for quote in quotes))
            case Nested():
                return self._tree(part)

    def _tree(self, tree: Nested) -> PreparedBlock:
        block = tree.block
        self._block = block.id
        runs: tuple[Run, ...] = ()
        rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
        if block.kind is Kind.TABLE:
            rows = tuple(tuple(self._runs(cell) for cell in cells(row)) for row in block.text.split("\n"))
        elif block.kind is not Kind.CODE:
            runs = self._runs(block.text)
        return PreparedBlock(block, runs, rows, self._parts(tree.inside))

    def _runs(self, text: str) -> tuple[Run, ...]:
        return tuple(self._run(span) for span in inline(text))

    def _run(self, span: Span) -> Run:
        if span.kind is SpanKind.BREAK:
            return Run("\n", kind=RunKind.BREAK)
        if span.note is not None:
            return self._citation(span, span.note)
        if span.link is None:
            return Run(span.text, span.marks)
        return self._reference(span, span.link)

    def _citation(self, span: Span, label: str) -> Run:
        number = self._numbering.numbers.get(label)
        if number is None:
            # In a note that nothing cites, a citation leads nowhere either; that note is a finding of its own.
            if label not in self._notes:
                self._find(Fault.DANGLING_NOTE, label)
            return Run(f"[^{label}]", span.marks)
        first = label not in self._cited
        self._cited.add(label)
        return Run(str(number), span.marks, RunKind.CITATION, anchor=f"note.{number}", number=number, first=first)

    def _reference(self, span: Span, link: str) -> Run:
        if link.startswith("#"):
            if link[1:] in self._anchors:
                return Run(span.text, span.marks, anchor=link[1:])
            self._find(Fault.DANGLING_REFERENCE, link)
            return Run(span.text, span.marks)
        if link.startswith("annexe:"):
            annexe = self._annexes.get(link.removeprefix("annexe:"))
            if annexe is None:
                self._find(Fault.UNDECLARED_ANNEXE, link)
            return Run(span.text, span.marks, annexe=annexe, url=annexe.url if annexe else None)
        return Run(span.text, span.marks, url=link)

    def _find(self, fault: Fault, target: str, block: str | None = None) -> None:
        self._findings.append(Finding(fault, self._section, block or self._block, target))


def _is_shown(section: Section) -> bool:
    """Notes are set where they are cited; their section is only shown if something else stands in it."""
    return section.kind is not SectionKind.FOOTNOTES or bool(outside_notes(section.blocks))


def _points_to_annexe(part: PreparedPart) -> bool:
    return (
        isinstance(part, PreparedBlock)
        and part.block.kind is Kind.PARAGRAPH
        and any(run.annexe is not None for run in part.runs)
    )


def _outline(sections: Iterable[PreparedSection]) -> Iterable[OutlineEntry]:
    for section in sections:
        yield OutlineEntry(1, section.name, section.anchor)
        for part in section.parts:
            yield from _headings(part, section.anchor)
        for goal in section.goals:
            title = plain(goal.title.runs)
            yield OutlineEntry(
                2, f"{goal.label}: {title}" if title else goal.label, goal.title.anchor or section.anchor
            )
            for part in goal.parts:
                yield from _headings(part, section.anchor)
        for part in section.closing:
            yield from _headings(part, section.anchor)


def _headings(part: PreparedPart, section: str) -> Iterable[OutlineEntry]:
    if isinstance(part, PreparedBlock) and part.block.kind is Kind.HEADING and part.runs:
        yield OutlineEntry(part.block.level or 2, plain(part.runs), part.anchor or section)
