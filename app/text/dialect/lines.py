"""The reader of lines: CommonMark's containers and leaves, with lettered lists and notes, into a tree."""

import re
from collections.abc import Sequence

from app.errors import TooLarge
from app.text.blocks import ListStyle
from app.text.dialect.front_matter import as_paragraph, front_matter
from app.text.dialect.leaves import heading_text, last_row_columns
from app.text.dialect.lettered import follow, goes_on
from app.text.dialect.markers import marker_at
from app.text.dialect.nodes import CONTAINERS, Node, Sort
from app.text.dialect.openings import FENCE, HEADING, NOTE, UNDERLINE, is_rule
from app.text.dialect.partners import Partners
from app.text.dialect.references import taken

DEEPEST = 120
NOTE_INDENT = 4
_CODE_INDENT = 4
_SPACES = re.compile(" *")
_BEGINNINGS = frozenset(">#`~-_*+=|:[0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_LEAF_BEGINNINGS = frozenset("#`~=-_*")


def read_tree(markdown: str, links: dict[str, tuple[str, str]]) -> Node:
    """The tree of a clean text; the definitions of reference links in it join ``links``."""
    lines = markdown.removesuffix("\n").split("\n")
    reader = _Reader(lines, links)
    skipped = front_matter(lines)
    if skipped:
        reader.root.children.append(Node(Sort.PARAGRAPH, lines=[as_paragraph(lines[:skipped])]))
    for number in range(skipped, len(lines)):
        reader.feed(number)
    reader.shut(1)
    return reader.root


class _Reader:
    """Takes line after line; ``_open`` are the containers still open, and after them an open leaf if there is one."""

    def __init__(self, lines: Sequence[str], links: dict[str, tuple[str, str]]) -> None:
        self.root = Node(Sort.ROOT)
        self._lines = lines
        self._links = links
        self._partners = Partners(lines)
        self._open = [self.root]
        self._number = 0
        self._line = ""
        self._at = 0
        self._inked = 0

    def feed(self, number: int) -> None:
        """Take one line."""
        self._number, self._line, self._at, self._inked = number, self._lines[number], 0, -1
        self._look()
        matched = self._match()
        if matched < 0:
            return
        leaf = self._open[matched - 1]
        if leaf.sort is Sort.CODE:
            leaf.lines.append(self._line[self._at :])
            return
        tip = self._open[-1]
        begun = self._begin(matched)
        if begun < 0:
            return
        blank = self._inked >= len(self._line)
        if begun == 0 and not blank and tip.sort is Sort.PARAGRAPH:
            # A line that begins nothing goes on with an open paragraph, even where its containers are left out.
            tip.lines.append(self._line[self._inked :])
            return
        if begun == 0:
            self.shut(matched)
        tip = self._open[-1]
        if tip.sort is Sort.TABLE:
            tip.lines.append(self._line[self._inked :])
        elif not blank:
            self._push(Node(Sort.PARAGRAPH, lines=[self._line[self._inked :]]))

    def shut(self, keep: int) -> None:
        """Close what is open beyond the first so many."""
        while len(self._open) > keep:
            node = self._open.pop()
            if node.sort is Sort.PARAGRAPH:
                self._settle(node)

    def _settle(self, node: Node) -> None:
        """Take the definitions off a paragraph; the tree later drops one of which nothing is left."""
        if node.lines and node.lines[0].startswith("["):
            text = taken("\n".join(node.lines), self._links)
            node.lines = text.split("\n") if text.strip(" \n") else []

    def _push(self, node: Node) -> None:
        tip = self._open[-1]
        if tip.sort not in CONTAINERS:
            self.shut(len(self._open) - 1)
            tip = self._open[-1]
        tip.children.append(node)
        if node.sort in CONTAINERS and len(self._open) > DEEPEST:
            raise TooLarge(
                f"Line {self._number + 1} is nested more than {DEEPEST} levels deep in lists and quotes.",
                details={"line": self._number + 1, "deepest": DEEPEST},
            )
        if node.sort not in (Sort.HEADING, Sort.RULE):
            self._open.append(node)

    def _look(self) -> None:
        """Find the first character from here on that is no space."""
        if self._inked < self._at:
            found = _SPACES.match(self._line, self._at)
            assert found is not None
            self._inked = found.end()

    def _match(self) -> int:
        """How many of the open nodes this line belongs to; -1 if it closed a fence and is done with."""
        matched = 1
        while matched < len(self._open):
            node = self._open[matched]
            self._look()
            blank = self._inked >= len(self._line)
            indent = self._inked - self._at
            if node.sort is Sort.QUOTE:
                if blank or indent > 3 or self._line[self._inked] != ">":
                    break
                self._at = self._inked + 1
                if self._line.startswith(" ", self._at):
                    self._at += 1
            elif node.sort in (Sort.ITEM, Sort.NOTE):
                if indent >= node.indent and (not blank or node.children or node.sort is Sort.NOTE):
                    self._at += node.indent
                elif blank and (node.children or node.sort is Sort.NOTE):
                    self._at = self._inked
                else:
                    break
            elif node.sort is Sort.CODE:
                return self._match_code(node, matched, blank, indent)
            elif blank:
                break
            matched += 1
        self._look()
        return matched

    def _match_code(self, node: Node, matched: int, blank: bool, indent: int) -> int:
        if node.fence is None:
            if indent >= _CODE_INDENT:
                self._at += _CODE_INDENT
            elif blank:
                self._at = self._inked
            else:
                return matched
            return matched + 1
        rest = self._line[self._inked :].rstrip(" ")
        if indent <= 3 and len(rest) >= len(node.fence) and rest == node.fence[0] * len(rest):
            self.shut(matched)
            return -1
        self._at += min(indent, node.indent)
        return matched + 1

    def _begin(self, matched: int) -> int:
        """Open what begins here; how much began, or -1 if the line is used up."""
        begun = 0
        while True:
            self._look()
            if self._inked >= len(self._line):
                return begun
            leaf = self._open[matched - 1] if begun == 0 else self._open[-1]
            within = leaf.sort is Sort.PARAGRAPH
            if self._inked - self._at >= _CODE_INDENT:
                if self._open[-1].sort is Sort.PARAGRAPH:
                    return begun
                self._close(matched, begun)
                self._push(Node(Sort.CODE, lines=[self._line[self._at + _CODE_INDENT :]]))
                return -1
            character = self._line[self._inked]
            if character not in _BEGINNINGS:
                return begun
            if character in _LEAF_BEGINNINGS and self._begin_leaf(matched, begun, leaf, within):
                return -1
            if not self._begin_container(matched, begun, leaf, within):
                return -1 if within and leaf.lines and self._begin_table(matched, leaf) else begun
            begun += 1

    def _close(self, matched: int, begun: int) -> None:
        if begun == 0:
            self.shut(matched)

    def _begin_leaf(self, matched: int, begun: int, leaf: Node, within: bool) -> bool:
        line, at = self._line, self._inked
        heading = HEADING.match(line, at)
        if heading is not None:
            self._close(matched, begun)
            text = heading_text(line[heading.end() :])
            self._push(Node(Sort.HEADING, level=len(heading[0]), lines=[text]))
            return True
        fence = FENCE.match(line, at)
        if fence is not None:
            self._close(matched, begun)
            words = line[fence.end() :].strip(" ")
            self._push(Node(Sort.CODE, indent=at - self._at, fence=fence[0], words=words))
            return True
        if within and UNDERLINE.match(line, at):
            self._settle(leaf)
            if leaf.lines:
                self.shut(matched)
                leaf.sort, leaf.level = Sort.HEADING, 1 if line[at] == "=" else 2
                self._open.pop()
                return True
        if is_rule(line, at):
            self._close(matched, begun)
            self._push(Node(Sort.RULE))
            return True
        return False

    def _begin_container(self, matched: int, begun: int, leaf: Node, within: bool) -> bool:
        line, at = self._line, self._inked
        if line[at] == ">":
            self._close(matched, begun)
            self._push(Node(Sort.QUOTE))
            self._at = at + 2 if line.startswith(" ", at + 1) else at + 1
            return True
        note = NOTE.match(line, at) if line[at] == "[" else None
        if note is not None:
            self._close(matched, begun)
            self._push(Node(Sort.NOTE, label=note[1], indent=NOTE_INDENT))
            self._at = note.end()
            self._look()
            self._at = self._inked
            return True
        marker = marker_at(line, at)
        if marker is None or not self._may_begin(marker.letters, leaf, within, at, at + len(marker.text)):
            return False
        indent, after = at - self._at, at + len(marker.text)
        self._at = after
        self._look()
        spaces = self._inked - after
        width = len(marker.text) + (spaces if 1 <= spaces <= 4 and self._inked < len(line) else 1)
        self._at = min(len(line), at + width)
        self._close(matched, begun)
        item = Node(Sort.ITEM, marker=marker, indent=indent + width)
        if marker.letters:
            item.letters = marker.letters
            item.gap = self._number > 0 and not self._lines[self._number - 1].strip(" >")
            item.listed = self._listed(self._open[-1], marker.letters)
        self._push(item)
        return True

    def _may_begin(self, letters: str, leaf: Node, within: bool, at: int, after: int) -> bool:
        """Whether a marker begins an item here, or is words of the paragraph that is open."""
        has_words = bool(self._line[after:].strip(" "))
        if not letters:
            return not within or (has_words and (not self._line[at].isdigit() or int(self._line[at : after - 1]) == 1))
        if self._open[-1].sort is not Sort.PARAGRAPH:
            return True
        before = leaf.children[-1] if leaf.children and not within else None
        if before is not None and before.letters:
            if follow(before.letters, letters) is not None:
                return True
            styles = self._partners.leads(self._number) | ({before.listed} if before.listed is not None else set())
            if has_words and any(goes_on(before.letters, letters, style) for style in styles):
                return True
        return has_words and self._partners.begins(self._number, letters)

    def _listed(self, above: Node, letters: str) -> ListStyle | None:
        """The style of the list that an item with these letters goes on with, if it is one by now."""
        before = above.children[-1] if above.children else None
        if before is None or not before.letters:
            return None
        style = follow(before.letters, letters)
        if style is None and before.listed is not None and goes_on(before.letters, letters, before.listed):
            style = before.listed
        return style

    def _begin_table(self, matched: int, leaf: Node) -> bool:
        align = last_row_columns(leaf.lines[-1], self._line[self._inked :])
        if align is None:
            return False
        self.shut(matched)
        header = leaf.lines.pop()
        if not leaf.lines:
            self._open.pop()
            self._open[-1].children.pop()
        self._push(Node(Sort.TABLE, lines=[header], align=align))
        return True
