"""How flat spans nest when they are written: where each mark and link opens and closes."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.text.dialect.normal_spans import Part
from app.text.dialect.spans import Mark

NESTED = (Mark.EMPHASIS, Mark.STRONG)
_LINK_ORDER = len(NESTED)


class Hull(NamedTuple):
    """A mark (or, without one, a link) around spans ``start`` to ``end``."""

    mark: Mark | None
    target: str
    start: int
    end: int

    @property
    def order(self) -> tuple[int, int]:
        """What is longer goes outside; of equals emphasis, then strong, then the link."""
        return -self.end, _LINK_ORDER if self.mark is None else NESTED.index(self.mark)


class Step(NamedTuple):
    """What is written before a span, and after the last: hulls that close, innermost first, and hulls that open."""

    closed: tuple[Hull, ...]
    opened: tuple[Hull, ...]


_NOTHING = Step((), ())


def link_groups(spans: Sequence[Part]) -> list[tuple[int, int, str]]:
    """Stretches of spans under one link."""
    groups: list[tuple[int, int, str]] = []
    for at, span in enumerate(spans):
        if span.link is None:
            continue
        if groups and groups[-1][1] == at and groups[-1][2] == span.link:
            groups[-1] = (groups[-1][0], at + 1, span.link)
        else:
            groups.append((at, at + 1, span.link))
    return groups


def steps(spans: Sequence[Part]) -> Iterator[Step]:
    """One step before each span and one at the end. Nothing that closes early is left open inside."""
    groups = link_groups(spans)
    starting: dict[int, list[Hull]] = {}
    for start, end, target in groups:
        starting.setdefault(start, []).append(Hull(None, target, start, end))
    for mark in NESTED:
        for start, end in _stretches(spans, mark, groups):
            starting.setdefault(start, []).append(Hull(mark, "", start, end))
    stack: list[Hull] = []
    for at in range(len(spans) + 1):
        closed: list[Hull] = []
        opened = starting.get(at, [])
        # Three at most: emphasis, strong, and the link.
        while stack and (stack[-1].end <= at or min(hull.end for hull in stack) <= at):
            hull = stack.pop()
            closed.append(hull)
            if hull.end > at:
                opened.append(hull)
        if not (closed or opened):
            yield _NOTHING
            continue
        if len(opened) > 1:
            opened.sort(key=lambda hull: hull.order)
        stack += opened
        yield Step(tuple(closed), tuple(opened))


def _stretches(spans: Sequence[Part], mark: Mark, groups: Sequence[tuple[int, int, str]]) -> list[tuple[int, int]]:
    """Where a mark holds without a break, cut at the ends of every link that it covers in part."""
    cuts: set[int] = set()
    if not any(mark in span.marks for span in spans):
        return []
    for start, end, _ in groups:
        if not all(mark in spans[at].marks for at in range(start, end)):
            cuts |= {start, end}
    found: list[tuple[int, int]] = []
    for at, span in enumerate(spans):
        if mark not in span.marks:
            continue
        if found and found[-1][1] == at and at not in cuts:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found
