"""The comments of a Word file: who said what, which answers which, and what is settled."""

from collections.abc import Callable, Mapping
from xml.etree import ElementTree as ET

from app.text.wordfile.moments import moment
from app.text.wordfile.package import Package, W
from app.text.wordfile.story import Comment
from app.text.wordfile.styles import value

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"


def comments_of(package: Package, parts: Mapping[str, str], is_known: Callable[[str, str], bool]) -> list[Comment]:
    """All comments in the order of the file."""
    tree = package.tree(parts["comments"]) if "comments" in parts else None
    if tree is None:
        return []
    elements = tree.findall(f"{W}comment")
    ids = {mark: value(e, "id") for e in elements for mark in _marks(e)}
    threads = _threads(package, parts)
    found = []
    for e in elements:
        told = next((threads[mark] for mark in reversed(_marks(e)) if mark in threads), ("", False))
        author, at = value(e, "author").strip() or "Author", moment(value(e, "date"))
        found.append(
            Comment(
                id=value(e, "id"),
                author=author,
                at=at,
                text=_words(e),
                parent=ids.get(told[0]) or value(e, "parentId") or None,
                done=told[1],
                known=is_known(author, value(e, "date")),
            )
        )
    return found


def _marks(e: ET.Element) -> list[str]:
    """The marks of the paragraphs of a comment; others speak of a comment by the last of them."""
    return [mark.upper() for p in e.iter(f"{W}p") if (mark := p.get(f"{_W14}paraId"))]


def _threads(package: Package, parts: Mapping[str, str]) -> dict[str, tuple[str, bool]]:
    """Of each comment, by its mark: the mark of the one it answers, and whether it is settled."""
    tree = package.tree(parts["commentsExtended"]) if "commentsExtended" in parts else None
    found: dict[str, tuple[str, bool]] = {}
    for e in () if tree is None else tree.iter(f"{_W15}commentEx"):
        mark, parent = e.get(f"{_W15}paraId") or "", e.get(f"{_W15}paraIdParent") or ""
        found[mark.upper()] = (parent.upper(), e.get(f"{_W15}done") in ("1", "true"))
    return found


def _words(e: ET.Element) -> str:
    """The words of a comment: its paragraphs, with an empty line between two."""
    told = []
    for p in e.iter(f"{W}p"):
        words = "".join(
            (one.text or "") if one.tag == f"{W}t" else "\n" if one.tag in (f"{W}br", f"{W}cr") else " "
            for one in p.iter()
            if one.tag in (f"{W}t", f"{W}br", f"{W}cr", f"{W}tab")
        )
        told.append(words.strip())
    return "\n\n".join(words for words in told if words)
