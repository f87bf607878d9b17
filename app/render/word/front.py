"""What stands before the text in a Word file: the cover, the imprint, and the contents as a field of Word's own."""

from collections.abc import Mapping, Sequence

from app.render.word.markup import right_to_left, words
from app.render.word.shapes import Fate, Form, Para, Piece, Who

NOT_APPROVED = "Not an approved text"


def cover(fields: Sequence[tuple[str, str, str]], by: Who | None = None) -> list[Para]:
    """The lines of the cover and the imprint: the style of each, what it said, and what it says."""
    return [para for style, was, now in fields for para in _line(style, was, now, by)]


def _line(style: str, was: str, now: str, by: Who | None) -> list[Para]:
    form = Form(style, right_to_left=right_to_left(now or was))
    if was == now:
        return [Para(form, (Piece(now),))] if now else []
    pieces = tuple(Piece(text, fate=fate) for text, fate in ((was, Fate.DELETED), (now, Fate.INSERTED)) if text)
    end = Fate.KEPT if was and now else Fate.INSERTED if now else Fate.DELETED
    return [Para(form, pieces, end, by=by)]


def contents(entries: Sequence[Para], names: Mapping[str, str], pages: Sequence[int]) -> str:
    """The contents: entries that lead to their places, as a field that Word can make anew."""
    shown = [(entry, page) for entry, page in zip(entries, pages, strict=True) if entry.level <= 2 and entry.places]
    if not shown:
        return ""
    lines = [
        _entry(entry, names[entry.places[0]], page, first=n == 0, last=n == len(shown) - 1)
        for n, (entry, page) in enumerate(shown)
    ]
    return (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
        '</w:sdtPr><w:sdtContent><w:p><w:pPr><w:pStyle w:val="TOCHeading"/></w:pPr>'
        f"{words('Table of Contents', '')}</w:p>{''.join(lines)}</w:sdtContent></w:sdt>"
    )


def _entry(entry: Para, name: str, page: int, *, first: bool, last: bool) -> str:
    begin = (
        f'{_char("begin")}<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
        f"{_char('separate')}"
        if first
        else ""
    )
    title = " ".join(entry.title.split())
    return (
        f'<w:p><w:pPr><w:pStyle w:val="TOC{entry.level}"/></w:pPr>{begin}'
        f'<w:hyperlink w:anchor="{name}" w:history="1">{words(title, "")}<w:r><w:tab/></w:r>{_char("begin")}'
        f'<w:r><w:instrText xml:space="preserve"> PAGEREF {name} \\h </w:instrText></w:r>{_char("separate")}'
        f"<w:r><w:t>{page}</w:t></w:r>{_char('end')}</w:hyperlink>{_char('end') if last else ''}</w:p>"
    )


def _char(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def running(kind: str, left: str, right: str, mark: str = "") -> str:
    """A header or footer: what stands left and right in it; ``right`` is markup, ``mark`` a warning in its own line."""
    warning = f'<w:p><w:pPr><w:pStyle w:val="RunningMark"/></w:pPr>{words(mark, "")}</w:p>' if mark else ""
    style = "Header" if kind == "hdr" else "Footer"
    return f'{warning}<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{words(left, "")}<w:r><w:tab/></w:r>{right}</w:p>'


def page_of_pages() -> str:
    """The fields that say which page this is, and of how many."""
    return f"{words('Page ', '')}{_number('PAGE')}{words(' of ', '')}{_number('NUMPAGES')}"


def _number(name: str) -> str:
    return (
        f'{_char("begin")}<w:r><w:instrText xml:space="preserve"> {name} </w:instrText></w:r>{_char("separate")}'
        f"<w:r><w:t>1</w:t></w:r>{_char('end')}"
    )


__all__ = ["NOT_APPROVED", "contents", "cover", "page_of_pages", "running"]
