"""How the blocks of a text are set as paragraphs: their style, their indent, their list and their place in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.render.word.markup import right_to_left
from app.render.word.shapes import BULLETS, Form, Lists
from app.text.blocks import Block, Kind, ListStyle
from app.text.dialect import plain
from app.text.places import marker, ordinals
from app.text.preparing import goal_level
from app.text.wordfile.agreed import FURTHEST, SIDES

STEP = 482
"""How far each container moves its paragraphs in: 8.5 mm."""

_DEEPEST = 8
_STYLES = {
    Kind.PARAGRAPH: "BodyText",
    Kind.ITEM: "ListParagraph",
    Kind.QUOTE: "Quote",
    Kind.CODE: "Code",
    Kind.RULE: "Rule",
    Kind.TABLE: "TableText",
    Kind.NOTE: "FootnoteText",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """Which list an item is in, and what that list is: its style, its level and its first number.

    ``written``: Word cannot count so far as we do, so the numbers are written out.
    """

    list: int
    kind: tuple[ListStyle, int, int]
    written: bool = False


def listed(blocks: Sequence[Block], lists: Lists, known: Mapping[int, Listed] | None = None) -> dict[int, Listed]:
    """The list of every item, by its place among the blocks.

    ``known`` are lists of the same text as it was: where an item stood in one of them, its list goes on to be that
    one, as long as it is of the same kind, so that nothing is told to have changed.
    """
    found: dict[int, Listed] = {}
    taken: set[int] = set()
    for members, kind in _runs(blocks):
        stood = (known[n] for n in members if known is not None and n in known)
        same = next((one for one in stood if one.kind == kind and one.list not in taken), None)
        if kind[0] is ListStyle.BULLET:
            same = Listed(BULLETS, kind)
        elif kind[2] + len(members) - 1 > FURTHEST[kind[0]]:
            same = Listed(0, kind, written=True)
        elif same is None:
            same = Listed(lists.add(kind[0].value, kind[1], kind[2]), kind)
        else:
            taken.add(same.list)
        found.update(dict.fromkeys(members, same))
    return found


def _runs(blocks: Sequence[Block]) -> Iterator[tuple[list[int], tuple[ListStyle, int, int]]]:
    """The items list by list, each with the style, level and first number of its list."""
    running: dict[int, tuple[list[int], tuple[ListStyle, int, int]]] = {}
    above: list[Block] = []
    for n, block in enumerate(blocks):
        del above[block.depth :]
        for depth in sorted((depth for depth in running if depth > block.depth), reverse=True):
            yield running.pop(depth)
        if block.kind is not Kind.ITEM:
            if block.depth in running:
                yield running.pop(block.depth)
        else:
            style = block.style or ListStyle.BULLET
            at = running.get(block.depth)
            if at is not None and at[1][0] is style:
                at[0].append(n)
            else:
                if at is not None:
                    yield running.pop(block.depth)
                level = min(_DEEPEST, sum(one.kind is Kind.ITEM for one in above))
                running[block.depth] = ([n], (style, level, 1 if block.start is None else block.start))
        above.append(block)
    yield from running.values()


def forms(
    blocks: Sequence[Block], lists: Mapping[int, Listed], goals: int | None = None, note: bool = False
) -> list[Form]:
    """How each block is set. ``goals`` is the list that counts the goals of a goals section, None in others."""
    found: list[Form] = []
    above: list[Kind] = []
    level = goal_level(blocks) if goals is not None else None
    ended = False
    numbers = ordinals(blocks)
    for n, block in enumerate(blocks):
        del above[block.depth :]
        left = STEP * sum(kind in (Kind.ITEM, Kind.QUOTE) for kind in above)
        style = "Quote" if Kind.QUOTE in above and block.kind is Kind.PARAGRAPH else _STYLES.get(block.kind, "BodyText")
        form = Form(style, left=left, right_to_left=_runs_right(block))
        if block.kind is Kind.ITEM:
            form = replace(form, left=left + STEP, hanging=STEP)
            if lists[n].written:
                form = replace(form, sign=f"{marker(lists[n].kind[0], numbers[n] or 0)}.")
            else:
                form = replace(form, number=(lists[n].list, lists[n].kind[1]))
        elif block.kind is Kind.QUOTE:
            form = replace(form, left=left + STEP)
        elif block.kind is Kind.PARAGRAPH and block.text.endswith(":") and _leads(blocks, n):
            form = replace(form, held=True)
        elif block.kind is Kind.HEADING:
            form = replace(form, style=f"Heading{min(4, max(2, block.level or 2))}")
            if level is not None and not block.depth and block.level == level and not ended:
                form = replace(form, style="GoalTitle", number=(goals or 0, 0))
        ended = ended or (level is not None and not block.depth and block.kind is Kind.RULE and _has_goal(found))
        if note and form.style in ("BodyText", "ListParagraph", "Quote", "TableText"):
            form = replace(form, style="FootnoteText")
        found.append(form)
        above.append(block.kind)
    return found


def end_of_goals(blocks: Sequence[Block], found: Sequence[Form]) -> int | None:
    """The rule that ends the goals, which is not printed: what follows it speaks for the section."""
    first = next((n for n, form in enumerate(found) if form.style == "GoalTitle"), len(found))
    rules = (n for n in range(first, len(blocks)) if blocks[n].kind is Kind.RULE and not blocks[n].depth)
    return next(rules, None)


def cell_forms(block: Block, columns: int, *, header: bool) -> list[Form]:
    """How the cells of a row of a table are set."""
    aligns = block.align or ()
    style = "TableHead" if header else "TableText"
    return [Form(style, side=SIDES.get(aligns[n], "") if n < len(aligns) else "") for n in range(columns)]


def _leads(blocks: Sequence[Block], n: int) -> bool:
    """Whether a list follows, so that the words that introduce it belong on its page."""
    return n + 1 < len(blocks) and blocks[n + 1].kind is Kind.ITEM


def _has_goal(found: Sequence[Form]) -> bool:
    return any(form.style == "GoalTitle" for form in found)


def _runs_right(block: Block) -> bool:
    if block.text.isascii():
        return False
    return right_to_left(block.text if block.kind is Kind.CODE else plain(block.text))
