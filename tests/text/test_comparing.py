"""Two charters compared line by line: no word is missing on either side, and every change in words has its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.blocks import Block, Kind, ListStyle
from app.text.comparing import Comparison, compare, counted_blocks, folded, new_side, old_side
from app.text.entries import read_block
from app.text.readings import Fate
from app.text.redline import State
from app.text.snapshot import Front, Section, SectionKind, Snapshot

WORDS = ["care", "partners", "patients", "*learn*", "note[^n].", "with", "industry."]


def text(*blocks: Block, title: str = "Charter", **sections: tuple[Block, ...]) -> Snapshot:
    made = [Section(key, key, SectionKind.TEXT, key.title(), some) for key, some in sections.items()]
    return Snapshot(Front(title, "Group"), (Section("first", "first", SectionKind.TEXT, "First", blocks), *made))


def paragraph(id: str, words: str) -> Block:
    return Block(Kind.PARAGRAPH, words, id=id)


def item(id: str, words: str) -> Block:
    return Block(Kind.ITEM, words, id=id, style=ListStyle.UPPER_ALPHA, start=1)


def seen(blocks: tuple[Block, ...]) -> list[str]:
    return [read_block(block).text for block in blocks if block.kind is not Kind.TABLE]


def left(made: Comparison) -> list[str]:
    """What the older side says, block by block; a block that was split is one again."""
    found: list[str] = []
    for part in made.parts:
        for line in part.lines:
            for entry in old_side(line):
                words = "".join(piece.text for piece in entry.pieces if piece.fate is not Fate.INSERTED)
                if entry.state is State.CHANGED and entry.label == "continues":
                    found[-1] += words
                elif entry.block.kind is not Kind.TABLE:
                    found.append(words)
    return found


def right(made: Comparison) -> list[str]:
    found: list[str] = []
    for part in made.parts:
        for line in part.lines:
            entry = new_side(line)
            if entry is not None and entry.block.kind is not Kind.TABLE:
                shares = (entry.pieces, *entry.joined)
                found.append("".join(p.text for share in shares for p in share if p.fate is not Fate.DELETED))
    return found


blocks = st.lists(
    st.builds(
        lambda kind, id, words: kind(id, " ".join(words)),
        st.sampled_from([paragraph, item]),
        st.sampled_from("abcdef"),
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=8),
    ),
    max_size=6,
    unique_by=lambda block: block.id,
).map(tuple)


@given(blocks, blocks)
def test_each_side_says_all_that_its_text_says(old: tuple[Block, ...], new: tuple[Block, ...]) -> None:
    made = compare(text(*old), text(*new))
    assert sorted(left(made)) == sorted(seen(old))
    assert right(made) == seen(new)


@given(blocks, blocks)
def test_every_change_in_words_is_at_exactly_one_place(old: tuple[Block, ...], new: tuple[Block, ...]) -> None:
    made = compare(text(*old, title="One"), text(*new, title="Two"))
    placed = [n for part in made.parts for n in part.numbers]
    placed += [line.number for part in made.parts for line in part.lines if line.number is not None]
    assert sorted([*range(1, len(made.front) + 1), *placed]) == list(range(1, len(made.phrases) + 1))
    assert sum(part.count for part in made.parts) + len(made.front) == len(made.phrases)


def test_a_split_paragraph_is_whole_on_the_older_side() -> None:
    one = "We work with patients in all we do. We learn from them and from each other every day."
    first, _, second = one.partition(". ")
    made = compare(text(paragraph("a", one)), text(paragraph("a", f"{first}."), paragraph("b", second)))
    assert "".join(left(made)).replace(" ", "") == one.replace(" ", "")


def test_joined_paragraphs_stand_apart_on_the_older_side() -> None:
    one, two = "We work with patients in all we do.", "We learn from them and from each other every day."
    made = compare(text(paragraph("a", one), paragraph("b", two)), text(paragraph("a", f"{one} {two}")))
    assert left(made) == [one, two]


def test_a_moved_item_is_one_change_at_its_new_place() -> None:
    old = (item("a", "The first of them"), item("b", "The second of them"), item("c", "The third of them"))
    made = compare(text(*old), text(old[1], old[0], old[2]))
    (part,) = made.parts
    numbers = {line.entry.state: line.number for line in part.lines if line.touched}
    assert numbers == {State.MOVED_HERE: 1, State.MOVED_AWAY: None}


def test_what_is_the_same_is_folded_between_what_is_not() -> None:
    same = [paragraph(id, f"Paragraph {id} says what it says.") for id in "abc"]
    made = compare(text(*same, paragraph("d", "Old words here.")), text(*same, paragraph("d", "New words here.")))
    runs = list(folded(made.parts[0].lines))
    assert [(fold, len(lines)) for fold, lines in runs] == [(True, 3), (False, 1)]
    assert counted_blocks(runs[0][1]) == "3 paragraphs"


@pytest.mark.parametrize("kind", [SectionKind.GOALS])
def test_lines_in_goals_say_which_goal_they_are_of(kind: SectionKind) -> None:
    def goals(words: str) -> Snapshot:
        blocks = (Block(Kind.HEADING, "Aim", level=2, id="h"), paragraph("p", words))
        return Snapshot(Front("C", "G"), (Section("g", "goals", kind, "Goals", blocks),))

    made = compare(goals("One thing."), goals("Another thing."))
    assert [(line.goal, str(line.place)) for line in made.parts[0].lines] == [
        ("Goal 1", "the title of goal 1"),
        ("Goal 1", "paragraph 1 of goal 1"),
    ]
