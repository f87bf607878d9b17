"""What people said, as comments of Word: on words, on a paragraph, or on the whole, with the answers to them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape

from app.render.word.markup import escaped, line, shortened, words
from app.render.word.shapes import Comment, Item, Para, Piece, Remark
from app.render.word.styles import HEAD, NAMESPACES
from app.text.blocks import Block, Kind
from app.text.dialect import Mark, SpanKind, inline
from app.text.quotes import shown_at
from app.text.wordfile.known import mark_of

_MORE = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" mc:Ignorable="w14 w15"'
)
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_EXTENDED = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
RELATED = (
    ("comments", _TYPE, "comments.xml", ""),
    ("commentsExtended", _EXTENDED, "commentsExtended.xml", ""),
)
"""How the parts with the comments belong to the file."""


_SIGN = re.compile(
    r"(?:<w:(ins|del|moveFrom|moveTo) [^>]*>)?"
    r'<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="\d+"/></w:r>(?(1)</w:\1>)'
)
_NOTE = "<w:footnoteReference "


def behind_the_second_note(text: str) -> str:
    """The text of a document without the sign of a comment between its first footnote and its second.

    LibreOffice (7.4 at least) reads all footnotes at the first one, and gives all the others a wrong text if it meets
    a comment before the second. The words a comment is on stay marked where they are; only the sign, which nobody
    sees, stands at the end of the paragraph that cites the second note.
    """
    first = text.find(_NOTE)
    second = text.find(_NOTE, first + 1)
    if first < 0 or second < 0:
        return text
    end = text.index("</w:p>", second)
    between = text[first:second]
    signs = "".join(found.group() for found in _SIGN.finditer(between))
    return text[:first] + _SIGN.sub("", between) + text[second:end] + signs + text[end:]


@dataclass(frozen=True, slots=True)
class Saying:
    """What one person said, and when."""

    author: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A conversation: what was said first, then the answers to it.

    ``on`` is the id of the block or section it is on, None for the whole text; ``words`` are the code points of the
    block's text, as it is stored, that it hangs on, None for all of it.
    """

    on: str | None
    sayings: tuple[Saying, ...]
    words: tuple[int, int] | None = None


def commented(
    items: Sequence[Item], said: Iterable[Said], places: Mapping[str, str], blocks: Mapping[str, Block]
) -> tuple[list[Item], list[Comment]]:
    """The text with its comments. ``places`` say where each id stands; what stands nowhere is said of the whole."""
    found = list(items)
    homes: dict[str, int] = {}
    for n, item in enumerate(found):
        for place in item.places:
            homes.setdefault(place, n)
    comments: list[Comment] = []
    for one in said:
        home = homes.get(places.get(one.on or "", ""), 0)
        block = blocks.get(one.on or "")
        span = None if block is None or one.words is None else shown_range(block, *one.words)
        remarks = []
        first = len(comments)
        for n, saying in enumerate(one.sayings):
            told = tuple(saying.text.replace("\r\n", "\n").split("\n"))
            parent = first if n else None
            comments.append(Comment(len(comments), saying.author, saying.at, told, parent))
            start, end = (None, None) if span is None else span
            remarks.append(Remark(comments[-1].id, start, end))
        found[home] = _with(found[home], remarks)
    return found, comments


def _with(item: Item, remarks: Sequence[Remark]) -> Item:
    whole = (*item.remarks, *remarks)
    if not isinstance(item, Para):
        return replace(item, remarks=whole)
    cuts = {at for remark in remarks for at in (remark.start, remark.end) if at is not None}
    return replace(item, remarks=whole, pieces=tuple(_cut(item.pieces, cuts)))


def _cut(pieces: Sequence[Piece], cuts: set[int]) -> Iterator[Piece]:
    """The pieces divided where comments begin and end."""
    at = 0
    for piece in pieces:
        if not piece.fate.is_new or piece.note is not None:
            yield piece
            at += length(piece)
            continue
        inside = sorted(cut - at for cut in cuts if at < cut < at + len(piece.text))
        for start, end in zip([0, *inside], [*inside, len(piece.text)], strict=True):
            yield replace(piece, text=piece.text[start:end])
        at += len(piece.text)


def length(piece: Piece) -> int:
    """How many characters of the newer text a piece is; a citation is one."""
    if not piece.fate.is_new:
        return 0
    return 1 if piece.note is not None else len(piece.text)


def shown_range(block: Block, start: int, end: int) -> tuple[int, int] | None:
    """Code points of a block's stored text as characters of what is read; None where all of the block is meant."""
    if block.kind is Kind.TABLE:
        return None
    if block.kind is Kind.CODE:
        return start, end
    at = 0
    inside: list[int] = []
    for span in inline(block.text):
        if span.kind is SpanKind.CITATION:
            inside += [at] if start <= span.start and span.end <= end else []
            at += 1
            continue
        place = span.start
        for character in span.text:
            low, place = shown_at(block.text, place, span.end, character, code=Mark.CODE in span.marks)
            if start <= low < end:
                inside.append(at)
            at += 1
    return (inside[0], inside[-1] + 1) if inside else None


def comment_parts(comments: Sequence[Comment]) -> dict[str, str]:
    """The parts of the file that hold the comments."""
    told = "".join(map(_comment, comments))
    threads = "".join(
        f'<w15:commentEx w15:paraId="{_mark(one.id, len(one.paragraphs) - 1)}"'
        + (f' w15:paraIdParent="{_last(comments[one.parent])}"' if one.parent is not None else "")
        + ' w15:done="0"/>'
        for one in comments
    )
    return {
        "word/comments.xml": f"{HEAD}<w:comments {NAMESPACES} {_MORE}>{told}</w:comments>",
        "word/commentsExtended.xml": f"{HEAD}<w15:commentsEx {_MORE}>{threads}</w15:commentsEx>",
    }


def _last(comment: Comment) -> str:
    return _mark(comment.id, len(comment.paragraphs) - 1)


def _mark(comment: int, paragraph: int) -> str:
    """The mark of a paragraph of a comment: no other paragraph has it."""
    return f"{0x10000000 + comment * 0x1000 + min(paragraph, 0xFFF):08X}"


def _signature(one: Comment) -> tuple[str, str]:
    return line(shortened(one.author, 200)) or "?", f"{one.at:%Y-%m-%dT%H:%M:%SZ}"


def signed_by(one: Comment) -> str:
    """What is written down of a comment, so that it is known again when the file comes back."""
    name, date = _signature(one)
    return mark_of(unescape(name), date)


def _comment(one: Comment) -> str:
    initials = "".join(word[0] for word in one.author.split()[:3]) or "?"
    inside = "".join(
        f'<w:p w14:paraId="{_mark(one.id, n)}"><w:pPr><w:pStyle w:val="CommentText"/></w:pPr>'
        f"{_REFERENCE if n == 0 else ''}{words(text, '')}</w:p>"
        for n, text in enumerate(one.paragraphs)
    )
    name, date = _signature(one)
    return (
        f'<w:comment w:id="{one.id}" w:author="{name}" w:date="{date}" '
        f'w:initials="{escaped(initials)}">{inside}</w:comment>'
    )


_REFERENCE = '<w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr><w:annotationRef/></w:r>'
