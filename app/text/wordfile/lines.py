"""Lines: what is read of a text paragraph by paragraph, so that a file and a base can be held together."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.text.blocks import Kind, ListStyle
from app.text.dialect import Mark
from app.text.readings import PLAIN, Look
from app.text.wordfile.story import Shape

Runs = tuple[tuple[str, Look], ...]
Grid = tuple[tuple[Runs, ...], ...]

STEP = 482
"""How far each container moves its paragraphs in, in our files: twentieths of a point."""

_SPACES = re.compile("[ \t\r\n]+")
_CODE = frozenset({"code", "html preformatted", "preformatted text", "source code", "plain text"})
_RULE = frozenset({"dividing line", "horizontal line"})
_QUOTE = frozenset({"quote", "intense quote", "quotations", "block text"})


@dataclass(frozen=True, slots=True)
class Form:
    """What a line is. ``level`` is that of a heading or how deep an item stands among items; ``goal`` is a title.

    ``left`` is the indent and ``sides`` are those of the columns of a table: both say something only between two
    readings of one file.
    """

    kind: Kind
    level: int = 0
    style: ListStyle | None = None
    start: int = 1
    goal: bool = False
    left: int = 0
    sides: tuple[str, ...] = ()
    list: str = ""

    def same(self, other: "Form") -> bool:
        """Whether two lines of a text and of a file are the same thing."""
        return (self.kind, self.level, self.style) == (other.kind, other.level, other.style)

    def quite_same(self, other: "Form") -> bool:
        """Whether two lines of one file are the same thing in the same place."""
        return (
            self.same(other)
            and self.start == other.start
            and self.sides == other.sides
            and steps(self.left) == steps(other.left)
        )


@dataclass(frozen=True, slots=True)
class Part:
    """What a paragraph of the file gave to a line: how many characters of it stand there, and stood before."""

    paragraph: int
    length: int
    before: int
    places: tuple[str, ...]


@dataclass(slots=True)
class Line:
    """A paragraph or a table of one reading of a file."""

    form: Form
    runs: Runs = ()
    grid: Grid = ()
    parts: tuple[Part, ...] = ()
    keys: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """What is read in it; the cells of a table one after the other."""
        if self.grid:
            return " ".join(text_of(cell) for row in self.grid for cell in row)
        return text_of(self.runs)

    @property
    def places(self) -> tuple[str, ...]:
        """The bookmarks in it, those of what gave most to it first."""
        whole = [part for part in self.parts if part.length] or list(self.parts[-1:])
        return tuple(place for part in sorted(whole, key=lambda part: -part.length) for place in part.places)

    @property
    def blank(self) -> bool:
        """Whether nothing is read in it."""
        return not self.runs and not any(cell for row in self.grid for cell in row)


def text_of(runs: Runs) -> str:
    """The characters alone."""
    return "".join(text for text, _ in runs)


def steps(left: int) -> int:
    """How many containers an indent speaks of."""
    return max(0, round(left / STEP))


def tidy(runs: Iterable[tuple[str, Look]]) -> Runs:
    """The runs as they are compared: joined where they look alike, with single spaces and none at the ends."""
    made: list[tuple[str, Look]] = []
    after_space = True
    for text, look in runs:
        if look.is_break:
            text = "\n"
            if made and made[-1][1].note is None and Mark.CODE not in made[-1][1].marks:
                _shorten(made)
            if not made:
                continue
            after_space = True
        elif look.note is None and Mark.CODE not in look.marks:
            if not text.isascii():
                text = unicodedata.normalize("NFC", text)
            text = _SPACES.sub(" ", text)
            if after_space and text[:1] == " ":
                text = text[1:]
            if not text:
                continue
            after_space = text[-1] == " "
        else:
            after_space = False
        if made and made[-1][1] == look:
            made[-1] = (made[-1][0] + text, look)
        else:
            made.append((text, look))
    while made and (made[-1][1].is_break or _shorten(made)):
        if made and made[-1][1].is_break:
            made.pop()
    return tuple(made)


def _shorten(made: list[tuple[str, Look]]) -> bool:
    """Take white space off the end; whether there was any."""
    text, look = made[-1]
    if look.note is not None or look.is_break or Mark.CODE in look.marks or text[-1:] != " ":
        return False
    text = text.rstrip(" ")
    if text:
        made[-1] = (text, look)
    else:
        made.pop()
    return True


def verbatim(runs: Sequence[tuple[str, Look]]) -> Runs:
    """Code: characters that look like nothing."""
    text = "".join(text for text, _ in runs)
    return ((text, PLAIN),) if text else ()


def form_of(shape: Shape, shift: int = 0) -> Form:
    """What a paragraph of that shape is; ``shift`` is how many levels the headings of the file stand too deep."""
    left = shape.left
    if shape.level is not None:
        level = max(1, shape.level - shift)
        return Form(Kind.HEADING, min(4, level), goal=shape.style == "goal title")
    if shape.style in _CODE:
        return Form(Kind.CODE, left=left)
    if shape.style in _RULE:
        return Form(Kind.RULE, left=left)
    if shape.item is not None:
        return Form(Kind.ITEM, shape.depth, shape.item, shape.start, left=left, list=shape.list)
    if shape.style in _QUOTE:
        return Form(Kind.QUOTE, left=left)
    return Form(Kind.PARAGRAPH, left=left)


def is_all(runs: Sequence[tuple[str, Look]], mark: Mark) -> bool:
    """Whether all words bear a mark."""
    return all(mark in look.marks for text, look in runs if look.note is None and not look.is_break and text.strip())


def plainer(runs: Sequence[tuple[str, Look]]) -> Iterator[tuple[str, Look]]:
    """Words without the marks that all of them bear: how others make their headings look is no emphasis."""
    every = frozenset(mark for mark in (Mark.STRONG, Mark.EMPHASIS) if is_all(runs, mark))
    for text, look in runs:
        yield text, replace(look, marks=look.marks - every) if look.marks & every else look
