"""What holds for every comment, whatever becomes of the text."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.anchor_json import anchor_from_json, anchor_shown, anchor_to_json
from app.text.anchors import Anchor, AnchorState, carry, carry_all, create
from app.text.blocks import Block, Kind
from app.text.snapshot import Front, Section, SectionKind, Snapshot

WORDS = [
    "patients",
    "lead",
    "the",
    "board",
    "and",
    "acts",
    "on",
    "évidence",
    "with",
    "care.",
    "Members",
    "**meet**",
    "会",
]
Blocks = dict[str, str]

phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
texts = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), phrases, min_size=1)


def charter(blocks: Blocks, *, order: int = 1) -> Snapshot:
    """A charter of one section with these blocks."""
    made = tuple(Block(Kind.PARAGRAPH, text, id=id) for id, text in sorted(blocks.items())[::order])
    return Snapshot(Front("Charter", "Group"), (Section("s", "k", SectionKind.TEXT, "H", made),))


@st.composite
def selections(draw: st.DrawFn) -> tuple[Blocks, Anchor]:
    """A text, and a comment on some of its words."""
    blocks = draw(texts)
    id = draw(st.sampled_from(sorted(blocks)))
    start = draw(st.integers(0, len(blocks[id]) - 1))
    end = draw(st.integers(start + 1, len(blocks[id])))
    quote = blocks[id][start:end]
    if not quote.strip():
        start, end, quote = 0, len(blocks[id]), blocks[id]
    return blocks, create(charter(blocks), 1, id, quote, start=start, end=end)


@given(selections(), st.lists(texts, min_size=1, max_size=4))
@settings(max_examples=70, deadline=None)
def test_a_comment_is_on_its_quote_or_says_that_it_is_not(selection: tuple[Blocks, Anchor], later: list[Blocks]):
    blocks, anchor = selection
    first = anchor
    for n, new in enumerate(later, start=2):
        before = anchor
        anchor = carry(anchor, charter(blocks), charter(new), n)
        assert anchor.quote == first.quote
        assert anchor_from_json(json.loads(json.dumps(anchor_to_json(anchor)))) == anchor
        assert anchor_shown(anchor)["state"] == str(anchor.state)
        if before.orphaned:
            assert anchor == before
        elif anchor.state is AnchorState.ORPHANED:
            assert anchor.revision == n - 1
            assert (anchor.start, anchor.end, anchor.block) == (before.start, before.end, before.block)
        else:
            text = new[anchor.block or ""]
            assert anchor.revision == n
            assert 0 <= anchor.start < anchor.end <= len(text)
            assert anchor.changed is (text[anchor.start : anchor.end] != anchor.quote)
            assert all(anchor.start <= low < high <= anchor.end for low, high in anchor.kept)
        blocks = new


@given(selections())
@settings(max_examples=40, deadline=None)
def test_an_unchanged_text_changes_nothing_but_the_revision(selection: tuple[Blocks, Anchor]):
    blocks, anchor = selection
    carried = carry(anchor, charter(blocks), charter(blocks), 2)
    assert carried.state is AnchorState.ATTACHED
    assert (carried.start, carried.end, carried.kept) == (anchor.start, anchor.end, anchor.kept)


@given(selections(), phrases, st.booleans())
@settings(max_examples=50, deadline=None)
def test_words_put_before_and_after_a_block_and_new_blocks_leave_its_comments_attached(
    selection: tuple[Blocks, Anchor], more: str, before: bool
):
    blocks, anchor = selection
    unlike = "Nobody " + " ".join(word[::-1] for word in more.split())
    new = {**blocks, "z": unlike, "0": unlike}
    carried = carry(anchor, charter(blocks), charter(new), 2)
    assert carried.state is AnchorState.ATTACHED
    id = anchor.block or ""
    framed = {**blocks, id: f"Ursprünglich galt: {blocks[id]}" if before else f"{blocks[id]} Später galt mehr"}
    assert carry(anchor, charter(blocks), charter(framed), 2).state is AnchorState.ATTACHED


@given(selections(), texts)
@settings(max_examples=40, deadline=None)
def test_a_comment_stands_in_its_own_block_or_in_a_part_of_it(selection: tuple[Blocks, Anchor], new: Blocks):
    blocks, anchor = selection
    carried = carry(anchor, charter(blocks), charter(new), 2)
    if not carried.orphaned and carried.block != anchor.block:
        assert (carried.block not in blocks) or (anchor.block not in new)
        assert anchor.block in new or carried.block in blocks


@given(selections(), texts, st.sampled_from([1, -1]))
@settings(max_examples=40, deadline=None)
def test_carried_together_or_alone_comes_to_the_same(selection: tuple[Blocks, Anchor], new: Blocks, order: int):
    blocks, anchor = selection
    whole = create(
        charter(blocks), 1, anchor.block or "", blocks[anchor.block or ""], start=0, end=len(blocks[anchor.block or ""])
    )
    old, later = charter(blocks), charter(new, order=order)
    assert carry_all([whole, anchor], old, later, 2) == (carry(whole, old, later, 2), carry(anchor, old, later, 2))
