"""Somebody works in a Word document of ours with changes tracked: what comes back is what Word would make of it."""

import copy
import random
import re
from xml.etree import ElementTree as ET

import pytest

from app.text.snapshot import Snapshot
from tests.render.test_word_redline import clean
from tests.support.word_edits import random_pairs
from tests.support.word_files import packed
from tests.support.word_reader import Reader
from tests.support.word_rules import W, parts
from tests.support.word_texts import rich_snapshot
from tests.text.test_wordfile_ours import applied, brought, seed_charter, written

SIGNED = {f"{W}author": "Vera", f"{W}date": "2027-01-01T10:00:00Z", f"{W}id": "7"}
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
NOT_TEXT = ("TableEnd", "NotesOnly", "TextEnd", "Rule", "Code", "CoverMark", "Gap")
LETTERED = re.compile(r"[A-Za-z]+\. ")


class Desk:
    """A document under somebody's hands: each act is one that Word records."""

    def __init__(self, octets: bytes, chance: random.Random) -> None:
        self.files: dict[str, str | bytes] = dict(parts(octets))
        self.chance = chance
        self.tree = ET.fromstring(self.files["word/document.xml"])
        body = self.tree.find(f"{W}body")
        assert body is not None
        self.body = body
        self.text: list[ET.Element] = []
        for e in body:
            names = [b.get(f"{W}name", "") for b in e.iter(f"{W}bookmarkStart")]
            if any(name.startswith(("s_annexes", "s_unused")) for name in names):
                break
            if e.tag == f"{W}p" and (self.text or style(e) == "Heading1") and style(e) not in NOT_TEXT:
                self.text.append(e)

    def work(self) -> bytes:
        """The document after a few acts."""
        for _ in range(self.chance.randint(1, 6)):
            paragraph = self.chance.choice(self.text)
            run = self.chance.choice(runs(paragraph) or [None])
            if run is not None and len(words(run)) > 3 and "U+" not in words(run):
                self._act(paragraph, run, self.chance.randrange(1, len(words(run))))
        self.files["word/document.xml"] = ET.tostring(self.tree)
        return packed(self.files)

    def _act(self, paragraph: ET.Element, run: ET.Element, at: int) -> None:
        act = self.chance.choice(["write", "take out", "split", "join", "take all out", "new"])
        if act == "write":
            cut(paragraph, run, at)
            paragraph.insert(list(paragraph).index(run) + 1, put_in("NEW"))
        elif act == "take out":
            rest = cut(paragraph, run, at)
            if len(words(rest)) > 1:
                cut(paragraph, rest, self.chance.randrange(1, len(words(rest))))
            take_out(paragraph, rest)
        elif style(paragraph) != "Heading1" and paragraph.find(f"{W}pPr/{W}rPr") is None:
            self._on_paragraph(act, paragraph, run, at)

    def _on_paragraph(self, act: str, paragraph: ET.Element, run: ET.Element, at: int) -> None:
        place = list(self.body).index(paragraph)
        following = self.body[place + 1]
        other = ET.Element(f"{W}p")
        other.append(copy.deepcopy(paragraph[0]))
        if act == "split":
            cut(paragraph, run, at)
            for e in list(paragraph)[list(paragraph).index(run) + 1 :]:
                paragraph.remove(e)
                other.append(e)
            sign(paragraph, "ins")
            self.body.insert(place + 1, other)
            self.text.append(other)
        elif act == "join" and following in self.text:
            sign(paragraph, "del")
        elif act == "take all out" and following.tag == f"{W}p":
            for one in runs(paragraph):
                take_out(paragraph, one)
            sign(paragraph, "del")
        elif act == "new":
            other.append(put_in("A whole new paragraph."))
            sign(other, "ins")
            self.body.insert(place, other)


def style(paragraph: ET.Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else found.get(f"{W}val", "")


def runs(paragraph: ET.Element) -> list[ET.Element]:
    """The runs of it that are nothing but words."""
    return [e for e in paragraph if e.tag == f"{W}r" and [c.tag for c in e if c.tag != f"{W}rPr"] == [f"{W}t"]]


def words(run: ET.Element) -> str:
    return run.findtext(f"{W}t") or ""


def cut(paragraph: ET.Element, run: ET.Element, at: int) -> ET.Element:
    """Cut a run in two; the answer is the second."""
    other = copy.deepcopy(run)
    for one, text in ((run, words(run)[:at]), (other, words(run)[at:])):
        told = one.find(f"{W}t")
        assert told is not None
        told.text = text
        told.set(SPACE, "preserve")
    paragraph.insert(list(paragraph).index(run) + 1, other)
    return other


def put_in(text: str) -> ET.Element:
    made = ET.Element(f"{W}ins", SIGNED)
    ET.SubElement(ET.SubElement(made, f"{W}r"), f"{W}t").text = text
    return made


def take_out(paragraph: ET.Element, run: ET.Element) -> None:
    place = list(paragraph).index(run)
    paragraph.remove(run)
    gone = ET.Element(f"{W}del", SIGNED)
    gone.append(run)
    told = run.find(f"{W}t")
    assert told is not None
    told.tag = f"{W}delText"
    paragraph.insert(place, gone)


def sign(paragraph: ET.Element, kind: str) -> None:
    """Say of the end of a paragraph that it came, or went."""
    ET.SubElement(ET.SubElement(paragraph[0], f"{W}rPr"), W + kind, SIGNED)


def lines(reader: Reader) -> list[tuple[str, str, str]]:
    """What is read: the style, the sign and the words of every paragraph that says something."""
    return [
        (line.style, line.sign.split(" ")[0], " ".join(line.text.split()))
        for line in reader.lines()
        if line.text.strip() and line.style not in ("CoverMark", "TextEnd", "Gap", "TableEnd")
    ]


def is_alike(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    """Whether two lines read alike. A single item with a letter is no list in our texts: its letter is written."""
    return one == other or (LETTERED.match(one[2]) is not None and LETTERED.sub("", one[2], count=1) == other[2])


@pytest.mark.parametrize("rounds", [40, pytest.param(600, marks=pytest.mark.long)])
def test_what_somebody_does_in_word_is_what_comes_back(rounds: int):
    chance = random.Random(rounds)
    bases: list[Snapshot] = [old for old, _ in random_pairs(9, 30)]
    bases += [rich_snapshot(), seed_charter("peps")] * 10
    for _ in range(rounds):
        base = chance.choice(bases)
        made = Desk(written(base), chance).work()
        found = brought(made, base)
        assert {one.author for one in found.suggestions} <= {"Vera"}
        got = lines(clean(applied(base, found) if found.suggestions else base))
        wanted = lines(Reader(made, accept=True))
        assert len(got) == len(wanted)
        assert [pair for pair in zip(got, wanted, strict=True) if not is_alike(*pair)] == []
