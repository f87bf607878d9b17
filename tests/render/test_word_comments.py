"""Comments of Word: on exactly their words, with the answers under them, and in nobody's way."""

import re
from xml.etree import ElementTree as ET

from app.render.word import Said, Saying
from app.render.word.comments import shown_range
from app.text.blocks import Block, Kind
from app.text.snapshot import Section, SectionKind, Snapshot
from tests.render.test_word_redline import FRONT, NOW, THEN, read, redlined
from tests.support.word_edits import far_notes, much_changed
from tests.support.word_reader import Reader
from tests.support.word_rules import W, faults, parts

OLD = Snapshot(
    FRONT, (Section("s1", "rules", SectionKind.TEXT, "Rules", (Block(Kind.PARAGRAPH, "Tea is free.", id="p"),)),)
)
FREE = "**very** free"
TEXT = r"Tea is **very** free\*, and coffee[^n] too."
NEW = Snapshot(
    FRONT,
    (
        Section(
            "s1",
            "rules",
            SectionKind.TEXT,
            "Rules",
            (Block(Kind.PARAGRAPH, TEXT, id="p"), Block(Kind.NOTE, "Or tea.", label="n", id="q")),
        ),
    ),
)


def at(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def commented_words(made: bytes, number: int) -> str:
    """The words of the newer text between the beginning and the end of a comment."""
    told, inside = "", False
    for e in ET.fromstring(parts(made)["word/document.xml"]).iter():
        if e.tag in (f"{W}commentRangeStart", f"{W}commentRangeEnd") and e.get(f"{W}id") == str(number):
            inside = e.tag.endswith("Start")
        elif inside and e.tag == f"{W}t":
            told += e.text or ""
    return told


def test_a_comment_is_on_exactly_its_words_and_an_answer_under_it():
    said = (
        Said(
            "p", (Saying("Vera <b>", THEN, "Very?\nReally & truly?"), Saying("Omar", NOW, "Yes.")), at("**very** free")
        ),
        Said("p", (Saying("Omar", NOW, "And this?"),), at("coffee")),
        Said("p", (Saying("Omar", NOW, "All of it."),)),
        Said("s1", (Saying("Omar", NOW, "The section."),)),
        Said("gone", (Saying("Omar", NOW, "Of what is no longer there."),)),
        Said(None, (Saying("Omar", NOW, "The whole."),)),
    )
    made = redlined(OLD, NEW, said=said)
    assert faults(made) == []
    assert [commented_words(made, n) for n in range(5)] == [
        "very free",
        "very free",
        "coffee",
        "Tea is very free*, and coffee too.",
        "Rules",
    ]
    assert commented_words(made, 5).startswith("Not an approved text")
    comments = ET.fromstring(parts(made)["word/comments.xml"])
    told = ["\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in c) for c in comments]
    assert told == [
        "Very?\nReally & truly?",
        "Yes.",
        "And this?",
        "All of it.",
        "The section.",
        "Of what is no longer there.",
        "The whole.",
    ]
    assert [(c.get(f"{W}author"), c.get(f"{W}initials")) for c in comments][:2] == [("Vera <b>", "V<"), ("Omar", "O")]
    extended = parts(made)["word/commentsExtended.xml"].decode()
    assert re.findall(r'paraIdParent="(\w+)"', extended) == [re.findall(r'w15:paraId="(\w+)"', extended)[0]]


def test_comments_change_nothing_of_what_is_accepted_or_rejected():
    old, new = much_changed()
    ids = [block.id for text in (old, new) for _, _, block in text.placed_blocks()]
    said = tuple(Said(id, (Saying("Omar", NOW, "So?"), Saying("Vera", NOW, "So.")), (0, 5)) for id in ids)
    made, plain = redlined(old, new, said=said), redlined(old, new)
    assert faults(made) == []
    for accept in (True, False):
        assert read(Reader(made, accept)) == read(Reader(plain, accept))


def test_stored_places_are_told_as_places_of_what_is_read():
    block = NEW.sections[0].blocks[0]
    assert shown_range(block, *at("**very** free")) == (7, 16)
    assert shown_range(block, *at(r"free\*")) == (12, 17)
    assert shown_range(block, *at("too.")) == (31, 35)
    assert shown_range(block, 3, 3) is None
    assert shown_range(Block(Kind.TABLE, "| a |"), 0, 2) is None


def test_no_sign_of_a_comment_stands_between_the_first_two_notes_and_its_words_stay_marked():
    old, new = far_notes()
    blocks = [block.id for _, _, block in new.placed_blocks()]
    made = redlined(old, new, [Said(id, (Saying("Vera", NOW, "Why?"),), (0, 4)) for id in blocks])
    assert not faults(made)
    order = [
        element.tag.removeprefix(W)
        for element in ET.fromstring(parts(made)["word/document.xml"]).iter()
        if element.tag in (f"{W}footnoteReference", f"{W}commentReference", f"{W}commentRangeEnd")
    ]
    first, second = [n for n, tag in enumerate(order) if tag == "footnoteReference"][:2]
    assert "commentRangeEnd" in order[first:second]
    assert "commentReference" not in order[first:second]
    assert order.count("commentReference") == order.count("commentRangeEnd")
