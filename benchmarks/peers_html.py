"""What a redline in HTML says: which words stand after accepting and after rejecting everything, and if it is sound."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib

# What Engross writes for ears and eyes beside the words of the text.
_LABELS = frozenset(
    {"vh", "added", "removed", "moved-here", "moved-away", "retyped", "split-here", "joined-here", "label", "k"}
)


@dataclass(frozen=True, slots=True)
class Run:
    """Words with one fate: whether accepting everything leaves them, and whether rejecting everything does."""

    accepted: bool
    rejected: bool
    text: str


def parse_errors(page: str) -> int:
    """How many errors the HTML standard's own way of parsing finds in a fragment."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parseFragment(page)
    return len(parser.errors)


def runs(page: str) -> list[Run]:
    """The words of a fragment in order, each with its fate; labels aside, moved words where they came from and are."""
    tree = html5lib.parseFragment(page, treebuilder="etree", namespaceHTMLElements=False)
    return list(_Walk().through(tree, True, True))


def words(page: str) -> str:
    """The words of a fragment without white space, everything in it kept."""
    return "".join("".join(run.text for run in runs(page)).split())


def accepted(found: list[Run]) -> str:
    """What accepting everything leaves, without white space."""
    return "".join("".join(run.text for run in found if run.accepted).split())


def rejected(found: list[Run]) -> str:
    """What rejecting everything leaves, without white space."""
    return "".join("".join(run.text for run in found if run.rejected).split())


class _Walk:
    def __init__(self) -> None:
        self.moving = ""

    def through(self, element: Element, accepted: bool, rejected: bool) -> Iterator[Run]:
        if not isinstance(element.tag, str):
            return
        names = set(element.get("class", "").split())
        if element.tag == "span" and names & _LABELS:
            self.moving = next(iter(names & {"moved-here", "moved-away"}), self.moving)
            if not names & {"vh"}:
                yield Run(True, True, " ")
            return
        if "moved" in names:
            accepted, rejected = accepted and self.moving != "moved-away", rejected and self.moving != "moved-here"
        if element.tag == "ins":
            rejected = False
        if element.tag == "del":
            accepted = False
        if element.text:
            yield Run(accepted, rejected, element.text)
        for child in element:
            yield from self.through(child, accepted, rejected)
            if child.tail:
                yield Run(accepted, rejected, child.tail)
