"""Spans written as inline Markdown, with as few escapes as will do."""

import re
from collections.abc import Sequence

from app.text.dialect.emphasis import flanks, is_blank, is_sign
from app.text.dialect.literal import Chunk, Escaping
from app.text.dialect.nesting import Hull, link_groups, steps
from app.text.dialect.normal_spans import Part
from app.text.dialect.spans import Mark, SpanKind
from app.text.dialect.targets import autolink, written_target

_SIGNS = {Mark.EMPHASIS: "*", Mark.STRONG: "**"}
# Markup is never changed, unlike words: one chunk of it serves wherever it stands.
_OPENING = {mark: Chunk(sign, False, opens_mark=True) for mark, sign in _SIGNS.items()}
_CLOSING = {mark: Chunk(sign, False, closes_mark=True) for mark, sign in _SIGNS.items()}


def write(spans: Sequence[Part], *, thorough: bool = False) -> str:
    """The spans, which are in their normal form, as Markdown; ``thorough`` escapes more than is nearly always needed.

    The result says the same as the spans unless their marks stand as no Markdown can say it: whoever writes reads it
    back to see.
    """
    if len(spans) == 1 and spans[0].is_prose and not spans[0].marks and spans[0].link is None:
        return Escaping([Chunk(spans[0].text, True)], thorough=thorough).written()
    chunks: list[Chunk] = []
    autolinks = {
        start: source
        for start, end, target in link_groups(spans)
        if end == start + 1 and (source := _autolink(spans[start], target, spans[end : end + 1])) is not None
    }
    in_link = False
    for at, step in enumerate(steps(spans)):
        for hull in step.closed:
            in_link = in_link and hull.mark is not None
            chunks += _closing(hull, autolinks)
        for hull in step.opened:
            in_link = in_link or hull.mark is None
            chunks += _opening(hull, autolinks)
        if at < len(spans):
            words = autolinks.get(at)
            begins = bool(step.opened) and step.opened[-1].mark is None
            chunk = _chunk(spans[at], in_link, begins) if words is None else Chunk(words, False)
            chunks.append(chunk)
    _guard(chunks)
    return Escaping(chunks, thorough=thorough).written()


def _autolink(span: Part, target: str, following: Sequence[Part]) -> str | None:
    if span.kind is not SpanKind.WORDS or Mark.CODE in span.marks:
        return None
    # A stroke through the closing bracket would make another character of it.
    if following and following[0].text.startswith("\u0338"):
        return None
    return autolink(span.text, target)


def _opening(hull: Hull, autolinks: dict[int, str]) -> list[Chunk]:
    if hull.mark is not None:
        return [_OPENING[hull.mark]]
    return [] if hull.start in autolinks else [Chunk("[", False)]


def _closing(hull: Hull, autolinks: dict[int, str]) -> list[Chunk]:
    if hull.mark is not None:
        return [_CLOSING[hull.mark]]
    return [] if hull.start in autolinks else [Chunk(f"]({written_target(hull.target)})", False, ends_link=True)]


def _chunk(span: Part, in_link: bool, begins_link: bool) -> Chunk:
    if span.kind is SpanKind.CITATION:
        return Chunk(f"[^{span.text}]", False)
    if span.kind is SpanKind.BREAK:
        return Chunk("\\\n", False)
    if Mark.CODE in span.marks:
        return Chunk(_code(span.text), False)
    return Chunk(span.text, True, in_link, begins_link)


def _code(text: str) -> str:
    taken = {len(run) for run in re.findall("`+", text)}
    width = next(n for n in range(1, len(taken) + 2) if n not in taken)
    padded = text.startswith("`") or text.endswith("`") or (text[0] == " " == text[-1] and text.strip(" ") != "")
    space = " " if padded else ""
    return f"{'`' * width}{space}{text}{space}{'`' * width}"


def _guard(chunks: list[Chunk]) -> None:
    """Mark the letters that have to be written as entities, or the mark between them and a sign would be no mark."""
    at, many = 0, len(chunks)
    while at < many:
        end = at
        while end < many and (chunks[end].opens_mark or chunks[end].closes_mark):
            end += 1
        if 0 < at < end < many:
            _guard_run(chunks[at - 1], chunks[at:end], chunks[end])
        at = end + 1


def _guard_run(before: Chunk, run: Sequence[Chunk], after: Chunk) -> None:
    left, right = before.text[-1:], after.text[:1]
    may_open, may_close = flanks(left, right, "*")
    if before.is_words and not may_open and any(chunk.opens_mark for chunk in run):
        before.guard_last = not is_blank(left) and not is_sign(left)
    if after.is_words and not may_close and any(chunk.closes_mark for chunk in run):
        after.guard_first = not is_blank(right) and not is_sign(right)
