"""Makes blocks out of the lines of a reading: those that say what they said stay as they are, to the byte."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from app.text.blocks import Block, Kind, ListStyle
from app.text.manuscript import levelled
from app.text.readings import PLAIN
from app.text.wordfile.expecting import Expected
from app.text.wordfile.lines import Form, Line, Runs, steps, text_of
from app.text.wordfile.matching import id_of, is_same
from app.text.wordfile.wording import Writer

_SILENT = frozenset({Kind.RULE, Kind.ITEM, Kind.CODE})
_NEAR = 60
_FAR = 200
_STEP = 482


@dataclass(slots=True)
class _Made:
    block: Block
    line: Line | None = None


@dataclass(slots=True)
class Builder:
    """Builds the blocks of one reading. ``before`` are the lines of the file before anybody's change."""

    expected: Expected
    writer: Writer
    before: Mapping[str, Line]
    ids: Mapping[int, str]
    note: bool = False
    goal_level: int | None = None
    _made: list[_Made] = field(default_factory=list)
    _items: dict[tuple[str, int], Block] = field(default_factory=dict)

    def blocks(self, lines: Sequence[Line], base: Sequence[Block]) -> tuple[Block, ...]:
        """The blocks of some lines; what of the base no file shows stands where it stood."""
        self._made, self._items = [], {}
        self._known_lists(lines)
        for line in _joined_code(lines, self.ids):
            id = self.ids.get(id_of(line))
            if line.blank and (line.form.kind not in _SILENT or (id is None and line.form.kind is not Kind.RULE)):
                continue
            self._made.append(_Made(self._block(line, id), line))
        return tuple(levelled(self._with_silent(base)))

    def _known_lists(self, lines: Sequence[Line]) -> None:
        """What the items of each list are that stood there before: new ones in it are the same."""
        for line in lines:
            id = self.ids.get(id_of(line))
            block = None if id is None else self.expected.blocks[id]
            was = None if id is None else self.before.get(id)
            stood = was is None or was.form.quite_same(line.form)
            if stood and block is not None and block.kind is Kind.ITEM and line.form.kind is Kind.ITEM:
                self._items.setdefault((line.form.list, line.form.level), block)

    def _block(self, line: Line, id: str | None) -> Block:
        told = None if id is None else self.expected.line(id)
        base = None if id is None else self.expected.blocks[id]
        if base is None or told is None:
            return self._text(line, self._shape(line, None, None), None)
        was = self.before.get(base.id or "", line)
        stays = line.form.quite_same(was.form) and was.form.same(told.form)
        if stays and is_same(line, told):
            return base
        shape = base if stays else self._shape(line, base, was)
        made = self._text(line, shape, base)
        return base if made == base else made

    def _text(self, line: Line, shape: Block, base: Block | None) -> Block:
        kind = shape.kind
        if kind is Kind.TABLE:
            old = base if base is not None and base.kind is Kind.TABLE else None
            told = () if old is None else self.expected.grid(old)
            return replace(self.writer.table(line, old, told), id=shape.id, depth=shape.depth)
        if kind is Kind.CODE:
            return shape.with_text(text_of(line.runs))
        if kind is Kind.RULE:
            return shape.with_text("")
        prose = base is not None and base.kind not in (Kind.CODE, Kind.TABLE, Kind.RULE)
        was = base.text if base is not None and prose else None
        runs = line.runs
        sign = self.expected.sign(shape.id)
        if sign and text_of(runs).startswith(sign.strip()):
            runs = _without(runs, len(sign) if text_of(runs).startswith(sign) else len(sign.strip()))
        if line.grid:
            runs = tuple(run for row in line.grid for cell in row for run in cell)
        return shape.with_text(self.writer.inline(runs, was, one_line=kind is Kind.HEADING))

    def _shape(self, line: Line, base: Block | None, was: Line | None) -> Block:
        """What a line is as a block, without its words."""
        form = line.form
        id = None if base is None else base.id
        depth = self._depth(line, base, was)
        if self.note and not self._made:
            return replace(base, text="") if base is not None else Block(Kind.NOTE, label="")
        if form.kind is Kind.HEADING:
            level = max(2, form.level)
            if form.goal and self.goal_level is not None:
                level = self.goal_level
            if base is not None and base.kind is Kind.HEADING and was is not None and was.form.level == form.level:
                level = base.level or level
            return Block(Kind.HEADING, depth=depth, id=id, level=level)
        if form.kind is Kind.ITEM:
            style, start = self._listed(form, base)
            return Block(Kind.ITEM, depth=depth, id=id, style=style, start=start)
        if form.kind is Kind.CODE:
            return Block(Kind.CODE, depth=depth, id=id, lang=None if base is None else base.lang)
        return Block(form.kind, depth=depth, id=id)

    def _listed(self, form: Form, base: Block | None) -> tuple[ListStyle, int | None]:
        known = self._items.get((form.list, form.level)) if form.list else None
        if known is not None and known.style is form.style:
            return known.style or ListStyle.BULLET, known.start
        if base is not None and base.kind is Kind.ITEM and base.style is form.style and base.start == form.start:
            return base.style or ListStyle.BULLET, base.start
        style = form.style or ListStyle.BULLET
        return style, None if style is ListStyle.BULLET else form.start

    def _depth(self, line: Line, base: Block | None, was: Line | None) -> int:
        """How many containers stand around a line, by its indent."""
        form, inner = line.form, int(self.note)
        if base is not None and was is not None:
            now, then = _containers(form), _containers(was.form)
            if form.kind is was.form.kind or {form.kind, was.form.kind} <= {Kind.PARAGRAPH, Kind.CODE, Kind.TABLE}:
                moved = form.level - was.form.level if form.kind is Kind.ITEM else 0
                return max(inner, base.depth + (moved or now - then))
        if form.kind is Kind.ITEM:
            near = next((m for m in islice(reversed(self._made), _FAR) if _alike(m, form)), None)
            if near is not None:
                return near.block.depth
            return inner + (_containers(form) if _is_ours(form.left) and form.left else form.level)
        if form.kind is Kind.HEADING:
            return inner
        if _is_ours(form.left):
            return inner + _containers(form)
        item = next((m for m in islice(reversed(self._made), _FAR) if m.block.kind is Kind.ITEM), None)
        last = self._made[-1].block if self._made else None
        follows = item is not None and last is not None and (last is item.block or last.depth > item.block.depth)
        if follows and item is not None and item.line is not None and form.left >= item.line.form.left - _NEAR > 0:
            return item.block.depth + 1
        return inner

    def _with_silent(self, base: Sequence[Block]) -> list[Block]:
        """The blocks with those that no file shows: each before what stood behind it, if that is still there."""
        made = [one.block for one in self._made]
        silent = [n for n, block in enumerate(base) if self.expected.form(block.id) is None]
        for n in reversed(silent):
            block = base[n]
            inside = [one.id for one in _inside(base, n)]
            here = [one.id for one in made]
            if block.kind is Kind.RULE:
                inside = [one.id for one in base[n + 1 :]]
            following = next((here.index(id) for id in inside if id in here), None)
            if following is not None:
                made.insert(following, block)
            elif block.kind is Kind.RULE and n:
                before = next((here.index(one.id) for one in reversed(base[:n]) if one.id in here), None)
                made.insert(len(made) if before is None else before + 1, block)
        return made


