"""From the tree of containers to blocks: what is one list, one quotation, and what is no list after all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.text.blocks import Align, Block, Kind, ListStyle
from app.text.dialect.inline_canon import canonical_inline
from app.text.dialect.lettered import near, runs
from app.text.dialect.nodes import Node, Sort
from app.text.dialect.tables import MOST_EMPTY_CELLS, cells_of, fitted, row_of


@dataclass(slots=True)
class Shape:
    """What a tree comes to: its notes apart, and in words which lettered items became paragraphs."""

    notes: list[Node] = field(default_factory=list)
    retyped: list[str] = field(default_factory=list)


def shape(root: Node, links: Mapping[str, tuple[str, str]]) -> Shape:
    """Settle the tree in place: inline text made canonical, notes taken out, lists and quotations joined."""
    shaped = Shape()
    _write_texts(root, links, {})
    _take_notes(root, shaped)
    for top in [root, *shaped.notes]:
        _join(top, links, shaped)
    return shaped


def _write_texts(node: Node, links: Mapping[str, tuple[str, str]], known: dict[str, str]) -> None:
    """``known`` are the paragraphs written so far: many a short one stands more than once."""
    kept: list[Node] = []
    for child in node.children:
        if child.sort in (Sort.PARAGRAPH, Sort.HEADING):
            raw = "\n".join(child.lines).rstrip(" ")
            if raw not in known:
                known[raw] = canonical_inline(raw, links)
            child.text = known[raw]
            if child.sort is Sort.HEADING:
                child.text = _one_line(child.text, links)
            elif not child.text:
                continue
        elif child.sort is Sort.TABLE:
            kept.extend(_table(child, links))
            continue
        else:
            _write_texts(child, links, known)
        kept.append(child)
    node.children = kept


def _one_line(text: str, links: Mapping[str, tuple[str, str]]) -> str:
    """A heading has no hard breaks: they become spaces."""
    return canonical_inline(text.replace("\\\n", " "), links) if "\n" in text else text


def _table(node: Node, links: Mapping[str, tuple[str, str]]) -> list[Node]:
    """The table with canonical rows; rows that would need too much padding follow it as paragraphs."""
    width = len(node.align)
    rows: list[str] = []
    empty = 0
    for number, line in enumerate(node.lines):
        cells = cells_of(line)
        empty += max(0, width - len(cells))
        if empty > MOST_EMPTY_CELLS:
            rest = [Node(Sort.PARAGRAPH, text=canonical_inline(line.strip(" "), links)) for line in node.lines[number:]]
            node.text = "\n".join(rows)
            return [node, *(one for one in rest if one.text)]
        rows.append(row_of([canonical_inline(cell, links) for cell in fitted(cells, width)]))
    node.text = "\n".join(rows)
    return [node]


def _take_notes(node: Node, shaped: Shape) -> None:
    kept: list[Node] = []
    for child in node.children:
        if child.sort is Sort.NOTE:
            shaped.notes.append(child)
        else:
            kept.append(child)
        if child.children:
            _take_notes(child, shaped)
            if child.sort is Sort.QUOTE and not child.children:
                kept.pop()
    node.children = kept


def _join(node: Node, links: Mapping[str, tuple[str, str]], shaped: Shape) -> None:
    """Join quotations and lists among the children, and below them. Items that become paragraphs may make
    neighbours of what was apart, so it is repeated until nothing changes: once for each level at most."""
    while _settle_letters(node, links, shaped):
        pass
    _settle_marks(node)
    joined: list[Node] = []
    for child in node.children:
        if child.sort is Sort.QUOTE and joined and joined[-1].sort is Sort.QUOTE:
            joined[-1].children.extend(child.children)
        else:
            joined.append(child)
    node.children = joined
    for child in joined:
        if child.children:
            _join(child, links, shaped)


def _settle_letters(node: Node, links: Mapping[str, tuple[str, str]], shaped: Shape) -> bool:
    """Give lettered items their style, or make paragraphs of them; whether some became paragraphs."""
    children = node.children
    if not any(child.letters for child in children):
        return False
    made: list[Node] = []
    changed = False
    at = 0
    while at < len(children):
        end = at
        while end < len(children) and children[end].letters:
            end += 1
        if end == at:
            made.append(children[at])
            at += 1
            continue
        neighbours = children[at:end]
        for run in runs([child.letters for child in neighbours], [child.gap for child in neighbours]):
            if run.style is None:
                listed = _has_form_of_list(children, at)
                made.extend(_unlisted(children[at], links, shaped, listed=listed))
                changed = True
            for child in children[at : at + run.count] if run.style is not None else ():
                child.style, child.start = run.style, run.start
                made.append(child)
            at += run.count
    node.children = made
    return changed


def _has_form_of_list(children: list[Node], at: int) -> bool:
    """Whether a single lettered item stands as items of a list do: right under another one or above it, or near in
    the alphabet. Elsewhere it is a paragraph that begins with somebody's initial."""
    for before, after in ((at - 1, at), (at, at + 1)):
        if before < 0 or after == len(children) or not (children[before].letters and children[after].letters):
            continue
        one, other = children[before].letters, children[after].letters
        if not children[after].gap or (one != other and near(one, other)):
            return True
    return False


