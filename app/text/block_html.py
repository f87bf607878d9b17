"""Blocks as HTML elements: the containers around them, their anchors, bars and labels."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape

from app.text.blocks import Kind, ListStyle
from app.text.entries import Entry
from app.text.inline_html import HtmlFrame, InlineHtml, deleted, inserted, written
from app.text.nested import Listing, Nested, Part, Quotation, nested
from app.text.redline import State
from app.text.table_html import table_html

_TYPES = {
    ListStyle.UPPER_ALPHA: "A",
    ListStyle.LOWER_ALPHA: "a",
    ListStyle.UPPER_ROMAN: "I",
    ListStyle.LOWER_ROMAN: "i",
}
_NOT_IN_A_CLASS = re.compile(r"[^\w+#.-]")


class BlockHtml:
    """Writes one page or one section of it."""

    def __init__(self, frame: HtmlFrame) -> None:
        self._frame = frame
        self.inline = InlineHtml(frame)
        self._entries: Sequence[Entry] = ()
        self._anchored: set[str] = set()

    def page(self, entries: Sequence[Entry]) -> str:
        """The entries in order, in their containers."""
        self._entries = entries
        # The place of an entry stands in for the id while the containers are rebuilt.
        return self._parts(nested([replace(entry.block, id=str(n)) for n, entry in enumerate(entries)]))

    def _entry(self, part: Nested) -> Entry:
        return self._entries[int(part.block.id or 0)]

    def _parts(self, parts: Sequence[Part]) -> str:
        return "".join(self._part(part) for part in parts)

    def _part(self, part: Part) -> str:
        if isinstance(part, Listing):
            return self._listing(part)
        if isinstance(part, Quotation):
            return f"<blockquote>\n{''.join(self._quote(quote) for quote in part.quotes)}</blockquote>\n"
        return self._block(part)

    def _listing(self, listing: Listing) -> str:
        if listing.style is ListStyle.BULLET:
            items = "".join(self._item(item, listing, "") for item in listing.items)
            return f"<ul>\n{items}</ul>\n"
        first = self._entry(listing.items[0]).number
        start = listing.start if first is None else first
        name = _TYPES.get(listing.style)
        attributes = (f' type="{name}"' if name else "") + (f' start="{start}"' if start != 1 else "")
        items = ""
        expected = start
        for item in listing.items:
            number = self._entry(item).number
            number = expected if number is None else number
            value = "" if number == expected else f' value="{number}"'
            items += self._item(item, listing, value)
            expected = number + 1
        return f"<ol{attributes}>\n{items}</ol>\n"

    def _item(self, item: Nested, listing: Listing, value: str) -> str:
        entry = self._entry(item)
        words = self._words(entry)
        if listing.loose and words:
            words = f"<p>{words}</p>"
        inside = self._parts(item.inside)
        if not words and entry.state in (State.INSERTED, State.DELETED):
            words = self._empty(entry)
        gap = "\n" if inside else ""
        return f"<li{self._attributes(entry)}{value}>{words}{gap}{inside}</li>\n"

    def _quote(self, quote: Nested) -> str:
        entry = self._entry(quote)
        words = self._words(entry)
        inside = self._parts(quote.inside)
        if words or not inside:
            return f"<p{self._attributes(entry)}>{words}</p>\n{inside}"
        return f"<div{self._attributes(entry)}>\n{inside}</div>\n"

    def _block(self, part: Nested) -> str:
        entry = self._entry(part)
        kind = entry.block.kind
        inside = self._parts(part.inside)
        if kind is Kind.NOTE:
            return self._note(entry, inside)
        attributes = self._attributes(entry)
        if kind is Kind.TABLE:
            return self._table(entry, attributes) + inside
        if kind is Kind.RULE:
            return self._rule(entry, attributes) + inside
        words = self._words(entry)
        if kind is Kind.HEADING:
            level = min(6, max(1, (entry.block.level or 2) + self._frame.heading_shift))
            return f"<h{level}{attributes}>{words}</h{level}>\n{inside}"
        if kind is Kind.CODE:
            lang = _NOT_IN_A_CLASS.sub("", (entry.block.lang or "").split(" ")[0])
            name = f' class="language-{lang}"' if lang else ""
            return f"<pre{attributes}><code{name}>{words}</code></pre>\n{inside}"
        return f"<p{attributes}>{words}</p>\n{inside}"

    def _table(self, entry: Entry, attributes: str) -> str:
        was = None if entry.state is State.INSERTED else entry.old
        now = None if entry.state is State.DELETED else entry.block
        # A label cannot stand between the rows; it stands before the table.
        label = f"<p>{self._label(entry)}</p>\n" if entry.label else ""
        if entry.state is State.MOVED_AWAY:
            # Its words stand elsewhere now: it must not be read as part of the text.
            attributes = attributes.replace('class="bar"', 'class="bar moved gone"')
        return label + table_html(was, now, self.inline, attributes)

    def _rule(self, entry: Entry, attributes: str) -> str:
        if entry.state is State.SAME:
            return f"<hr{attributes}>\n"
        line = "<hr>"
        if entry.state is State.INSERTED:
            line = inserted(line)
        elif entry.state is State.DELETED:
            line = deleted(line)
        return f"<div{attributes}>{self._label(entry)}{line}</div>\n"

    def _note(self, entry: Entry, inside: str) -> str:
        label = entry.block.label or ""
        numbers = self._frame.old_note_numbers if entry.gone else self._frame.note_numbers
        number = numbers.get(label)
        words = f"<p{self._attributes(entry)}>{self._words(entry)}</p>\n{inside}"
        if number is None:
            return f'<div class="fn"><span class="k">{written(label)}</span>{words}</div>\n'
        prefix = self._frame.prefix
        if entry.gone or not self._frame.anchors:
            return f'<div class="fn"><span class="k"><span class="vh">Note </span>{number}</span>{words}</div>\n'
        return (
            f'<div class="fn" id="{escape(prefix)}note-{number}" role="doc-footnote">'
            f'<a class="back" role="doc-backlink" href="#{escape(prefix)}ref-{number}"'
            f' aria-label="Note {number}, back to the text">{number}</a>{words}</div>\n'
        )

    def _words(self, entry: Entry) -> str:
        words = self.inline.pieces(entry.pieces)
        if entry.state in (State.MOVED_HERE, State.MOVED_AWAY) and words:
            words = f'<span class="moved">{words}</span>'
        for more in entry.joined:
            words += f'<span class="joined-here">joined here</span>{self.inline.pieces(more)}'
        return self._label(entry) + words

    def _label(self, entry: Entry) -> str:
        if not entry.label:
            return ""
        words = written(entry.label)
        if entry.section is not None:
            other = written(self._frame.section_names.get(entry.section, entry.section))
            words += f" to {other}" if entry.state is State.MOVED_AWAY else f" from {other}"
        return f'<span class="{entry.label_class}">{words}</span> '

    def _empty(self, entry: Entry) -> str:
        """A mark for a block that has no words of its own."""
        word = "empty item"
        return inserted(word) if entry.state is State.INSERTED else deleted(word)

    def _attributes(self, entry: Entry) -> str:
        anchor = ""
        id = entry.block.id
        if self._frame.anchors and id is not None and not entry.gone and id not in self._anchored:
            self._anchored.add(id)
            anchor = f' id="{escape(self._frame.prefix)}b-{escape(id)}"'
        return anchor + (' class="bar"' if entry.touched else "")
