"""Pages taken apart for tests: what a browser would make of them."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

_SILENT = {"script", "style", "head"}


class Page:
    """One HTML page as a tree."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.root: Element = html5lib.parse(html, namespaceHTMLElements=False)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Every element of that name with those attributes; ``class_`` asks for one class among several."""
        return [e for e in self.root.iter(tag) if all(_fits(e, name, value) for name, value in attributes.items())]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of <{tag} {attributes}>"
        return found[0]

    def elements(self) -> Iterator[Element]:
        """Every element."""
        return (e for e in self.root.iter() if isinstance(e.tag, str))

    def has(self, tag: str, **attributes: str) -> bool:
        """Whether there is such an element."""
        return bool(self.all(tag, **attributes))

    def inline_scripts(self) -> list[Element]:
        """The scripts that are not modules of ours, loaded from where they lie in the head of the page."""
        ours = [e for head in self.all("head") for e in head.iter("script") if not (e.text or "").strip()]
        modules = [e for e in ours if e.attrib.get("src", "").startswith("/static/") and len(e.attrib) == 2]
        return [e for e in self.all("script") if e not in modules]

    @property
    def text(self) -> str:
        """All words of the page, blanks joined."""
        return words(self.root)

    @property
    def ids(self) -> list[str]:
        """Every id, as often as it is given."""
        return [e.attrib["id"] for e in self.elements() if "id" in e.attrib]

    @property
    def links(self) -> list[str]:
        """Where it leads."""
        return [e.attrib["href"] for e in self.all("a") if "href" in e.attrib]


def words(element: Element) -> str:
    """The words in an element, blanks joined."""
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Element) -> Iterator[str]:
    if element.tag in _SILENT:
        return
    yield element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""


def _fits(element: Element, name: str, value: str) -> bool:
    if name == "class_":
        return value in element.attrib.get("class", "").split()
    return element.attrib.get(name.rstrip("_").replace("_", "-")) == value
