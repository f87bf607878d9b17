"""Words of a file written as the dialect has them; what was not changed is written as it was."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from app.text.blocks import Align, Block, Kind
from app.text.dialect import Mark, Part, SpanKind, written_inline
from app.text.dialect.tables import cells_of, row_of
from app.text.dialect.targets import followed, typed_target
from app.text.readings import Fate, Look, Reading, compared, reading
from app.text.wordfile.expecting import Expected
from app.text.wordfile.lines import Grid, Line, Runs, text_of, tidy

_ALIGNS = {"left": Align.LEFT, "center": Align.CENTER, "right": Align.RIGHT}
Lost = Callable[[str], None]


class Writer:
    """Writes runs as inline text. ``lost`` is told of what cannot be written."""

    def __init__(self, expected: Expected, lost: Lost) -> None:
        self._expected, self._lost = expected, lost

    def inline(self, runs: Runs, was: str | None = None, *, one_line: bool = False) -> str:
        """Inline text that reads so. ``was`` is the text before: what it says still says it as it did."""
        if was is not None and self._expected.runs(was) == runs:
            return was
        kept = list(self._restored(was, runs)) if was else list(runs)
        made = written_inline(part for text, look in kept for part in self._parts(text, look))
        return made.replace("\\\n", " ") if one_line else made

    def _restored(self, was: str, runs: Runs) -> Iterator[tuple[str, Look]]:
        """The runs, where what was kept looks as it did: links and marks that a file cannot show are still there."""
        told = self._expected.runs(was)
        real = tidy(reading(was).runs)
        if text_of(real) != text_of(told):
            yield from runs
            return
        looks = [look for text, look in real for _ in text]
        by_identity = {id(look): look for look in looks}
        at = 0
        for piece in compared(Reading(told), Reading(runs)):
            if piece.fate is Fate.INSERTED:
                yield piece.text, piece.look
                continue
            length = len(piece.text)
            if piece.fate is not Fate.DELETED:
                start = at
                for look, some in groupby(looks[at : at + length], key=id):
                    end = start + sum(1 for _ in some)
                    words = piece.text[start - at : end - at]
                    yield words, _kept(by_identity[look], piece.was or piece.look, piece.look)
                    start = end
            at += length

    def _parts(self, text: str, look: Look) -> Iterator[Part]:
        link = None if look.link is None else self._link(look.link, text)
        if look.is_break:
            yield Part("\n", SpanKind.BREAK, look.marks - {Mark.CODE}, link)
        elif look.note is not None:
            # Of a mark that was kept in parts the first character tells.
            whole = f"[^{look.note}]"
            times = text.count(whole) if whole in text else int(text.startswith("["))
            for _ in range(times):
                yield Part(look.note, SpanKind.CITATION, look.marks, link)
        elif text:
            yield Part(text.replace("\n", " "), SpanKind.WORDS, look.marks, link)

    def _link(self, link: str, text: str) -> str | None:
        if link.startswith("#") or link.startswith("annexe:"):
            return link
        target = self._expected.links.get(link) or typed_target(link)
        if followed(target):
            return target
        self._lost(f"A link to “{target[:100]}” was read as plain words: “{text[:80]}”.")
        return None

    def table(self, line: Line, old: Block | None, told: Grid) -> Block:
        """A table of a file; rows and cells that say what they said are written as they were."""
        sources = [] if old is None else old.text.split("\n")
        rows = list(line.grid) or [((),)]
        width = max(map(len, rows))
        same: dict[tuple[Runs, ...], list[int]] = {}
        for n, row in enumerate(told):
            same.setdefault(row, []).append(n)
        written: list[str] = []
        following = 0
        for row in rows:
            places = same.get(row)
            if places:
                n = next((place for place in places if place >= following), places[0])
                written.append(sources[n])
                following = n + 1
                continue
            near = following if following < len(told) and len(told[following]) == width else None
            before = None if near is None else cells_of(sources[near])
            if near is not None and _some_alike(row, told[near]):
                following = near + 1
            else:
                before = None
            written.append(row_of([self._cell(cell, before, n) for n, cell in enumerate(row)]))
        align = old.align if old is not None and old.align is not None and len(old.align) == width else None
        sides = (*line.form.sides, *([""] * width))[:width]
        if align is None or (told and line.form.sides != () and _told_otherwise(sides, align)):
            align = tuple(_ALIGNS.get(side, Align.NONE) for side in sides)
        return Block(Kind.TABLE, "\n".join(written), align=align)

    def _cell(self, runs: Runs, before: Sequence[str] | None, n: int) -> str:
        was = before[n] if before is not None and n < len(before) else None
        return self.inline(runs, was).replace("\\\n", " ")


def _some_alike(row: Sequence[Runs], told: Sequence[Runs]) -> bool:
    return any(cell == other for cell, other in zip(row, told, strict=False) if cell)


def _told_otherwise(sides: Sequence[str], align: Sequence[Align]) -> bool:
    """Whether a column is set otherwise now; some programs say of every column that it is set at the left."""
    usual = (Align.NONE, Align.LEFT)
    return any(
        (told := _ALIGNS.get(side, Align.NONE)) is not one and not (told in usual and one in usual)
        for side, one in zip(sides, align, strict=True)
    )


def _kept(real: Look, was: Look, now: Look) -> Look:
    """How characters look that were kept: as they did, but for what was changed about them."""
    if was == now:
        return real
    marks = real.marks if was.marks == now.marks else now.marks
    link = real.link if was.link == now.link else now.link
    note = real.note if was.note == now.note else now.note
    return Look(marks, link, note, now.is_break)