def _inside(base: Sequence[Block], n: int) -> Iterator[Block]:
    for block in base[n + 1 :]:
        if block.depth <= base[n].depth:
            return
        yield block


def _alike(made: _Made, form: Form) -> bool:
    if made.line is None or made.block.kind is not Kind.ITEM:
        return False
    other = made.line.form
    return bool(form.list) and (other.list, other.level) == (form.list, form.level)


def _containers(form: Form) -> int:
    """How many containers an indent of ours speaks of."""
    return max(0, steps(form.left) - (form.kind in (Kind.ITEM, Kind.QUOTE)))


def _is_ours(left: int) -> bool:
    return abs(left - _STEP * steps(left)) <= 4


def _without(runs: Runs, length: int) -> Runs:
    """The runs without so many characters at their beginning."""
    made = []
    for text, look in runs:
        if length >= len(text):
            length -= len(text)
            continue
        made.append((text[length:], look))
        length = 0
    return tuple(made)


def _joined_code(lines: Sequence[Line], ids: Mapping[int, str]) -> Iterator[Line]:
    """The lines, where new lines of code behind code are more of it."""
    more: list[str] = []
    last: Line | None = None
    for line in lines:
        code = last is not None and line.form.kind is last.form.kind is Kind.CODE
        if code and id_of(line) not in ids:
            more.append(text_of(line.runs))
            continue
        if last is not None:
            yield _longer(last, more)
        last, more = line, []
    if last is not None:
        yield _longer(last, more)


def _longer(line: Line, more: Sequence[str]) -> Line:
    if more:
        line.runs = (("\n".join([text_of(line.runs), *more]), PLAIN),)
    return line
