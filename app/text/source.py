"""Charter source folders: reading one as a whole or refusing it with file and line, and writing one back."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from app.errors import BadInput, EngrossError, SourceRefused
from app.text.blocks import Block, Kind
from app.text.dialect import check_limits, clean, inline, normalise_reported
from app.text.dialect.limits import MOST_BYTES
from app.text.source_files import files_in
from app.text.source_notes import ReadSection, gather_notes, line_of, refuse_renamed_notes
from app.text.source_outline import OUTLINE_FILE, DeclaredSection, Outline, read_outline
from app.text.source_values import Source, SourceEdition, SourceSection
from app.text.source_writer import write_source

__all__ = ["Source", "SourceEdition", "SourceSection", "read_source", "write_source"]


def read_source(files: Mapping[str, bytes], *, reserved: Collection[str]) -> Source:
    """The folder whose files are given by name, read and checked; nothing of it is taken if anything is wrong.

    ``reserved`` are the charter keys that are addresses of the product. What is wrong is a SourceRefused that names
    the file and the line; what is merely odd (an unused note, an annexe nobody declared) is a warning in the result.
    """
    files = {name: content for name, content in files.items() if not _is_hidden(name)}
    if OUTLINE_FILE not in files:
        raise SourceRefused("The folder has no such file; it says what the charter is made of.", file=OUTLINE_FILE)
    outline = read_outline(_text(OUTLINE_FILE, files[OUTLINE_FILE]), reserved)
    _refuse_other_files(files, outline)
    warnings: list[str] = []
    read = [_read_section(declared, files, warnings) for declared in outline.sections]
    sections, unused = gather_notes(read)
    # Notes that came from several files can be too much together.
    texts = {one.section.key: (one.file, one.text) for one in read}
    for section in sections:
        _refuse_too_much(section.blocks, *texts.get(section.key, (OUTLINE_FILE, "")))
    attached = tuple(files_in(outline.front, files))
    warnings += _oddities(outline, sections, files, {file.name for file in attached})
    warnings += [f'The note "{label}" is not cited anywhere.' for label in unused]
    return Source(
        outline.key,
        outline.open,
        outline.front,
        sections,
        outline.edition,
        tuple(warnings),
        attached,
        outline.logo_alt,
    )


def _read_section(declared: DeclaredSection, files: Mapping[str, bytes], warnings: list[str]) -> ReadSection:
    name = declared.file
    text = _text(name, files[name])
    try:
        blocks, reports = normalise_reported(text)
    except EngrossError as fault:
        raise SourceRefused(fault.message, file=name, line=1) from None
    refuse_renamed_notes(blocks, name, text)
    _refuse_too_much(blocks, name, text)
    warnings += [f"{name}: {report}" for report in reports]
    section = SourceSection(declared.key, declared.kind, declared.heading, blocks)
    return ReadSection(section, name, text, OUTLINE_FILE, declared.line, declared.heading_line)


def _refuse_too_much(blocks: Sequence[Block], name: str, text: str) -> None:
    """What may not be saved may not be imported; the line is the one where the block at fault begins."""
    try:
        check_limits(blocks, name=name)
    except EngrossError as fault:
        number = fault.details.get("number")
        beginning = blocks[number - 1].text.split("\n")[0][:40] if isinstance(number, int) else ""
        raise SourceRefused(fault.message, file=name, line=line_of(text, beginning)) from None


def _text(name: str, content: bytes) -> str:
    """The characters of a file, which must be UTF-8, of a size to be read, and hold nothing that cannot be kept."""
    if len(content) > MOST_BYTES:
        raise SourceRefused(
            f"A file may have {MOST_BYTES // 1000} kB; this one has {len(content) / 1000:,.1f} kB.", file=name, line=1
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise SourceRefused("This is not UTF-8; save the file in that encoding.", file=name, line=line) from None
    try:
        return clean(text)
    except BadInput as fault:
        told = fault.details.get("line")
        raise SourceRefused(fault.message, file=name, line=told if isinstance(told, int) else 1) from None


def _is_hidden(name: str) -> bool:
    """What an operating system or an editor leaves behind, such as .DS_Store."""
    return any(part.startswith(".") for part in name.split("/"))


def _refuse_other_files(files: Mapping[str, bytes], outline: Outline) -> None:
    """The folder must have a file for every section, and no Markdown file besides."""
    for declared in outline.sections:
        if declared.file not in files:
            raise SourceRefused(
                f'The section "{declared.key}" has no text: {declared.file} is missing.',
                file=OUTLINE_FILE,
                line=declared.line,
            )
    named = {declared.file for declared in outline.sections}
    for name in sorted(files):
        if name.endswith(".md") and name not in named:
            raise SourceRefused(f"Unknown section: no [[section]] of {OUTLINE_FILE} has this file.", file=name, line=1)


def _oddities(
    outline: Outline, sections: Sequence[SourceSection], files: Mapping[str, bytes], attached: Collection[str]
) -> Iterator[str]:
    named = {OUTLINE_FILE, *outline.named_files, *attached, *(declared.file for declared in outline.sections)}
    for name in outline.named_files:
        if name not in files:
            yield f"{OUTLINE_FILE}: the file {name} is named, but it is not in the folder."
    for name in sorted(set(files) - named):
        yield f"{name}: {OUTLINE_FILE} does not name this file, so it is not read."
    yield from _open_references(outline, sections)
    for section in sections:
        for block in section.blocks:
            if block.level is not None and not 2 <= block.level <= 4:
                shown = f"{'#' * block.level} {block.text}"
                yield f'Section "{section.key}": inside a section a heading has two to four #, not "{shown}".'


def _open_references(outline: Outline, sections: Sequence[SourceSection]) -> Iterator[str]:
    annexes = {annexe.key for annexe in outline.front.annexes}
    keys = {section.key for section in sections}
    for section in sections:
        for target in dict.fromkeys(_targets(section)):
            if target.startswith("annexe:") and target.removeprefix("annexe:") not in annexes:
                yield f'Section "{section.key}" points to {target}, which {OUTLINE_FILE} does not declare.'
            elif target.startswith("#") and not target.startswith("#b-") and target[1:] not in keys:
                yield f'Section "{section.key}" points to {target}, but there is no such section.'


def _targets(section: SourceSection) -> Iterator[str]:
    for text in (section.heading, *(block.text for block in section.blocks if _has_words(block))):
        for span in inline(text):
            if span.link:
                yield span.link


def _has_words(block: Block) -> bool:
    return block.kind not in (Kind.CODE, Kind.RULE)