def _unlisted(item: Node, links: Mapping[str, tuple[str, str]], shaped: Shape, *, listed: bool) -> list[Node]:
    """A single lettered item as the paragraph it is, and after it what belonged to it.

    It is told only of what was ``listed`` or held more than words: a mere paragraph stays what it was.
    """
    assert item.marker is not None
    # What is in it first: "A. B. Smith" is one paragraph of words.
    _join(item, links, shaped)
    rest = item.children
    first = rest[0] if rest and rest[0].sort is Sort.PARAGRAPH else None
    raw = item.marker.text
    if first is not None:
        rest = rest[1:]
        raw += " " + first.text
    text = canonical_inline(raw, links)
    if listed or rest:
        shaped.retyped.append(text)
    return [Node(Sort.PARAGRAPH, text=text), *rest]


def _settle_marks(node: Node) -> None:
    """Bullets and numbers: neighbours are one list, and every item knows its first number."""
    before: Node | None = None
    for child in node.children:
        if child.marker is None:
            before = None
            continue
        if child.marker.is_bullet:
            child.style, child.start = ListStyle.BULLET, None
        elif child.marker.is_number:
            child.style, child.start = ListStyle.DECIMAL, int(child.marker.text[:-1])
        if before is not None and before.style is child.style:
            child.start = before.start
        before = child


def blocks_of(nodes: list[Node], depth: int) -> list[Block]:
    """The settled nodes as blocks of this depth and deeper."""
    made: list[Block] = []
    for node in nodes:
        _WRITERS[node.sort](node, depth, made)
    return made


def _item(node: Node, depth: int, made: list[Block]) -> None:
    text, rest = _first(node)
    made.append(Block(Kind.ITEM, text, depth, style=node.style, start=node.start))
    made.extend(blocks_of(rest, depth + 1))


def _note(node: Node, depth: int, made: list[Block]) -> None:
    text, rest = _first(node)
    made.append(Block(Kind.NOTE, text, depth, label=node.label))
    made.extend(blocks_of(rest, depth + 1))


def _quote(node: Node, depth: int, made: list[Block]) -> None:
    if not node.children or node.children[0].sort is not Sort.PARAGRAPH:
        made.append(Block(Kind.QUOTE, "", depth))
    for child in node.children:
        if child.sort is Sort.PARAGRAPH:
            made.append(Block(Kind.QUOTE, child.text, depth))
        else:
            _WRITERS[child.sort](child, depth + 1, made)


def _first(node: Node) -> tuple[str, list[Node]]:
    if node.children and node.children[0].sort is Sort.PARAGRAPH:
        return node.children[0].text, node.children[1:]
    return "", node.children


def _paragraph(node: Node, depth: int, made: list[Block]) -> None:
    made.append(Block(Kind.PARAGRAPH, node.text, depth))


def _heading(node: Node, depth: int, made: list[Block]) -> None:
    made.append(Block(Kind.HEADING, node.text, depth, level=node.level))


def _code(node: Node, depth: int, made: list[Block]) -> None:
    lines = list(node.lines)
    if node.fence is None:
        while lines and not lines[-1].strip(" "):
            del lines[-1]
    made.append(Block(Kind.CODE, "\n".join(lines), depth, lang=node.words or None))


def _table_block(node: Node, depth: int, made: list[Block]) -> None:
    made.append(Block(Kind.TABLE, node.text, depth, align=tuple(Align(one) for one in node.align)))


def _rule(_: Node, depth: int, made: list[Block]) -> None:
    made.append(Block(Kind.RULE, "", depth))


_WRITERS: Mapping[Sort, Callable[[Node, int, list[Block]], None]] = {
    Sort.ITEM: _item, Sort.NOTE: _note, Sort.QUOTE: _quote, Sort.PARAGRAPH: _paragraph, Sort.HEADING: _heading,
    Sort.CODE: _code, Sort.TABLE: _table_block, Sort.RULE: _rule,
}  # fmt: skip
