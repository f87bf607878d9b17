"""What a person is asked when two charters or two files cannot be merged without one, in full; and which ids stay."""

from app.text.blocks import Block, Kind
from app.text.merge import merge_blocks, merge_snapshots
from app.text.snapshot import Front, Section, SectionKind, Snapshot
from app.text.woven import ONE_OF_TWO, Conflict, digest_of

QUORUM = "One third of the members is a quorum."
BOARD = "The board meets every month."
FEES = "Members pay a fee each spring."
TEA = "Tea is free for everybody who asks."


def p(text: str, id: str | None = None) -> Block:
    return Block(Kind.PARAGRAPH, text, id=id)


def charter(*blocks: Block) -> Snapshot:
    return Snapshot(Front("Charter", "Group"), (Section("s", "rules", SectionKind.TEXT, "Rules", blocks),))


BASE = charter(p(QUORUM, "q"), p(BOARD, "b"), p(FEES, "f"), p(TEA, "t"))


def test_an_edit_of_what_our_side_took_away_is_asked_with_its_place_and_two_answers() -> None:
    ours = charter(p(QUORUM, "q"), p(FEES, "f"), p(TEA, "t"))
    theirs = charter(p(QUORUM, "q"), p("The board meets every week.", "b"), p(FEES, "f"), p(TEA, "t"))
    merged = merge_snapshots(BASE, ours, theirs)
    assert merged.snapshot == ours
    assert merged.conflicts == (
        Conflict(
            digest_of("s", "b", BOARD, "", "The board meets every week."),
            section="s",
            block="b",
            base=BOARD,
            standing="",
            proposed="The board meets every week.",
            both="The board meets every week.",
            refs=("1.1",),
            why="One deletes what the other edits.",
            choices=ONE_OF_TWO,
        ),
    )


def test_taking_away_what_our_side_moved_is_asked_with_its_place_and_two_answers() -> None:
    ours = charter(p(BOARD, "b"), p(FEES, "f"), p(TEA, "t"), p(QUORUM, "q"))
    theirs = charter(p(BOARD, "b"), p(FEES, "f"), p(TEA, "t"))
    merged = merge_snapshots(BASE, ours, theirs)
    assert merged.snapshot == ours
    assert merged.conflicts == (
        Conflict(
            digest_of("s", "q", QUORUM, QUORUM, ""),
            section="s",
            block="q",
            base=QUORUM,
            standing=QUORUM,
            proposed="",
            both=QUORUM,
            refs=("1.1",),
            why="One moves what the other deletes.",
            choices=ONE_OF_TWO,
        ),
    )


def test_what_is_asked_of_a_moved_paragraph_holds_up_no_other_change() -> None:
    ours = charter(p(BOARD, "b"), p(FEES, "f"), p(TEA, "t"), p(QUORUM, "q"))
    theirs = charter(p(BOARD, "b"), p(FEES, "f"), p("Tea and milk are free for everybody who asks.", "t"))
    merged = merge_snapshots(BASE, ours, theirs)
    assert [conflict.why for conflict in merged.conflicts] == ["One moves what the other deletes."]
    assert [block.text for block in merged.snapshot.sections[0].blocks] == [
        BOARD,
        FEES,
        "Tea and milk are free for everybody who asks.",
        QUORUM,
    ]


def test_what_would_not_hold_together_is_told_without_a_place_and_without_a_choice() -> None:
    cited = charter(p("We hear[^n] them.", "a"), p(BOARD, "b"), Block(Kind.NOTE, "Heard.", label="n", id="n"))
    ours = charter(p("We hear them.", "a"), p(BOARD, "b"))
    theirs = charter(
        p("We hear[^n] them.", "a"),
        p("The board meets every month[^n].", "b"),
        Block(Kind.NOTE, "Heard.", label="n", id="n"),
    )
    problem = "[^n] is cited, but its note is not in the text."
    merged = merge_snapshots(cited, ours, theirs)
    assert merged.problems == (problem,)
    assert merged.conflicts == (Conflict(digest_of(problem), None, None, "", "", "", "", (), problem, ()),)


def test_where_something_else_is_asked_what_would_not_hold_together_is_told_but_not_asked() -> None:
    note = Block(Kind.NOTE, "Heard.", label="n", id="n")
    base = charter(p("We hear[^n] them.", "a"), p(BOARD, "b"), p(FEES, "f"), note)
    ours = charter(p("We hear them.", "a"), p(BOARD, "b"), p("Members pay a fee each autumn.", "f"))
    theirs = charter(
        p("We hear[^n] them.", "a"), p("The board meets each month[^n].", "b"), p("Members pay nothing.", "f"), note
    )
    merged = merge_snapshots(base, ours, theirs)
    assert merged.problems == ("[^n] is cited, but its note is not in the text.",)
    assert [conflict.block for conflict in merged.conflicts] == ["f"]


def test_blocks_that_have_ids_keep_them_and_the_others_get_none() -> None:
    merged = merge_blocks(
        [p(QUORUM, "q"), p(BOARD)],
        [p(QUORUM, "q"), p(BOARD), p(TEA, "our-1")],
        [p(FEES, "base-1"), p(QUORUM, "q"), p("The board meets every week.")],
    )
    found = {block.text: block.id for block in merged.blocks}
    assert found == {QUORUM: "q", "The board meets every week.": None, TEA: "our-1", FEES: "base-1"}


def test_files_are_asked_about_as_one_section() -> None:
    merged = merge_blocks([p(QUORUM), p(BOARD)], [p(QUORUM)], [p(QUORUM), p("The board meets every week.")])
    (conflict,) = merged.conflicts
    assert (conflict.section, conflict.base, conflict.standing) == ("text", BOARD, "")
