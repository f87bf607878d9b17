"""Tracked changes: accepted they give exactly the newer text, rejected exactly the older, in every scenario."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from app.render.word import Said, Told, Tracked, Who, render_word, render_word_redline
from app.text.blocks import Block, Kind, ListStyle
from app.text.comparing import compare
from app.text.preparing import prepare
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from tests.support.word_edits import much_changed, random_pairs
from tests.support.word_reader import Line, Reader
from tests.support.word_rules import W, faults, parts
from tests.text.test_redline_scenarios import ALL, Scenario

THEN, NOW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 2, tzinfo=UTC)
FRONT = Front("Charter", "Society")


def redlined(old: Snapshot, new: Snapshot, said: Sequence[Said] = (), **whose: Who) -> bytes:
    """The redline of two texts."""
    sheet = Tracked(
        charter="c",
        old=Told("January", old, prepare(old, charter="c")),
        new=Told("February", new, prepare(new, charter="c")),
        made=compare(old, new),
        whose=whose,
        unknown=Who("Society", NOW),
        said=said,
    )
    return render_word_redline(sheet)


def clean(text: Snapshot) -> Reader:
    """A text alone."""
    return Reader(render_word(prepare(text, charter="c"), approved=True))


def read(reader: Reader) -> tuple[list[Line], dict[int, list[Line]]]:
    """All that a reader reads; what is ours and not the text's is left out."""
    lines = [line for line in reader.lines() if line.style not in ("CoverMark", "TextEnd", "Gap")]
    notice = [replace(line, style="BodyText") if line.style == "Notice" else line for line in lines]
    return notice, reader.notes()


def assert_exact(old: Snapshot, new: Snapshot) -> bytes:
    """Accepting gives the one, rejecting the other, and Word would open it."""
    made = redlined(old, new)
    assert faults(made) == []
    for accept, text in ((True, new), (False, old)):
        lines, notes = read(Reader(made, accept))
        wanted, wanted_notes = read(clean(text))
        assert lines == wanted
        assert notes == wanted_notes
    return made


def text(blocks: Sequence[Block], kind: SectionKind = SectionKind.TEXT) -> Snapshot:
    return Snapshot(FRONT, (Section("s", "rules", kind, "Rules", tuple(blocks)),))


SCENARIOS = [
    pytest.param(scenario, id=scenario.title, marks=() if n % 6 == 0 else pytest.mark.long)
    for n, scenario in enumerate(ALL)
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_an_edit_is_tracked_exactly(scenario: Scenario):
    old, new = scenario.blocks
    assert_exact(text(old), text(new))


def test_a_whole_text_changed_in_many_ways_is_tracked_exactly():
    old, new = much_changed()
    made = assert_exact(old, new)
    document = parts(made)["word/document.xml"].decode()
    for change in ("ins", "del", "moveFrom", "moveTo", "rPrChange"):
        assert f"<w:{change} " in document, change
    assert re.search(r"<w:trPr><w:cantSplit/><w:ins ", document)
    assert "and more." in re.sub(r"<[^>]*>", "", parts(made)["word/footnotes.xml"].decode())


def test_the_same_texts_give_the_same_bytes():
    old, new = much_changed()
    assert redlined(old, new) == redlined(old, new)


def test_two_texts_that_say_the_same_have_nothing_tracked():
    old, _ = much_changed()
    made = parts(redlined(old, old))["word/document.xml"].decode()
    assert not re.search("<w:(ins|del|moveTo|moveFrom|pPrChange|rPrChange) ", made)


def test_each_change_is_signed_by_who_made_it_and_when():
    old, new = much_changed()
    vera, omar = Who("Vera <b>&", THEN), Who("Omar", NOW)
    changed = next(block.id for block in old.sections[0].blocks if block.text.startswith("An opening"))
    made = redlined(old, new, **{str(changed): vera, "front.title": omar})
    document = ET.fromstring(parts(made)["word/document.xml"])
    signed = {
        "".join(t.text or "" for t in e.iter() if t.tag in (f"{W}t", f"{W}delText")): (
            e.get(f"{W}author"),
            e.get(f"{W}date"),
        )
        for e in document.iter()
        if e.tag in (f"{W}ins", f"{W}del")
    }
    assert signed["An opening"] == ("Vera <b>&", "2026-01-01T00:00:00Z")
    assert signed["Charter of Care"] == ("Omar", "2026-02-02T00:00:00Z")
    assert signed["Sales"] == ("Society", "2026-02-02T00:00:00Z")


def test_hostile_words_in_a_redline_are_words():
    words = ["\ufffe]]><w:p/>", '"/><w:ins>', "\u202ex\u2066", "a" * 5000, "{ QUOTE }", "𝔘 é 👩‍👧"]
    old = text([Block(Kind.PARAGRAPH, f"Stays {word}", id=f"b{n}") for n, word in enumerate(words)])
    new = text([Block(Kind.PARAGRAPH, f"Went {word} more", id=f"b{n}") for n, word in enumerate(words)])
    for pair in ((old, new), (text(()), new), (old, text(()))):
        assert_exact(*pair)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 8))])
def test_edits_at_random_are_tracked_exactly(seed: int):
    for old, new in random_pairs(seed, 20 if seed == 1 else 80):
        assert_exact(old, new)


@pytest.mark.parametrize("style", [ListStyle.UPPER_ALPHA, ListStyle.DECIMAL, ListStyle.LOWER_ROMAN])
def test_lists_longer_than_word_can_count_have_their_numbers_written(style: ListStyle):
    start = {ListStyle.UPPER_ALPHA: 1, ListStyle.DECIMAL: 999_999_990, ListStyle.LOWER_ROMAN: 3_990}[style]
    items = [Block(Kind.ITEM, f"Item {n}", id=f"b{n}", style=style, start=start) for n in range(30)]
    new = [*items[:5], Block(Kind.ITEM, "New", id="new", style=style, start=start), *items[5:20], *items[21:]]
    assert_exact(text(items), text(new))
    assert_exact(text(items[:20]), text(items))
    last = [line.text for line in clean(text(items)).lines() if line.style == "ListParagraph"][-1]
    assert last == {1: "AD.\tItem 29", 999_999_990: "1000000019.\tItem 29", 3_990: "mmmmxix.\tItem 29"}[start]
