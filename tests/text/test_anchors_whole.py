"""Comments on whole blocks and sections, what a person hangs again, and what is kept of words rewritten in steps."""

from dataclasses import replace

import pytest

from app.errors import BadInput
from app.text.anchors import Anchor, AnchorState, Reach, carry, create, on_block, on_section, reattach
from app.text.blocks import Block, Kind
from app.text.snapshot import Front, Section, SectionKind, Snapshot

QUORUM = "One third of the members is a quorum."
BOARD = "The board meets every month. The board votes."


def charter(first: dict[str, str], second: dict[str, str] | None = None) -> Snapshot:
    """A charter of two sections, each of paragraphs by id."""
    blocks = [tuple(Block(Kind.PARAGRAPH, text, id=id) for id, text in part.items()) for part in (first, second or {})]
    return Snapshot(
        Front("Charter", "Group"),
        (
            Section("s-votes", "votes", SectionKind.TEXT, "Votes", blocks[0]),
            Section("s-rest", "rest", SectionKind.TEXT, "The rest", blocks[1]),
        ),
    )


OLD = charter({"q": QUORUM, "b": BOARD})


def test_a_comment_on_a_whole_block_is_on_all_of_its_words() -> None:
    whole = (0, len(QUORUM))
    assert on_block(OLD, 3, "q") == Anchor("s-votes", "q", 3, *whole, QUORUM, kept=(whole,), reach=Reach.BLOCK)


def test_a_comment_on_a_section_is_on_its_heading() -> None:
    assert on_section(OLD, 3, "s-rest") == Anchor("s-rest", None, 3, 0, 0, "The rest", reach=Reach.SECTION)


@pytest.mark.parametrize("hang", [on_block, lambda *there: create(*there, "words")])
def test_a_block_that_is_not_there_is_refused_in_words(hang) -> None:
    with pytest.raises(BadInput) as refused:
        hang(OLD, 3, "gone")
    assert refused.value.message == "That paragraph is not in the text of this revision."
    assert refused.value.kind == "block-not-found"


def test_a_section_that_is_not_there_is_refused_in_words() -> None:
    with pytest.raises(BadInput) as refused:
        on_section(OLD, 3, "gone")
    assert refused.value.message == "That section is not in the text of this revision."
    assert refused.value.kind == "section-not-found"


def test_a_comment_on_a_block_follows_it_into_another_section_with_its_new_words() -> None:
    longer = QUORUM.replace("One third", "One third or more")
    there = charter({"b": BOARD}, {"q": longer})
    carried = carry(on_block(OLD, 3, "q"), OLD, there, 4)
    whole = (0, len(longer))
    assert carried == Anchor(
        "s-rest", "q", 4, *whole, QUORUM, kept=(whole,), reach=Reach.BLOCK, moved=True, changed=True
    )
    back = carry(carried, there, charter({"b": BOARD}, {"q": QUORUM}), 5)
    assert (back.revision, back.changed, back.state) == (5, False, AnchorState.MOVED)


def test_a_comment_on_a_block_that_stays_has_not_moved() -> None:
    carried = carry(on_block(OLD, 3, "q"), OLD, charter({"q": QUORUM, "b": BOARD, "n": "New."}), 4)
    assert carried == replace(on_block(OLD, 3, "q"), revision=4)


def test_a_comment_on_a_section_is_of_the_newest_revision_until_the_section_goes() -> None:
    comment = on_section(OLD, 3, "s-votes")
    assert carry(comment, OLD, OLD, 4) == replace(comment, revision=4)
    gone = replace(OLD, sections=OLD.sections[1:])
    assert carry(comment, OLD, gone, 4) == replace(comment, orphaned=True)


def test_a_comment_is_hung_again_on_the_words_a_person_points_at() -> None:
    comment = create(OLD, 3, "q", "quorum")
    second = BOARD.rindex("The board")
    place = {"start": second, "end": second + len("The board")}
    assert reattach(comment, OLD, 3, "b", "The board", **place).start == second
    assert reattach(comment, OLD, 3, "b", "The board", suffix=" votes").start == second
    assert reattach(comment, OLD, 3, "b", "The board", prefix="month. ").start == second


def test_a_comment_is_never_hung_on_an_older_text() -> None:
    with pytest.raises(BadInput) as refused:
        reattach(create(OLD, 3, "q", "quorum"), OLD, 2, "q", "members")
    assert refused.value.message == "A comment is hung on the words of a newer text, not of an older one."
    assert refused.value.kind == "older-revision"


def test_words_that_stand_together_again_are_kept_as_one_range() -> None:
    quote = "third of the members is"
    texts = [
        charter({"q": text})
        for text in (
            QUORUM,
            "One third of the voting members forms a quorum.",
            "One third of the members forms a quorum.",
        )
    ]
    comment = create(texts[0], 1, "q", quote)
    comment = carry(comment, texts[0], texts[1], 2)
    now = texts[1].sections[0].blocks[0].text
    assert [now[low:high] for low, high in comment.kept] == ["third of the ", "members "]
    comment = carry(comment, texts[1], texts[2], 3)
    now = texts[2].sections[0].blocks[0].text
    assert [now[low:high] for low, high in comment.kept] == ["third of the members "]
    assert (now[comment.start : comment.end].strip(), comment.quote) == ("third of the members", quote)
