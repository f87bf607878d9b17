"""From a request's sections to what the engine compares: text read, blocks checked, limits kept."""

import re
from collections.abc import Sequence

from app.api.schemas import BlockBody, FrontBody, SectionBody
from app.errors import BadInput
from app.text.blocks import Align, Block, Kind, ListStyle
from app.text.derive import ABSENT, Submission, SubmittedSection
from app.text.dialect import canonical_blocks, check_limits, clean, normalise_reported
from app.text.snapshot import SectionKind

# What can be a key at all: refused here, before any words about it would repeat what was sent.
_NAME = re.compile(r"[a-z0-9-]{1,100}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_ADDRESS = re.compile(r"https?://[^\s\x00-\x20<>\"]+")
_FILE = re.compile(r"[\w][\w .()-]{0,200}")


def submission(sections: Sequence[SectionBody], front: FrontBody | None) -> tuple[Submission, tuple[str, ...]]:
    """What was sent as a submission, and in words what reading it changed. BadInput for text that is no section."""
    for section in sections:
        if not all(_NAME.fullmatch(name) for name in (section.key, section.after) if name is not None):
            raise BadInput("The key of a section is made of lower-case letters, digits and hyphens.", kind="bad-key")
    reports: list[str] = []
    submitted = [_section(section, reports) for section in sections]
    fields: dict[str, object] = {}
    if front is not None:
        _check_front(front)
        fields = {
            name: value if value is None or isinstance(value, str) else _annexes(front)
            for name, value in ((n, getattr(front, n)) for n in sorted(front.model_fields_set))
        }
        fields = {name: _line(value) for name, value in fields.items()}
    return Submission(tuple(submitted), fields), tuple(reports)


def _annexes(front: FrontBody) -> list[dict[str, object]]:
    declared = [annexe.model_dump() for annexe in front.annexes or ()]
    return [{name: _line(value) for name, value in one.items()} for one in declared]


def _check_front(front: FrontBody) -> None:
    """BadInput for what no cover could say: a language that is none, an annexe that leads anywhere."""
    if front.language is not None and not _LANGUAGE.fullmatch(front.language):
        raise BadInput("The language is a tag like en or en-GB.", kind="bad-front")
    for annexe in front.annexes or ():
        if not annexe.title.strip():
            raise BadInput("An annexe needs a title.", kind="bad-front")
        if not _NAME.fullmatch(annexe.key):
            raise BadInput("The key of an annexe is made of lower-case letters, digits and hyphens.", kind="bad-front")
        if annexe.url is not None and not _ADDRESS.fullmatch(annexe.url):
            raise BadInput("The address of an annexe begins with https:// or http://.", kind="bad-front")
        if annexe.file is not None and not _FILE.fullmatch(annexe.file):
            raise BadInput("The file of an annexe is a plain file name.", kind="bad-front")


def _line(value: object) -> object:
    return " ".join(clean(value).split()) if isinstance(value, str) else value


def _section(section: SectionBody, reports: list[str]) -> SubmittedSection:
    if section.markdown is not None and section.blocks is not None:
        raise BadInput(f"Send the section {section.key} as markdown or as blocks, not as both.")
    blocks: tuple[Block, ...] | None = None
    if section.markdown is not None:
        blocks, told = normalise_reported(clean(section.markdown))
        reports.extend(told)
    elif section.blocks is not None:
        blocks = canonical_blocks([_block(block) for block in section.blocks])
    if blocks is not None:
        check_limits(blocks, name=section.key)
    return SubmittedSection(
        key=section.key,
        kind=None if section.kind is None else SectionKind(section.kind),
        blocks=blocks,
        heading=None if section.heading is None else " ".join(clean(section.heading).split()),
        after=section.after if "after" in section.model_fields_set else ABSENT,
        remove=section.remove,
    )


def _block(block: BlockBody) -> Block:
    return Block(
        kind=Kind(block.kind),
        text=clean(block.text),
        depth=block.depth,
        id=block.id,
        level=block.level,
        style=None if block.marker is None else ListStyle(block.marker.style),
        start=None if block.marker is None else block.marker.start,
        label=block.label,
        align=None if block.align is None else tuple(Align(a) for a in block.align),
        lang=block.lang,
    )
