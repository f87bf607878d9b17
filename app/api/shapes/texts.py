"""Texts: charters, revisions with sections and blocks, and what two texts differ in."""

from datetime import datetime

from pydantic import Field

from app.api.shapes.common import Shape
from app.rules.former import Former
from app.rules.majorities import Rule
from app.text.blocks import Align, Kind, ListStyle
from app.text.snapshot import SectionKind


class SectionName(Shape):
    """A section without its text."""

    id: str
    key: str
    kind: SectionKind
    heading: str


class Charter(Shape):
    """A charter, its settings, its newest revision (``head``, for those who may read it) and the edition in force."""

    key: str
    title: str
    organisation: str
    language: str
    open: bool
    rule: Rule
    quorum: int
    signoffs_required: int
    former_members: Former
    head: int | None
    edition: str | None
    sections: list[SectionName]


class ListMark(Shape):
    """How an item is marked; ``start`` stands at the first item of a list that is numbered."""

    style: ListStyle
    start: int | None


class Block(Shape):
    """The smallest piece of a text that has an address; what its kind does not need is absent."""

    id: str | None
    kind: Kind
    depth: int
    text: str
    level: int | None = None
    marker: ListMark | None = Field(default=None, alias="list")
    label: str | None = None
    align: list[Align] | None = None
    lang: str | None = None


class Section(SectionName):
    """A section with its text, as canonical Markdown and as blocks."""

    markdown: str
    blocks: list[Block]


class DeclaredAnnexe(Shape):
    """An annexe as the cover declares it."""

    key: str
    title: str
    file: str | None
    url: str | None


class Front(Shape):
    """What stands before the text."""

    title: str
    organisation: str
    address: str
    contact: str
    logo: str | None
    language: str
    annexes: list[DeclaredAnnexe]


class RevisionHead(Shape):
    """A revision without its text; ``author`` is null where the product itself imported it."""

    number: int
    parent: int | None
    author: str | None
    created_at: datetime
    message: str


class Revision(RevisionHead):
    """A revision with its whole text."""

    front: Front
    sections: list[Section]


class Piece(Shape):
    """Words that were kept, inserted or deleted."""

    op: str
    text: str


class ChangeInWords(Shape):
    """What differs, in a sentence."""

    text: str
    section: str | None
    block: str | None


class FieldOfFront(Shape):
    """A field of the front that differs."""

    field: str
    before: str
    after: str


class BlockRow(Shape):
    """A block of one text beside that of the other."""

    state: str
    retyped: bool
    coarse: bool
    before: Block | None
    after: Block | None
    pieces: list[Piece]


class SectionRow(Shape):
    """A section of one text beside that of the other."""

    id: str
    key: str
    state: str
    moved: bool
    heading: list[Piece]
    blocks: list[BlockRow]


class Redline(Shape):
    """Everything in which two texts differ. ``coarse``: some blocks were too long to be compared word by word."""

    changed: bool
    coarse: bool
    changes: list[ChangeInWords]
    front: list[FieldOfFront]
    sections: list[SectionRow]


class NamedText(Shape):
    """One of the texts that were compared."""

    name: str
    revision: int
    edition: str | None


class Comparison(Redline):
    """The redline of two named texts."""

    old: NamedText = Field(alias="from")
    new: NamedText = Field(alias="to")


class WordSpan(Shape):
    """Words of a block (``start`` to ``end``, in code points) with one source; null where no proposal brought them."""

    start: int
    end: int
    text: str
    revision: int
    created_at: datetime
    author: str | None
    message: str
    proposal: int | None
    change: int | None
    ref: str | None
    title: str | None
    proposed_by: str | None
    signed_by: list[str]
    words_by: list[str]
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    outcome: str | None
    against_rule: bool


class Provenance(Shape):
    """Where every word of a block comes from. ``gone``: the block is not in the text any more."""

    block: str
    section: str
    revision: int
    text: str
    gone: bool
    spans: list[WordSpan]
