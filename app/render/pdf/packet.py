"""The packet for a meeting: the open proposals one after the other, each with all it takes to decide on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from markupsafe import Markup

from app import resources
from app.render.changes import CHOICES, Standing, redline_of
from app.render.pdf.glyphs import held
from app.render.pdf.marked import alone, paper_environment
from app.render.pdf.turns import set_in_turn
from app.render.pdf.writer import Pdf
from app.text.blocks import Block, Kind, ListStyle
from app.text.html import HtmlFrame, redline_html
from app.text.places import marker


@dataclass(frozen=True, slots=True)
class Wording:
    """A block as it was and as somebody would have it; ``number`` is that of the item, if it is one."""

    old: Block | None
    new: Block | None
    number: int | None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided, or is advised, on a change: in which outcome, by whom, why, and in which words if in others."""

    outcome: str
    by: str
    at: datetime
    reason: str
    wording: Wording | None = None


@dataclass(frozen=True, slots=True)
class Rival:
    """Another change that meets this one; ``proposal`` is its proposal's number if that is in the packet, else None."""

    ref: str
    title: str
    proposal: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """Somebody's position, on one change by its name or on all of a proposal (""); ``earlier``: on another version."""

    person: str
    position: str
    on: str
    words: str
    earlier: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """An open thread in short; ``subject`` is what it is on, ``comments`` counts all that was said in it."""

    number: int
    subject: str
    author: str
    said: str
    comments: int
    for_members: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One change, to be decided on.

    ``today`` is the block as it reads now, where that is not what was changed. ``to`` says of what is to be moved where
    it would stand. ``meeting`` is what it meets others in.
    """

    ref: str
    place: str
    paragraph: str
    act: str | None
    to: str
    wording: Wording
    today: Block | None
    frame: HtmlFrame
    standing: Standing | None
    meeting: str
    rivals: Sequence[Rival]
    needs: Sequence[str]
    tally: str
    decided: Ruling | None
    advice: Ruling | None
    choices: Sequence[str]


@dataclass(frozen=True, slots=True)
class Paper:
    """One proposal. ``signers`` signed it with its author; ``beside`` are threads on the paragraphs it changes."""

    number: int
    title: str
    author: str
    signers: Sequence[str]
    version: int
    base_revision: int
    updated_at: datetime
    review_by: date | None
    relation: str
    reasons: str
    points: Sequence[Point]
    spoken: Sequence[Spoken]
    talks: Sequence[Talk]
    beside: Sequence[Talk]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section with the proposals that touch it first; ``elsewhere`` are others that touch it too, by number."""

    name: str
    anchor: str
    papers: Sequence[Paper]
    elsewhere: Sequence[int]


@dataclass(frozen=True, slots=True)
class Packet:
    """All that the packet says. ``only`` names the section it was made of, "" for all of them."""

    charter: str
    title: str
    organisation: str
    language: str
    day: date
    revision: int
    rule: str
    only: str
    chapters: Sequence[Chapter]
    left_out: int

    @property
    def papers(self) -> Sequence[Paper]:
        """The proposals in order."""
        return [paper for chapter in self.chapters for paper in chapter.papers]

    @property
    def changes(self) -> int:
        """How many changes there are in all."""
        return sum(len(paper.points) for paper in self.papers)

    @property
    def for_members(self) -> bool:
        """Whether anything in it is for members alone."""
        return any(talk.for_members for paper in self.papers for talk in (*paper.talks, *paper.beside))


POSITIONS: Mapping[str, str] = {"support": "supports", "object": "objects to", "abstain": "abstains on"}


def render_packet(packet: Packet) -> Pdf:
    """The packet as a PDF; the same proposals on the same day give the same bytes. `Unavailable` as redlines are."""
    return set_in_turn(packet_html(packet, resources.fonts()))


def _block(wording: Wording, frame: HtmlFrame) -> str:
    """The redline of one block. The marker of an item stands before it in words: C, and not the first of a list."""
    old, new, number = wording.old, wording.new, wording.number
    blocks = [block for block in (new, old) if block is not None]
    if not blocks or any(block.kind is not Kind.ITEM for block in blocks):
        return redline_html(redline_of(old, new, number), frame)
    style = blocks[0].style or ListStyle.BULLET
    sign = "•" if style is ListStyle.BULLET or number is None else f"{marker(style, number)}."
    before, after = (block and replace(block, kind=Kind.PARAGRAPH, style=None, start=None) for block in (old, new))
    words = redline_html(redline_of(before, after, None), frame)
    return f'<div class="entry"><span class="k">{sign}</span> <div>{words}</div></div>\n'


def packet_html(packet: Packet, fonts: Path) -> str:
    """The print HTML for `templates/pdf/packet.css`; everything people wrote is escaped."""
    drawable = held(fonts)

    def marked(wording: Wording, frame: HtmlFrame) -> Markup:
        return alone(_block(wording, frame), drawable)

    return (
        paper_environment(fonts)
        .get_template("packet.html")
        .render(
            packet=packet,
            moment=f"{packet.day.isoformat()}T00:00:00Z",
            marked=marked,
            plainly=lambda block, frame, number: marked(Wording(block, block, number), frame),
            positions=POSITIONS,
            choices=CHOICES,
        )
    )
